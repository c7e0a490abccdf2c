//! Mistakes that programs around this API are known to make, each shown not to be possible: here, or in
//! `compile_fail` where it does not even compile. What concerns webhooks is shown in their own tests.

use chat2desk::messages::{Draft, Template};
use chat2desk::types::{Client, Message};
use chat2desk::{Chat2Desk, ErrorKind, List};
use chrono::NaiveDate;
use httpmock::prelude::*;
use serde_json::{Value, json};

fn chat(server: &MockServer) -> Chat2Desk {
    let builder = Chat2Desk::builder("token").base_url(server.base_url());
    builder.build().unwrap()
}

fn page(ids: std::ops::Range<i64>, total: i64, limit: i64) -> Value {
    let data: Vec<_> = ids.map(|id| json!({ "id": id })).collect();
    json!({ "data": data, "meta": { "total": total, "limit": limit }, "status": "success" })
}

async fn pages(server: &MockServer, path: &str, position: &str, pages: &[(&str, Value)]) {
    for (value, body) in pages {
        let mock = server.mock_async(|when, then| {
            when.path(path).query_param(position, *value);
            then.status(200).json_body(body.clone());
        });
        mock.await;
    }
}

#[tokio::test]
async fn taking_one_page_for_all() {
    let server = MockServer::start_async().await;
    // 20 records a page, which is what the server gives unasked; one tenant was seen to give no more.
    let answers = [
        ("0", page(0..20, 45, 20)),
        ("19", page(19..39, 45, 20)),
        ("38", page(38..45, 45, 20)),
    ];
    pages(&server, "/v1/clients", "offset", &answers).await;
    let chat = chat(&server);
    let mut clients = chat.list_clients().items();
    clients.next().await.unwrap().unwrap();
    assert_eq!(clients.total(), Some(45));
    assert_eq!(clients.collect_all().await.unwrap().len(), 44);
}

#[tokio::test]
async fn reading_messages_by_offset() {
    let server = MockServer::start_async().await;
    let mock = server.mock_async(|when, then| {
        when.path("/v1/messages").query_param_exists("offset");
        then.status(200).json_body(page(0..2, 2, 2));
    });
    let mock = mock.await;
    let first = server.mock_async(|when, then| {
        when.path("/v1/messages").query_param_missing("start_id");
        then.status(200).json_body(page(1..201, 201, 200));
    });
    first.await;
    pages(
        &server,
        "/v1/messages",
        "start_id",
        &[("201", page(201..202, 1, 200))],
    )
    .await;
    let messages = chat(&server).list_messages().collect_all().await.unwrap();
    assert_eq!(messages.len(), 201);
    mock.assert_calls_async(0).await;
}

#[tokio::test]
async fn a_loop_that_never_ends() {
    let server = MockServer::start_async().await;
    let mock = server.mock_async(|when, then| {
        when.path("/v1/dialogs");
        then.status(200).json_body(page(0..200, 900_000, 200));
    });
    let mock = mock.await;
    let error = chat(&server)
        .list_dialogs()
        .collect_all()
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Incomplete);
    assert!(mock.calls_async().await <= 3);
}

#[tokio::test]
async fn a_loop_that_drops_the_last_page() {
    let server = MockServer::start_async().await;
    for total in [199, 200, 201, 398, 399, 400] {
        let mut mocks = Vec::new();
        for offset in (0..total).step_by(199) {
            let mock = server.mock_async(|when, then| {
                when.path("/v1/tags")
                    .query_param("offset", offset.to_string());
                let end = total.min(offset + 200);
                then.status(200).json_body(page(offset..end, total, 200));
            });
            mocks.push(mock.await);
        }
        let tags = chat(&server).list_tags().collect_all().await.unwrap();
        assert_eq!(tags.len() as i64, total);
        for mock in mocks {
            mock.delete_async().await;
        }
    }
}

#[tokio::test]
async fn acting_on_a_partial_list() {
    let server = MockServer::start_async().await;
    pages(
        &server,
        "/v1/operators",
        "offset",
        &[("0", page(0..200, 300, 200))],
    )
    .await;
    let refused = server.mock_async(|when, then| {
        when.path("/v1/operators").query_param("offset", "199");
        then.status(403).json_body(json!({ "status": "error" }));
    });
    refused.await;
    // There is no list to delete the missing ones by.
    let result = chat(&server).list_operators().collect_all().await;
    assert_eq!(result.unwrap_err().kind(), ErrorKind::Auth);
}

#[tokio::test]
async fn taking_the_first_record_for_the_one_searched_for() {
    let server = MockServer::start_async().await;
    let everybody = server.mock_async(|when, then| {
        when.path("/v1/clients");
        let data =
            json!([{ "id": 1, "phone": "15550100001" }, { "id": 2, "phone": "15550100002" }]);
        then.status(200)
            .json_body(json!({ "data": data, "meta": { "total": 2 } }));
    });
    everybody.await;
    let chat = chat(&server);
    assert_eq!(chat.find_client("+15550100009").await.unwrap(), None);
    assert_eq!(
        chat.find_client("+15550100002").await.unwrap().unwrap().id,
        2
    );
}

#[tokio::test]
async fn dates_in_another_order() {
    let server = MockServer::start_async().await;
    let day = NaiveDate::from_ymd_opt(2026, 5, 4).unwrap();
    let messages = server.mock_async(|when, then| {
        when.path("/v1/messages")
            .query_param("start_date", "04-05-2026");
        then.status(200).json_body(page(0..1, 1, 200));
    });
    let messages = messages.await;
    let report = server.mock_async(|when, then| {
        when.path("/v1/statistics")
            .query_param("date", "2026-05-04");
        then.status(200).json_body(page(0..1, 1, 200));
    });
    let report = report.await;
    let chat = chat(&server);
    chat.list_messages().start_date(day).send().await.unwrap();
    messages.assert_calls_async(1).await;
    chat.get_statistics("request_stats", day)
        .send()
        .await
        .unwrap();
    report.assert_calls_async(1).await;
    let error = chat
        .list_messages()
        .start_date("2026-05-04")
        .send()
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    messages.assert_calls_async(1).await;
}

#[tokio::test]
async fn a_day_too_few_and_a_clock_of_another_zone() {
    let server = MockServer::start_async().await;
    let mock = server.mock_async(|when, then| {
        let when = when
            .path("/v1/messages")
            .query_param("start_date", "31-12-2026");
        when.query_param("finish_date", "01-01-2027");
        let data = json!([{ "id": 1, "created": "2026-12-30T19:00:00 UTC" }]);
        then.status(200)
            .json_body(json!({ "data": data, "meta": { "total": 1 } }));
    });
    mock.await;
    let day = NaiveDate::from_ymd_opt(2026, 12, 31).unwrap();
    let messages = chat(&server).messages_of(day).collect_all().await.unwrap();
    let created = messages[0].created.as_ref().unwrap().to_utc().unwrap();
    let almaty = chrono::FixedOffset::east_opt(5 * 3600).unwrap();
    assert_eq!(created.with_timezone(&almaty).date_naive(), day);
}

#[test]
fn fields_of_the_wrong_type() {
    let message = json!({
        "id": "5000000101", "client_id": "94000001", "operator_id": null, "type": null,
        "transport": "a_new_messenger", "created": "", "read": "1", "attachments": null,
    });
    let server = json!({ "data": message, "status": "success" }).to_string();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let message: Message = runtime.unwrap().block_on(async {
        let mock = MockServer::start_async().await;
        let answer = mock.mock_async(|when, then| {
            when.path("/v1/messages/5000000101");
            then.status(200).body(server);
        });
        answer.await;
        let call = chat(&mock).get_message(5_000_000_101).send().await;
        call.unwrap().into_inner().data
    });
    assert_eq!(
        (message.id, message.client_id),
        (5_000_000_101, Some(94_000_001))
    );
    assert_eq!(
        (message.operator_id, message.type_, message.read),
        (None, None, Some(1))
    );
    assert_eq!(message.transport.unwrap().as_str(), "a_new_messenger");
    assert_eq!(message.created.and_then(|time| time.to_utc()), None);
}

#[tokio::test]
async fn making_a_customer_twice() {
    let server = MockServer::start_async().await;
    let mock = server.mock_async(|when, then| {
        when.method(POST).path("/v1/clients");
        let client = json!(["Client already exist", "{\"id\": 7}"]);
        then.status(400)
            .json_body(json!({ "errors": { "client": client }, "status": "error" }));
    });
    mock.await;
    let request = chat2desk::types::CreateClientRequest::builder();
    let request = request.phone("15550100001").transport("whatsapp");
    let entry = chat(&server).get_or_create_client(request).await.unwrap();
    assert_eq!(entry.id(), 7);
}

#[tokio::test]
async fn sending_a_message_twice() {
    for status in [500, 502, 503, 504] {
        let server = MockServer::start_async().await;
        let mock = server.mock_async(|when, then| {
            when.method(POST).path("/v1/messages");
            then.status(status);
        });
        let mock = mock.await;
        let draft = Draft::text(94_000_001, "Hello");
        let error = chat(&server).send_message(draft).send().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Server);
        mock.assert_calls_async(1).await;
    }
}

#[test]
fn answering_oneself() {
    let message = |kind: Value| -> Message {
        serde_json::from_value(json!({ "id": 1, "type": kind, "attachments": [] })).unwrap()
    };
    assert!(message(json!("from_client")).is_from_client());
    for other in ["to_client", "autoreply", "system", "comment", "a_new_type"] {
        assert!(!message(json!(other)).is_from_client(), "{other}");
    }
    assert!(!message(json!(null)).is_from_client());
}

#[tokio::test]
async fn not_looking_at_the_status() {
    let server = MockServer::start_async().await;
    let mock = server.mock_async(|when, then| {
        when.method(POST).path("/v1/messages");
        then.status(200)
            .json_body(json!({ "status": "error", "message": "channel is off" }));
    });
    mock.await;
    let draft = Draft::text(94_000_001, "Hello");
    let error = chat(&server).send_message(draft).send().await.unwrap_err();
    assert_eq!(error.message(), Some("channel is off"));
}

#[tokio::test(start_paused = true)]
async fn waiting_for_ever() {
    // Takes connections and never answers.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let chat = Chat2Desk::builder("token").base_url(url).build().unwrap();
    let error = chat.list_clients().send().await.unwrap_err();
    assert!(error.is_timeout());
}

#[tokio::test]
async fn showing_the_token_or_a_phone_number() {
    let server = MockServer::start_async().await;
    let mock = server.mock_async(|when, then| {
        when.path("/v1/clients");
        let text = "no client with phone 15550100001 for token my-secret-token";
        then.status(404)
            .json_body(json!({ "message": text, "status": "error" }));
    });
    mock.await;
    let builder = Chat2Desk::builder("my-secret-token").base_url(server.base_url());
    let chat = builder.build().unwrap();
    let error = chat.find_client("+15550100001").await.unwrap_err();
    let shown = format!(
        "{chat:?} {error} {error:?} {:?}",
        chat.list_clients().phone("15550100001")
    );
    assert!(!shown.contains("15550100001"), "{shown}");
    assert!(!format!("{chat:?}").contains("secret"));
}

#[tokio::test]
async fn texts_in_the_query() {
    let server = MockServer::start_async().await;
    let mock = server.mock_async(|when, then| {
        let body = json!({ "client_id": 7, "text": "a & b = c?\n%20", "type": "to_client" });
        let when = when.method(POST).path("/v1/messages").json_body(body);
        when.query_param_missing("text")
            .query_param_missing("client_id");
        then.status(200)
            .json_body(json!({ "data": { "message_id": 1 }, "status": "success" }));
    });
    let mock = mock.await;
    let draft = Draft::text(7, "a & b = c?\n%20");
    chat(&server).send_message(draft).send().await.unwrap();
    mock.assert_calls_async(1).await;
}

#[test]
fn templates_put_together_by_hand() {
    let template = Template::new("code")
        .language("es_mx")
        .variables(["12\n34"]);
    Draft::template(7, &template).unwrap_err();
    let template = Template::new("code").language("es_mx").variables(["1234"]);
    assert!(Draft::template(7, &template).is_ok());
}

/// What a record of a list lacks is not there, and is no reason to fail.
#[test]
fn records_with_an_id_alone() {
    let client: Client = serde_json::from_value(json!({ "id": 7 })).unwrap();
    assert_eq!((client.id, client.phone), (7, None));
}
