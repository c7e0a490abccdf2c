//! What the tests of receivers share.

use chat2desk::webhook::{Event, Verifier, sign};
use chat2desk_webhook_receiver::Receiver;
use http::HeaderMap;
use serde_json::{Value, json};
use std::sync::LazyLock;
use tokio::net::TcpListener;

pub const TOKEN: &str = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";

pub fn verifier() -> Verifier {
    Verifier::new(TOKEN).unwrap()
}

pub fn message(id: i64) -> Value {
    json!({
        "hook_type": "inbox", "message_id": id, "type": "from_client", "client_id": 94_000_001,
        "text": "Where is order 1001?", "event_time": "2026-05-04T09:12:45.250417Z",
    })
}

pub fn event(id: i64) -> Event {
    Event::parse_unverified(message(id).to_string()).unwrap()
}

pub fn signed(body: &str) -> HeaderMap {
    sign(TOKEN, 1_777_885_965, body.as_bytes()).unwrap()
}

/// Serves the receiver's router under `/webhooks`; its URL.
pub async fn serve(receiver: &Receiver) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/webhooks", listener.local_addr().unwrap());
    let app = axum::Router::new().nest("/webhooks", receiver.router());
    tokio::spawn(async move { axum::serve(listener, app).await });
    url
}

pub async fn post(url: &str, headers: HeaderMap, body: impl Into<String>) -> (u16, String) {
    // One for all: TLS takes long to set up. It keeps no connection, which would be of another test's runtime.
    static HTTP: LazyLock<reqwest::Client> = LazyLock::new(|| {
        let client = reqwest::Client::builder().pool_max_idle_per_host(0);
        client.build().unwrap()
    });
    let request = HTTP.post(url).headers(headers).body(body.into());
    let response = request.send().await.unwrap();
    (response.status().as_u16(), response.text().await.unwrap())
}

/// Posts a rightly signed message; the status of the answer.
pub async fn deliver(url: &str, id: i64) -> u16 {
    let body = message(id).to_string();
    post(url, signed(&body), body).await.0
}
