//! Arguments that cannot be sent: each fails its call, unsent, and the error says which one and why.

use chat2desk::transport::{BoxFuture, Transport, TransportError};
use chat2desk::types::{CreateClientRequest, SendMessageRequest};
use chat2desk::webhooks::EnsureWebhookError;
use chat2desk::wire::WebhookEvent;
use chat2desk::{Chat2Desk, Error, ErrorKind, List};
use std::sync::{Arc, Mutex};

/// Takes down the paths that are asked for, and answers with an acknowledgement.
#[derive(Clone, Default)]
struct Paths(Arc<Mutex<Vec<String>>>);

impl Transport for Paths {
    fn send(
        &self,
        request: reqwest::Request,
    ) -> BoxFuture<'_, Result<reqwest::Response, TransportError>> {
        self.0.lock().unwrap().push(request.url().path().to_owned());
        let answer = http::Response::new(r#"{"data": [], "status": "success"}"#);
        Box::pin(async { Ok(answer.into()) })
    }
}

impl Paths {
    fn client(&self) -> Chat2Desk {
        let builder = Chat2Desk::builder("token").transport(self.clone());
        builder.build().unwrap()
    }

    fn seen(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }
}

/// An error about this argument of this operation, with this in its text.
#[track_caller]
fn check(error: &Error, operation: &str, text: &str) {
    assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{error}");
    assert_eq!(error.operation(), Some(operation), "{error}");
    assert!(error.to_string().contains(text), "{text} in {error}");
    assert!(!error.was_sent() && error.attempts() == 0, "{error:?}");
}

#[tokio::test]
async fn a_path_parameter_that_would_change_the_path() {
    let paths = Paths::default();
    let chat = paths.client();
    for id in [
        "",
        " ",
        "\t",
        ".",
        "..",
        " .. ",
        "/",
        "//",
        "a/",
        "/a",
        "../clients",
        "a/../b",
        "a/./b",
        "\\",
        "..\\..\\clients",
        "a\\..",
        "%2e",
        "%2E%2e",
        ".%2e",
        "%2f",
        "a%2F..",
        "%5C..",
        "%20",
        "%252e%252e",
    ] {
        let error = chat.get_ticket(id).send().await.unwrap_err();
        check(&error, "get_ticket", "`id`");
        let error = chat.delete_ticket(id).send().await.unwrap_err();
        check(&error, "delete_ticket", "`id`");
        let request = chat2desk::types::UpdateTicketRequest::builder();
        let error = chat.update_ticket(id, request).send().await.unwrap_err();
        check(&error, "update_ticket", "`id`");
    }
    assert_eq!(paths.seen(), [""; 0]);
}

#[tokio::test]
async fn a_path_parameter_stays_one_segment() {
    for (id, path) in [
        ("7", "/v1/tickets/7"),
        ("a.b..c", "/v1/tickets/a.b..c"),
        ("a b", "/v1/tickets/a%20b"),
        ("a/b", "/v1/tickets/a%2Fb"),
        ("a\\b", "/v1/tickets/a%5Cb"),
        ("a?b#c", "/v1/tickets/a%3Fb%23c"),
        ("100%", "/v1/tickets/100%25"),
        ("...", "/v1/tickets/..."),
        ("ü", "/v1/tickets/%C3%BC"),
    ] {
        let paths = Paths::default();
        paths.client().delete_ticket(id).send().await.unwrap();
        assert_eq!(paths.seen(), [path]);
    }
}

#[tokio::test]
async fn a_body_that_lacks_a_field_names_it_and_its_request() {
    let paths = Paths::default();
    let chat = paths.client();
    let nameless = CreateClientRequest::builder().phone("15550100001");
    let error = chat.create_client(nameless).send().await.unwrap_err();
    check(&error, "create_client", "`CreateClientRequest`");
    check(&error, "create_client", "no value supplied for transport");

    let message = SendMessageRequest::builder().text("Hello");
    let built = SendMessageRequest::try_from(message.clone()).unwrap_err();
    assert_eq!(built.to_string(), "no value supplied for client_id");
    let error = chat.send_message(message).send().await.unwrap_err();
    check(
        &error,
        "send_message",
        "in `SendMessageRequest`: no value supplied for client_id",
    );
    assert!(!error.to_string().contains("conversion"), "{error}");

    let call = chat.list_messages().start_date("2026-05-04");
    let error = call.send().await.unwrap_err();
    check(
        &error,
        "list_messages",
        "invalid value for start_date: not a valid `DayMonthYear`",
    );
    assert_eq!(paths.seen(), [""; 0]);
}

#[tokio::test]
async fn days_that_end_before_they_begin() {
    let paths = Paths::default();
    let chat = paths.client();
    let day = |day| chrono::NaiveDate::from_ymd_opt(2026, 5, day).unwrap();
    let days = day(5)..=day(4);
    let reversed = "from 2026-05-05 to 2026-05-04";
    let error = chat.messages_of(days.clone()).send().await.unwrap_err();
    check(&error, "list_messages", reversed);
    let error = chat
        .messages_of(days.clone())
        .collect_all()
        .await
        .unwrap_err();
    check(&error, "list_messages", reversed);
    let report = chat.report::<chat2desk::statistics::RequestStats>(days);
    let error = report.collect_all().await.unwrap_err();
    check(&error, "get_statistics", reversed);
    assert_eq!(paths.seen(), [""; 0]);

    // A report that was read to its end has no days left, and is none the worse for it.
    let report = || chat.report::<chat2desk::statistics::RequestStats>(day(4));
    let mut rows = report().items();
    assert!(rows.next().await.is_none());
    let position = rows.position();
    let again = report().resume_from(position).collect_all().await.unwrap();
    assert!(again.is_empty());
}

#[tokio::test]
async fn a_webhook_without_events() {
    let paths = Paths::default();
    let chat = paths.client();
    let none: [WebhookEvent; 0] = [];
    let call = chat.ensure_webhook("https://example.com/c2d", none);
    let EnsureWebhookError::Api(error) = call.send().await.unwrap_err() else {
        panic!("an argument is at fault");
    };
    check(&error, "create_webhook", "no event");
    assert_eq!(paths.seen(), [""; 0]);
}

/// What ends a path early, or is left out of it, for some server between.
#[tokio::test]
async fn a_path_parameter_that_is_cut_on_its_way() {
    let paths = Paths::default();
    let chat = paths.client();
    for id in [
        "\0",
        "..\0",
        "a\0b",
        "a\r\nb",
        "..\u{7f}",
        "%00",
        "..%00",
        "%0d%0aX:1",
        "%2500",
        "%25252e%25252e",
        "%%32%65",
        "%2%65",
        "..;",
        "..;/a",
        ";",
        ";a=b",
        ".;x",
        "..%3b",
        "a/;/b",
    ] {
        let error = chat.get_ticket(id).send().await.unwrap_err();
        check(&error, "get_ticket", "`id`");
        let error = chat.delete_ticket(id).send().await.unwrap_err();
        check(&error, "delete_ticket", "`id`");
    }
    assert_eq!(paths.seen(), [""; 0]);
    for (id, path) in [
        ("a;b", "/v1/tickets/a;b"),
        ("50%", "/v1/tickets/50%25"),
        ("%zz", "/v1/tickets/%25zz"),
        ("%é", "/v1/tickets/%25%C3%A9"),
        ("é%41%", "/v1/tickets/%C3%A9%2541%25"),
    ] {
        let paths = Paths::default();
        paths.client().delete_ticket(id).send().await.unwrap();
        assert_eq!(paths.seen(), [path]);
    }
}

/// The same of the calls themselves, of lists, and of calls by name.
#[tokio::test]
async fn a_period_that_ends_before_it_begins() {
    let paths = Paths::default();
    let chat = paths.client();
    let day = |day| chrono::NaiveDate::from_ymd_opt(2026, 5, day).unwrap();
    let reversed = "reversed: from 2026-05-05 to 2026-05-04";
    let messages = || chat.list_messages().start_date(day(5)).finish_date(day(4));
    check(
        &messages().send().await.unwrap_err(),
        "list_messages",
        reversed,
    );
    for order in ["asc", "desc"] {
        let error = messages().order(order).collect_all().await.unwrap_err();
        check(&error, "list_messages", reversed);
    }
    let error = messages().raw().collect_all().await.unwrap_err();
    check(&error, "list_messages", reversed);
    let texts = chat
        .list_messages()
        .start_date("05-05-2026")
        .finish_date("04-05-2026");
    check(&texts.send().await.unwrap_err(), "list_messages", reversed);
    let data = chat
        .list_web_analytics_data()
        .date_from(day(5))
        .date_to(day(4));
    check(
        &data.send().await.unwrap_err(),
        "list_web_analytics_data",
        reversed,
    );
    assert_eq!(paths.seen(), [""; 0]);
    for (first, last) in [(4, 4), (4, 5)] {
        let messages = chat
            .list_messages()
            .start_date(day(first))
            .finish_date(day(last));
        messages.send().await.unwrap();
    }
    chat.list_messages()
        .start_date(day(5))
        .send()
        .await
        .unwrap();
    assert_eq!(paths.seen().len(), 3);
}
