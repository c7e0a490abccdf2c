//! `chat2desk webhooks serve` and the account: its webhook, and messages that were not delivered.

use crate::serving::{NOW, Serve, Target, deliver, message};
use crate::support::{chat2desk, run};
use axum::http::StatusCode;
use chat2desk::wire::WebhookEvent;
use chat2desk_sandbox::{Sandbox, TOKEN};
use std::time::Duration;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_webhook_is_registered_for_as_long_as_it_is_served() {
    let (sandbox, home) = (
        Sandbox::start().await.unwrap(),
        tempfile::tempdir().unwrap(),
    );
    let target = Target::start(|_| (NOW, StatusCode::OK)).await;
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = port.local_addr().unwrap().to_string();
    drop(port);
    let url = format!("http://{address}/hook");
    let forward = format!("inbox={}", target.url);
    let arguments = [
        "--listen",
        &address,
        "--forward",
        &forward,
        "--register",
        &url,
    ];
    let registered = async || {
        let webhooks = sandbox.client().list_webhooks().send().await.unwrap();
        webhooks.into_inner().data
    };
    for signal in ["kill", "end"] {
        let mut serve = Serve::start(&mut chat2desk(&sandbox, home.path()), &arguments);
        while !serve.stderr().contains("Registered as webhook") {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let webhooks = registered().await;
        assert_eq!(
            (webhooks.len(), &webhooks[0].events[..]),
            (1, &[WebhookEvent::Inbox][..])
        );
        let id = sandbox.write_as(94_000_001, "Hello").unwrap();
        let key = format!("message:{id}");
        target
            .wait(|posts| {
                posts
                    .iter()
                    .any(|post| post.headers["x-chat2desk-key"] == key)
            })
            .await;
        match signal {
            "kill" => serve.child.kill().unwrap(),
            _ => assert_eq!(serve.end().0, Some(0)),
        }
    }
    assert_eq!(registered().await, []);
    // A webhook of somebody else stays.
    let ensure = ["webhooks", "ensure", &url, "--events", "inbox"];
    run(&mut chat2desk(&sandbox, home.path()), ensure)
        .await
        .code(0);
    let mut serve = Serve::start(&mut chat2desk(&sandbox, home.path()), &arguments);
    while !serve.stderr().contains("stays at the end") {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    serve.end();
    assert_eq!(registered().await.len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn messages_that_were_not_delivered_are_read_from_the_api() {
    let (sandbox, home) = (
        Sandbox::start().await.unwrap(),
        tempfile::tempdir().unwrap(),
    );
    let target = Target::start(|_| (NOW, StatusCode::OK)).await;
    let arguments = [
        "--listen",
        "127.0.0.1:0",
        "--forward",
        &target.url,
        "--catch-up",
    ];
    let mut serve = Serve::start(&mut chat2desk(&sandbox, home.path()), &arguments);
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let first = sandbox.write_as(94_000_001, "one").unwrap();
    let first = usize::try_from(first).unwrap();
    assert_eq!(
        deliver(&http, &serve.url, TOKEN, message(first)).await,
        Some(200)
    );
    target.wait(|posts| posts.len() == 1).await;
    serve.end();
    let missed = sandbox.write_as(94_000_001, "two").unwrap();
    let _serve = Serve::start(&mut chat2desk(&sandbox, home.path()), &arguments);
    let key = format!("message:{missed}");
    let posts = target.wait(|posts| {
        posts
            .iter()
            .any(|post| post.headers["x-chat2desk-key"] == key)
    });
    let posts = posts.await;
    assert_eq!(
        posts.last().unwrap().headers["x-chat2desk-replayed"],
        "true"
    );
}
