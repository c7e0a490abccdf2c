//! Where the token and the host are from, and what is told of them.

use crate::serving::Serve;
use crate::support::{bare, chat2desk, run, run_with, start};
use chat2desk_sandbox::{Account, Fault, Rule, Sandbox, TOKEN};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::Duration;

const LIST: [&str; 2] = ["webhooks", "list"];

fn write(file: &Path, text: &str, mode: u32) {
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(file, text).unwrap();
    fs::set_permissions(file, fs::Permissions::from_mode(mode)).unwrap();
}

#[tokio::test]
async fn the_token_is_found_in_environment_file_stdin_and_profile() {
    let (sandbox, home) = (
        Sandbox::start().await.unwrap(),
        tempfile::tempdir().unwrap(),
    );
    let (url, home) = (sandbox.url(), home.path());
    let at = ["--base-url", url.as_str()];
    run(&mut chat2desk(&sandbox, home), LIST).await.code(0);

    let file = home.join("token");
    write(&file, &format!("{TOKEN}\n"), 0o600);
    let of_file = run(bare(home).args(LIST).args(at), ["--token-file", "token"]).await;
    assert_eq!(of_file.code(0).stderr, "");
    write(&file, TOKEN, 0o644);
    let of_file = run(bare(home).args(LIST).args(at), ["--token-file", "token"]).await;
    assert!(of_file.code(0).stderr.contains("chmod 600"));

    let of_stdin = run_with(bare(home).args(LIST).args(at), ["--token-file", "-"], TOKEN).await;
    of_stdin.code(0);

    let profiles = format!(
        "[default]\ntoken = \"{TOKEN}\"\nbase_url = \"{url}\"\n[shop]\ntoken_file = \"{}\"\nbase_url = \"{url}\"",
        file.display()
    );
    let config = home.join(".config/chat2desk/config.toml");
    write(&config, &profiles, 0o600);
    run(&mut bare(home), LIST).await.code(0);
    // A profile that is named comes before the environment.
    let mut other = bare(home);
    other
        .env("CHAT2DESK_TOKEN", "other")
        .env("CHAT2DESK_URL", "http://127.0.0.1:9");
    run(other.args(LIST), ["--profile", "shop"]).await.code(0);
    let missing = run(bare(home).args(LIST), ["--profile", "shpo"])
        .await
        .code(2);
    assert!(missing.stderr.contains("no profile [shpo]"), "{missing:?}");

    write(&config, &profiles, 0o640);
    let open = run(&mut bare(home), LIST).await.code(4);
    assert!(open.stderr.contains("chmod 600"), "{open:?}");
}

#[tokio::test]
async fn a_profile_that_cannot_be_read_is_not_quoted() {
    let home = tempfile::tempdir().unwrap();
    let config = home.path().join(".config/chat2desk/config.toml");
    for broken in [
        format!("[default]\ntoken = {TOKEN}"),
        "[default]\ntoken = 4815162342".to_owned(),
        "[default]\n4815162342 = 4815162342 = 3".to_owned(),
        "default = \"4815162342\"\n".to_owned(),
    ] {
        write(&config, &broken, 0o600);
        let ended = run(&mut bare(home.path()), LIST).await.code(2);
        assert!(ended.stderr.contains("line "), "{ended:?}");
        assert!(!ended.stderr.contains("4815162342"), "{ended:?}");
    }
}

#[tokio::test]
async fn exit_codes_tell_failures_apart() {
    let (sandbox, home) = (
        Sandbox::start().await.unwrap(),
        tempfile::tempdir().unwrap(),
    );
    let home = home.path();
    run(&mut bare(home), LIST).await.code(4);
    run(bare(home).env("CHAT2DESK_TOKEN", "two words"), LIST)
        .await
        .code(4);
    let unknown = run(
        chat2desk(&sandbox, home).env("CHAT2DESK_TOKEN", "unknown"),
        LIST,
    )
    .await;
    assert!(unknown.code(4).stderr.contains("rejected the token"));
    run(&mut chat2desk(&sandbox, home), ["webhooks", "lsit"])
        .await
        .code(2);
    run(chat2desk(&sandbox, home).args(LIST), ["--rate", "0"])
        .await
        .code(2);
    run(
        chat2desk(&sandbox, home).args(LIST),
        ["--base-url", "ftp://x"],
    )
    .await
    .code(2);
    run(chat2desk(&sandbox, home).args(LIST), ["--max-calls", "0"])
        .await
        .code(6);
    let nobody = ["--base-url", "http://127.0.0.1:9", "--timeout", "1s"];
    run(chat2desk(&sandbox, home).args(LIST), nobody)
        .await
        .code(7);

    let ensure = [
        "webhooks",
        "ensure",
        "http://127.0.0.1:9/",
        "--events",
        "inbox",
    ];
    sandbox.inject(Rule::new(Fault::QuotaUsedUp));
    run(&mut chat2desk(&sandbox, home), LIST).await.code(6);
    sandbox.clear_faults();
    sandbox.inject(Rule::new(Fault::Reset).on("create_webhook"));
    let unclear = run(&mut chat2desk(&sandbox, home), ensure).await.code(8);
    assert!(
        unclear.stderr.contains("may have been executed"),
        "{unclear:?}"
    );
}

#[tokio::test]
async fn a_token_of_another_account_is_told_apart_by_the_server() {
    let other = Account::new("other-token");
    let sandbox = Sandbox::builder().account(other).start().await.unwrap();
    let home = tempfile::tempdir().unwrap();
    let ensure = [
        "webhooks",
        "ensure",
        "http://127.0.0.1:9/",
        "--events",
        "inbox",
    ];
    run(&mut chat2desk(&sandbox, home.path()), ensure)
        .await
        .code(0);
    let mut command = chat2desk(&sandbox, home.path());
    let listed = run(command.env("CHAT2DESK_TOKEN", "other-token"), LIST).await;
    assert_eq!(listed.code(0).json(), Vec::<serde_json::Value>::new());
}

/// All that is in the files of a directory.
fn files(directory: &Path) -> Vec<u8> {
    let entries = fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let read = |path: std::path::PathBuf| match path.is_dir() {
        true => files(&path),
        false => fs::read(path).unwrap(),
    };
    entries.flat_map(read).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_token_is_in_no_file_and_no_list_of_processes() {
    let (sandbox, home) = (
        Sandbox::start().await.unwrap(),
        tempfile::tempdir().unwrap(),
    );
    let home = home.path();
    let (url, token) = (sandbox.url(), home.join("token"));
    write(&token, TOKEN, 0o600);
    let mut command = bare(home);
    command.args(["--token-file", "token", "--base-url", &url]);
    let arguments = [
        "--listen",
        "127.0.0.1:0",
        "--forward",
        "http://127.0.0.1:9/",
        "--attempts",
        "1",
    ];
    let mut serve = Serve::start(&mut command, &arguments);
    let cmdline = fs::read(format!("/proc/{}/cmdline", serve.child.id())).unwrap();
    let to = serve.url.clone();
    let trigger = ["webhooks", "trigger", "inbox", "--to", &to];
    run(&mut chat2desk(&sandbox, home), trigger).await.code(0);
    fs::write(home.join("list.csv"), "phone,text\n15550100001,Hello\n").unwrap();
    run(&mut chat2desk(&sandbox, home), ["broadcast", "list.csv"])
        .await
        .code(0);
    serve.end();
    fs::remove_file(token).unwrap();
    let written = [files(home), cmdline, serve.stderr().into_bytes()].concat();
    let text = String::from_utf8_lossy(&written);
    assert!(
        text.contains("message_id") && text.contains("phone:15550100001"),
        "{text}"
    );
    assert!(!text.contains(TOKEN), "{text}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_signal_ends_a_command_with_130() {
    let (sandbox, home) = (
        Sandbox::start().await.unwrap(),
        tempfile::tempdir().unwrap(),
    );
    sandbox.inject(Rule::new(Fault::Delay(Duration::from_secs(60))));
    for signal in ["-INT", "-TERM"] {
        let before = sandbox.calls().len();
        let child = start(chat2desk(&sandbox, home.path()).args(LIST));
        while sandbox.calls().len() == before {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let id = child.id().to_string();
        std::process::Command::new("kill")
            .args([signal, &id])
            .status()
            .unwrap();
        let ended = tokio::task::spawn_blocking(|| child.wait_with_output()).await;
        let ended: crate::support::Ended = ended.unwrap().unwrap().into();
        assert!(ended.code(130).stderr.contains("interrupted"));
    }
}

#[tokio::test]
async fn a_token_behind_a_mark_is_read() {
    let (sandbox, home) = (
        Sandbox::start().await.unwrap(),
        tempfile::tempdir().unwrap(),
    );
    let marked = format!("\u{feff}{TOKEN}\r\n");
    write(&home.path().join("token"), &marked, 0o600);
    for (place, stdin) in [("token", ""), ("-", marked.as_str())] {
        let mut command = bare(home.path());
        command.args(LIST).args(["--base-url", &sandbox.url()]);
        run_with(&mut command, ["--token-file", place], stdin)
            .await
            .code(0);
    }
    let profiles = format!(
        "\u{feff}[default]\ntoken = \"{TOKEN}\"\nbase_url = \"{}\"",
        sandbox.url()
    );
    write(
        &home.path().join(".config/chat2desk/config.toml"),
        &profiles,
        0o600,
    );
    run(&mut bare(home.path()), LIST).await.code(0);
}

#[tokio::test]
async fn errors_name_the_options_of_the_command() {
    let (sandbox, home) = (
        Sandbox::start().await.unwrap(),
        tempfile::tempdir().unwrap(),
    );
    for (option, value, code, expected) in [
        ("--base-url", "http://hooks.example.com", 2, "--allow-http"),
        ("--max-calls", "0", 6, "--max-calls"),
        ("--timeout", "0", 2, "longer than 0"),
    ] {
        let arguments = LIST.into_iter().chain([option, value]);
        let ended = run(&mut chat2desk(&sandbox, home.path()), arguments)
            .await
            .code(code);
        assert!(ended.stderr.contains(expected), "{ended:?}");
        assert!(!ended.stderr.contains("client's") && !ended.stderr.contains("allow_http"));
    }
}
