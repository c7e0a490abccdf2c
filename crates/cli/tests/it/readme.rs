//! The README: each of its lines works without an account, and its table has every exit code.

use crate::support::{Ended, bare, chat2desk, run};
use chat2desk_sandbox::Sandbox;
use std::process::Command;
use tokio::task::JoinSet;

const README: &str = include_str!("../../README.md");

/// The lines to paste: the blocks `sh` outside of recipes, which other tools run.
fn lines() -> Vec<&'static str> {
    let (jobs, _) = README.split_once("## Token").unwrap();
    let blocks = jobs.split("```sh\n").skip(1);
    let lines = blocks.map(|block| block.split_once("\n```").unwrap().0);
    lines.collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_line_works_against_a_sandbox() {
    let lines = lines();
    assert_eq!(lines.len(), 10);
    // At once: some wait for a server of theirs to start.
    let mut running: JoinSet<()> = lines.into_iter().map(works).collect();
    while let Some(line) = running.join_next().await {
        line.unwrap();
    }
}

async fn works(line: &str) {
    let (sandbox, home) = (
        Sandbox::start().await.unwrap(),
        tempfile::tempdir().unwrap(),
    );
    let path = std::path::Path::new(env!("CARGO_BIN_EXE_chat2desk"))
        .parent()
        .unwrap();
    let path = format!("{}:{}", path.display(), std::env::var("PATH").unwrap());
    let mut bash = Command::new("bash");
    for (name, value) in chat2desk(&sandbox, home.path()).get_envs() {
        value.map(|value| bash.env(name, value));
    }
    bash.env("PATH", path).current_dir(home.path());
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let free = port.local_addr().unwrap().port().to_string();
    drop(port);
    // The sandbox need not be spared.
    let line = line
        .replace("8090", &free)
        .replace("--drift", "--drift --rate 1000");
    let ended: Ended = run(&mut bash, ["-euo", "pipefail", "-c", &line])
        .await
        .code(0);
    let written = std::fs::read_dir(home.path()).unwrap().count();
    assert!(
        !ended.stdout.is_empty() || written > 0 || line.contains("health"),
        "{line}: {ended:?}"
    );
    if line.contains("serve") {
        assert!(
            ended.stdout.contains("\"event\":\"inbox\",\"key\""),
            "{ended:?}"
        );
    }
}

#[tokio::test]
async fn help_and_readme_have_the_same_exit_codes() {
    let home = tempfile::tempdir().unwrap();
    let help = run(&mut bare(home.path()), ["--help"]).await.code(0).stdout;
    let (_, help) = help.split_once("Exit codes:").unwrap();
    let of_help: Vec<&str> = help
        .lines()
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    let rows = README
        .lines()
        .filter_map(|line| line.strip_prefix("| ")?.split_once(" |"));
    let of_readme: Vec<&str> = rows
        .map(|(code, _)| code)
        .filter(|code| *code != "code")
        .collect();
    assert_eq!(of_help, of_readme);
    assert_eq!(of_help.len(), 10);
}
