//! The span that the feature `tracing` makes of every call. A test binary of its own: subscribers are
//! global enough to disturb each other.

use chat2desk::Chat2Desk;
use chat2desk::transport::{BoxFuture, RetryPolicy, Transport, TransportError};
use chat2desk::types::SendMessageRequest;
use std::io::Write;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::fmt::format::FmtSpan;

/// The last of these is the answer to the next request.
struct Answers(Mutex<Vec<(u16, &'static str)>>);

impl Transport for Answers {
    fn send(
        &self,
        _: reqwest::Request,
    ) -> BoxFuture<'_, Result<reqwest::Response, TransportError>> {
        let (status, body) = self.0.lock().unwrap().pop().unwrap();
        let mut answer = http::Response::builder().status(status);
        if status == 503 {
            answer = answer.header("retry-after", "7");
        }
        let answer = answer.body(body).unwrap();
        Box::pin(async { Ok(answer.into()) })
    }
}

/// What a subscriber writes.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test(start_paused = true)]
async fn a_span_for_every_call_without_what_it_carries() {
    let answers = vec![
        (403, r#"{"message":"Token is not correct"}"#),
        (
            200,
            r#"{"data":[{"id":7,"name":"Ann Example","tags":"Ann Example"}]}"#,
        ),
        (503, ""),
    ];
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_ansi(false)
        .with_span_events(FmtSpan::CLOSE)
        .with_max_level(LevelFilter::TRACE)
        .with_writer(move || writer.clone())
        .finish();
    let guard = tracing_subscriber::util::SubscriberInitExt::set_default(subscriber);
    let chat = Chat2Desk::builder("a-secret-token")
        .transport(Answers(Mutex::new(answers)))
        .retry(RetryPolicy::default().base_wait(Duration::ZERO))
        .build()
        .unwrap();
    chat.list_clients()
        .phone("15550100777")
        .send()
        .await
        .unwrap();
    let message = SendMessageRequest::builder()
        .client_id(7)
        .text("Where is my order");
    chat.send_message(message).send().await.unwrap_err();
    drop(guard);

    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    let lines: Vec<_> = log.lines().collect();
    assert_eq!(lines.len(), 4, "{log}");
    for (line, part) in [
        (
            0,
            "the call will be retried attempt=1 failure=Server pause_ms=7000",
        ),
        (
            1,
            r#"operation="list_clients" method=GET path="/v1/clients""#,
        ),
        (1, "attempts=2"),
        (1, "status=200"),
        (1, "duration_ms=7000"),
        // After the call, when its response is decoded.
        (
            2,
            r#"a value deviates from the specification operation="list_clients" pointer="/data/0/tags""#,
        ),
        (2, r#"expected="array" found="string""#),
        (
            3,
            r#"operation="send_message" method=POST path="/v1/messages""#,
        ),
        (3, "status=403"),
        (3, "failure=Auth"),
        (3, "duration_ms=0"),
    ] {
        assert!(lines[line].contains(part), "{part} in {}", lines[line]);
    }
    for secret in ["15550100777", "Where is", "Ann", "a-secret-token", "phone="] {
        assert!(!log.contains(secret), "{secret} in {log}");
    }
}
