//! `chat2desk webhooks`.

use crate::serving::{Post, Target};
use crate::support::{chat2desk, run, run_with};
use axum::http::StatusCode;
use chat2desk_sandbox::Sandbox;
use serde_json::{Value, json};
use std::path::Path;
use std::time::Duration;

#[tokio::test]
async fn a_webhook_is_registered_once_and_listed() {
    let (sandbox, home) = (
        Sandbox::start().await.unwrap(),
        tempfile::tempdir().unwrap(),
    );
    let ensure = [
        "webhooks",
        "ensure",
        "http://127.0.0.1:9/hook",
        "--events",
        "inbox,outbox",
    ];
    let made = run(&mut chat2desk(&sandbox, home.path()), ensure)
        .await
        .code(0);
    assert!(made.stderr.contains("was created"), "{made:?}");
    let again = run(&mut chat2desk(&sandbox, home.path()), ensure)
        .await
        .code(0);
    assert!(again.stderr.contains("already"), "{again:?}");
    assert_eq!(made.json(), again.json());
    let listed = run(&mut chat2desk(&sandbox, home.path()), ["webhooks", "list"]).await;
    assert_eq!(listed.code(0).json(), made.json());
    assert_eq!(
        made.json()[0]["events"],
        serde_json::json!(["inbox", "outbox"])
    );
}

/// A body and the headers of its signature, as a receiver got them.
async fn delivered(sandbox: &Sandbox, home: &Path, arguments: &[&str]) -> Vec<Post> {
    let target = Target::start(|_| (Duration::ZERO, StatusCode::OK)).await;
    let trigger = ["webhooks", "trigger"]
        .into_iter()
        .chain(arguments.iter().copied());
    let trigger = trigger.chain(["--to", &target.url]);
    run(&mut chat2desk(sandbox, home), trigger).await.code(0);
    target.posts()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_body_can_be_changed_and_given() {
    let (sandbox, home) = (
        Sandbox::start().await.unwrap(),
        tempfile::tempdir().unwrap(),
    );
    let home = home.path();
    let set = [
        "--set",
        "client.name=Bela",
        "--set",
        "client_id=94000002",
        "--set",
        "attachments.0.link=null",
    ];
    let set = [
        &["inbox"][..],
        &set,
        &["--set", "extra_data.a.b=[1]", "--set", "text=a=b"],
    ]
    .concat();
    let body: Value =
        serde_json::from_slice(&delivered(&sandbox, home, &set).await[0].body).unwrap();
    assert_eq!(body["client"]["name"], "Bela");
    assert_eq!(
        (&body["client_id"], &body["text"]),
        (&json!(94_000_002), &json!("a=b"))
    );
    assert_eq!(
        body["attachments"][0],
        json!({"name": "receipt.pdf", "link": null})
    );
    assert_eq!(body["extra_data"], json!({"a": {"b": [1]}}));

    std::fs::write(
        home.join("event.json"),
        "{\"hook_type\": \"rooms_changed\"}",
    )
    .unwrap();
    let given = [
        "rooms_changed",
        "--data",
        "@event.json",
        "--set",
        "rooms=2",
        "--repeats",
        "2",
    ];
    let posts = delivered(&sandbox, home, &given).await;
    let bodies: Vec<Value> = posts
        .iter()
        .map(|post| serde_json::from_slice(&post.body).unwrap())
        .collect();
    assert_eq!(
        bodies,
        vec![json!({"hook_type": "rooms_changed", "rooms": 2}); 3]
    );

    let once = delivered(&sandbox, home, &["inbox"]).await;
    let again = delivered(&sandbox, home, &["inbox"]).await;
    let id =
        |post: &Post| serde_json::from_slice::<Value>(&post.body).unwrap()["message_id"].clone();
    assert_ne!(id(&once[0]), id(&again[0]), "each run is a new event");

    for wrong in [
        &["inbx"][..],
        &["inbox", "--set", "client.name.first=Ada"],
        &["inbox", "--set", "attachments.7=1"],
        &["inbox", "--set", "text"],
        &["inbox", "--data", "{"],
        &["inbox", "--data", "@missing.json"],
    ] {
        let trigger = ["webhooks", "trigger", "--to", "http://127.0.0.1:9/"];
        let wrong = trigger.iter().chain(wrong);
        run(&mut chat2desk(&sandbox, home), wrong).await.code(2);
    }
    let nobody = [
        "webhooks",
        "trigger",
        "inbox",
        "--to",
        "http://127.0.0.1:9/",
    ];
    let nobody = run(&mut chat2desk(&sandbox, home), nobody).await.code(1);
    assert!(nobody.stderr.contains("Connection refused"), "{nobody:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_delivery_is_verified_from_stdin() {
    let (sandbox, home) = (
        Sandbox::start().await.unwrap(),
        tempfile::tempdir().unwrap(),
    );
    let post = &delivered(&sandbox, home.path(), &["new_tag"]).await[0];
    let header = |name: &str| post.headers[name].as_str();
    let verify = [
        "webhooks",
        "verify",
        "--signature",
        header("x-signature"),
        "--timestamp",
        header("x-timestamp"),
    ];
    let body = String::from_utf8(post.body.to_vec()).unwrap();
    let right = run_with(&mut chat2desk(&sandbox, home.path()), verify, &body)
        .await
        .code(0);
    assert_eq!(right.json()[0]["event"], "new_tag");
    assert_eq!(right.json()[0]["drift"], json!([]));
    let changed = run_with(&mut chat2desk(&sandbox, home.path()), verify, &(body + " ")).await;
    assert!(changed.code(1).stderr.contains("signature is wrong"));
}

#[tokio::test]
async fn what_cannot_be_meant_is_refused_before_anything_is_sent() {
    let (sandbox, home) = (
        Sandbox::start().await.unwrap(),
        tempfile::tempdir().unwrap(),
    );
    let target = Target::start(|_| (Duration::ZERO, StatusCode::OK)).await;
    let hook = "https://hooks.example.com/";
    for wrong in [
        ["trigger", "all", "--data", "{}", "--to", &target.url],
        [
            "trigger",
            "inbox",
            "--data",
            r#"{"a":1.10}"#,
            "--to",
            &target.url,
        ],
        ["trigger", "inbox", "--set", "a=1e3", "--to", &target.url],
        ["ensure", hook, "--events", "bogus", "--name", "x"],
        ["ensure", hook, "--events", "inbox,bogus", "--name", "x"],
        ["ensure", "notaurl", "--events", "inbox", "--name", "x"],
        [
            "ensure",
            "ftp://hooks.example.com/",
            "--events",
            "inbox",
            "--name",
            "x",
        ],
    ] {
        let arguments = ["webhooks"].iter().chain(&wrong);
        run(&mut chat2desk(&sandbox, home.path()), arguments)
            .await
            .code(2);
    }
    assert!(sandbox.calls().is_empty() && target.posts().is_empty());
    let data = home.path().join("data.json");
    std::fs::write(&data, "\u{feff}{\"hook_type\":\"inbox\",\"message_id\":7}").unwrap();
    let posts = delivered(&sandbox, home.path(), &["inbox", "--data", "@data.json"]).await;
    assert_eq!(
        &posts[0].body[..],
        b"{\"hook_type\":\"inbox\",\"message_id\":7}"
    );
}
