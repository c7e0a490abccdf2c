//! The state of Singer: what a run goes on from, what it begins anew, and what it refuses.

use super::export;
use crate::support::Ended;
use chat2desk_sandbox::Sandbox;
use std::fs;

fn records(ended: &Ended, stream: &str) -> usize {
    let lines = ended.json();
    let is_record =
        |line: &&serde_json::Value| line["type"] == "RECORD" && line["stream"] == stream;
    lines.iter().filter(is_record).count()
}

#[tokio::test]
async fn the_last_line_of_a_file_of_states_counts() {
    let sandbox = Sandbox::builder()
        .messages(450)
        .clients(5)
        .start()
        .await
        .unwrap();
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("state.jsonl");
    let command = "messages clients --format singer --hold-back 0s --state state.jsonl";
    // An empty file is no state.
    for empty in ["", "\n", " \r\n\n", "{}", "{\"bookmarks\": {}}"] {
        fs::write(&file, empty).unwrap();
        let ended = export(&sandbox, home.path(), command).await.code(0);
        assert_eq!(records(&ended, "messages"), 450, "{empty:?}");
    }
    let ended = export(&sandbox, home.path(), command).await.code(0);
    let lines = ended.json().into_iter();
    let states: Vec<_> = lines.filter(|line| line["type"] == "STATE").collect();
    assert!(states.len() > 2);
    let values: Vec<_> = states
        .iter()
        .map(|state| state["value"].to_string())
        .collect();
    let messages: Vec<_> = states.iter().map(|state| state.to_string()).collect();
    let last = states.last().unwrap();
    for (text, left) in [
        // As a target writes them, and as it was given them.
        (values.join("\n") + "\n", 0),
        (messages.join("\r\n") + "\r\n\r\n", 0),
        (format!("\u{feff}{}", values.join("\n")), 0),
        (serde_json::to_string_pretty(last).unwrap(), 0),
        (format!("{}\n", values[0]), 450 - 200),
    ] {
        fs::write(&file, &text).unwrap();
        let ended = export(&sandbox, home.path(), command).await.code(0);
        let read = records(&ended, "messages");
        assert!(read == left || left > 0 && read < 450, "{read}: {text}");
        assert_eq!(records(&ended, "clients"), 5);
    }
}

#[tokio::test]
async fn fresh_begins_anew_and_keeps_the_bookmarks_of_other_streams() {
    let sandbox = Sandbox::builder().messages(300).start().await.unwrap();
    let home = tempfile::tempdir().unwrap();
    let command = "messages --format singer --hold-back 0s";
    let first = export(&sandbox, home.path(), command).await.code(0);
    let mut state = first.json().pop().unwrap()["value"].clone();
    state["bookmarks"]["other"] = serde_json::json!({ "position": "of a later version" });
    fs::write(home.path().join("state.json"), state.to_string()).unwrap();
    let command = format!("{command} --state state.json");
    let next = export(&sandbox, home.path(), &command).await.code(0);
    assert_eq!(records(&next, "messages"), 0);
    let fresh = export(&sandbox, home.path(), &format!("{command} --fresh"))
        .await
        .code(0);
    assert_eq!(records(&fresh, "messages"), 300);
    assert_eq!(fresh.json().pop().unwrap()["value"], state);
}

#[tokio::test]
async fn a_state_that_cannot_be_read_is_refused() {
    let sandbox = Sandbox::builder().messages(30).start().await.unwrap();
    let home = tempfile::tempdir().unwrap();
    let command = "messages --format singer --hold-back 0s --state state.json";
    for wrong in [
        r#"{"bookmarks": {"messages": {"position": {"list": "list_messages"}}}}"#,
        r#"{"bookmarks": {"messages": {"position": 5}}}"#,
        r#"{"bookmarks": {"messages": {"position": null}}}"#,
        r#"{"bookmarks": {"messages": {"replication_key": "id"}}}"#,
        r#"{"bookmarks": {"messages": 7}}"#,
        r#"{"bookmarks": []}"#,
        r#"{"value": 5}"#,
        r#"{"messages": {"position": 5}}"#,
        "[1]",
        "null",
        "no state",
        "{\"bookmarks\": {}}\n{\"bookm",
    ] {
        fs::write(home.path().join("state.json"), wrong).unwrap();
        let ended = export(&sandbox, home.path(), command).await.code(2);
        assert!(ended.stderr.contains("state.json: "), "{ended:?}");
        assert!(ended.stdout.is_empty(), "{ended:?}");
    }
    assert!(sandbox.calls().is_empty());
    let wrong = r#"{"bookmarks": {"messages": {"position": 5}}}"#;
    fs::write(home.path().join("state.json"), wrong).unwrap();
    let fresh = export(&sandbox, home.path(), &format!("{command} --fresh"))
        .await
        .code(0);
    assert_eq!(records(&fresh, "messages"), 30);
    // A position of other days says which option is meant.
    let state = fresh.json().pop().unwrap()["value"].to_string();
    fs::write(home.path().join("state.json"), state).unwrap();
    let other = export(
        &sandbox,
        home.path(),
        &format!("{command} --since 2026-05-05"),
    )
    .await
    .code(2);
    assert!(
        other.stderr.contains("state.json") && other.stderr.contains("--since"),
        "{other:?}"
    );
}
