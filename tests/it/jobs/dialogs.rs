use super::{chat, page};
use chat2desk::dialogs::{Change, Closing, Recipient};
use chat2desk::{ErrorKind, List};
use chrono::NaiveDate;
use httpmock::prelude::*;
use serde_json::json;
use std::time::Duration;

#[tokio::test]
async fn dialogs_are_opened_closed_and_assigned() {
    let server = MockServer::start_async().await;
    let mut mocks = Vec::new();
    for body in [
        json!({ "state": "open", "operator_id": 3 }),
        json!({ "state": "closed", "operator_id": 3, "initiator_id": 4 }),
        json!({ "operator_id": 3, "force_assign": true }),
    ] {
        let mock = server.mock_async(|when, then| {
            when.method(PUT).path("/v1/dialogs/8").json_body(body);
            then.status(200).json_body(json!({ "status": "success" }));
        });
        mocks.push(mock.await);
    }
    let chat = chat(&server);
    for change in [
        chat.open_dialog(8).operator(3),
        chat.close_dialog(8).operator(3).by(4),
        chat.assign_dialog(8, 3).force_assign(),
    ] {
        assert_eq!(change.send().await.unwrap(), Change::Made);
    }
    for mock in mocks {
        mock.assert_calls_async(1).await;
    }
}

#[tokio::test]
async fn a_dialog_that_is_closed_already_is_a_success_if_wanted() {
    let server = MockServer::start_async().await;
    let mock = server.mock_async(|when, then| {
        when.method(PUT).path("/v1/dialogs/8");
        let body = json!({ "errors": "Dialog already has state closed", "status": "error" });
        then.status(400).json_body(body);
    });
    mock.await;
    let chat = chat(&server);
    let error = chat.close_dialog(8).send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict);
    let change = chat.close_dialog(8).allow_unchanged().send().await;
    assert_eq!(change.unwrap(), Change::Unchanged);
}

#[tokio::test]
async fn one_of_request_and_client_is_closed() {
    for (closing, body) in [
        (Closing::Request(9), json!({ "request_id": 9 })),
        (Closing::OpenOfClient(7), json!({ "client_id": 7 })),
    ] {
        let server = MockServer::start_async().await;
        let mock = server.mock_async(|when, then| {
            when.method(PUT).path("/v1/requests/close").json_body(body);
            then.status(200).json_body(json!({ "status": "success" }));
        });
        let mock = mock.await;
        chat(&server).close_request(closing).send().await.unwrap();
        mock.assert_calls_async(1).await;
    }
}

#[tokio::test]
async fn messages_are_handed_to_operators_and_groups() {
    for (to, path, key) in [
        (
            Recipient::Operator(3),
            "/v1/messages/5/transfer",
            "operator_id",
        ),
        (
            Recipient::Group(3),
            "/v1/messages/5/transfer_to_group",
            "group_id",
        ),
    ] {
        for force in [false, true] {
            let server = MockServer::start_async().await;
            let mock = server.mock_async(|when, then| {
                let when = when.method(GET).path(path).query_param(key, "3");
                if force {
                    when.query_param("force_assign", "true");
                } else {
                    when.query_param_missing("force_assign");
                }
                then.status(200).json_body(json!({ "status": "success" }));
            });
            let mock = mock.await;
            let chat = chat(&server);
            match force {
                true => chat.force_transfer(5, to).await.unwrap(),
                false => chat.transfer(5, to).await.unwrap(),
            }
            mock.assert_calls_async(1).await;
        }
    }
}

#[tokio::test]
async fn the_messages_of_a_dialog_a_request_and_days() {
    let server = MockServer::start_async().await;
    let dialog = server.mock_async(|when, then| {
        when.path("/v1/messages").query_param("dialog_id", "8");
        then.status(200).json_body(page(json!([{ "id": 1 }])));
    });
    dialog.await;
    let request = server.mock_async(|when, then| {
        when.path("/v1/requests/9/messages");
        then.status(200)
            .json_body(json!([{ "id": 2, "type": "in", "created": 1_777_885_965 }]));
    });
    request.await;
    let days = server.mock_async(|when, then| {
        // The server leaves the day at the end out.
        when.path("/v1/messages")
            .query_param("start_date", "30-04-2026")
            .query_param("finish_date", "02-05-2026");
        then.status(200)
            .json_body(page(json!([{ "id": 3 }, { "id": 4 }])));
    });
    days.await;
    let chat = chat(&server);
    assert_eq!(
        chat.dialog_messages(8).collect_all().await.unwrap()[0].id,
        1
    );
    assert_eq!(
        chat.request_messages(9).collect_all().await.unwrap()[0].id,
        2
    );
    let day = |month, day| NaiveDate::from_ymd_opt(2026, month, day).unwrap();
    let both = chat.messages_of(day(4, 30)..=day(5, 1)).collect_all().await;
    assert_eq!(both.unwrap().len(), 2);
}

#[tokio::test]
async fn a_day_longer_than_a_page_is_read_by_id_to_its_last_message() {
    let server = MockServer::start_async().await;
    let message = |id: i64| json!({ "id": id });
    let ids = |ids: std::ops::RangeInclusive<i64>| ids.map(message).collect::<Vec<_>>();
    let answer = |ids: Vec<serde_json::Value>| json!({ "data": ids, "meta": { "total": 450, "limit": 200, "offset": 0 } });
    // Days and start_id exclude each other.
    let first = server.mock_async(|when, then| {
        let when = when.path("/v1/messages").query_param_missing("start_id");
        when.query_param("start_date", "04-05-2026")
            .query_param("order", "asc");
        then.status(200).json_body(answer(ids(1..=200)));
    });
    let last = server.mock_async(|when, then| {
        let when = when.path("/v1/messages").query_param_missing("start_id");
        when.query_param("start_date", "04-05-2026")
            .query_param("order", "desc")
            .query_param("limit", "1");
        then.status(200).json_body(answer(ids(450..=450)));
    });
    let mut mocks = vec![first.await, last.await];
    for (start, page) in [("201", 201..=400), ("401", 401..=600)] {
        let mock = server.mock_async(|when, then| {
            let when = when.path("/v1/messages").query_param_missing("start_date");
            when.query_param_missing("finish_date")
                .query_param("start_id", start);
            then.status(200).json_body(answer(ids(page)));
        });
        mocks.push(mock.await);
    }
    let chat = chat(&server);
    let day = NaiveDate::from_ymd_opt(2026, 5, 4).unwrap();
    let messages = chat.messages_of(day).collect_all().await.unwrap();
    let read: Vec<_> = messages.iter().map(|message| message.id).collect();
    assert_eq!(read, (1..=450).collect::<Vec<_>>());
    for mock in mocks {
        mock.assert_calls_async(1).await;
    }
}

#[tokio::test]
async fn dialogs_that_wait_for_a_reply() {
    let server = MockServer::start_async().await;
    for (waiting, limit) in [
        (Duration::from_millis(600_900), "600"),
        (Duration::ZERO, "0"),
        (Duration::MAX, "9223372036854775807"),
    ] {
        let mock = server.mock_async(|when, then| {
            when.path("/v1/dialogs/unanswered")
                .query_param("limit", limit);
            let data = json!({ "client_ids": [94_000_001], "ids": [18_400_001, 18_400_003] });
            then.status(200)
                .json_body(json!({ "data": data, "status": "success" }));
        });
        let mock = mock.await;
        let found = chat(&server).unanswered_dialogs(waiting).send().await;
        let found = found.unwrap().into_inner().data;
        assert_eq!(found.ids, [18_400_001, 18_400_003]);
        assert_eq!(found.client_ids, [94_000_001]);
        mock.assert_calls_async(1).await;
    }
}
