//! Nothing that is printed for a log shows a token, a phone number or what people wrote.

use crate::support::answers::always;
use chat2desk::messages::Draft;
use chat2desk::statistics::RequestStats;
use chat2desk::types::{Button, ExternalId, SendMessageRequest};
use chat2desk::{Chat2Desk, List};
use std::fmt::Debug;
use std::sync::{Arc, Mutex};

const SECRETS: [&str; 5] = ["a-secret-token", "15550100777", "Where is", "Ann", "Gold"];

fn chat(answer: &str) -> Chat2Desk {
    let builder = Chat2Desk::builder("a-secret-token").transport(always(200, answer));
    builder.build().unwrap()
}

/// Prints in both ways, and must find what may be shown.
fn check(printed: &impl Debug, shown: &str) {
    let printed = format!("{printed:?} {printed:#?}");
    assert!(printed.contains(shown), "{shown} in {printed}");
    for secret in SECRETS {
        assert!(!printed.contains(secret), "{secret} in {printed}");
    }
}

const CLIENTS: &str = r#"{"data":[{"id":94000001,"name":"Ann","phone":"15550100777","country_id":218,
    "custom_fields":{"5":"Gold"},"external_id":"Ann-1","tags":[{"id":1201,"label":"Gold"}]}],
    "meta":{"total":1,"limit":200,"offset":0},"status":"success"}"#;

#[tokio::test]
async fn answers_and_records() {
    let chat = chat(CLIENTS);
    check(&chat, "Chat2Desk");
    let answer = chat.list_clients().send().await.unwrap();
    check(&answer, "200");
    check(&answer.data[0], "94000001");
    check(&answer.data[0].tags, "1201");
    check(&answer.meta, "200");
    let mut pages = chat.list_clients().pages();
    let page = pages.next().await.unwrap().unwrap();
    check(&page, "1");
    check(&pages, "Pages");
    check(
        &chat.list_clients().phone("15550100777").page_size(5),
        "list_clients",
    );
    let mut items = chat.list_clients().items();
    check(&items, "None");
    let _ = items.next().await.unwrap().unwrap();
    check(&items, "total: Some(1)");
    let mut raw = chat.list_clients().raw().items();
    check(&raw.next().await.unwrap().unwrap(), "RawRecord");
    let invalid = self::chat(r#"{"data":[{"id":"Ann","name":"Gold"}],"meta":{"total":1}}"#);
    let list = invalid
        .list_clients()
        .skip_invalid(|record| check(&record, "expected integer"));
    assert!(list.collect_all().await.unwrap().is_empty());
    check(&ExternalId::Text("Ann".into()), "ExternalId");
}

#[test]
fn bodies_and_their_builders() {
    let builder = SendMessageRequest::builder()
        .client_id(94000001)
        .text("Where is my order");
    check(&builder, "SendMessageRequest");
    let body: SendMessageRequest = builder.try_into().unwrap();
    check(&body, "94000001");
    check(&Draft::text(7, "Where is my order"), "Draft");
    let button: Button = Button::builder()
        .type_("reply")
        .text("Ann")
        .try_into()
        .unwrap();
    check(&button, "Button");
}

#[tokio::test]
async fn rows_of_reports() {
    let chat = chat(
        r#"{"data":[{"request_id":118,"client_name":"Ann","phone":"15550100777","reaction_time":"12",
            "rating_text":"Where is","new_column":"Gold"}],"meta":{"total":1},"status":"success"}"#,
    );
    let day = chrono::NaiveDate::from_ymd_opt(2026, 5, 4).unwrap();
    let rows = chat
        .report::<RequestStats>(day)
        .collect_all()
        .await
        .unwrap();
    assert_eq!(rows[0].phone.as_deref(), Some("15550100777"));
    check(&rows, "118");
}

/// What nobody has published is free JSON, and may be anything.
#[tokio::test]
async fn free_answers() {
    let chat = chat(r#"{"data":[{"id":3,"text":"Where is my order"}]}"#);
    let answer = chat.list_access_rights().send().await.unwrap();
    check(&answer, "200");
}

#[test]
fn settings_of_a_client() {
    for url in [
        "https://Ann:Gold@example.com",
        "https://Gold@example.com/v1",
        "https://example.com/?phone=15550100777",
        "https://example.com/#Ann",
        "Ann:Gold@example.com",
        "//Ann:Gold@example.com",
        "http://Ann:Gold@example.com",
    ] {
        let builder = Chat2Desk::builder("a-secret-token").base_url(url);
        check(&builder, "Builder");
        let error = builder.build().unwrap_err();
        check(&error, "Config");
        assert!(!error.to_string().contains("Gold"), "{error}");
    }
    let builder = Chat2Desk::builder("a-secret-token").base_url("https://example.com/proxy/v1");
    check(&builder, "https://example.com/proxy");
    check(&builder.build().unwrap(), "https://example.com/proxy");
}

/// Keys of maps are data: of systems, of custom fields, and whatever the server adds.
#[tokio::test]
async fn places_of_deviations() {
    let client = r#"{"data":{"id":94000001,"external_ids":{"Ann":[{"Gold":1}]},"custom_fields":{"Gold":{"Ann":1}},
        "tags":[{"id":1,"Ann":2}],"Where is":{"Gold":1},"status":7},"status":"success"}"#;
    let seen = Arc::new(Mutex::new(Vec::new()));
    let handler = seen.clone();
    let builder = Chat2Desk::builder("a-secret-token").transport(always(200, client));
    let builder = builder.on_drift(move |_, drift| handler.lock().unwrap().push(drift.clone()));
    let chat = builder.build().unwrap();
    let response = chat.get_client(94_000_001).await.unwrap();
    check(&seen.lock().unwrap(), "/data/external_ids/*");
    check(&response.drift(), "");
    assert!(seen.lock().unwrap().len() > 2, "{seen:?}");
}

/// Keys that no field has, beside fields and below them.
#[tokio::test]
async fn places_below_keys_that_are_no_fields() {
    use chat2desk::webhook::Event;
    let odd = r#""ada_lovelace": 1e999, "ada": {"byron": [1e999], "name": 1}, "adam": "\ud800""#;
    let body = format!(
        r#"{{"data": [{{"id": 1, "name": 5, {odd}}}], "meta": {{"total": {{}}, {odd}}}, {odd}, "status": "success"}}"#
    );
    let chat = Chat2Desk::builder("token").transport(always(200, &body));
    let chat = chat.build().unwrap();
    let statuses = chat.list_operator_statuses().send().await.unwrap();
    let clients = chat.list_clients().send().await.unwrap();
    let rights = chat.list_access_rights().send().await.unwrap();
    let mut printed = format!(
        "{:?} {:?} {:?}",
        statuses.drift(),
        clients.drift(),
        rights.drift()
    );
    assert!(
        printed.contains("\"/*\"") && printed.contains("/*/*/0"),
        "{printed}"
    );
    for hook_type in ["inbox", "client_updated", "new_ticket", "unheard_of"] {
        let delivery = format!(
            r#"{{"hook_type": "{hook_type}", "client_id": {{}}, "client": {{"id": 1, "phone": {{}}, {odd}}}, {odd}}}"#
        );
        let event = Event::parse_unverified(delivery).unwrap();
        printed += &format!("{event:?} {:?}", event.drift());
    }
    assert!(printed.contains("/client_id"), "{printed}");
    for key in ["ada", "byron"] {
        assert!(!printed.contains(key), "{key} in {printed}");
    }
}
