//! What may be asked for: at most some records, days, the names of files and of streams.

use super::{export, ids};
use chat2desk_sandbox::{Fault, Rule, Sandbox};
use std::fs;
use std::time::Duration;

#[tokio::test]
async fn at_most_some_records_of_a_whole_list_are_written_to_its_file() {
    let sandbox = Sandbox::builder().clients(600).start().await.unwrap();
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("cl.jsonl");
    let new = home.path().join("cl.jsonl.new");
    let first: Vec<i64> = (94_000_001..).take(600).collect();
    // Twice the same, and no trace in the whole list afterwards.
    for most in [5, 5, 250, 7, 600, 9000] {
        let command = format!("clients --to cl.jsonl --max-items {most}");
        let ended = export(&sandbox, home.path(), &command).await.code(0);
        let most = most.min(600);
        assert!(
            ended.stderr.contains(&format!("clients: {most} records")),
            "{ended:?}"
        );
        assert_eq!(ids(file.clone()), first[..most]);
        assert!(!new.exists());
    }
    // A whole list that was interrupted is not what the look goes on with.
    let whole = "clients --to cl.jsonl";
    export(&sandbox, home.path(), &format!("{whole} --max-calls 2"))
        .await
        .code(6);
    assert!(new.exists());
    export(&sandbox, home.path(), &format!("{whole} --max-items 5"))
        .await
        .code(0);
    assert_eq!(ids(file.clone()), first[..5]);
    export(&sandbox, home.path(), whole).await.code(0);
    assert_eq!(ids(file.clone()), first);

    // A look that fails leaves the file.
    sandbox.inject(Rule::new(Fault::Delay(Duration::from_millis(1))).on("list_clients"));
    export(
        &sandbox,
        home.path(),
        &format!("{whole} --max-items 500 --max-calls 1"),
    )
    .await
    .code(6);
    assert_eq!(ids(file.clone()), first);
    export(&sandbox, home.path(), whole).await.code(0);
    assert_eq!(ids(file.clone()), first);
    assert_eq!(fs::read_to_string(&file).unwrap().lines().count(), 600);
}

#[tokio::test]
async fn days_in_the_wrong_order_are_refused() {
    let sandbox = Sandbox::builder().messages(300).start().await.unwrap();
    let home = tempfile::tempdir().unwrap();
    let days = "--since 2026-06-01 --until 2026-05-01";
    for command in [
        format!("messages {days}"),
        format!("messages {days} --format singer"),
        format!("messages clients --to all/ {days}"),
        format!("rating {days} --to rating.jsonl"),
        format!("clients {days}"),
    ] {
        let ended = export(&sandbox, home.path(), &command).await.code(2);
        assert!(ended.stderr.contains("--since 2026-06-01"), "{ended:?}");
    }
    assert!(sandbox.calls().is_empty());
    assert_eq!(fs::read_dir(home.path()).unwrap().count(), 0);
}

#[tokio::test]
async fn a_report_does_not_end_before_the_day_that_it_has_reached() {
    let sandbox = Sandbox::builder().messages(1000).start().await.unwrap();
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("stats.jsonl");
    let to_file = "request_stats --since 2026-05-01 --to stats.jsonl";
    export(
        &sandbox,
        home.path(),
        &format!("{to_file} --until 2026-05-07"),
    )
    .await
    .code(0);
    let whole = fs::read(&file).unwrap();
    let singer = "request_stats --since 2026-05-01 --format singer";
    let state = export(
        &sandbox,
        home.path(),
        &format!("{singer} --until 2026-05-07"),
    )
    .await
    .code(0)
    .stdout;
    fs::write(home.path().join("state"), state.lines().last().unwrap()).unwrap();
    let singer = format!("{singer} --state state");
    for command in [
        to_file.to_owned(),
        format!("{to_file} --refresh-days 99"),
        singer.clone(),
    ] {
        let command = format!("{command} --until 2026-05-04");
        let ended = export(&sandbox, home.path(), &command).await.code(2);
        assert!(
            ended.stderr.contains("exported up to 2026-05-0"),
            "{ended:?}"
        );
        assert!(ended.stderr.contains("--fresh"), "{ended:?}");
        assert!(whole == fs::read(&file).unwrap());
    }
    for command in [to_file, &singer] {
        let command = format!("{command} --until 2026-05-04 --fresh");
        export(&sandbox, home.path(), &command).await.code(0);
    }
    let part = fs::read(&file).unwrap();
    assert!(whole.starts_with(&part) && part.len() < whole.len());
}

#[tokio::test]
async fn a_stream_that_is_named_twice_is_read_once() {
    let sandbox = Sandbox::builder()
        .messages(30)
        .clients(20)
        .start()
        .await
        .unwrap();
    let home = tempfile::tempdir().unwrap();
    for command in [
        "clients tags clients --to all",
        "clients clients --to cl.jsonl",
        "clients clients",
        "clients clients --format singer",
    ] {
        let before = sandbox.calls_of("list_clients").len();
        export(&sandbox, home.path(), command).await.code(0);
        assert_eq!(
            sandbox.calls_of("list_clients").len(),
            before + 1,
            "{command}"
        );
    }
}

#[tokio::test]
async fn what_is_no_file_for_an_export_is_refused() {
    let sandbox = Sandbox::builder().clients(20).start().await.unwrap();
    let home = tempfile::tempdir().unwrap();
    export(&sandbox, home.path(), "clients --to clients.jsonl")
        .await
        .code(0);
    let state = fs::read(home.path().join(".chat2desk-state.json")).unwrap();
    let calls = sandbox.calls().len();
    let _socket = std::os::unix::net::UnixListener::bind(home.path().join("socket")).unwrap();
    for name in [
        ".chat2desk-state.json",
        "new/.chat2desk-state.json",
        ".chat2desk-state.lock",
        ".chat2desk-state.new",
        "./.chat2desk-state.json",
        "socket",
        "/dev/fd/1",
    ] {
        for more in ["", " --fresh", " tags"] {
            let command = format!("clients{more} --to {name}");
            export(&sandbox, home.path(), &command).await.code(2);
        }
    }
    // Not with --fresh: a test should not be able to replace it.
    let stdout = export(&sandbox, home.path(), "clients --to /dev/stdout")
        .await
        .code(2);
    assert!(stdout.stderr.contains("leave out --to"), "{stdout:?}");
    assert_eq!(sandbox.calls().len(), calls);
    assert!(state == fs::read(home.path().join(".chat2desk-state.json")).unwrap());
}
