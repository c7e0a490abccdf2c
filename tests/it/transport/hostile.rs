//! What a caller gets from a server that misbehaves, and how many requests that server sees.

use super::server::{Act, Server, TOKEN, Then, answer, raw};
use chat2desk::transport::Phase;
use chat2desk::types::SendMessageRequest;
use chat2desk::{Chat2Desk, Error, ErrorKind};
use futures_util::future::join_all;
use std::error::Error as _;
use std::time::Duration;

const CLIENT: &[u8] = br#"{"data":{"id":7},"status":"success"}"#;
const SENT: &[u8] = br#"{"data":{"message_id":9},"status":"success"}"#;
const MIB: usize = 1024 * 1024;

const TEXT: &str = "Where is my order";
const NAME: &str = "Ann Example";

async fn read(chat: &Chat2Desk) -> Result<i64, Error> {
    Ok(chat.get_client(7).send().await?.data.id)
}

async fn write(chat: &Chat2Desk) -> Result<i64, Error> {
    let message = SendMessageRequest::builder().client_id(7).text(TEXT);
    Ok(chat.send_message(message).send().await?.data.message_id)
}

/// A GET that changes something: it is as careful as a write.
async fn acting_read(chat: &Chat2Desk) -> Result<(), Error> {
    chat.mark_message_read(9).send().await.map(drop)
}

fn head(length: usize) -> String {
    format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n")
}

/// One way to misbehave, whatever is asked: what comes of a read and of a write, and how many requests
/// of each arrive.
struct Case {
    name: &'static str,
    act: Act,
    kind: ErrorKind,
    phase: Option<Phase>,
    status: Option<u16>,
    reads: usize,
    writes: usize,
}

#[rustfmt::skip]
fn cases() -> Vec<Case> {
    use ErrorKind::*;
    use Then::*;
    let case = |name, act, kind, phase, status, reads, writes| Case {
        name,
        act,
        kind,
        phase,
        status,
        reads,
        writes,
    };
    let past = "retry-after: Sun, 06 Nov 1994 08:49:37 GMT\r\n";
    let limit = br#"{"status":"error","message":"API calls exceeded API limit per month"}"#;
    let (answer_phase, body_phase) = (Some(Phase::Response), Some(Phase::Body));
    let ok = Some(200);
    vec![
        case("reset before headers", raw("", Reset), Transport, answer_phase, None, 3, 1),
        case("closed before headers", raw("", Close), Transport, answer_phase, None, 3, 1),
        case("half a status line", raw("HTTP/1.1 2", Close), Transport, answer_phase, None, 3, 1),
        case("no HTTP at all", raw("SSH-2.0-server\r\n", Close), Transport, answer_phase, None, 3, 1),
        case("reset in the body", raw(head(99) + "{\"data\"", Reset), Transport, body_phase, ok, 3, 1),
        case("body shorter than its length", raw(head(99) + "{\"data\":{", Close), Transport, body_phase, ok, 3, 1),
        case("length shorter than the body", raw(head(9) + "{\"data\":{\"id\":7}}", KeepAlive), Decode, None, ok, 1, 1),
        case("chunk cut short", raw("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nff\r\n{", Close), Transport, body_phase, ok, 3, 1),
        case("slow headers", raw("HTTP/1.1 200", Hang), Timeout, answer_phase, None, 1, 1),
        case("slow body", raw(head(99) + "{\"data\"", Hang), Timeout, body_phase, ok, 1, 1),
        case("429, wait of no seconds", answer("429 Too Many Requests", "retry-after: 0\r\n", b""), RateLimited, None, Some(429), 3, 3),
        case("429, wait until a past date", answer("429 Too Many Requests", past, b"slow down, +1 (555) 010-0777"), RateLimited, None, Some(429), 3, 3),
        case("429, wait longer than the call", answer("429 Too Many Requests", "retry-after: 86400\r\n", b""), RateLimited, None, Some(429), 1, 1),
        case("429, calls of the month", answer("429 Too Many Requests", "retry-after: 0\r\n", limit), QuotaExceeded, None, Some(429), 1, 1),
        case("500", answer("500 Internal Server Error", "", b""), Server, None, Some(500), 1, 1),
        case("502 with HTML", answer("502 Bad Gateway", "", b"<html>Ann Example a-secret-t0ken</html>"), Server, None, Some(502), 3, 1),
        case("403 in plain words", answer("403 Forbidden", "", b"Ann Example may not use a-secret-t0ken"), Auth, None, Some(403), 1, 1),
        case("503 with a wait", answer("503 Service Unavailable", "retry-after: 0\r\n", b""), Server, None, Some(503), 3, 1),
        case("408", answer("408 Request Timeout", "", b""), Timeout, None, Some(408), 3, 1),
        case("200 that says error", answer("200 OK", "", br#"{"status":"error","message":"boom"}"#), Api, None, ok, 1, 1),
        case("200 that says calls of the month", answer("200 OK", "", limit), QuotaExceeded, None, ok, 1, 1),
        case("empty 200", answer("200 OK", "", b""), Decode, None, ok, 1, 1),
        case("204", raw("HTTP/1.1 204 No Content\r\n\r\n", KeepAlive), Decode, None, Some(204), 1, 1),
        case("302", answer("302 Found", "location: /v1/elsewhere\r\n", b""), Api, None, Some(302), 1, 1),
        case("invalid UTF-8", answer("200 OK", "", b"{\"data\":{\"id\":7,\"name\":\"\xff\xfe\"}"), Decode, None, ok, 1, 1),
        case("100 MB announced", raw(head(100 * MIB), Flood(100 * MIB)), TooLarge, body_phase, ok, 1, 1),
        case("100 MB unannounced", raw("HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n", Flood(100 * MIB)), TooLarge, body_phase, ok, 1, 1),
    ]
}

/// All that a log could hold of an error.
fn printed(error: &Error) -> String {
    let mut printed = format!("{error} {error:?} {error:#?}");
    let mut source = error.source();
    while let Some(cause) = source {
        printed += &format!("{cause} {cause:?}");
        source = cause.source();
    }
    printed
}

#[tokio::test(flavor = "multi_thread")]
async fn every_way_to_misbehave() {
    for case in cases() {
        let Case { name, act, .. } = &case;
        let calls = [
            ("read", case.reads),
            ("write", case.writes),
            ("acting read", case.writes),
        ];
        let calls = calls.map(async |(call, requests)| {
            let server = Server::start(vec![act.clone()]).await;
            // Only what hangs waits for it.
            let chat = server
                .client()
                .with_read_timeout(Duration::from_millis(500));
            let error = match call {
                "read" => read(&chat).await.unwrap_err(),
                "write" => write(&chat).await.unwrap_err(),
                // It takes no body, so none can be wrong.
                _ if case.kind == ErrorKind::Decode => return,
                _ => acting_read(&chat).await.unwrap_err(),
            };
            let place = format!("{name}, {call}: {error:?}");
            assert_eq!(error.kind(), case.kind, "{place}");
            assert_eq!(error.phase(), case.phase, "{place}");
            assert_eq!(
                error.status().map(|status| status.as_u16()),
                case.status,
                "{place}"
            );
            assert_eq!(server.seen().len(), requests, "{place}");
            assert_eq!(
                usize::try_from(error.attempts()).unwrap(),
                requests,
                "{place}"
            );
            assert_eq!(chat.calls_made(), requests as u64, "{place}");
            assert!(error.was_sent(), "{place}");
            let printed = printed(&error);
            for secret in [TOKEN, TEXT, NAME, "010-0777", "127.0.0.1"] {
                assert!(!printed.contains(secret), "{secret} in {printed}");
            }
            if case.kind == ErrorKind::Transport {
                assert!(error.source().is_some(), "{place}");
            }
            let refused = case.kind == ErrorKind::RateLimited;
            assert!(call == "read" || error.is_retryable() == refused, "{place}");
        });
        join_all(calls).await;
    }
}

#[tokio::test]
async fn what_may_be_repeated_recovers() {
    let bad = [
        raw("", Then::Reset),
        raw(head(99) + "{", Then::Close),
        answer("502 Bad Gateway", "", b"<html>"),
    ];
    for act in bad {
        let server = Server::start(vec![act, answer("200 OK", "", CLIENT)]).await;
        let answer = server.client().get_client(7).send().await.unwrap();
        assert_eq!((answer.data.id, answer.attempts()), (7, 2));
    }
    let busy = answer("429 Too Many Requests", "retry-after: 0\r\n", b"");
    let server = Server::start(vec![busy.clone(), busy, answer("200 OK", "", SENT)]).await;
    assert_eq!(write(&server.client()).await.unwrap(), 9);
    assert_eq!(server.seen(), ["POST /v1/messages HTTP/1.1"; 3]);
}

/// The server closes a kept connection just when the second request is on it.
#[tokio::test]
async fn a_connection_that_closes_under_a_request() {
    let script = || {
        vec![
            answer("200 OK", "", CLIENT),
            raw("", Then::Close),
            answer("200 OK", "", CLIENT),
        ]
    };
    let server = Server::start(script()).await;
    let chat = server.client();
    read(&chat).await.unwrap();
    assert_eq!(read(&chat).await.unwrap(), 7);
    assert_eq!(server.seen().len(), 3);

    let server = Server::start(script()).await;
    let chat = server.client();
    read(&chat).await.unwrap();
    let error = write(&chat).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Transport, 1));
    assert_eq!(server.seen().len(), 2);
}

/// What an answer has beyond its length is not taken for the answer to the next request.
#[tokio::test]
async fn bytes_too_many_stay_without_effect() {
    let forged = [
        &head(CLIENT.len()).into_bytes(),
        CLIENT,
        &head(2).into_bytes(),
        b"[]",
    ]
    .concat();
    let server = Server::start(vec![
        raw(forged, Then::KeepAlive),
        answer("200 OK", "", CLIENT),
    ])
    .await;
    let chat = server.client();
    assert_eq!(read(&chat).await.unwrap(), 7);
    assert_eq!(read(&chat).await.unwrap(), 7);
}

#[tokio::test]
async fn where_nobody_listens_even_a_write_is_repeated() {
    let server = Server::start(vec![answer("200 OK", "", SENT)]).await;
    let chat = server.client();
    drop(server);
    tokio::task::yield_now().await;
    let error = write(&chat).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.phase()),
        (ErrorKind::Transport, Some(Phase::Connect))
    );
    assert_eq!((error.attempts(), chat.calls_made()), (3, 0));
    assert!(!error.was_sent() && error.is_retryable());
}

/// A listener whose queue is full takes no further connection, and refuses none.
#[tokio::test]
async fn a_connection_that_is_not_made_in_time() {
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = socket.listen(0).unwrap();
    let address = listener.local_addr().unwrap();
    let waiting = tokio::net::TcpStream::connect(address).await.unwrap();
    let chat = Chat2Desk::builder("token")
        .base_url(format!("http://{address}"))
        .connect_timeout(Duration::from_millis(100))
        .build()
        .unwrap()
        .with_retry(chat2desk::transport::RetryPolicy::never());
    let error = write(&chat).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.phase()),
        (ErrorKind::Timeout, Some(Phase::Connect))
    );
    assert!(!error.was_sent() && error.is_retryable());
    drop(waiting);
}

#[tokio::test]
async fn the_cap_is_to_the_byte() {
    let server = Server::start(vec![answer("200 OK", "", CLIENT)]).await;
    for (cap, fits) in [(CLIENT.len(), true), (CLIENT.len() - 1, false)] {
        let builder = Chat2Desk::builder("token").base_url(server.url());
        let chat = builder.max_body(cap).build().unwrap();
        let kind = read(&chat).await.map_err(|error| error.kind());
        assert_eq!(
            kind,
            if fits {
                Ok(7)
            } else {
                Err(ErrorKind::TooLarge)
            }
        );
    }
}
