//! Files that grow, files that are replaced, and who may write them.

use super::{export, ids, lines};
use crate::support::{chat2desk, run, start};
use chat2desk_sandbox::{Fault, Rule, Sandbox, TOKEN};
use chrono::{Days, Utc};
use std::fs;
use std::time::Duration;

/// Every stream of the account, twice: the second export changes nothing.
#[tokio::test]
async fn every_stream_is_exported_and_costs_what_streams_says() {
    let sandbox = Sandbox::builder()
        .clients(450)
        .messages(1000)
        .start()
        .await
        .unwrap();
    let home = tempfile::tempdir().unwrap();
    let listed = run(&mut chat2desk(&sandbox, home.path()), ["streams", "--json"])
        .await
        .code(0);
    let mut exported = 0;
    for row in listed.json() {
        let name = row["stream"].as_str().unwrap();
        // Nobody has published them; the sandbox has no lists.
        if ["access_rights", "ticket_values"].contains(&name) {
            continue;
        }
        let until = if row["continues"] == "by day" {
            " --until 2026-05-08"
        } else {
            ""
        };
        let since = if row["continues"] == "read as a whole" {
            ""
        } else {
            " --since 2026-05-01"
        };
        let before = sandbox.calls().len();
        let arguments = format!("{name} --to all/ --hold-back 0s{since}{until}");
        export(&sandbox, home.path(), &arguments).await.code(0);
        let file = home.path().join(format!("all/{name}.jsonl"));
        let content = fs::read(&file).unwrap();
        if let (Some(calls), "read as a whole") =
            (row["calls"].as_u64(), row["continues"].as_str().unwrap())
        {
            assert_eq!((sandbox.calls().len() - before) as u64, calls, "{name}");
        }
        if let Some(records) = row["records"].as_u64() {
            assert_eq!(lines(file.clone()).len() as u64, records, "{name}");
        }
        export(&sandbox, home.path(), &arguments).await.code(0);
        assert!(content == fs::read(&file).unwrap(), "{name} changed");
        exported += 1;
    }
    assert!(exported > 20, "{exported}");
    for file in fs::read_dir(home.path().join("all")).unwrap() {
        let text = fs::read_to_string(file.unwrap().path()).unwrap();
        assert!(!text.contains(TOKEN));
    }
    let table = run(&mut chat2desk(&sandbox, home.path()), ["streams"])
        .await
        .code(0);
    assert_eq!(table.stdout.lines().count(), listed.json().len() + 1);
}

#[tokio::test]
async fn messages_are_added_and_their_days_refreshed() {
    let sandbox = Sandbox::builder()
        .messages(300)
        .clock(std::time::SystemTime::now().into())
        .start()
        .await
        .unwrap();
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("messages.jsonl");
    let command = "messages --to messages.jsonl --hold-back 0s";
    export(&sandbox, home.path(), command).await.code(0);
    let first = fs::read(&file).unwrap();
    assert_eq!(
        ids(file.clone()),
        (5_000_000_101..=5_000_000_400).collect::<Vec<_>>()
    );
    assert!(
        lines(file.clone())[0]["created"]
            .as_str()
            .unwrap()
            .ends_with('Z')
    );

    let new = sandbox.write_as(94_000_001, "Hello").unwrap();
    let held = export(&sandbox, home.path(), "messages --to messages.jsonl")
        .await
        .code(0);
    assert!(held.stderr.contains("messages: 0 records"), "{held:?}");
    assert!(first == fs::read(&file).unwrap());
    export(&sandbox, home.path(), command).await.code(0);
    let second = fs::read(&file).unwrap();
    assert!(second.starts_with(&first));
    assert_eq!(ids(file.clone()).last(), Some(&new));
    assert_eq!(lines(file.clone()).last().unwrap()["read"], 0);

    // What changes is in the file after a refresh, once.
    sandbox
        .client()
        .mark_message_read(new)
        .send()
        .await
        .unwrap();
    export(&sandbox, home.path(), command).await.code(0);
    assert!(second == fs::read(&file).unwrap());
    export(
        &sandbox,
        home.path(),
        &format!("{command} --refresh-days 2"),
    )
    .await
    .code(0);
    assert_eq!(lines(file.clone()).last().unwrap()["read"], 1);
    assert_eq!(ids(file.clone()).len(), 301);

    let other = export(
        &sandbox,
        home.path(),
        &format!("{command} --since 2026-05-05"),
    )
    .await
    .code(2);
    assert!(other.stderr.contains("--fresh"), "{other:?}");
    export(&sandbox, home.path(), &format!("{command} --format csv"))
        .await
        .code(2);
    export(
        &sandbox,
        home.path(),
        &format!("{command} --since 2026-05-05 --fresh"),
    )
    .await
    .code(0);
    assert!(ids(file.clone()).len() < 301);
    fs::write(&file, "").unwrap();
    let short = export(
        &sandbox,
        home.path(),
        &format!("{command} --since 2026-05-05"),
    )
    .await
    .code(1);
    assert!(short.stderr.contains("shorter"), "{short:?}");
    fs::write(home.path().join("notes.jsonl"), "mine\n").unwrap();
    export(&sandbox, home.path(), "messages --to notes.jsonl")
        .await
        .code(2);
    assert_eq!(
        fs::read_to_string(home.path().join("notes.jsonl")).unwrap(),
        "mine\n"
    );
}

#[tokio::test]
async fn a_whole_list_replaces_its_file_when_it_is_complete() {
    let sandbox = Sandbox::builder().clients(1000).start().await.unwrap();
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("clients.jsonl");
    export(&sandbox, home.path(), "clients --to clients.jsonl")
        .await
        .code(0);
    let first = fs::read(&file).unwrap();
    let before = sandbox.calls().len();

    let cut = export(
        &sandbox,
        home.path(),
        "clients --to clients.jsonl --max-calls 3",
    )
    .await
    .code(6);
    assert!(cut.stderr.contains("clients: "), "{cut:?}");
    assert!(first == fs::read(&file).unwrap() && home.path().join("clients.jsonl.new").exists());
    export(&sandbox, home.path(), "clients --to clients.jsonl")
        .await
        .code(0);
    assert!(first == fs::read(&file).unwrap() && !home.path().join("clients.jsonl.new").exists());
    // One more than at once: the page at the cut is read again.
    assert!(sandbox.calls().len() - before <= 8);

    sandbox.inject(Rule::new(Fault::Status(http::StatusCode::FORBIDDEN)).on("list_tags"));
    let some = export(&sandbox, home.path(), "tags clients operators --to all").await;
    assert!(some.stderr.contains("tags: "), "{some:?}");
    assert_ne!(some.code, Some(0));
    assert_eq!(ids(home.path().join("all/clients.jsonl")).len(), 1000);

    let calls = sandbox.calls_of("list_clients").len();
    // Two at once would write the same file.
    sandbox.inject(Rule::new(Fault::Delay(Duration::from_secs(60))).on("list_clients"));
    let mut command = chat2desk(&sandbox, home.path());
    let mut first = start(command.args(["export", "clients", "--to", "all"]));
    while sandbox.calls_of("list_clients").len() == calls {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let second = export(&sandbox, home.path(), "operators --to all")
        .await
        .code(1);
    assert!(second.stderr.contains("another export"), "{second:?}");
    first.kill().unwrap();
    first.wait().unwrap();
    export(&sandbox, home.path(), "operators --to all")
        .await
        .code(0);
}

#[tokio::test]
async fn reports_go_on_by_day() {
    let today = Utc::now().date_naive();
    let day = |ago: u64| (today - Days::new(ago)).to_string();
    let sandbox = Sandbox::builder().messages(2000);
    let sandbox = sandbox.first_day(today - Days::new(9));
    let sandbox = sandbox.start().await.unwrap();
    let home = tempfile::tempdir().unwrap();
    let rows = |file: &str| fs::read_to_string(home.path().join(file)).unwrap();
    let stats = async |file: &str, until: u64, more: &str| {
        let (since, until) = (day(12), day(until));
        let arguments = format!("request_stats --to {file} --since {since} --until {until}{more}");
        let before = sandbox.calls().len();
        export(&sandbox, home.path(), &arguments).await.code(0);
        sandbox.calls().len() - before
    };
    let all_days = stats("whole.jsonl", 3, "").await;
    for until in [8, 6, 3] {
        stats("parts.jsonl", until, "").await;
    }
    assert!(rows("whole.jsonl").lines().count() > 100);
    assert!(rows("whole.jsonl") == rows("parts.jsonl"));
    // The rows of some days are written anew, and the others are not read.
    let refreshed = stats("parts.jsonl", 3, " --refresh-days 5").await;
    assert!((3..all_days).contains(&refreshed), "{refreshed} calls");
    assert!(rows("whole.jsonl") == rows("parts.jsonl"));
    let missing = export(&sandbox, home.path(), "rating").await.code(2);
    assert!(missing.stderr.contains("--since"));
}
