//! Lists are read to their end, or say that they were not.

use chat2desk::{Chat2Desk, ErrorKind, List, ListStream};
use futures_util::TryStreamExt;
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
            let when = when.path(path).query_param("limit", "200");
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

#[tokio::test]
async fn offset_lists_follow_what_came_not_what_was_asked_for() {
    let server = MockServer::start_async().await;
    // This server gives 2 records a page whatever is asked.
    let pages = [
        ("0", page([1, 2], 5, 2)),
        ("2", page([3, 4], 5, 2)),
        ("4", page([5], 5, 2)),
    ];
    answers(&server, "/v1/tags", "offset", &pages).await;
    let tags = chat(&server)
        .list_tags()
        .items()
        .collect_all()
        .await
        .unwrap();
    assert_eq!(
        tags.iter().map(|tag| tag.id).collect::<Vec<_>>(),
        [1, 2, 3, 4, 5]
    );
}

#[tokio::test]
async fn a_record_that_slips_to_the_next_page_comes_once() {
    let server = MockServer::start_async().await;
    let pages = [("0", page([9, 8], 4, 2)), ("2", page([8, 7], 4, 2))];
    answers(&server, "/v1/tags", "offset", &pages).await;
    let tags = chat(&server)
        .list_tags()
        .items()
        .collect_all()
        .await
        .unwrap();
    assert_eq!(tags.iter().map(|tag| tag.id).collect::<Vec<_>>(), [9, 8, 7]);
}

#[tokio::test]
async fn a_server_that_ignores_offset_is_noticed() {
    for second in [page([1, 2], 5, 2), page([], 5, 2)] {
        let server = MockServer::start_async().await;
        answers(
            &server,
            "/v1/channels",
            "offset",
            &[("0", page([1, 2], 5, 2)), ("2", second)],
        )
        .await;
        let chat = chat(&server);
        let mut channels = chat.list_channels().items();
        assert_eq!(channels.next().await.unwrap().unwrap().id, 1);
        assert_eq!(channels.next().await.unwrap().unwrap().id, 2);
        let error = channels.next().await.unwrap().unwrap_err();
        assert_eq!(
            (error.kind(), error.operation()),
            (ErrorKind::Incomplete, Some("list_channels"))
        );
        assert!(channels.next().await.is_none());
    }
}

#[tokio::test]
async fn lists_without_meta_end_with_a_short_page() {
    let server = MockServer::start_async().await;
    let records = |ids: std::ops::Range<i64>| {
        let data: Vec<_> = ids.map(|id| json!({ "id": id })).collect();
        json!({ "data": data, "status": "success" })
    };
    let pages = [("0", records(0..200)), ("200", records(200..250))];
    answers(&server, "/v1/templates", "offset", &pages).await;
    let templates = chat(&server)
        .list_templates()
        .items()
        .collect_all()
        .await
        .unwrap();
    assert_eq!(templates.len(), 250);
}

#[tokio::test]
async fn messages_go_on_by_start_id_oldest_first() {
    let server = MockServer::start_async().await;
    let pages = [
        ("", page([10, 12], 9, 2)),
        ("13", page([13, 20], 9, 2)),
        ("21", page([30], 9, 2)),
    ];
    answers(&server, "/v1/messages", "start_id", &pages).await;
    let messages = chat(&server)
        .list_messages()
        .items()
        .collect_all()
        .await
        .unwrap();
    assert_eq!(
        messages
            .iter()
            .map(|message| message.id)
            .collect::<Vec<_>>(),
        [10, 12, 13, 20, 30]
    );
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
            "/v1/regions",
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
        chat.list_regions().items().collect_all().await.unwrap(),
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
        when.path("/v1/regions");
        then.status(200)
            .json_body(json!({ "data": { "1": "North" } }));
    });
    mock.await;
    let error = chat(&server)
        .list_regions()
        .items()
        .collect_all()
        .await
        .unwrap_err();
    assert_eq!(
        (error.kind(), error.operation()),
        (ErrorKind::Decode, Some("list_regions"))
    );
}

#[tokio::test]
async fn an_error_ends_the_list() {
    let server = MockServer::start_async().await;
    answers(&server, "/v1/tags", "offset", &[("0", page([1, 2], 5, 2))]).await;
    let refused = server.mock_async(|when, then| {
        when.path("/v1/tags").query_param("offset", "2");
        then.status(502).body("<html>");
    });
    refused.await;
    let chat = chat(&server);
    let mut pages = chat.list_tags().pages();
    assert_eq!(pages.next().await.unwrap().unwrap().items.len(), 2);
    assert_eq!(
        pages.next().await.unwrap().unwrap_err().kind(),
        ErrorKind::Server
    );
    assert!(pages.next().await.is_none());
    // A list that was not read to its end is not a shorter list.
    chat.list_tags().items().collect_all().await.unwrap_err();
}

#[tokio::test]
async fn a_list_is_a_stream() {
    fn sendable<T: Send>(stream: ListStream<'_, T>) -> ListStream<'_, T> {
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
