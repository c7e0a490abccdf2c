//! Calls that fail for want of a server, an answer or a runtime, and successes that are none: what the error
//! says to whoever reads a log.

use crate::support::{PHONE, TOKEN, client};
use chat2desk::transport::{BoxFuture, RetryPolicy, Transport, TransportError};
use chat2desk::types::SendMessageRequest;
use chat2desk::{Chat2Desk, ErrorKind, List};
use futures_util::FutureExt;
use httpmock::prelude::*;
use std::error::Error as _;
use std::time::Duration;

#[tokio::test]
async fn a_connection_that_fails_says_where_to_and_why() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let refused = listener.local_addr().unwrap();
    drop(listener);
    // It speaks no TLS.
    let plain = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = plain.local_addr().unwrap();
    let speaking = std::thread::spawn(move || {
        let (mut stream, _) = plain.accept().unwrap();
        std::io::Write::write_all(&mut stream, b"220 no TLS here\r\n").unwrap();
    });
    for (url, place, cause) in [
        (
            format!("http://{refused}"),
            refused.to_string(),
            &["Connection refused"][..],
        ),
        (
            "https://chat2desk.invalid".into(),
            "chat2desk.invalid:443".into(),
            &["dns error"],
        ),
        // In the words of rustls, or of OpenSSL.
        (
            format!("https://{address}"),
            address.to_string(),
            &["corrupt message", "wrong version"],
        ),
    ] {
        let chat = Chat2Desk::builder(TOKEN).base_url(url).build().unwrap();
        let chat = chat.with_retry(RetryPolicy::never());
        let error = chat.list_clients().phone(PHONE).send().await.unwrap_err();
        let text = error.to_string();
        let start =
            format!("list_clients: the connection failed while connecting: cannot reach {place}: ");
        let why = text
            .strip_prefix(&start)
            .unwrap_or_else(|| panic!("{start} in {text}"));
        assert!(
            cause.iter().any(|cause| why.contains(cause)),
            "{cause:?} in {text}"
        );
        assert!(
            !text.contains("sending request") && !text.contains(PHONE),
            "{text}"
        );
    }
    speaking.join().unwrap();
}

#[tokio::test]
async fn a_redirect_says_where_it_points() {
    for (location, said) in [
        (
            "https://ann:gold@example.com/v1/clients?phone=12025550143#x",
            "https://example.com/v1/clients",
        ),
        ("https://example.com:8443", "https://example.com:8443/"),
        ("http://192.0.2.155/v1", "http://192.0.2.155/v1"),
        ("//example.com/v1", "http://example.com/v1"),
        ("/login?token=a-secret-token", "/login"),
        (
            "https://example.com/to/12025550143/a-secret-token",
            "https://example.com/to/…/…",
        ),
        (
            "https://a-secret-token.example.com/%31%32%30%32%35550143",
            "https://….example.com/…",
        ),
    ] {
        let server = MockServer::start_async().await;
        let answer = server.mock_async(|when, then| {
            when.path("/v1/clients");
            then.status(301)
                .header("location", location)
                .body("<html>moved</html>");
        });
        answer.await;
        let call = client(&server).list_clients().phone(PHONE).send().await;
        let error = call.unwrap_err();
        assert_eq!(
            error.to_string(),
            format!(
                "list_clients: HTTP 301: the server redirects to {said}; redirects are not followed, check the base URL"
            )
        );
        assert!(!format!("{error:?}").contains("gold"));
    }
}

#[tokio::test(start_paused = true)]
async fn a_timeout_says_what_was_waited_for_and_what_that_means() {
    struct Silent;
    impl Transport for Silent {
        fn send(
            &self,
            _: reqwest::Request,
        ) -> BoxFuture<'_, Result<reqwest::Response, TransportError>> {
            Box::pin(std::future::pending())
        }
    }
    let builder = Chat2Desk::builder(TOKEN).transport(Silent);
    let chat = builder
        .read_timeout(Duration::from_secs(30))
        .build()
        .unwrap();
    let error = chat.get_client(7).send().await.unwrap_err();
    let text = "get_client: the call timed out while waiting for the response (after 30 s)";
    assert_eq!(error.to_string(), text);
    let message = SendMessageRequest::builder().client_id(7).text("Hello");
    let error = chat.send_message(message).send().await.unwrap_err();
    let text = "send_message: the call timed out while waiting for the response (after 30 s); it may have been executed";
    assert_eq!(error.to_string(), text);
}

#[tokio::test]
async fn a_failed_write_says_that_it_may_have_been_executed() {
    for (status, body, may_be) in [
        (200, "{", true),
        (502, "Bad Gateway", true),
        (500, r#"{"status":"error"}"#, true),
        (400, r#"{"status":"error","errors":"no text"}"#, false),
        (429, r#"{"status":"error"}"#, false),
    ] {
        let server = MockServer::start_async().await;
        server
            .mock_async(|_, then| {
                then.status(status).body(body);
            })
            .await;
        let chat = client(&server);
        let message = SendMessageRequest::builder().client_id(7).text("Hello");
        let write = chat.send_message(message).send().await.unwrap_err();
        assert_eq!(write.may_have_taken_effect(), may_be, "{write}");
        let says = write.to_string().contains("; it may have been executed");
        assert_eq!(says, may_be, "{write}");
        let read = chat.get_client(7).send().await.unwrap_err();
        assert!(!read.to_string().contains("executed"), "{read}");
    }
}

#[tokio::test]
async fn a_transport_says_whether_it_sent_the_request() {
    struct Failing(fn() -> TransportError);
    impl Transport for Failing {
        fn send(
            &self,
            _: reqwest::Request,
        ) -> BoxFuture<'_, Result<reqwest::Response, TransportError>> {
            let error = self.0();
            Box::pin(std::future::ready(Err(error)))
        }
    }
    let cases: [(fn() -> TransportError, _, _, _); 2] = [
        (
            || TransportError::not_sent("no route"),
            "the request was not sent",
            false,
            "send_message: the connection failed while connecting: cannot reach api.chat2desk.com:443: no route",
        ),
        (
            || TransportError::maybe_sent("cut off"),
            "no response to a request that may have been sent",
            true,
            "send_message: the connection failed while waiting for the response: cut off; it may have been executed",
        ),
    ];
    for (fail, said, was_sent, text) in cases {
        assert_eq!(fail().to_string(), said);
        let builder = Chat2Desk::builder(TOKEN).transport(Failing(fail));
        let chat = builder.retry(RetryPolicy::never()).build().unwrap();
        let message = SendMessageRequest::builder().client_id(7).text("Hello");
        let error = chat.send_message(message).send().await.unwrap_err();
        assert_eq!(error.to_string(), text);
        assert_eq!(error.was_sent(), was_sent);
        assert_eq!(
            error.source().map(ToString::to_string),
            fail().source().map(ToString::to_string)
        );
    }
}

#[tokio::test]
async fn what_was_never_sent_names_its_limit_alone() {
    let chat = Chat2Desk::builder(TOKEN).call_budget(0).build().unwrap();
    let error = chat.get_client(7).send().await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "get_client: the client's call budget is used up: all 0 calls of the budget were made"
    );
}

#[tokio::test]
async fn a_success_that_is_none_is_an_error() {
    use ErrorKind::*;
    const BOM: &str = "\u{feff}";
    let quota = "API calls exceeded API limit per month";
    for (body, kind) in [
        (r#"{"status":"error"}"#.to_owned(), Api),
        (format!(r#"{BOM}{{"status":"error"}}"#), Api),
        (
            format!("{BOM}\r\n {BOM}\t{{\"status\" : \n\"error\"}}\n"),
            Api,
        ),
        (
            r#"{"message":"boom","data":null,"status":"ERROR"}"#.to_owned(),
            Api,
        ),
        (r#"{"status":"Error"}"#.to_owned(), Api),
        (r#"{"status":"error","status":"error"}"#.to_owned(), Api),
        (
            r#"{"data":{"status":"error","message":"boom"}}"#.to_owned(),
            Api,
        ),
        (
            format!(r#"{BOM}{{"message":"{quota}","status":"error"}}"#),
            QuotaExceeded,
        ),
        (
            format!(r#"{{"errors":{{"base":["{quota}"]}},"status":"error"}}"#),
            QuotaExceeded,
        ),
        (format!(r#"{{"message":"{quota}"}}"#), QuotaExceeded),
        (format!("{BOM} {quota}\n"), QuotaExceeded),
        (format!("{BOM}\"{quota}\""), QuotaExceeded),
        (format!("{BOM}<html>{quota}</html>"), Decode),
    ] {
        let server = MockServer::start_async().await;
        let answer = server.mock_async(|when, then| {
            when.any_request();
            then.status(200).body(&body);
        });
        answer.await;
        let chat = client(&server);
        for error in [
            chat.delete_webhook(901).send().await.unwrap_err(),
            chat.mark_message_read(9).send().await.unwrap_err(),
            chat.list_access_rights().send().await.unwrap_err(),
            chat.list_clients().send().await.unwrap_err(),
        ] {
            assert_eq!(error.kind(), kind, "{body}: {error}");
            assert_eq!(error.status().unwrap().as_u16(), 200);
            assert_eq!(error.body(), body.as_bytes());
        }
    }
    // What only speaks of errors is no error.
    for body in [
        r#"{"data":[{"id":1,"name":"error"},{"id":2,"name":"API limit per month"}],"status":"success"}"#.to_owned(),
        format!(r#"{BOM}{{"data":[{{"id":1,"name":"\"status\":\"error\""}}],"status":"success"}}"#),
    ] {
        let server = MockServer::start_async().await;
        let answer = server.mock_async(|when, then| {
            when.any_request();
            then.status(200).body(&body);
        });
        answer.await;
        client(&server).list_clients().send().await.unwrap();
    }
}

/// Only an envelope, or an error nested in it, has a status of its own.
#[tokio::test]
async fn a_record_with_a_status_is_no_error() {
    for body in [
        r#"{"data":{"id":7,"message_id":9,"status":"error"},"status":"success"}"#,
        r#"{"data":{"message_id":9,"text":"error"},"status":"success"}"#,
    ] {
        let server = MockServer::start_async().await;
        server.mock(|_, then| drop(then.status(200).body(body)));
        let message = SendMessageRequest::builder().client_id(7).text("Hello");
        let sent = client(&server).send_message(message).send().await.unwrap();
        assert_eq!(sent.data.message_id, 9, "{body}");
    }
}

#[test]
fn without_a_runtime_a_call_says_what_it_needs() {
    let chat = Chat2Desk::builder(TOKEN)
        .base_url("http://127.0.0.1:9")
        .build()
        .unwrap();
    let error = chat.list_clients().send().now_or_never();
    let error = error.unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config);
    assert_eq!(error.operation(), Some("list_clients"));
    assert!(
        error.to_string().contains("no tokio runtime") && error.to_string().contains("block_on"),
        "{error}"
    );
    let mut clients = chat.list_clients().items();
    let first = clients.next().now_or_never();
    assert_eq!(
        first.unwrap().unwrap().unwrap_err().kind(),
        ErrorKind::Config
    );
}

#[tokio::test]
async fn only_a_write_without_a_refusal_may_have_taken_effect() {
    let accepted = r#"{"status": "success", "data": {"message_id": []}}"#;
    for (status, body, expected) in [
        (400, "{}", false),
        (401, "{}", false),
        (404, "{}", false),
        (408, "{}", true),
        (422, "{}", false),
        (429, "{}", false),
        (500, "{}", true),
        (502, "", true),
        (200, "no JSON", true),
        (200, accepted, true),
    ] {
        let server = MockServer::start_async().await;
        server.mock(|_, then| drop(then.status(status).body(body)));
        let chat = client(&server);
        let message = SendMessageRequest::builder().client_id(94_000_001);
        let error = chat.send_message(message).send().await.unwrap_err();
        assert_eq!(error.may_have_taken_effect(), expected, "{status}: {error}");
        let error = chat.get_client(94_000_001).send().await.unwrap_err();
        assert!(!error.may_have_taken_effect(), "{status}: {error}");
    }
    let nobody = Chat2Desk::builder(TOKEN).base_url("http://127.0.0.1:9");
    let nobody = nobody.build().unwrap().with_retry(RetryPolicy::never());
    let message = SendMessageRequest::builder().client_id(94_000_001);
    let error = nobody.send_message(message).send().await.unwrap_err();
    assert!(!error.was_sent() && !error.may_have_taken_effect());
}
