//! Lists whose records are the server's own JSON.

use chat2desk::{Chat2Desk, ErrorKind, List, types};
use httpmock::prelude::*;
use serde_json::{Value, json};

fn chat(server: &MockServer) -> Chat2Desk {
    let chat = Chat2Desk::builder("token").base_url(server.base_url());
    chat.build().unwrap()
}

async fn page(server: &MockServer, path: &str, parameter: (&str, &str), body: &str) {
    let mock = server.mock_async(|when, then| {
        when.path(path).query_param(parameter.0, parameter.1);
        then.status(200).body(body);
    });
    mock.await;
}

/// Two pages of customers that share one record, as the server writes them.
async fn two_pages(server: &MockServer) {
    let first = r#"{"data": [
        {"zeta": 1.50, "id": 1, "name": "Ada \"the first\"", "x_new": {"b": [1, 2], "a": null}},
        {"id":"2","custom_fields":[]}
    ], "meta": {"total": 3, "limit": 2, "offset": 0}}"#;
    let second = r#"{"meta": {"total": 3, "limit": 2, "offset": 1}, "data": [{"id":"2","custom_fields":[]},
        {"id": 3, "name": {"first": "Bela"}}]}"#;
    let last = r#"{"data": [{"id": 3, "name": {"first": "Bela"}}], "meta": {"total": 3, "limit": 2, "offset": 2}}"#;
    for (offset, body) in [("0", first), ("1", second), ("2", last)] {
        page(server, "/v1/clients", ("offset", offset), body).await;
    }
}

#[tokio::test]
async fn records_are_as_the_server_wrote_them() {
    let server = MockServer::start_async().await;
    two_pages(&server).await;
    let chat = chat(&server);
    let list = chat.list_clients().raw().page_size(2);
    let records = list.collect_all().await.unwrap();
    let texts: Vec<_> = records.iter().map(|record| record.get()).collect();
    let expected = [
        r#"{"zeta": 1.50, "id": 1, "name": "Ada \"the first\"", "x_new": {"b": [1, 2], "a": null}}"#,
        r#"{"id":"2","custom_fields":[]}"#,
        r#"{"id": 3, "name": {"first": "Bela"}}"#,
    ];
    assert_eq!(
        texts, expected,
        "every field, in its order, and no record twice"
    );
    assert_eq!(
        records[0].to_line(),
        r#"{"zeta":1.50,"id":1,"name":"Ada \"the first\"","x_new":{"b":[1,2],"a":null}}"#
    );
    assert_eq!(serde_json::to_string(&records[0]).unwrap(), expected[0]);
    let client: types::Client = records[2].decode().unwrap();
    assert_eq!((client.id, client.name), (3, None));
    records[2].decode::<types::Message>().unwrap();
    assert!(records[2].decode::<i64>().is_err());
    assert!(!format!("{records:?}").contains("Ada"));
}

#[tokio::test]
async fn the_reading_is_the_typed_one() {
    let server = MockServer::start_async().await;
    two_pages(&server).await;
    let chat = chat(&server);
    let mut typed = chat.list_clients().page_size(2).items();
    let mut raw = chat.list_clients().raw().page_size(2).items();
    loop {
        let (typed_record, raw_record) = (typed.next().await, raw.next().await);
        assert_eq!(typed_record.is_some(), raw_record.is_some());
        assert_eq!(typed.position(), raw.position());
        if raw_record.is_none() {
            break;
        }
        // What one began the other can go on with.
        let rest = chat.list_clients().raw().page_size(2);
        rest.resume_from(typed.position())
            .collect_all()
            .await
            .unwrap();
    }
}

/// What the client takes for a list is one here too.
#[tokio::test]
async fn one_stands_for_a_list_of_one_and_the_reverse() {
    for (body, expected) in [
        (r#"{"data": {"id": 1}}"#, vec![r#"{"id": 1}"#]),
        (r#"[{"data": [{"id": 1}]}]"#, vec![r#"{"id": 1}"#]),
        (
            r#"[{"data": [{"id": 1}, {"id":2}]}]"#,
            vec![r#"{"id": 1}"#, r#"{"id":2}"#],
        ),
        (r#"{"d\u0061ta": [{"id": 1}]}"#, vec![r#"{"id": 1}"#]),
        (r#"{"data": null}"#, vec![]),
    ] {
        let server = MockServer::start_async().await;
        let everything = server.mock_async(|when, then| {
            when.path("/v1/custom_client_fields");
            then.status(200).body(body);
        });
        everything.await;
        let chat = chat(&server);
        let typed = chat.list_custom_client_fields().collect_all().await;
        let ids: Vec<_> = typed.unwrap().iter().map(|field| field.id).collect();
        assert_eq!(ids.len(), expected.len(), "{body}");
        let raw = chat.list_custom_client_fields().raw().collect_all().await;
        let raw = raw.unwrap_or_else(|error| panic!("{body}: {error}"));
        let texts: Vec<_> = raw.iter().map(|record| record.get()).collect();
        assert_eq!(texts, expected, "{body}");
    }
}

/// An array without an envelope, of records that do not all fit their type.
#[tokio::test]
async fn a_bare_array_is_a_list() {
    let server = MockServer::start_async().await;
    let bare = r#"[{"id": {"n": 1}}, {"id": 2}]"#;
    page(&server, "/v1/tags", ("offset", "0"), bare).await;
    let records = chat(&server).list_tags().raw().collect_all().await.unwrap();
    let texts: Vec<_> = records.iter().map(|record| record.get()).collect();
    assert_eq!(texts, [r#"{"id": {"n": 1}}"#, r#"{"id": 2}"#]);
}

#[tokio::test]
async fn a_failure_that_has_a_list_is_a_failure() {
    let list = r#""data": [{"id": 1}], "meta": {"total": 1, "limit": 200}"#;
    for (status, body, kind) in [
        (500, format!("{{{list}}}"), ErrorKind::Server),
        (
            200,
            format!(r#"{{{list}, "status": "error"}}"#),
            ErrorKind::Api,
        ),
    ] {
        let server = MockServer::start_async().await;
        let mock = server.mock_async(|when, then| {
            when.path("/v1/tags");
            then.status(status).body(&body);
        });
        mock.await;
        let records = chat(&server).list_tags().raw().collect_all().await;
        assert_eq!(records.unwrap_err().kind(), kind, "{body}");
    }
}

#[tokio::test]
async fn a_record_without_a_readable_id_is_a_record() {
    let server = MockServer::start_async().await;
    let tags = r#"{"data": [{"id": 1}, {"id": {}}, {"label": "VIP"}], "meta": {"total": 3, "limit": 200}}"#;
    page(&server, "/v1/tags", ("offset", "0"), tags).await;
    let records = chat(&server).list_tags().raw().collect_all().await.unwrap();
    let texts: Vec<_> = records.iter().map(|record| record.get()).collect();
    assert_eq!(
        texts,
        [r#"{"id": 1}"#, r#"{"id": {}}"#, r#"{"label": "VIP"}"#]
    );

    let messages = r#"{"data": [{"id": null}, {"id": 11}, {"id": {}}, {"id": []}, {"id": 12}], "meta": {"total": 5, "limit": 200}}"#;
    page(&server, "/v1/messages", ("order", "asc"), messages).await;
    let chat = chat(&server);
    let records = chat.list_messages().raw().collect_all().await.unwrap();
    assert_eq!(records.len(), 5);
    let typed = chat.list_messages().skip_invalid(|_| ());
    assert_eq!(typed.collect_all().await.unwrap().len(), 2);
}

/// Oldest first, a record without an id is yielded once, also at the end of a page and of the list.
#[tokio::test]
async fn a_record_without_a_readable_id_oldest_first() {
    let server = MockServer::start_async().await;
    for (start, total, records) in [
        ("11", 4, r#"{"id": 11}, {"id": {"n": 1}}"#),
        ("12", 3, r#"{"id": {"n": 1}}, {"id": 13}"#),
        ("14", 1, r#"{"id": {"n": 2}}"#),
    ] {
        let body = format!(r#"{{"data": [{records}], "meta": {{"total": {total}, "limit": 2}}}}"#);
        page(&server, "/v1/messages", ("start_id", start), &body).await;
    }
    let chat = chat(&server);
    let records = || chat.list_messages().start_id(11);
    let raw = records().raw().page_size(2).collect_all().await.unwrap();
    let texts: Vec<_> = raw.iter().map(|record| record.get()).collect();
    let expected = [
        r#"{"id": 11}"#,
        r#"{"id": {"n": 1}}"#,
        r#"{"id": 13}"#,
        r#"{"id": {"n": 2}}"#,
    ];
    assert_eq!(texts, expected);
    let typed = records().page_size(2).skip_invalid(|_| ()).collect_all();
    let typed = typed.await.unwrap();
    let ids: Vec<_> = typed.iter().map(|message| message.id).collect();
    assert_eq!(ids, [11, 13]);
}

/// Newest first, a record without an id is yielded once, wherever it lies on its page.
#[tokio::test]
async fn a_record_without_a_readable_id_newest_first() {
    let server = MockServer::start_async().await;
    let meta = r#""meta": {"total": 6, "limit": 4}}"#;
    for (start, order, records) in [
        (
            "15",
            "desc",
            r#"{"id": 20}, {"id": {"n": 1}}, {"id": 18}, {"id": {"n": 2}}"#,
        ),
        (
            "17",
            "asc",
            r#"{"id": {"n": 2}}, {"id": 18}, {"id": {"n": 1}}, {"id": 20}"#,
        ),
        (
            "15",
            "asc",
            r#"{"id": 15}, {"id": 16}, {"id": {"n": 2}}, {"id": 18}"#,
        ),
    ] {
        let body = format!(r#"{{"data": [{records}], {meta}"#);
        let mock = server.mock_async(|when, then| {
            when.path("/v1/messages")
                .query_param("start_id", start)
                .query_param("order", order);
            then.status(200).body(body);
        });
        mock.await;
    }
    let chat = chat(&server);
    let call = chat.list_messages().order("desc").start_id(15);
    let records = call.raw().page_size(4).collect_all().await;
    let found: Vec<Value> = records
        .unwrap()
        .iter()
        .map(|record| record.decode().unwrap())
        .collect();
    let ids: Vec<_> = found.iter().map(|record| record["id"].clone()).collect();
    assert_eq!(
        ids,
        [
            json!(20),
            json!({ "n": 1 }),
            json!(18),
            json!({ "n": 2 }),
            json!(16),
            json!(15)
        ]
    );
}
