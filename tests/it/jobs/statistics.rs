use super::{chat, page};
use chat2desk::statistics::{
    OperatorEvents, OperatorReplies, OperatorStats, Rating, ReportRow, RequestStats,
};
use chat2desk::{ErrorKind, List, Position};
use chrono::NaiveDate;
use httpmock::prelude::*;
use serde_json::{Value, json};

fn day(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 5, day).unwrap()
}

async fn answer(server: &MockServer, report: &str, date: &str, body: Value) {
    let mock = server.mock_async(|when, then| {
        when.path("/v1/statistics")
            .query_param("report", report)
            .query_param("date", date);
        then.status(200).json_body(body);
    });
    mock.await;
}

async fn rows<R: ReportRow>(report: &str, rows: Value) -> Vec<R> {
    let server = MockServer::start_async().await;
    answer(&server, report, "2026-05-04", page(rows)).await;
    chat(&server)
        .report::<R>(day(4))
        .collect_all()
        .await
        .unwrap()
}

#[tokio::test]
async fn requests_with_the_columns_of_today_and_of_before() {
    let rows = rows::<RequestStats>("request_stats", json!([
        { "request_id": "75000011", "request_type": "common", "request_start": "2026-05-04 14:10:02",
          "request_end": "", "request_time": 1330, "reaction_time": "42", "working_reaction_time": "",
          "average_replies_time": "50.5", "transport": "wa_dialog", "operator_id": "", "operator_name": "",
          "rating_scale_score": "0", "something_new": 1 },
        { "request_id": 41000011, "first_operator_id": 210001, "first_operator_name": "Demo Operator",
          "request_start": 1609495200, "reply_start": null, "client_messenger": "telegram" },
    ])).await;
    let [today, before] = rows.as_slice() else {
        panic!("{rows:?}")
    };
    assert_eq!(today.request_id, Some(75_000_011));
    assert_eq!(
        today.request_start.and_then(|time| time.local()),
        day(4).and_hms_opt(14, 10, 2)
    );
    assert_eq!((today.request_end, today.request_time), (None, Some(1330)));
    assert_eq!(
        (today.reaction_time, today.working_reaction_time),
        (Some(42), None)
    );
    assert_eq!(today.average_replies_time, Some(50.5));
    assert_eq!(
        (
            today.operator_id,
            today.operator_name.as_deref(),
            today.score
        ),
        (None, None, None)
    );
    assert_eq!(today.other["something_new"], 1);
    assert_eq!(
        (before.operator_id, before.operator_name.as_deref()),
        (Some(210_001), Some("Demo Operator"))
    );
    assert_eq!(before.transport.as_ref().unwrap().as_str(), "telegram");
    let start = before.request_start.unwrap().in_zone(&chrono::Utc).unwrap();
    assert_eq!(start.timestamp(), 1_609_495_200);
}

#[tokio::test]
async fn the_other_four_reports() {
    let events = rows::<OperatorEvents>("operator_events", json!([
        { "operator_id": 310001, "event": "status.tech.break", "created_at": "2026-05-04 14:12:45", "dialog_id": "" },
        { "operator_id": "310001", "event": "online", "status_duration": "540" },
        { "operator_name": "Demo", "event_type": "userStatus", "event_name": "busy", "event_start": 1700000000 },
    ])).await;
    let names: Vec<_> = events
        .iter()
        .filter_map(OperatorEvents::event_name)
        .collect();
    assert_eq!(names, ["tech_break", "online", "busy"]);
    assert_eq!(
        (events[0].dialog_id, events[1].status_duration),
        (None, Some(540))
    );
    assert!(events[2].created_at.is_some());

    let stats = rows::<OperatorStats>("operator_stats", json!([
        { "operator_name": "Demo", "date": "2026-05-04", "transport": "", "requests_took_part": "3" },
    ])).await;
    assert_eq!(
        (stats[0].date, stats[0].requests_took_part),
        (Some(day(4)), Some(3))
    );
    assert_eq!(stats[0].transport, None);

    let replies = rows::<OperatorReplies>("operator_replies", json!([
        { "operator_name": "Demo", "request_start": "2026-05-04 09:00:00", "reaction_time": "18000" },
    ])).await;
    assert_eq!(replies[0].reaction_time, Some(18_000));

    let ratings = rows::<Rating>("rating", json!([
        { "score_operator_name": "Demo", "rating_scale_score": "", "score_value": 5, "valuation_request_id": 75000011 },
        { "operator_name": "Demo", "score_operator_name": "Other", "rating_scale_score": "4.0", "score_value": 5 },
    ])).await;
    assert_eq!(
        (ratings[0].score, ratings[0].operator_name.as_deref()),
        (Some(5.0), Some("Demo"))
    );
    assert_eq!(
        (ratings[1].score, ratings[1].operator_name.as_deref()),
        (Some(4.0), Some("Demo"))
    );
    assert_eq!(ratings[0].valuation_request_id, Some(75_000_011));
}

#[tokio::test]
async fn days_are_read_one_by_one_and_gone_on_from() {
    let server = MockServer::start_async().await;
    for (date, ids) in [
        ("2026-05-04", [1, 2]),
        ("2026-05-05", [3, 4]),
        ("2026-05-06", [5, 6]),
    ] {
        let rows = ids.map(|id| json!({ "request_id": id }));
        answer(&server, "request_stats", date, page(json!(rows))).await;
    }
    let chat = chat(&server);
    let all = [1, 2, 3, 4, 5, 6];
    for stop in 0..=all.len() {
        let report = || chat.report::<RequestStats>(day(4)..=day(6));
        let mut rows = report().items();
        let mut ids = Vec::new();
        for _ in 0..stop {
            ids.push(rows.next().await.unwrap().unwrap().request_id.unwrap());
        }
        // The position is in the day of the last row.
        let last = stop.checked_sub(1).map(|last| [4, 4, 5, 5, 6, 6][last]);
        let in_day = rows.position().and_then(|position| position.day());
        assert_eq!(in_day, last.map(day));
        let saved = serde_json::to_string(&rows.position()).unwrap();
        let saved: Option<Position> = serde_json::from_str(&saved).unwrap();
        for row in report().resume_from(saved).collect_all().await.unwrap() {
            ids.push(row.request_id.unwrap());
        }
        assert_eq!(ids, all, "stopped after {stop}");
    }
    let none = chat
        .report::<RequestStats>(day(6)..=day(4))
        .collect_all()
        .await;
    assert_eq!(none.unwrap_err().kind(), ErrorKind::InvalidRequest);
}

#[tokio::test]
async fn a_day_without_rows_may_be_null() {
    let server = MockServer::start_async().await;
    answer(
        &server,
        "request_stats",
        "2026-05-04",
        json!({ "data": null }),
    )
    .await;
    answer(
        &server,
        "request_stats",
        "2026-05-05",
        page(json!([{ "request_id": 1 }])),
    )
    .await;
    let report = chat(&server).report::<RequestStats>(day(4)..=day(5));
    assert_eq!(report.collect_all().await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_day_that_the_server_cut_is_incomplete() {
    let server = MockServer::start_async().await;
    let rows = [1, 2, 3].map(|id| json!({ "request_id": id }));
    answer(&server, "request_stats", "2026-05-04", page(json!(rows))).await;
    let chat = chat(&server);
    let report = || chat.report::<RequestStats>(day(4));
    let mut rows = report().row_cap(3).items();
    for _ in 0..3 {
        rows.next().await.unwrap().unwrap();
    }
    let error = rows.next().await.unwrap().unwrap_err();
    assert_eq!(
        (error.kind(), error.operation()),
        (ErrorKind::Incomplete, Some("get_statistics"))
    );
    assert!(rows.next().await.is_none());
    assert_eq!(report().row_cap(4).collect_all().await.unwrap().len(), 3);
}
