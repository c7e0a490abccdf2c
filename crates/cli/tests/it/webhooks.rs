//! `chat2desk webhooks`.

use crate::support::{chat2desk, run};
use chat2desk_sandbox::Sandbox;

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
