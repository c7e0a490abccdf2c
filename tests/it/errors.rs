//! What a caller gets for each way in which a server can refuse or fail.

use crate::support::{PHONE, TOKEN, client};
use chat2desk::transport::{Phase, RetryPolicy};
use chat2desk::types::CreateClientRequest;
use chat2desk::{Chat2Desk, Error, ErrorKind};
use httpmock::prelude::*;
use std::error::Error as _;
use std::time::Duration;

/// The error of `list_clients` when the server answers this.
async fn failure(status: u16, content_type: &str, body: &str) -> Error {
    let server = MockServer::start_async().await;
    let answer = server.mock_async(|when, then| {
        when.method(GET).path("/v1/clients");
        then.status(status)
            .header("content-type", content_type)
            .header("retry-after", "7")
            .body(body);
    });
    answer.await;
    client(&server)
        .list_clients()
        .phone(PHONE)
        .send()
        .await
        .unwrap_err()
}

#[tokio::test]
async fn every_refusal_has_its_kind_and_keeps_its_status() {
    use ErrorKind::*;
    for (status, body, kind) in [
        (
            401,
            r#"{"status":"error","message":"You need to auth"}"#,
            Auth,
        ),
        (
            403,
            r#"{"status":"error","message":"Token is not correct"}"#,
            Auth,
        ),
        (
            403,
            r#"{"status":"error","message":"API calls exceeded API limit per month"}"#,
            QuotaExceeded,
        ),
        (
            200,
            r#"{"status":"error","message":"API calls exceeded API limit per month"}"#,
            QuotaExceeded,
        ),
        (
            429,
            r#"{"status":"error","message":"API calls exceeded API limit per month"}"#,
            QuotaExceeded,
        ),
        (
            429,
            r#"{"status":"error","message":"Number of API requests exceeded"}"#,
            RateLimited,
        ),
        (429, "slow down", RateLimited),
        (404, r#"{"status":"error","message":"not_found"}"#, NotFound),
        (
            400,
            r#"{"status":"error","errors":"Tag not found"}"#,
            NotFound,
        ),
        (200, r#"{"status":"error","message":"not_found"}"#, NotFound),
        (
            400,
            r#"{"status":"error","errors":{"state":["dialog already has state closed"]}}"#,
            Conflict,
        ),
        (409, "", Conflict),
        // The text says more than the status.
        (
            400,
            r#"{"status":"error","message":"Token is not correct"}"#,
            Auth,
        ),
        (
            200,
            r#"{"status":"error","message":"You need to auth"}"#,
            Auth,
        ),
        (
            400,
            r#"{"status":"error","message":"Number of API requests exceeded"}"#,
            RateLimited,
        ),
        (
            400,
            r#"{"status":"error","errors":{"url":["is invalid"]}}"#,
            Validation,
        ),
        (422, "", Validation),
        (405, "", Api),
        (302, "", Api),
        (500, "", Server),
        (502, "<html><h1>Bad Gateway</h1></html>", Server),
        (
            503,
            r#"{"status":"error","message":null,"errors":null}"#,
            Server,
        ),
        (200, "<html>", Decode),
        (200, "", Decode),
        (200, r#"{"data": 7}"#, Decode),
        (204, "", Decode),
    ] {
        let error = failure(status, "application/json", body).await;
        assert_eq!(error.kind(), kind, "{status} {body}");
        assert_eq!(error.status().unwrap().as_u16(), status, "{body}");
        assert_eq!(error.operation(), Some("list_clients"));
        assert_eq!(error.body(), body.as_bytes());
        assert_eq!(error.retry_after(), Some(Duration::from_secs(7)));
        assert_eq!(error.is_auth(), kind == Auth, "{body}");
        assert_eq!(error.is_not_found(), kind == NotFound, "{body}");
        assert_eq!(error.is_quota_exceeded(), kind == QuotaExceeded, "{body}");
        assert!(!error.is_timeout(), "{body}");
    }
}

#[tokio::test]
async fn a_wait_may_be_given_as_a_date() {
    let server = MockServer::start_async().await;
    let answer = server.mock_async(|when, then| {
        when.method(GET).path("/v1/clients");
        then.status(429)
            .header("date", "Sun, 06 Nov 1994 08:49:37 GMT")
            .header("retry-after", "Sun, 06 Nov 1994 08:51:07 GMT");
    });
    answer.await;
    let error = client(&server).list_clients().send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::RateLimited);
    assert_eq!(error.retry_after(), Some(Duration::from_secs(90)));
}

#[tokio::test]
async fn the_text_helps_a_person() {
    for (status, body, text) in [
        (
            403,
            r#"{"status":"error","message":"Token is not correct"}"#,
            "list_clients: HTTP 403: the server rejected the token; check that it is the API token of this \
             region's account (the server said: Token is not correct)",
        ),
        (
            400,
            r#"{"status":"error","errors":{"events":["unknown: x"],"url":["is taken"]}}"#,
            "list_clients: HTTP 400: the server rejected an argument (the server said: events: unknown: x; \
             url: is taken)",
        ),
        (
            502,
            "<html>oops</html>",
            "list_clients: HTTP 502: the server or its gateway failed (the response is 17 bytes of HTML)",
        ),
    ] {
        assert_eq!(failure(status, "text/plain", body).await.to_string(), text);
    }
}

#[tokio::test]
async fn a_success_that_cannot_be_decoded_says_where() {
    let body = r#"{"data":[{"id":1,"name":"x"},{"id":"Ada 12025550143"}],"status":"success"}"#;
    let error = failure(200, "application/json", body).await;
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert!(error.to_string().contains("at `/data/1/id`"), "{error}");
    let source = error.source().unwrap().to_string();
    assert!(
        source.contains("`/data/1/id`") && source.contains("expected integer"),
        "{source}"
    );
}

#[tokio::test]
async fn an_existing_client_is_a_conflict_with_its_id() {
    let server = MockServer::start_async().await;
    let answer = server.mock_async(|when, then| {
        when.method(POST).path("/v1/clients");
        let errors = r#"{"client":["Client already exist","{\"id\": 94000001}"]}"#;
        then.status(400)
            .body(format!(r#"{{"status":"error","errors":{errors}}}"#));
    });
    answer.await;
    let request = CreateClientRequest::builder()
        .phone(PHONE)
        .transport("whatsapp");
    let error = client(&server)
        .create_client(request)
        .send()
        .await
        .unwrap_err();
    assert_eq!(
        (error.kind(), error.existing_client_id()),
        (ErrorKind::Conflict, Some(94_000_001))
    );
    assert_eq!(error.field_errors()[0].field, "client");
}

#[tokio::test]
async fn nothing_that_is_printed_shows_token_phone_or_text() {
    let hello = "Where is my order";
    let bodies = [
        format!(r#"{{"status":"error","message":"Client {PHONE} is blocked"}}"#),
        r#"{"status":"error","errors":{"phone":["+1 (202) 555-0143 is taken"]}}"#.to_owned(),
        format!(r#"{{"data":[{{"id":"{hello}"}}],"status":"success"}}"#),
        format!("<html>{hello} {TOKEN}</html>"),
    ];
    for (status, body) in [
        (400, &bodies[0]),
        (400, &bodies[1]),
        (200, &bodies[2]),
        (502, &bodies[3]),
    ] {
        let error = failure(status, "application/json", body).await;
        let mut printed = format!("{error} {error:?} {error:#?}");
        let mut source = error.source();
        while let Some(cause) = source {
            printed += &format!("{cause} {cause:?}");
            source = cause.source();
        }
        for secret in [TOKEN, PHONE, "555-0143", hello] {
            assert!(!printed.contains(secret), "{secret} in {printed}");
        }
    }
    let chat = Chat2Desk::builder(TOKEN);
    assert!(!format!("{chat:?}").contains(TOKEN));
    let chat = chat.build().unwrap();
    let call = chat.list_clients().phone(PHONE);
    let printed = format!("{chat:?} {call:?}");
    assert!(
        !printed.contains(TOKEN) && !printed.contains(PHONE),
        "{printed}"
    );
}

#[tokio::test]
async fn a_connection_that_fails_is_a_transport_error_without_the_url() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let chat = Chat2Desk::builder(TOKEN).base_url(url).build().unwrap();
    let chat = chat.with_retry(RetryPolicy::never());
    let error = chat.list_clients().phone(PHONE).send().await.unwrap_err();
    assert_eq!((error.kind(), error.status()), (ErrorKind::Transport, None));
    assert_eq!(
        (error.phase(), error.path()),
        (Some(Phase::Connect), Some("/v1/clients"))
    );
    assert!(!error.was_sent() && error.is_retryable());
    assert!(error.to_string().contains("while connecting"), "{error}");
    assert!(error.source().is_some());
    assert!(!format!("{error:?}").contains(PHONE));
}

#[tokio::test]
async fn a_server_that_is_silent_is_a_timeout() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let builder = Chat2Desk::builder(TOKEN)
        .base_url(url)
        .timeout(Duration::from_millis(50));
    let error = builder
        .build()
        .unwrap()
        .list_clients()
        .send()
        .await
        .unwrap_err();
    assert!(error.is_timeout(), "{error}");
}

#[tokio::test]
async fn an_argument_that_cannot_be_sent_is_refused_before_sending() {
    let chat = Chat2Desk::builder(TOKEN)
        .base_url("http://127.0.0.1:9")
        .build()
        .unwrap();
    let error = chat
        .list_messages()
        .start_date("2026-05-04")
        .send()
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    let nameless = CreateClientRequest::builder().phone(PHONE);
    let error = chat.create_client(nameless).send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert!(error.to_string().contains("transport"), "{error}");
}

#[test]
fn the_error_is_small_and_crosses_threads() {
    fn crosses<T: Send + Sync + 'static>() {}
    crosses::<Error>();
    crosses::<Chat2Desk>();
    assert!(size_of::<Error>() <= 16);
}

#[tokio::test]
async fn an_empty_success_is_enough_where_nothing_is_told() {
    let server = MockServer::start_async().await;
    let answer = server.mock_async(|when, then| {
        when.method(DELETE).path("/v1/webhooks/901");
        then.status(204);
    });
    answer.await;
    let done = client(&server).delete_webhook(901).send().await.unwrap();
    assert_eq!(done.status().as_u16(), 204);
}
