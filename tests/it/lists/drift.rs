//! What is not as documented costs its own field, and is reported wherever it is read.

use chat2desk::{Chat2Desk, Drift, ErrorKind, List, Operation};
use httpmock::prelude::*;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};

type Log = Arc<Mutex<Vec<(&'static str, Drift)>>>;

fn chat(server: &MockServer) -> (Chat2Desk, Log) {
    let log = Log::default();
    let noted = log.clone();
    let note = move |operation: &'static Operation, drift: &Drift| {
        noted.lock().unwrap().push((operation.id, drift.clone()));
    };
    let chat = Chat2Desk::builder("token").base_url(server.base_url());
    (chat.on_drift(note).build().unwrap(), log)
}

async fn answer(server: &MockServer, path: &str, body: Value) {
    let mock = server.mock_async(|when, then| {
        when.path(path);
        then.status(200).json_body(body);
    });
    mock.await;
}

/// The places that are reported, in order; maps have none.
fn pointers(drift: &[Drift]) -> Vec<&str> {
    let mut pointers: Vec<_> = drift.iter().map(|drift| drift.pointer.as_str()).collect();
    pointers.sort_unstable();
    pointers
}

fn customers() -> Value {
    json!({
        "data": [
            { "id": 1, "name": { "first": "Ada" }, "phone": "15550100001" },
            { "id": 2, "name": "Bela", "tags": "none", "country_id": "?", "external_ids": { "Ada": [] } },
            { "id": 3, "custom_fields": 7 },
        ],
        "meta": { "total": 3, "limit": "?", "offset": 0 },
        "status": "success",
    })
}

const ADRIFT: [&str; 6] = [
    "/data/0/name",
    "/data/1/country_id",
    "/data/1/external_ids/*",
    "/data/1/tags",
    "/data/2/custom_fields",
    "/meta/limit",
];

#[tokio::test]
async fn a_response_says_what_it_lacks_and_has_its_body() {
    let server = MockServer::start_async().await;
    answer(&server, "/v1/clients", customers()).await;
    let response = chat(&server).0.list_clients().send().await.unwrap();
    assert_eq!(pointers(response.drift()), ADRIFT);
    assert_eq!(response.data[0].phone.as_deref(), Some("15550100001"));
    assert_eq!(response.data[0].name, None);
    assert_eq!(response.data[1].name.as_deref(), Some("Bela"));
    let body: Value = serde_json::from_slice(response.body()).unwrap();
    assert_eq!(body, customers());
    let shown = format!("{:?} {:?}", response, response.drift());
    assert!(!shown.contains("Ada"), "{shown}");
}

#[tokio::test]
async fn a_page_says_what_its_records_lack() {
    let server = MockServer::start_async().await;
    answer(&server, "/v1/clients", customers()).await;
    let (chat, _) = chat(&server);
    let mut pages = chat.list_clients().pages();
    let page = pages.next().await.unwrap().unwrap();
    assert_eq!(
        (page.items.len(), pointers(page.drift())),
        (3, ADRIFT.to_vec())
    );
    assert!(pages.next().await.is_none());
}

/// With the feature `strict` the handler has more to report.
#[cfg(not(feature = "strict"))]
#[tokio::test]
async fn whoever_reads_the_handler_learns_of_it() {
    let server = MockServer::start_async().await;
    answer(&server, "/v1/clients", customers()).await;
    let (chat, log) = chat(&server);
    assert_eq!(chat.list_clients().collect_all().await.unwrap().len(), 3);
    let log = std::mem::take(&mut *log.lock().unwrap());
    let drift: Vec<_> = log.iter().map(|(_, drift)| drift.clone()).collect();
    assert_eq!(pointers(&drift), ADRIFT);
    assert!(
        log.iter()
            .all(|(operation, _)| *operation == "list_clients")
    );
}

#[tokio::test]
async fn of_a_page_that_is_read_record_by_record_too() {
    let server = MockServer::start_async().await;
    let mut body = customers();
    body["data"][2]["id"] = json!({ "of": "another kind" });
    answer(&server, "/v1/clients", body).await;
    let (chat, log) = chat(&server);
    let error = chat.list_clients().send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    let text = "the call succeeded, but its response cannot be decoded: at `/data/2/id`: expected integer, found object";
    assert!(error.to_string().ends_with(text), "{error}");
    assert!(log.lock().unwrap().is_empty() || cfg!(feature = "strict"));

    let (report, invalid) = std::sync::mpsc::channel();
    let mut pages = chat
        .list_clients()
        .skip_invalid(move |record| report.send(record).unwrap())
        .pages();
    let page = pages.next().await.unwrap().unwrap();
    let ids: Vec<_> = page.items.iter().map(|client| client.id).collect();
    assert_eq!(
        (ids, pointers(page.drift())),
        (vec![1, 2], [&ADRIFT[..4], &ADRIFT[5..]].concat())
    );
    assert!(log.lock().unwrap().len() >= 4);
    drop(pages);
    assert_eq!(invalid.iter().count(), 1);
}

/// A list is read to its end or fails: also where records may be passed over.
#[tokio::test]
async fn a_body_without_a_list_is_no_empty_list() {
    for body in [
        json!({ "status": "success" }),
        json!({ "records": [{ "id": 1 }] }),
    ] {
        let server = MockServer::start_async().await;
        answer(&server, "/v1/clients", body.clone()).await;
        let chat = chat(&server).0;
        let typed = chat.list_clients().collect_all().await.map(|_| ());
        let skipping = chat.list_clients().skip_invalid(|_| ()).collect_all().await;
        let raw = chat.list_clients().raw().collect_all().await.map(|_| ());
        for read in [typed, skipping.map(|_| ()), raw] {
            assert_eq!(read.unwrap_err().kind(), ErrorKind::Decode, "{body}");
        }
    }
}

#[tokio::test]
async fn a_report_says_which_columns_it_does_not_understand() {
    use chat2desk::statistics::RequestStats;
    let server = MockServer::start_async().await;
    let row = json!({ "request_id": 5, "replies": "many", "request_start": "2026-05-04 14:10:02" });
    let body = json!({ "data": [row], "meta": { "total": 1, "limit": 200, "offset": 0 } });
    answer(&server, "/v1/statistics", body).await;
    let day = chrono::NaiveDate::from_ymd_opt(2026, 5, 4).unwrap();
    let (chat, log) = chat(&server);
    let rows = chat.report::<RequestStats>(day).items();
    let rows = rows.collect_all().await.unwrap();
    assert_eq!((rows[0].request_id, rows[0].replies), (Some(5), None));
    assert_eq!(rows[0].other["replies"], "many");
    assert!(rows[0].request_start.is_some());
    let log = log.lock().unwrap();
    let of_column = |(_, drift): &&(_, Drift)| drift.pointer == "/data/0/replies";
    assert_eq!(log.iter().filter(of_column).count(), 1, "{log:?}");
}

/// Pages share a record, which may be one that cannot be read.
#[tokio::test]
async fn a_record_that_cannot_be_read_is_reported_once() {
    let server = MockServer::start_async().await;
    let broken = |n: i64| json!({ "id": { "n": n } });
    for (offset, data) in [
        (0, json!([{ "id": 1 }, { "id": 2 }, broken(3)])),
        (2, json!([broken(3), { "id": 4 }, broken(5)])),
        (4, json!([broken(5)])),
    ] {
        let meta = json!({ "total": 5, "limit": 3, "offset": offset });
        let mock = server.mock_async(|when, then| {
            when.path("/v1/tags")
                .query_param("offset", offset.to_string());
            then.status(200)
                .json_body(json!({ "data": data, "meta": meta }));
        });
        mock.await;
    }
    let (report, invalid) = std::sync::mpsc::channel();
    let chat = chat(&server).0;
    let tags = chat.list_tags().page_size(3);
    let tags = tags.skip_invalid(move |record| report.send(record).unwrap());
    let tags = tags.collect_all().await.unwrap();
    let ids: Vec<_> = tags.iter().map(|tag| tag.id).collect();
    assert_eq!(ids, [1, 2, 4]);
    let invalid: Vec<_> = invalid
        .iter()
        .map(|record| record.json().to_owned())
        .collect();
    assert_eq!(invalid, [r#"{"id":{"n":3}}"#, r#"{"id":{"n":5}}"#]);
}

#[tokio::test]
async fn bytes_that_are_no_text_cost_their_field() {
    let server = MockServer::start_async().await;
    let mock = server.mock_async(|when, then| {
        when.path("/v1/tags");
        then.status(200).body(b"{\"data\": [{\"id\": 1, \"label\": \"a\xff\"}, {\"id\": 2, \"label\": \"b\"}], \"meta\": {\"total\": 2}}");
    });
    mock.await;
    let response = chat(&server).0.list_tags().await.unwrap();
    let labels: Vec<_> = response
        .data
        .iter()
        .map(|tag| tag.label.as_deref())
        .collect();
    assert_eq!(labels, [Some("a\u{fffd}"), Some("b")]);
    assert_eq!(pointers(response.drift()), ["/data/0/label"]);
}

/// A list of which nothing is published is no empty list either, where there is none.
#[tokio::test]
async fn a_free_body_without_a_list_is_an_error() {
    for (body, records) in [
        (json!({ "data": null, "status": "success" }), Some(0)),
        (json!({ "data": [], "status": "success" }), Some(0)),
        (json!([1, 2]), Some(2)),
        (json!({ "status": "success" }), None),
        (json!({ "data": {} }), None),
    ] {
        let server = MockServer::start_async().await;
        answer(&server, "/v1/access_rights", body.clone()).await;
        let read = chat(&server).0.list_access_rights().collect_all().await;
        match (read, records) {
            (Ok(read), Some(records)) => assert_eq!(read.len(), records, "{body}"),
            (Err(error), None) => assert_eq!(error.kind(), ErrorKind::Decode, "{body}"),
            (read, _) => panic!("{body}: {:?}", read.map(|read| read.len())),
        }
    }
}

#[tokio::test]
async fn a_key_that_is_data_is_reported_to_nobody() {
    let server = MockServer::start_async().await;
    answer(&server, "/v1/clients", customers()).await;
    let (chat, log) = chat(&server);
    chat.list_clients().send().await.unwrap();
    let log = log.lock().unwrap();
    let pointers: Vec<_> = log
        .iter()
        .map(|(_, drift)| drift.pointer.as_str())
        .collect();
    assert!(pointers.contains(&"/data/1/external_ids/*"), "{pointers:?}");
    assert!(!format!("{log:?}").contains("Ada"), "{log:?}");
}
