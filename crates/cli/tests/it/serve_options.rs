//! `chat2desk webhooks serve`: targets, lines and arguments.

use crate::serving::{NOW, Serve, Target, deliver, message};
use crate::support::{chat2desk, run, start};
use axum::http::StatusCode;
use chat2desk::wire::WebhookEvent;
use chat2desk_sandbox::{Sandbox, TOKEN};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader};
use std::time::Duration;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_sample_of_trigger_is_verified_and_handed_on_once() {
    let (sandbox, home) = (
        Sandbox::start().await.unwrap(),
        tempfile::tempdir().unwrap(),
    );
    let (all, tickets) = tokio::join!(
        Target::start(|_| (NOW, StatusCode::OK)),
        Target::start(|_| (NOW, StatusCode::OK))
    );
    let only = format!("new_ticket={}/tickets", tickets.url);
    let arguments = [
        "--listen",
        "127.0.0.1:0",
        "--forward",
        &all.url,
        "--forward",
        &only,
    ];
    let serve = Serve::start(&mut chat2desk(&sandbox, home.path()), &arguments);
    let mut command = chat2desk(&sandbox, home.path());
    let trigger = [
        "webhooks",
        "trigger",
        "all",
        "--to",
        &serve.url,
        "--repeats",
        "2",
    ];
    let triggered = run(&mut command, trigger).await.code(0).json();
    assert_eq!(triggered.len(), 3 * WebhookEvent::KNOWN.len());
    assert!(triggered.iter().all(|line| line["status"] == 200));

    let events = WebhookEvent::KNOWN.len();
    let posts = all.wait(|posts| posts.len() >= events).await;
    let mut names: Vec<_> = posts
        .iter()
        .map(|post| &post.headers["x-chat2desk-event"])
        .collect();
    names.sort_unstable();
    let mut known: Vec<_> = WebhookEvent::KNOWN
        .iter()
        .map(WebhookEvent::as_str)
        .collect();
    known.sort_unstable();
    assert_eq!(names, known);
    let posts = tickets.wait(|posts| !posts.is_empty()).await;
    assert_eq!(
        (posts.len(), posts[0].headers["x-chat2desk-event"].as_str()),
        (1, "new_ticket")
    );

    let mut command = chat2desk(&sandbox, home.path());
    let forged = [
        "webhooks",
        "trigger",
        "all",
        "--to",
        &serve.url,
        "--bad-signature",
    ];
    let refused = run(&mut command, forged).await.code(0).json();
    assert!(refused.iter().all(|line| line["status"] == 401));
    // A receiver that accepts anything is told so.
    let mut command = chat2desk(&sandbox, home.path());
    let forged = [
        "webhooks",
        "trigger",
        "inbox",
        "--to",
        &tickets.url,
        "--bad-signature",
    ];
    let accepted = run(&mut command, forged).await.code(1);
    assert!(accepted.stderr.contains("does not verify"), "{accepted:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_target_that_took_an_event_does_not_get_it_again_for_another_one() {
    let (sandbox, home) = (
        Sandbox::start().await.unwrap(),
        tempfile::tempdir().unwrap(),
    );
    let good = Target::start(|_| (NOW, StatusCode::OK)).await;
    let bad = Target::start(|number| match number {
        0..3 => (NOW, StatusCode::FOUND),
        _ => (NOW, StatusCode::OK),
    });
    let bad = bad.await;
    let arguments = [
        "--listen",
        "127.0.0.1:0",
        "--forward",
        &bad.url,
        "--forward",
        &good.url,
    ];
    let arguments = [&arguments[..], &["--retry-after", "10ms"]].concat();
    let mut serve = Serve::start(&mut chat2desk(&sandbox, home.path()), &arguments);
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    assert_eq!(
        deliver(&http, &serve.url, TOKEN, message(1)).await,
        Some(200)
    );
    let posts = bad.wait(|posts| posts.len() == 4).await;
    let attempts: Vec<_> = posts
        .iter()
        .map(|post| &post.headers["x-chat2desk-attempt"])
        .collect();
    assert_eq!(attempts, ["1", "2", "3", "4"]);
    serve.end();
    assert_eq!(good.posts().len(), 1);
    assert!(
        serve.stderr().contains("does not take events"),
        "{}",
        serve.stderr()
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn events_are_printed_as_lines_until_the_reader_is_gone() {
    let (sandbox, home) = (
        Sandbox::start().await.unwrap(),
        tempfile::tempdir().unwrap(),
    );
    let arguments = ["--listen", "127.0.0.1:0", "--print"];
    let mut serve = Serve::start(&mut chat2desk(&sandbox, home.path()), &arguments);
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let body = "{\"hook_type\": \"inbox\",\n \"message_id\": 7,\r\n\t\"text\": \"two\\nlines\"}";
    assert_eq!(
        deliver(&http, &serve.url, TOKEN, body.into()).await,
        Some(200)
    );
    let mut line = String::new();
    let mut stdout = BufReader::new(serve.child.stdout.take().unwrap());
    stdout.read_line(&mut line).unwrap();
    let printed: Value = serde_json::from_str(&line).unwrap();
    let expected = json!({
        "event": "inbox", "key": "message:7", "replayed": false,
        "body": {"hook_type": "inbox", "message_id": 7, "text": "two\nlines"},
    });
    assert_eq!(printed, expected);
    drop(stdout);
    assert_eq!(
        deliver(&http, &serve.url, TOKEN, message(8)).await,
        Some(200)
    );
    assert_eq!(serve.child.wait().unwrap().code(), Some(0));

    // What nobody read is printed by the next one.
    let mut serve = Serve::start(&mut chat2desk(&sandbox, home.path()), &arguments);
    let mut line = String::new();
    let mut stdout = BufReader::new(serve.child.stdout.take().unwrap());
    stdout.read_line(&mut line).unwrap();
    assert!(line.contains("message:8"), "{line}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn wrong_arguments_are_refused_before_anything_is_served() {
    let (sandbox, home) = (
        Sandbox::start().await.unwrap(),
        tempfile::tempdir().unwrap(),
    );
    for arguments in [
        &["--listen", "127.0.0.1:0"][..],
        &["--forward", "ftp://127.0.0.1/"],
        &["--forward", "inbx=http://127.0.0.1/"],
        &["--forward", "http://127.0.0.1/", "--print"],
        &["--print", "--keep"],
        &["--print", "--events", "inbx"],
        &["--print", "--register", "notaurl"],
        &["--print", "--retry-after", "0s"],
        &["--print", "--concurrency", "0"],
        &["--print", "--capacity", "0"],
    ] {
        let all = ["webhooks", "serve"].iter().chain(arguments);
        run(&mut chat2desk(&sandbox, home.path()), all)
            .await
            .code(2);
    }
    let arguments = ["--listen", "127.0.0.1:0", "--print"];
    let _first = Serve::start(&mut chat2desk(&sandbox, home.path()), &arguments);
    let mut second = chat2desk(&sandbox, home.path());
    let second = start(second.args(["webhooks", "serve"]).args(arguments));
    let ended = second.wait_with_output().unwrap();
    let text = String::from_utf8(ended.stderr).unwrap();
    assert!(text.contains("another process uses this journal"), "{text}");
    assert!(!text.contains("block"), "{text}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_event_that_nobody_takes_is_set_aside_after_its_attempts() {
    let (sandbox, home) = (
        Sandbox::start().await.unwrap(),
        tempfile::tempdir().unwrap(),
    );
    let target = Target::start(|_| (NOW, StatusCode::BAD_REQUEST)).await;
    let arguments = ["--listen", "127.0.0.1:0", "--forward", &target.url];
    let arguments = [
        &arguments[..],
        &["--attempts", "3", "--retry-after", "10ms"],
    ]
    .concat();
    let mut serve = Serve::start(&mut chat2desk(&sandbox, home.path()), &arguments);
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    assert_eq!(
        deliver(&http, &serve.url, TOKEN, message(1)).await,
        Some(200)
    );
    while !serve.stderr().contains("in 3 attempts") {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    serve.end();
    assert_eq!(target.posts().len(), 3);
    let failed = home.path().join("chat2desk-webhooks.journal.failed");
    let line: Value = serde_json::from_str(&std::fs::read_to_string(&failed).unwrap()).unwrap();
    assert_eq!(
        (&line["key"], &line["body"]["message_id"]),
        (&json!("message:1"), &json!(1))
    );
    let mode = std::os::unix::fs::PermissionsExt::mode(&failed.metadata().unwrap().permissions());
    assert_eq!(mode & 0o777, 0o600);
    // It is done: the next process does not hand it on.
    let mut serve = Serve::start(&mut chat2desk(&sandbox, home.path()), &arguments);
    serve.end();
    assert_eq!(target.posts().len(), 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reader_that_is_slow_delays_no_response() {
    let (sandbox, home) = (
        Sandbox::start().await.unwrap(),
        tempfile::tempdir().unwrap(),
    );
    let arguments = ["--listen", "127.0.0.1:0", "--print"];
    let mut serve = Serve::start(&mut chat2desk(&sandbox, home.path()), &arguments);
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    // Ten times as much as a pipe holds, and nobody reads it.
    for id in 0..64 {
        let text = "x".repeat(10_000);
        let body = json!({"hook_type": "inbox", "message_id": id, "text": text}).to_string();
        let delivered = deliver(&http, &serve.url, TOKEN, body);
        let delivered = tokio::time::timeout(Duration::from_secs(5), delivered).await;
        assert_eq!(delivered, Ok(Some(200)), "message {id}");
    }
    let stdout = serve.child.stdout.take();
    assert_eq!(serve.end().0, Some(0));
    assert!(serve.stderr().contains("the next start hands them on"));
    drop(stdout);
}
