//! Completions, manual pages, help and version.

use crate::support::{bare, run};
use std::process::{Command, Stdio};

#[tokio::test]
async fn completions_and_pages_know_the_subcommands() {
    let home = tempfile::tempdir().unwrap();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = run(&mut bare(home.path()), ["completions", shell])
            .await
            .code(0);
        assert!(script.stdout.contains("webhooks"), "{shell}");
    }
    let page = run(&mut bare(home.path()), ["man"]).await.code(0);
    assert!(page.stdout.contains(".TH chat2desk 1") && page.stdout.contains("Exit codes"));
    run(&mut bare(home.path()), ["man", "pages"]).await.code(0);
    let page = std::fs::read_to_string(home.path().join("pages/chat2desk-webhooks-ensure.1"));
    assert!(page.unwrap().contains("events"));
}

#[test]
fn a_reader_that_has_seen_enough_ends_the_command_quietly() {
    for arguments in ["completions bash", "man", "--help", "webhooks --help"] {
        let script = format!("\"$0\" {arguments} | true; echo \"${{PIPESTATUS[0]}}\"",);
        let ended = Command::new("bash")
            .args(["-c", &script, env!("CARGO_BIN_EXE_chat2desk")])
            .stderr(Stdio::piped())
            .output()
            .unwrap();
        assert_eq!(
            String::from_utf8(ended.stdout).unwrap(),
            "0\n",
            "{arguments}"
        );
        assert_eq!(String::from_utf8(ended.stderr).unwrap(), "", "{arguments}");
    }
}
