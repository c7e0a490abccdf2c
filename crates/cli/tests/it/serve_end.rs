//! `chat2desk webhooks serve`: what it says of events at its end, and what it leaves alone.

use crate::serving::{NOW, Serve, Target, deliver, message};
use crate::support::{chat2desk, run};
use axum::http::StatusCode;
use chat2desk_sandbox::{Sandbox, TOKEN};
use serde_json::json;
use std::time::Duration;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn events_that_no_target_took_are_not_counted_as_handed_on() {
    let (sandbox, home) = (
        Sandbox::start().await.unwrap(),
        tempfile::tempdir().unwrap(),
    );
    let target = Target::start(|number| match number {
        0 => (NOW, StatusCode::OK),
        _ => (NOW, StatusCode::BAD_REQUEST),
    });
    let target = target.await;
    let only = format!("inbox={}", target.url);
    let arguments = [
        "--listen",
        "127.0.0.1:0",
        "--attempts",
        "2",
        "--retry-after",
        "10ms",
    ];
    let arguments = [&arguments[..], &["--forward", &only]].concat();
    let mut serve = Serve::start(&mut chat2desk(&sandbox, home.path()), &arguments);
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let other = |id| json!({"hook_type": "outbox", "message_id": id}).to_string();
    for (body, posts) in [
        (message(1), 1),
        (message(2), 3),
        (other(3), 3),
        (other(4), 3),
    ] {
        assert_eq!(deliver(&http, &serve.url, TOKEN, body).await, Some(200));
        target.wait(|all| all.len() >= posts).await;
    }
    while !serve.stderr().contains("outbox") || !serve.stderr().contains("in 2 attempts") {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    serve.end();
    let text = serve.stderr();
    assert!(
        text.contains("4 events accepted, 1 handed on, 1 set aside, 2 matched no --forward; 0 requests refused"),
        "{text}"
    );
    assert_eq!(
        text.matches("event outbox matches no --forward").count(),
        1,
        "{text}"
    );
}

#[tokio::test]
async fn a_file_that_is_no_journal_is_not_replaced() {
    let (sandbox, home) = (
        Sandbox::start().await.unwrap(),
        tempfile::tempdir().unwrap(),
    );
    let notes = home.path().join("notes.txt");
    std::fs::write(&notes, "my notes\n").unwrap();
    let arguments = [
        "webhooks",
        "serve",
        "--listen",
        "127.0.0.1:0",
        "--print",
        "--journal",
        "notes.txt",
    ];
    let ended = run(&mut chat2desk(&sandbox, home.path()), arguments)
        .await
        .code(1);
    assert!(
        ended
            .stderr
            .contains("notes.txt: the file is not a journal"),
        "{ended:?}"
    );
    assert_eq!(std::fs::read_to_string(&notes).unwrap(), "my notes\n");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_damaged_journal_is_refused_in_words_of_the_command() {
    let (sandbox, home) = (
        Sandbox::start().await.unwrap(),
        tempfile::tempdir().unwrap(),
    );
    let arguments = ["--listen", "127.0.0.1:0", "--print"];
    let mut serve = Serve::start(&mut chat2desk(&sandbox, home.path()), &arguments);
    serve.end();
    let journal = home.path().join("chat2desk-webhooks.journal");
    let mut bytes = std::fs::read(&journal).unwrap();
    bytes[3] ^= 1;
    std::fs::write(&journal, &bytes).unwrap();
    let command = ["webhooks", "serve"].into_iter().chain(arguments);
    let ended = run(&mut chat2desk(&sandbox, home.path()), command).await;
    let text = ended.code(1).stderr;
    assert!(
        text.contains("damaged at byte 0") && text.contains("--catch-up"),
        "{text}"
    );
    assert!(!text.contains("Receiver"), "{text}");
    assert_eq!(std::fs::read(&journal).unwrap(), bytes);
}
