//! Ten thousand calls at once through a server that fails at random.

use super::server::{Act, Request, Server, Then, answer, raw};
use chat2desk::types::SendMessageRequest;
use chat2desk::{Chat2Desk, ErrorKind};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::time::timeout;

const TASKS: i64 = 64;
const CALLS: i64 = 10_000;

/// The server's side: which messages it took, and how often.
#[derive(Default)]
struct Accepted(Mutex<HashMap<i64, u32>>);

impl Accepted {
    fn act(&self, turn: usize, request: &Request) -> Act {
        let luck = fastrand::Rng::with_seed(turn as u64).u32(0..100);
        let is_write = request.line.starts_with("POST");
        // What fails before it is taken, and what fails when it was.
        match luck {
            0..4 => return answer("429 Too Many Requests", "retry-after: 0\r\n", b""),
            4..6 => return answer("502 Bad Gateway", "", b"<html>"),
            6..8 => return raw("", Then::Reset),
            8..10 => return answer("503 Service Unavailable", "retry-after: 0\r\n", b""),
            _ => {}
        }
        if is_write {
            let body: serde_json::Value = serde_json::from_str(&request.body).unwrap();
            let message = body["client_id"].as_i64().unwrap();
            *self.0.lock().unwrap().entry(message).or_default() += 1;
        }
        let body: &[u8] = br#"{"data":{"id":7,"message_id":9},"status":"success"}"#;
        match luck {
            10..12 => raw("", Then::Close),
            12..14 => raw(
                "HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{",
                Then::Reset,
            ),
            14..16 => answer("504 Gateway Timeout", "", b""),
            16..18 => answer("500 Internal Server Error", "", b""),
            18..20 => answer("200 OK", "", b"<html>"),
            _ => answer("200 OK", "", body),
        }
    }
}

/// What the callers know of their messages.
#[derive(Default)]
struct Sent {
    confirmed: Vec<i64>,
    /// Failed, and the server may have taken it.
    unknown: Vec<i64>,
    /// Failed, and a failure that was repeated to its end without effect.
    refused: Vec<i64>,
}

async fn work(chat: Chat2Desk, first: i64, sent: Arc<Mutex<Sent>>) {
    use ErrorKind::{Decode, RateLimited, Server, Transport};
    for number in (first..CALLS).step_by(usize::try_from(TASKS).unwrap()) {
        if number % 2 == 0 {
            let result = chat.get_client(7).send().await;
            if let Err(error) = result {
                let expected = [Decode, RateLimited, Server, Transport];
                assert!(expected.contains(&error.kind()), "{error:?}");
                // Only what may not be repeated, or was as often as may be, fails.
                let is_final = error.kind() == Decode || error.status().is_some_and(|s| s == 500);
                assert!(
                    is_final || error.attempts() == 3 || error.is_retryable(),
                    "{error:?}"
                );
            }
            continue;
        }
        let message = SendMessageRequest::builder()
            .client_id(number)
            .text("hello");
        let result = chat.send_message(message).send().await;
        let mut sent = sent.lock().unwrap();
        match result {
            Ok(_) => sent.confirmed.push(number),
            Err(error) if error.kind() == RateLimited => sent.refused.push(number),
            Err(error) => {
                assert!(error.was_sent() && !error.is_retryable(), "{error:?}");
                sent.unknown.push(number);
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_calls_lose_nothing_and_send_nothing_twice() {
    let accepted = Arc::new(Accepted::default());
    let log = accepted.clone();
    let server = Server::choosing(move |turn, request| log.act(turn, request)).await;
    let chat = server.client();
    let sent = Arc::new(Mutex::new(Sent::default()));
    // The first calls fill pools and buffers.
    for _ in 0..100 {
        let _ = chat.get_client(7).send().await;
    }
    let before = resident();
    let tasks = (0..TASKS).map(|first| tokio::spawn(work(chat.clone(), first, sent.clone())));
    let tasks: Vec<_> = tasks.collect();
    for task in tasks {
        timeout(Duration::from_secs(120), task)
            .await
            .expect("no task hangs")
            .unwrap();
    }
    let grown = resident().saturating_sub(before);
    assert!(grown < 64 * 1024 * 1024, "{grown} bytes more than before");

    assert_eq!(chat.calls_made(), server.seen().len() as u64);
    let accepted = accepted.0.lock().unwrap();
    let sent = sent.lock().unwrap();
    let total = sent.confirmed.len() + sent.unknown.len() + sent.refused.len();
    assert_eq!(total, usize::try_from(CALLS / 2).unwrap());
    assert!(sent.confirmed.len() > total * 4 / 5);
    assert!(accepted.values().all(|times| *times == 1));
    assert!(sent.confirmed.iter().all(|id| accepted.contains_key(id)));
    assert!(sent.refused.iter().all(|id| !accepted.contains_key(id)));
    // Every message that was taken is one that its sender knows was, or may have been.
    let doubtful = sent.unknown.iter().filter(|id| accepted.contains_key(id));
    assert_eq!(accepted.len(), sent.confirmed.len() + doubtful.count());
}

/// The memory of this process, where the system tells.
fn resident() -> usize {
    let pages = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages = pages.split(' ').nth(1).and_then(|pages| pages.parse().ok());
    pages.unwrap_or(0_usize) * 4096
}
