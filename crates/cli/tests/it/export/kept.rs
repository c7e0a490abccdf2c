//! What an export must not lose: files that somebody changed, and files that a failed run was to write anew.

use super::{export, ids};
use crate::support::{bare, run};
use chat2desk_sandbox::{Fault, Rule, Sandbox};
use chrono::{Days, Utc};
use http::StatusCode;
use std::fs;
use std::path::Path;

async fn fails(home: &Path, arguments: &str, text: &str) {
    // Nobody listens there.
    let mut command = bare(home);
    command
        .env("CHAT2DESK_URL", "http://127.0.0.1:1")
        .env("CHAT2DESK_TOKEN", "sandbox-token");
    let ended = run(&mut command, format!("export {arguments}").split(' ')).await;
    assert!(ended.stderr.contains(text), "{ended:?}");
    assert_ne!(ended.code, Some(0));
}

#[tokio::test]
async fn a_file_that_somebody_changed_is_left_as_it_is() {
    let sandbox = Sandbox::builder().messages(100).start().await.unwrap();
    let home = tempfile::tempdir().unwrap();
    for (name, command) in [
        ("m.jsonl", "messages --to m.jsonl --hold-back 0s"),
        ("m.csv", "messages --to m.csv --format csv --hold-back 0s"),
    ] {
        let file = home.path().join(name);
        let first = format!("{command} --max-items 50");
        export(&sandbox, home.path(), &first).await.code(0);
        let text = fs::read_to_string(&file).unwrap();
        let (head, last) = text.trim_end().rsplit_once('\n').unwrap();
        for changed in [
            // A longer line, an added one, one that is missing, and a last one of the same length.
            text.replacen(',', ",   ", 1),
            format!("{text}mine\n"),
            format!("{text}mine"),
            format!("{head}\n"),
            format!("{head}\n{}\n", last.replace('1', "2")),
            String::new(),
        ] {
            assert_ne!(changed, text);
            fs::write(&file, &changed).unwrap();
            for more in ["", " --refresh-days 99"] {
                let again = format!("{command}{more}");
                let ended = export(&sandbox, home.path(), &again).await.code(1);
                assert!(ended.stderr.contains("--fresh"), "{ended:?}");
                assert_eq!(fs::read_to_string(&file).unwrap(), changed);
            }
        }
        fs::remove_file(&file).unwrap();
        let missing = export(&sandbox, home.path(), command).await.code(1);
        assert!(missing.stderr.contains("is missing"), "{missing:?}");
        assert!(!file.exists());
        fs::write(&file, &text).unwrap();
        export(&sandbox, home.path(), command).await.code(0);
        let whole = fs::read_to_string(&file).unwrap();
        assert!(whole.starts_with(&text) && whole.lines().count() >= 100);
    }
}

#[tokio::test]
async fn nothing_is_emptied_before_the_first_page_arrived() {
    let today = Utc::now().date_naive();
    let since = today - Days::new(5);
    let stats = format!("request_stats --since {since} --format csv --to stats.csv");
    let messages = "messages --hold-back 0s --to messages.jsonl";
    // At once: most of their time is pauses before another attempt.
    tokio::join!(
        keeps("messages.jsonl", messages),
        keeps("stats.csv", &stats),
        keeps("tags.jsonl", "tags --to tags.jsonl"),
    );
}

/// A file that was to be written anew keeps what it has if the first page does not arrive.
async fn keeps(name: &str, command: &str) {
    let sandbox = Sandbox::builder()
        .messages(200)
        .first_day(Utc::now().date_naive() - Days::new(5));
    let sandbox = sandbox.start().await.unwrap();
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    let file = home.join(name);
    let new = home.join(format!("{name}.new"));
    let forbidden = || sandbox.inject(Rule::new(Fault::Status(StatusCode::FORBIDDEN)));
    fails(home, command, "127.0.0.1:1").await;
    forbidden();
    let refused = export(&sandbox, home, command).await;
    assert_ne!(refused.code, Some(0));
    assert!(!file.exists() && !new.exists(), "{name}");
    sandbox.clear_faults();
    export(&sandbox, home, command).await.code(0);
    let whole = fs::read(&file).unwrap();
    assert!(!whole.is_empty());
    for more in ["--fresh", "--refresh-days 9", "--fresh --max-items 3"] {
        let command = format!("{command} {more}");
        fails(home, &command, "127.0.0.1:1").await;
        forbidden();
        assert_ne!(export(&sandbox, home, &command).await.code, Some(0));
        sandbox.clear_faults();
        assert!(
            whole == fs::read(&file).unwrap() && !new.exists(),
            "{command}"
        );
    }
    // What failed is no part of the next run, and a refresh that failed is not forgotten.
    let command = format!("{command} --refresh-days 9");
    export(&sandbox, home, &command).await.code(0);
    assert!(whole == fs::read(&file).unwrap(), "{name}");
    export(
        &sandbox,
        home,
        &command.replace("--refresh-days 9", "--fresh"),
    )
    .await
    .code(0);
    assert!(whole == fs::read(&file).unwrap(), "{name}");
}

/// A file beside a whole list is not its own only because of its name.
#[tokio::test]
async fn a_file_with_the_name_of_an_unfinished_list_is_left_as_it_is() {
    let sandbox = Sandbox::builder().clients(30).start().await.unwrap();
    let home = tempfile::tempdir().unwrap();
    let new = home.path().join("clients.jsonl.new");
    fs::write(&new, "mine\n").unwrap();
    for _ in 0..2 {
        let ended = export(&sandbox, home.path(), "clients --to clients.jsonl");
        let ended = ended.await.code(2);
        assert!(ended.stderr.contains("clients.jsonl.new"), "{ended:?}");
        assert_eq!(fs::read_to_string(&new).unwrap(), "mine\n");
    }
    export(&sandbox, home.path(), "clients --to clients.jsonl --fresh")
        .await
        .code(0);
    assert_eq!(ids(home.path().join("clients.jsonl")).len(), 30);
    assert!(!new.exists());
}
