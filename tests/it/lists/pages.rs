//! Lists are read to their end, or say that they were not.

use chat2desk::{Chat2Desk, ErrorKind, Items, List};
use chat2desk_sandbox::Sandbox;
use futures_util::{Stream, TryStreamExt};
use httpmock::prelude::*;
use serde_json::{Value, json};

fn chat(server: &MockServer) -> Chat2Desk {
    Chat2Desk::builder("token")
        .base_url(server.base_url())
        .build()
        .unwrap()
}

/// Answers `path` with these bodies, by the value of the query parameter `position`.
async fn answers(server: &MockServer, path: &str, position: &str, pages: &[(&str, Value)]) {
    for (value, body) in pages {
        let mock = server.mock_async(|when, then| {
            let when = when.path(path);
            let _ = match *value {
                "" => when.query_param_missing(position),
                value => when.query_param(position, value),
            };
            then.status(200).json_body(body.clone());
        });
        mock.await;
    }
}

fn page(ids: impl IntoIterator<Item = i64>, total: i64, limit: i64) -> Value {
    let data: Vec<_> = ids.into_iter().map(|id| json!({ "id": id })).collect();
    json!({ "data": data, "meta": { "total": total, "limit": limit, "offset": 0 }, "status": "success" })
}

fn ids(tags: &[chat2desk::types::Tag]) -> Vec<i64> {
    tags.iter().map(|tag| tag.id).collect()
}

#[tokio::test]
async fn offset_lists_follow_what_came_not_what_was_asked_for() {
    let server = MockServer::start_async().await;
    // This server gives 2 records a page whatever is asked; each page begins with the last one's end.
    let pages = [
        ("0", page([1, 2], 4, 2)),
        ("1", page([2, 3], 4, 2)),
        ("2", page([3, 4], 4, 2)),
        ("3", page([4], 4, 2)),
    ];
    answers(&server, "/v1/tags", "offset", &pages).await;
    let tags = chat(&server).list_tags().collect_all().await.unwrap();
    assert_eq!(ids(&tags), [1, 2, 3, 4]);
}

#[tokio::test]
async fn what_comes_and_goes_meanwhile_loses_nothing() {
    for (second, rest, expected) in [
        // 10 came in front: the overlap shows more of what was read.
        (
            ("2", page([8, 7, 6], 6, 3)),
            vec![("4", page([6, 5], 6, 3))],
            vec![9, 8, 7, 6, 5],
        ),
        // 9 went: the overlap is out of sight, the total says by how much.
        (
            ("2", page([6, 5], 4, 3)),
            vec![("1", page([7, 6, 5], 4, 3)), ("3", page([5], 4, 3))],
            vec![9, 8, 7, 6, 5],
        ),
    ] {
        let server = MockServer::start_async().await;
        let mut pages = vec![("0", page([9, 8, 7], 5, 3)), second];
        pages.extend(rest);
        // What came in front is looked for once the list's end shows that it was missed.
        answers(&server, "/v1/tags", "offset", &pages).await;
        let chat = chat(&server);
        let mut tags = chat.list_tags().page_size(3).items();
        let mut read = Vec::new();
        while let Some(tag) = tags.next().await {
            read.push(tag.unwrap().id);
            if read.len() == 5 {
                break;
            }
        }
        assert_eq!(read, expected);
    }
}

#[tokio::test]
async fn a_server_that_ignores_offset_is_noticed() {
    for second in [page([1, 2], 5, 2), page([], 5, 2)] {
        let server = MockServer::start_async().await;
        let first = server.mock_async(|when, then| {
            when.path("/v1/channels").query_param("offset", "0");
            then.status(200).json_body(page([1, 2], 5, 2));
        });
        first.await;
        let other = server.mock_async(|when, then| {
            when.path("/v1/channels");
            then.status(200).json_body(second);
        });
        let other = other.await;
        let chat = chat(&server);
        let mut channels = chat.list_channels().items();
        assert_eq!(channels.next().await.unwrap().unwrap().id, 1);
        assert_eq!(channels.next().await.unwrap().unwrap().id, 2);
        let error = channels.next().await.unwrap().unwrap_err();
        assert_eq!(
            (error.kind(), error.operation()),
            (ErrorKind::Incomplete, Some("list_channels"))
        );
        assert!(
            error.to_string().contains("received 2 of 5 records"),
            "{error}"
        );
        assert!(channels.next().await.is_none());
        assert!(other.calls_async().await < 10);
    }
}

#[tokio::test]
async fn a_list_that_is_all_there_is_complete_though_the_position_is_ignored() {
    let server = MockServer::start_async().await;
    let mock = server.mock_async(|when, then| {
        when.path("/v1/channels");
        then.status(200).json_body(page([1, 2, 3], 3, 200));
    });
    let mock = mock.await;
    let channels = chat(&server).list_channels().collect_all().await.unwrap();
    assert_eq!((channels.len(), mock.calls_async().await), (3, 1));
}

#[tokio::test]
async fn without_meta_the_end_is_shown_by_a_second_answer() {
    let server = MockServer::start_async().await;
    let records = |ids: std::ops::Range<i64>| {
        let data: Vec<_> = ids.map(|id| json!({ "id": id })).collect();
        json!({ "data": data, "status": "success" })
    };
    let pages = [
        ("0", records(0..200)),
        ("199", records(199..250)),
        ("249", records(249..250)),
        ("250", records(250..250)),
    ];
    answers(&server, "/v1/templates", "offset", &pages).await;
    let chat = chat(&server);
    let mut templates = chat.list_templates().items();
    for id in 0..250 {
        assert_eq!(templates.next().await.unwrap().unwrap().id, id);
    }
    assert!(templates.next().await.is_none());
    // Nothing came since.
    let rest = chat.list_templates().resume_from(templates.position());
    assert!(rest.collect_all().await.unwrap().is_empty());
}

#[tokio::test]
async fn counts_may_travel_as_text() {
    let server = MockServer::start_async().await;
    let body = json!({ "data": [{ "id": "1" }, { "id": 2 }], "meta": { "total": "2", "limit": "200", "offset": "0" } });
    answers(&server, "/v1/tags", "offset", &[("0", body)]).await;
    let chat = chat(&server);
    let mut tags = chat.list_tags().items();
    assert_eq!((tags.total(), tags.size_hint()), (None, (0, None)));
    assert_eq!(tags.next().await.unwrap().unwrap().id, 1);
    assert_eq!((tags.total(), tags.size_hint()), (Some(2), (1, None)));
    assert_eq!(tags.collect_all().await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_list_that_should_come_whole_and_does_not_is_incomplete() {
    let server = MockServer::start_async().await;
    let mock = server.mock_async(|when, then| {
        when.path("/v1/access_rights");
        then.status(200).json_body(page([1], 2, 200));
    });
    mock.await;
    let error = chat(&server)
        .list_access_rights()
        .collect_all()
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Incomplete);
}

#[tokio::test]
async fn messages_go_on_by_start_id_oldest_first() {
    let server = MockServer::start_async().await;
    let pages = [
        ("", page([10, 12], 9, 2)),
        ("13", page([13, 20], 9, 2)),
        ("21", page([30], 1, 2)),
    ];
    answers(&server, "/v1/messages", "start_id", &pages).await;
    let chat = chat(&server);
    let messages = chat.list_messages().collect_all().await.unwrap();
    let ids: Vec<_> = messages.iter().map(|message| message.id).collect();
    assert_eq!(ids, [10, 12, 13, 20, 30]);
}

#[tokio::test]
async fn a_server_that_ignores_start_id_is_noticed() {
    let server = MockServer::start_async().await;
    let mock = server.mock_async(|when, then| {
        when.path("/v1/messages");
        then.status(200).json_body(page([10, 12], 9, 2));
    });
    let mock = mock.await;
    let chat = chat(&server);
    let error = chat.list_messages().collect_all().await.unwrap_err();
    assert_eq!(
        (error.kind(), mock.calls_async().await),
        (ErrorKind::Incomplete, 2)
    );
}

#[tokio::test]
async fn dates_and_start_id_exclude_each_other() {
    let server = MockServer::start_async().await;
    let chat = chat(&server);
    let both = chat.list_messages().start_id(1).start_date("04-05-2026");
    let error = both.collect_all().await.unwrap_err();
    assert_eq!(
        (error.kind(), error.operation()),
        (ErrorKind::InvalidRequest, Some("list_messages"))
    );
}

#[tokio::test]
async fn a_position_of_another_list_is_refused() {
    let server = MockServer::start_async().await;
    answers(
        &server,
        "/v1/tags",
        "offset",
        &[("0", page([1, 2], 2, 200))],
    )
    .await;
    let chat = chat(&server);
    let mut tags = chat.list_tags().items();
    assert_eq!(tags.position(), None);
    tags.next().await.unwrap().unwrap();
    let position = tags.position().unwrap();
    let elsewhere = chat.list_channels().resume_from(position);
    let error = elsewhere.collect_all().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
}

#[tokio::test]
async fn no_more_than_wanted() {
    let server = MockServer::start_async().await;
    let mock = server.mock_async(|when, then| {
        when.path("/v1/tags").query_param("limit", "3");
        then.status(200).json_body(page([1, 2, 3], 5, 3));
    });
    let mock = mock.await;
    let tags = chat(&server)
        .list_tags()
        .max_items(3)
        .collect_all()
        .await
        .unwrap();
    assert_eq!((ids(&tags), mock.calls_async().await), (vec![1, 2, 3], 1));
    let none = chat(&server)
        .list_tags()
        .max_items(0)
        .collect_all()
        .await
        .unwrap();
    assert_eq!((none, mock.calls_async().await), (vec![], 1));
}

#[tokio::test]
async fn records_that_cannot_be_decoded_are_reported_and_left_out() {
    let server = MockServer::start_async().await;
    let body = json!({
        "data": [{ "id": 1 }, { "id": "my words" }, { "id": 3 }, { "label": "no id" }],
        "meta": { "total": 4, "limit": 200, "offset": 0 },
    });
    answers(&server, "/v1/tags", "offset", &[("0", body)]).await;
    let chat = chat(&server);
    let error = chat.list_tags().collect_all().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);

    let (report, invalid) = std::sync::mpsc::channel();
    let tags = chat.list_tags();
    let tags = tags.skip_invalid(move |record| report.send(record).unwrap());
    assert_eq!(ids(&tags.collect_all().await.unwrap()), [1, 3]);
    let invalid: Vec<_> = invalid.iter().collect();
    assert_eq!(invalid.len(), 2);
    assert_eq!(invalid[0].json(), r#"{"id":"my words"}"#);
    assert!(invalid[0].reason().contains("at `/id`"), "{:?}", invalid[0]);
    assert!(!format!("{:?}", invalid[0]).contains("words"));
}

#[tokio::test]
async fn equal_records_without_ids_are_all_given() {
    let server = MockServer::start_async().await;
    let row = |name: &str| json!({ "operator_name": name, "event": "online" });
    let page = |rows: &[&str]| {
        let data: Vec<_> = rows.iter().map(|name| row(name)).collect();
        json!({ "data": data, "meta": { "total": 5, "limit": 3, "offset": 0 } })
    };
    let pages = [
        ("0", page(&["A", "B", "B"])),
        ("2", page(&["B", "B", "C"])),
        ("4", page(&["C"])),
    ];
    answers(&server, "/v1/statistics", "offset", &pages).await;
    let day = chrono::NaiveDate::from_ymd_opt(2026, 5, 4).unwrap();
    let chat = chat(&server);
    let rows = chat
        .get_statistics("operator_events", day)
        .collect_all()
        .await
        .unwrap();
    let names: Vec<_> = rows
        .iter()
        .map(|row| row.operator_name.as_deref().unwrap())
        .collect();
    assert_eq!(names, ["A", "B", "B", "B", "C"]);
}

#[tokio::test]
async fn bare_arrays_and_unknown_answers_are_lists_too() {
    let server = MockServer::start_async().await;
    let bare = server.mock_async(|when, then| {
        when.path("/v1/operators/statuses");
        then.status(200)
            .json_body(json!([{ "id": 0, "name": { "en": "Online" } }]));
    });
    bare.await;
    for (path, body) in [
        (
            "/v1/help/tickets",
            json!({ "data": [{ "id": 1 }], "status": "success" }),
        ),
        ("/v1/access_rights", json!([{ "id": 1 }])),
    ] {
        let mock = server.mock_async(|when, then| {
            when.path(path);
            then.status(200).json_body(body);
        });
        mock.await;
    }
    let chat = chat(&server);
    assert_eq!(
        chat.list_operator_statuses()
            .items()
            .collect_all()
            .await
            .unwrap()
            .len(),
        1
    );
    assert_eq!(
        chat.list_ticket_values()
            .items()
            .collect_all()
            .await
            .unwrap(),
        [json!({ "id": 1 })]
    );
    assert_eq!(
        chat.list_access_rights()
            .items()
            .collect_all()
            .await
            .unwrap(),
        [json!({ "id": 1 })]
    );
}

#[tokio::test]
async fn an_unknown_answer_that_is_no_list_is_an_error() {
    let server = MockServer::start_async().await;
    let mock = server.mock_async(|when, then| {
        when.path("/v1/access_rights");
        then.status(200)
            .json_body(json!({ "data": { "1": "North" } }));
    });
    mock.await;
    let error = chat(&server)
        .list_access_rights()
        .items()
        .collect_all()
        .await
        .unwrap_err();
    assert_eq!(
        (error.kind(), error.operation()),
        (ErrorKind::Decode, Some("list_access_rights"))
    );
}

#[tokio::test]
async fn an_error_ends_the_list() {
    let server = MockServer::start_async().await;
    answers(&server, "/v1/tags", "offset", &[("0", page([1, 2], 5, 2))]).await;
    let refused = server.mock_async(|when, then| {
        when.path("/v1/tags").query_param("offset", "1");
        then.status(501).body("<html>");
    });
    refused.await;
    let chat = chat(&server);
    let mut pages = chat.list_tags().pages();
    assert_eq!(pages.next().await.unwrap().unwrap().items.len(), 2);
    let error = pages.next().await.unwrap().unwrap_err();
    assert_eq!(
        (error.kind(), error.operation()),
        (ErrorKind::Server, Some("list_tags"))
    );
    assert!(pages.next().await.is_none());
    // A list that was not read to its end is not a shorter list.
    chat.list_tags().collect_all().await.unwrap_err();
}

#[tokio::test]
async fn a_list_is_a_stream() {
    fn sendable<T: Send>(stream: Items<T>) -> Items<T> {
        stream
    }
    let server = MockServer::start_async().await;
    answers(
        &server,
        "/v1/tags",
        "offset",
        &[("0", page([1, 2, 3], 3, 200))],
    )
    .await;
    let chat = chat(&server);
    let ids = sendable(chat.list_tags().items()).map_ok(|tag| tag.id);
    assert_eq!(ids.try_collect::<Vec<_>>().await.unwrap(), [1, 2, 3]);
}

#[tokio::test]
async fn pages_of_one_record_are_read_twice() {
    let sandbox = Sandbox::builder().clients(12).page_cap(1).start().await;
    let sandbox = sandbox.unwrap();
    let clients = sandbox.client().list_clients().prefetch(8).collect_all();
    let clients = clients.await.unwrap();
    assert_eq!(clients.len(), 12);
    assert_eq!(sandbox.calls_of("list_clients").len(), 2 * 13);
}
