//! The import of a history when one of its calls goes wrong: nothing is sent twice, and the caller learns what
//! became of each message.

use super::server::{Act, Server, Then, answer, raw};
use chat2desk::messages::ImportState::{self, Imported, Refused, Unclear, Waiting};
use chat2desk::messages::{Author, Import, PastMessage};
use chat2desk::transport::{BoxFuture, Transport, TransportError};
use chat2desk::{Chat2Desk, ErrorKind};
use chrono::DateTime;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use std::time::Duration;

const DONE: &str = r#"{"errors":[],"status":"success"}"#;

fn history(length: usize) -> Vec<PastMessage> {
    let message = |index: usize| {
        let time = DateTime::from_timestamp(1_777_885_965 + index as i64, 0).unwrap();
        PastMessage::text(Author::Client, time, "my words").external_id(index.to_string())
    };
    (0..length).map(message).collect()
}

fn import(chat: &Chat2Desk, length: usize) -> Import {
    chat.import_history(94_000_001, 58_001, "widget", history(length))
}

/// The messages of a request, by the ids that `history` gave them.
fn ids(body: &str) -> Vec<usize> {
    let body: Value = serde_json::from_str(body).unwrap();
    let messages = body["messages"].as_array().unwrap().iter();
    let id = |message: &Value| message["external_id"].as_str()?.parse().ok();
    messages.map(|message| id(message).unwrap()).collect()
}

fn counts(states: &[ImportState]) -> [usize; 4] {
    let count = |wanted| states.iter().filter(|state| **state == wanted).count();
    [Imported, Unclear, Refused, Waiting].map(count)
}

/// A server that does this to its second request, and imports all others.
async fn server(act: Option<Act>) -> (Server, Arc<Mutex<Vec<Vec<usize>>>>) {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let log = seen.clone();
    let server = Server::choosing(move |turn, request| {
        log.lock().unwrap().push(ids(&request.body));
        let special = act.clone().filter(|_| turn == 1);
        special.unwrap_or_else(|| answer("200 OK", "", DONE.as_bytes()))
    });
    (server.await, seen)
}

#[tokio::test]
async fn ten_messages_a_call_in_order() {
    for (length, ends) in [
        (0, vec![]),
        (1, vec![1]),
        (10, vec![10]),
        (25, vec![10, 20, 25]),
    ] {
        let (server, seen) = server(None).await;
        let chat = server.client();
        let mut import = import(&chat, length);
        let task = async move { import.send().await.map(|()| import) };
        let mut import = tokio::spawn(task).await.unwrap().unwrap();
        assert_eq!(counts(import.states()), [length, 0, 0, 0]);
        import.send().await.unwrap();
        import.send_next().await.unwrap();
        let expected = ends.iter().map(|end| ((end - 1) / 10 * 10..*end).collect());
        assert_eq!(*seen.lock().unwrap(), expected.collect::<Vec<Vec<usize>>>());
        let line = "POST /v1/messages/import HTTP/1.1";
        assert!(server.seen().iter().all(|seen| seen == line));
    }
}

#[rustfmt::skip]
fn cases() -> Vec<(&'static str, Act, ErrorKind, ImportState)> {
    let head = "HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n";
    let quota = br#"{"message":"API calls exceeded API limit per month","status":"error"}"#;
    let error = br#"{"message":"boom","status":"error"}"#;
    let partly = br#"{"errors":[{"external_id":"13","message":"boom"}],"status":"success"}"#;
    let word = br#"{"errors":"boom","status":"success"}"#;
    let quoted = br#"{"errors":["API calls exceeded API limit per month"],"status":"success"}"#;
    vec![
        ("reset", raw("", Then::Reset), ErrorKind::Transport, Unclear),
        ("closed", raw("", Then::Close), ErrorKind::Transport, Unclear),
        ("cut short", raw(format!("{head}{{"), Then::Reset), ErrorKind::Transport, Unclear),
        ("no response", raw("", Then::Hang), ErrorKind::Timeout, Unclear),
        ("half a response", raw(head, Then::Hang), ErrorKind::Timeout, Unclear),
        ("408", answer("408 Request Timeout", "", b""), ErrorKind::Timeout, Unclear),
        ("500", answer("500 Internal Server Error", "", b""), ErrorKind::Server, Unclear),
        ("502", answer("502 Bad Gateway", "", b"<html>"), ErrorKind::Server, Unclear),
        ("503", answer("503 Service Unavailable", "retry-after: 0\r\n", b""), ErrorKind::Server, Unclear),
        ("302", answer("302 Found", "location: /v1/elsewhere\r\n", b""), ErrorKind::Api, Unclear),
        ("no JSON", answer("200 OK", "", b"<html>"), ErrorKind::Decode, Unclear),
        ("an error in a success", answer("200 OK", "", error), ErrorKind::Api, Unclear),
        ("errors beside the success", answer("200 OK", "", partly), ErrorKind::Api, Unclear),
        ("errors as a text", answer("200 OK", "", word), ErrorKind::Api, Unclear),
        ("errors that quote a quota", answer("200 OK", "", quoted), ErrorKind::QuotaExceeded, Unclear),
        ("400", answer("400 Bad Request", "", error), ErrorKind::Validation, Refused),
        ("404", answer("404 Not Found", "", error), ErrorKind::NotFound, Refused),
        ("422", answer("422 Unprocessable Content", "", error), ErrorKind::Validation, Refused),
        ("401", answer("401 Unauthorized", "", error), ErrorKind::Auth, Waiting),
        ("429", answer("429 Too Many Requests", "retry-after: 86400\r\n", b""), ErrorKind::RateLimited, Waiting),
        ("quota", answer("403 Forbidden", "", quota), ErrorKind::QuotaExceeded, Waiting),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn every_way_to_break_the_second_call() {
    for (name, act, kind, state) in cases() {
        let (server, seen) = server(Some(act)).await;
        // Only what hangs waits for it.
        let chat = server
            .client()
            .with_read_timeout(Duration::from_millis(500));
        let mut import = import(&chat, 25);
        let error = import.send().await.unwrap_err();
        assert_eq!(error.error.kind(), kind, "{name}: {error}");
        assert_eq!(error.error.operation(), Some("import_messages"), "{name}");
        assert_eq!(error.states[..10], [Imported; 10], "{name}");
        assert_eq!(error.states[10..20], [state; 10], "{name}");
        assert_eq!(error.states[20..], [Waiting; 5], "{name}");
        assert_eq!(error.states, import.states(), "{name}");
        assert_eq!(error.positions(Imported), (0..10).collect::<Vec<_>>());
        assert_eq!(server.seen().len(), 2, "{name}");

        import.send().await.unwrap();
        let again = state == Waiting;
        let sent: Vec<usize> = seen.lock().unwrap().concat();
        let all = (0..20).chain(if again { 10..25 } else { 20..25 });
        assert_eq!(sent, all.collect::<Vec<_>>(), "{name}");
        let settled = if again { Imported } else { state };
        assert_eq!(import.states()[10..20], [settled; 10], "{name}");
        assert_eq!(import.states()[20..], [Imported; 5], "{name}");
    }
}

#[tokio::test]
async fn errors_beside_a_success_are_reported() {
    let body = r#"{"errors":{"text":["is too long"]},"status":"success"}"#;
    let (server, _) = server(Some(answer("200 OK", "", body.as_bytes()))).await;
    let chat = server.client();
    let error = import(&chat, 11).send().await.unwrap_err();
    assert_eq!(error.error.body(), body.as_bytes());
    assert_eq!(error.error.field_errors()[0].field, "text");
    let text = error.to_string();
    for part in [
        "of 11 messages 10 were imported, 1 may have been",
        "despite its success",
    ] {
        assert!(text.contains(part), "{text}");
    }
}

/// Fails before it sends, or never answers, in its second call; imports in all others.
#[derive(Clone)]
struct Second {
    hangs: bool,
    seen: Arc<Mutex<Vec<Vec<usize>>>>,
}

impl Second {
    fn client(&self) -> Chat2Desk {
        let builder = Chat2Desk::builder("token").transport(self.clone());
        let policy = chat2desk::transport::RetryPolicy::never();
        builder.retry(policy).build().unwrap()
    }
}

impl Transport for Second {
    fn send(
        &self,
        request: reqwest::Request,
    ) -> BoxFuture<'_, Result<reqwest::Response, TransportError>> {
        let body = request.body().and_then(reqwest::Body::as_bytes).unwrap();
        let mut seen = self.seen.lock().unwrap();
        seen.push(ids(std::str::from_utf8(body).unwrap()));
        let is_second = seen.len() == 2;
        Box::pin(async move {
            if is_second && self.hangs {
                std::future::pending::<()>().await;
            }
            if is_second {
                return Err(TransportError::not_sent("no route"));
            }
            Ok(http::Response::new(DONE).into())
        })
    }
}

#[tokio::test]
async fn what_was_not_sent_is_sent_next() {
    let transport = Second {
        hangs: false,
        seen: Arc::default(),
    };
    let chat = transport.client();
    let mut import = import(&chat, 25);
    let error = import.send().await.unwrap_err();
    assert_eq!(counts(&error.states), [10, 0, 0, 15]);
    import.send().await.unwrap();
    assert_eq!(counts(import.states()), [25, 0, 0, 0]);
    let seen = transport.seen.lock().unwrap().concat();
    assert_eq!(seen, (0..20).chain(10..25).collect::<Vec<_>>());
}

#[tokio::test(start_paused = true)]
async fn a_dropped_future_leaves_its_call_unclear() {
    let transport = Second {
        hangs: true,
        seen: Arc::default(),
    };
    let chat = transport.client();
    let mut import = import(&chat, 25);
    let patience = Duration::from_secs(1);
    tokio::time::timeout(patience, import.send())
        .await
        .unwrap_err();
    assert_eq!(counts(import.states()), [10, 10, 0, 5]);
    assert_eq!(import.next_call(), 20..25);
    import.send_next().await.unwrap();
    assert_eq!(counts(import.states()), [15, 10, 0, 0]);
    let seen = transport.seen.lock().unwrap().concat();
    assert_eq!(seen, (0..25).collect::<Vec<_>>());
}

#[test]
fn what_each_past_message_sends() {
    let time = DateTime::parse_from_rfc3339("2026-05-04T12:12:45.9+03:00").unwrap();
    let url = "https://example.com/118.jpg";
    for (message, expected) in [
        (
            PastMessage::text(Author::Client, time, "Hi").external_id("old-1"),
            json!({ "type": "from_client", "text": "Hi", "external_id": "old-1" }),
        ),
        (
            PastMessage::attachment(Author::Operator(310_001), time, url),
            json!({ "type": "to_client", "operator_id": 310_001, "attachment": url }),
        ),
        (
            PastMessage::captioned(Author::Administrator, time, url, "Hi"),
            json!({ "type": "to_client", "attachment": url, "text": "Hi" }),
        ),
        (
            PastMessage::text(Author::Automatic, time, "Hi"),
            json!({ "type": "autoreply", "text": "Hi" }),
        ),
    ] {
        let mut expected = expected;
        expected["timestamp"] = json!("1777885965");
        let sent: chat2desk::types::ImportedMessage = message.into();
        assert_eq!(serde_json::to_value(sent).unwrap(), expected);
    }
}

#[test]
fn an_import_shows_nobody_what_it_holds() {
    let chat = Chat2Desk::new("token").unwrap();
    let shown = format!("{:?} {:?}", import(&chat, 1), history(1));
    assert!(
        shown.contains("Waiting") && shown.contains("FromClient"),
        "{shown}"
    );
    for hidden in ["my words", "94000001", "external"] {
        assert!(!shown.contains(hidden), "{shown}");
    }
}
