//! `chat2desk check`.

use crate::support::{chat2desk, run};
use axum::http::StatusCode;
use chat2desk::wire::WebhookEvent;
use chat2desk_sandbox::{Fault, Rule, Sandbox};
use serde_json::json;
use std::time::Duration;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_account_is_checked_with_two_calls() {
    let sandbox = Sandbox::builder().monthly_calls(100).start().await.unwrap();
    let home = tempfile::tempdir().unwrap();
    let ended = run(&mut chat2desk(&sandbox, home.path()), ["check"])
        .await
        .code(0);
    for line in [
        "token     accepted",
        "company   1001",
        "clock     right",
        "webhooks  0",
    ] {
        assert!(ended.stdout.contains(line), "{line}: {ended:?}");
    }
    assert!(ended.stdout.contains("99 left"), "{ended:?}");
    assert_eq!(sandbox.calls().len(), 2);
    let ended = run(&mut chat2desk(&sandbox, home.path()), ["check", "--json"])
        .await
        .code(0);
    assert_eq!(ended.json()[0]["calls_left"], json!(97));
    let mut command = chat2desk(&sandbox, home.path());
    command.env("CHAT2DESK_TOKEN", "other");
    run(&mut command, ["check"]).await.code(4);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_disabled_webhook_is_found() {
    let (sandbox, home) = (
        Sandbox::start().await.unwrap(),
        tempfile::tempdir().unwrap(),
    );
    let nobody = "http://127.0.0.1:9/hook";
    let ensure = sandbox
        .client()
        .ensure_webhook(nobody, [WebhookEvent::Inbox]);
    let id = ensure.await.unwrap().webhook.id;
    for _ in 0..6 {
        sandbox.write_as(94_000_001, "Hello").unwrap();
        sandbox.advance(Duration::from_secs(3600));
        sandbox.settle().await;
    }
    let ended = run(&mut chat2desk(&sandbox, home.path()), ["check"])
        .await
        .code(1);
    assert!(
        ended.stdout.contains(&format!("{id} is disabled")),
        "{ended:?}"
    );
    let ended = run(
        &mut chat2desk(&sandbox, home.path()),
        ["webhooks", "health"],
    )
    .await
    .code(1);
    assert_eq!(ended.json()[0]["disabled"], json!(true));
    let ensure = ["webhooks", "ensure", nobody, "--events", "inbox"];
    run(&mut chat2desk(&sandbox, home.path()), ensure)
        .await
        .code(0);
    run(&mut chat2desk(&sandbox, home.path()), ["check"])
        .await
        .code(0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_calls_left_is_6() {
    let sandbox = Sandbox::builder().monthly_calls(2).start().await.unwrap();
    let home = tempfile::tempdir().unwrap();
    sandbox.client().get_api_info().send().await.unwrap();
    run(&mut chat2desk(&sandbox, home.path()), ["check"])
        .await
        .code(6);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_without_the_right_to_list_webhooks_is_good() {
    let (sandbox, home) = (
        Sandbox::start().await.unwrap(),
        tempfile::tempdir().unwrap(),
    );
    sandbox.inject(Rule::new(Fault::Status(StatusCode::FORBIDDEN)).on("list_webhooks"));
    let mut command = chat2desk(&sandbox, home.path());
    let ended = run(&mut command, ["check"]).await.code(0);
    assert!(ended.stdout.contains("no right to list them"), "{ended:?}");
}
