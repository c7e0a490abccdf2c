//! What an observer is told of calls, and what it is not.

use super::server::{Server, Then, answer, raw};
use chat2desk::transport::{Attempt, Call, Observer, Pause, RetryPolicy};
use chat2desk::types::SendMessageRequest;
use chat2desk::{Chat2Desk, ErrorKind};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Writes down what it is told.
#[derive(Default)]
struct Notes(Mutex<Vec<String>>);

impl Observer for Notes {
    fn attempt(&self, attempt: &Attempt) {
        self.note(format!(
            "{} #{} {:?} {:?} {}→{}",
            attempt.operation.id,
            attempt.number,
            attempt.status.map(|status| status.as_u16()),
            attempt.failure,
            attempt.bytes_sent,
            attempt.bytes_received,
        ));
    }

    fn pause(&self, pause: &Pause) {
        self.note(format!(
            "pause after #{}, {:?}",
            pause.attempt, pause.failure
        ));
    }

    fn call(&self, call: &Call) {
        let status = call.status.map(|status| status.as_u16());
        self.note(format!(
            "end after {}, {status:?} {:?}",
            call.attempts, call.failure
        ));
    }
}

impl Notes {
    fn note(&self, text: String) {
        self.0.lock().unwrap().push(text);
    }
}

#[tokio::test]
async fn attempts_pauses_and_calls() {
    let sent = br#"{"data":{"message_id":9},"status":"success"}"#;
    let script = vec![
        raw("", Then::Reset),
        answer("503 Service Unavailable", "", b"later"),
        answer("200 OK", "", br#"{"data":{"id":7}}"#),
        answer("500 Internal Server Error", "", b""),
        answer("200 OK", "", sent),
    ];
    let server = Server::start(script).await;
    let notes = Arc::new(Notes::default());
    let chat = Chat2Desk::builder("token")
        .base_url(server.url())
        .retry(RetryPolicy::default().base_wait(Duration::ZERO))
        .observer(notes.clone())
        .build()
        .unwrap();
    chat.get_client(7).send().await.unwrap();
    let message = || {
        SendMessageRequest::builder()
            .client_id(7)
            .text("Where is my order")
    };
    let error = chat.send_message(message()).send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Server);
    chat.send_message(message()).send().await.unwrap();
    let length = r#"{"client_id":7,"text":"Where is my order"}"#.len();
    let expected = [
        "get_client #1 None Some(Transport) 0→0".into(),
        "pause after #1, Transport".into(),
        "get_client #2 Some(503) Some(Server) 0→5".into(),
        "pause after #2, Server".into(),
        "get_client #3 Some(200) None 0→17".into(),
        "end after 3, Some(200) None".into(),
        format!("send_message #1 Some(500) Some(Server) {length}→0"),
        "end after 1, Some(500) Some(Server)".into(),
        format!("send_message #1 Some(200) None {length}→{}", sent.len()),
        "end after 1, Some(200) None".into(),
    ];
    assert_eq!(*notes.0.lock().unwrap(), expected);
}
