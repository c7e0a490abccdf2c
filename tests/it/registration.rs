//! Webhooks are registered once, and seen to be in order.

use axum::extract::{Path, Request, State};
use axum::http::{Method, StatusCode};
use axum::response::IntoResponse;
use axum::routing::any;
use chat2desk::webhooks::{Change, EnsureWebhookError};
use chat2desk::wire::{WebhookEvent, WebhookStatus};
use chat2desk::{Chat2Desk, ErrorKind};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;

const URL: &str = "https://example.com/c2d";

/// The vendor's part: unique URLs, and a record of what was called.
#[derive(Default)]
struct Account {
    webhooks: Vec<Value>,
    calls: Vec<String>,
    /// Lists in which webhooks do not show yet.
    blind: u32,
}

type Shared = Arc<Mutex<Account>>;

async fn answer(
    State(account): State<Shared>,
    id: Option<Path<usize>>,
    request: Request,
) -> impl IntoResponse {
    let method = request.method().clone();
    let body = axum::body::to_bytes(request.into_body(), 1 << 20)
        .await
        .unwrap();
    let mut body: Value = serde_json::from_slice(&body).unwrap_or_default();
    let mut account = account.lock().unwrap();
    account.calls.push(method.to_string());
    let taken = |account: &Account| {
        account
            .webhooks
            .iter()
            .any(|webhook| webhook["url"] == body["url"])
    };
    let data = match (method, id) {
        (Method::GET, None) if account.blind > 0 => {
            account.blind -= 1;
            json!([])
        }
        (Method::GET, None) => json!(account.webhooks),
        (Method::GET, Some(Path(id))) => account.webhooks[id].clone(),
        (Method::POST, None) if taken(&account) => {
            let refused =
                json!({ "status": "error", "errors": { "url": ["has already been taken"] } });
            return (StatusCode::BAD_REQUEST, refused.to_string());
        }
        (Method::POST, None) => {
            body["id"] = json!(account.webhooks.len());
            account.webhooks.push(body.clone());
            body
        }
        (Method::PUT, Some(Path(id))) => {
            body["id"] = json!(id);
            account.webhooks[id] = body.clone();
            body
        }
        other => panic!("{other:?}"),
    };
    (
        StatusCode::OK,
        json!({ "data": data, "status": "success" }).to_string(),
    )
}

async fn account(webhooks: Vec<Value>) -> (Chat2Desk, Shared) {
    let account = Arc::new(Mutex::new(Account {
        webhooks,
        ..Account::default()
    }));
    let app = axum::Router::new()
        .route("/v1/webhooks", any(answer))
        .route("/v1/webhooks/{id}", any(answer))
        .with_state(account.clone());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, app).await });
    (
        Chat2Desk::builder("token").base_url(url).build().unwrap(),
        account,
    )
}

fn webhook(id: i64, url: &str, status: &str) -> Value {
    json!({
        "id": id, "name": "CRM", "url": url, "events": ["inbox", "outbox"], "status": status,
        "errors": [], "channels": [58001],
    })
}

fn calls(account: &Shared) -> Vec<String> {
    std::mem::take(&mut account.lock().unwrap().calls)
}

#[tokio::test]
async fn ensuring_twice_registers_once() {
    let (chat, account) = account(Vec::new()).await;
    let ensure = || {
        chat.ensure_webhook(URL, [WebhookEvent::Inbox, WebhookEvent::Outbox])
            .send()
    };
    let first = ensure().await.unwrap();
    assert_eq!(
        (first.change, calls(&account)),
        (Change::Created, vec!["GET".into(), "POST".into()])
    );
    assert_eq!(first.webhook.name.as_deref(), Some("chat2desk-rust"));
    let second = ensure().await.unwrap();
    assert_eq!(
        (second.change, calls(&account)),
        (Change::None, vec!["GET".into()])
    );
    assert_eq!(second.webhook, first.webhook);
}

#[tokio::test]
async fn what_is_registered_otherwise_is_changed_and_the_rest_is_kept() {
    use WebhookEvent::{Inbox, NewClient, Outbox};
    let with = |changes: Value| {
        let mut webhook = webhook(0, URL, "enable");
        for (key, value) in changes.as_object().unwrap() {
            webhook[key] = value.clone();
        }
        webhook
    };
    for (events, status, change, expected) in [
        (vec![Outbox, Inbox], "enable", Change::None, with(json!({}))),
        (
            vec![Inbox, Outbox],
            "disable",
            Change::Updated,
            with(json!({})),
        ),
        (
            vec![Inbox],
            "enable",
            Change::Updated,
            with(json!({ "events": ["inbox"] })),
        ),
        (
            vec![Inbox, Outbox, NewClient],
            "enable",
            Change::Updated,
            with(json!({ "events": ["inbox", "outbox", "new_client"] })),
        ),
    ] {
        let (chat, account) = account(vec![webhook(0, URL, status)]).await;
        let ensured = chat.ensure_webhook(URL, events).send().await.unwrap();
        assert_eq!(ensured.change, change);
        let now = account.lock().unwrap().webhooks[0].clone();
        for field in ["id", "name", "url", "events", "status", "channels"] {
            assert_eq!(now[field], expected[field], "{field}");
        }
    }
    let (chat, account) = account(vec![webhook(0, URL, "enable")]).await;
    let ensure = chat
        .ensure_webhook(URL, [Inbox, Outbox])
        .name("Mine")
        .channels([]);
    ensure.send().await.unwrap();
    let now = account.lock().unwrap().webhooks[0].clone();
    assert_eq!(
        (&now["name"], &now["channels"]),
        (&json!("Mine"), &json!([]))
    );
}

#[tokio::test]
async fn a_sixth_webhook_is_an_error_of_its_own() {
    let five = (0..5).map(|id| webhook(id, &format!("https://example.com/{id}"), "enable"));
    let (chat, account) = account(five.collect()).await;
    let error = chat
        .ensure_webhook(URL, [WebhookEvent::Inbox])
        .send()
        .await
        .unwrap_err();
    match error {
        EnsureWebhookError::TooMany { ids } => assert_eq!(ids, [0, 1, 2, 3, 4]),
        other => panic!("{other:?}"),
    }
    assert_eq!(calls(&account), ["GET"], "nothing was tried");
    let there = chat
        .ensure_webhook("https://example.com/4", [WebhookEvent::Inbox])
        .send()
        .await;
    assert_eq!(there.unwrap().change, Change::Updated);
}

#[tokio::test]
async fn a_taken_url_is_looked_for_once_more() {
    let (chat, account) = account(vec![webhook(0, URL, "disable")]).await;
    account.lock().unwrap().blind = 1;
    let ensured = chat
        .ensure_webhook(URL, [WebhookEvent::Inbox])
        .send()
        .await
        .unwrap();
    assert_eq!(
        ensured.change,
        Change::Updated,
        "another process was faster"
    );
    assert_eq!(calls(&account), ["GET", "POST", "GET", "PUT"]);

    account.lock().unwrap().blind = 2;
    let error = chat
        .ensure_webhook(URL, [WebhookEvent::Inbox])
        .send()
        .await
        .unwrap_err();
    match error {
        EnsureWebhookError::UrlTaken(source) => {
            assert_eq!(source.kind(), ErrorKind::Validation);
            assert_eq!(source.field_errors()[0].field, "url");
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_disabled_webhook_is_seen_and_enabled() {
    let mut disabled = webhook(1, "https://example.org/hook", "disable");
    disabled["errors"] = json!([
        { "text": "timeout", "created_at": 1_777_885_965 },
        { "text": "500 Internal Server Error", "created_at": 1_777_885_975 },
    ]);
    let (chat, account) = account(vec![webhook(0, URL, "enable"), disabled]).await;
    let health = chat.webhook_health().await.unwrap();
    assert!(health[0].is_healthy() && !health[0].is_disabled());
    assert!(!health[1].is_healthy() && health[1].is_disabled());
    let last = health[1].errors()[0].text.as_deref();
    assert_eq!(last, Some("500 Internal Server Error"));

    calls(&account);
    let enabled = chat.re_enable_webhook(1).await.unwrap();
    assert_eq!(enabled.status, Some(WebhookStatus::Enable));
    assert_eq!(calls(&account), ["GET", "PUT"]);
    let now = account.lock().unwrap().webhooks[1].clone();
    for (field, value) in [
        ("url", json!("https://example.org/hook")),
        ("events", json!(["inbox", "outbox"])),
        ("channels", json!([58001])),
        ("name", json!("CRM")),
    ] {
        assert_eq!(now[field], value, "{field} is sent again");
    }
}

#[tokio::test]
async fn the_url_is_not_printed() {
    let (chat, _) = account(Vec::new()).await;
    let ensure = chat.ensure_webhook("https://example.com/secret", [WebhookEvent::Inbox]);
    assert!(!format!("{ensure:?}").contains("secret"));
}

/// Lists in any order and number are the same registration.
#[tokio::test]
async fn the_same_in_another_order_changes_nothing() {
    use WebhookEvent::{Inbox, Outbox};
    let (chat, account) = account(Vec::new()).await;
    let url = format!(" {URL}\n");
    let first = chat
        .ensure_webhook(&url, [Inbox, Inbox, Outbox, Inbox])
        .channels([58002, 58001, 58002]);
    let first = first.send().await.unwrap();
    assert_eq!(first.change, Change::Created);
    let stored = account.lock().unwrap().webhooks[0].clone();
    assert_eq!(stored["url"], URL);
    assert_eq!(stored["events"], json!(["inbox", "outbox"]));
    assert_eq!(stored["channels"], json!([58002, 58001]));
    // The server keeps them in an order of its own.
    account.lock().unwrap().webhooks[0]["channels"] = json!([58001, 58002]);
    for channels in [
        vec![58001, 58002],
        vec![58002, 58001],
        vec![58001, 58002, 58001],
    ] {
        let again = chat
            .ensure_webhook(URL, [Outbox, Inbox, Outbox])
            .channels(channels);
        assert_eq!(again.send().await.unwrap().change, Change::None);
    }
    let other = chat.ensure_webhook(URL, [Outbox, Inbox]).channels([58001]);
    assert_eq!(other.send().await.unwrap().change, Change::Updated);
    let all = chat.ensure_webhook(URL, [Outbox, Inbox]).channels([]);
    assert_eq!(all.send().await.unwrap().change, Change::Updated);
}

#[tokio::test]
async fn a_url_that_cannot_be_called_is_not_registered() {
    let (chat, account) = account(Vec::new()).await;
    for url in [
        "",
        " ",
        "example.com/c2d",
        "/c2d",
        "ftp://example.com",
        "https://",
        "mailto:a@example.com",
    ] {
        let error = chat.ensure_webhook(url, [WebhookEvent::Inbox]).send().await;
        let EnsureWebhookError::Api(error) = error.unwrap_err() else {
            panic!("an argument is at fault");
        };
        assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{url}");
        assert!(
            error
                .to_string()
                .contains("the URL is not one that can be called"),
            "{error}"
        );
    }
    assert_eq!(calls(&account), [""; 0]);
}
