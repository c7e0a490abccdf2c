//! `chat2desk report`.

use crate::support::{chat2desk, run};
use axum::http::StatusCode;
use chat2desk::List;
use chat2desk::statistics::RequestStats;
use chat2desk_sandbox::{Fault, Rule, Sandbox};
use chrono::NaiveDate;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rows_are_those_of_the_typed_report() {
    let (sandbox, home) = (
        Sandbox::start().await.unwrap(),
        tempfile::tempdir().unwrap(),
    );
    let day = |day| NaiveDate::from_ymd_opt(2026, 5, day).unwrap();
    let rows = sandbox
        .client()
        .report::<RequestStats>(day(4)..=day(5))
        .collect_all()
        .await
        .unwrap();
    let days = ["--since", "2026-05-04", "--until", "2026-05-05"];
    let command = ["report", "request_stats"].into_iter().chain(days);
    let ended = run(&mut chat2desk(&sandbox, home.path()), command)
        .await
        .code(0);
    let expected: Vec<_> = rows
        .iter()
        .map(|row| serde_json::to_value(row).unwrap())
        .collect();
    assert!(expected.len() > 10);
    assert_eq!(ended.json(), expected);
    for name in [
        "operator_events",
        "operator_stats",
        "operator_replies",
        "rating",
    ] {
        let command = ["report", name].into_iter().chain(days);
        run(&mut chat2desk(&sandbox, home.path()), command)
            .await
            .code(0);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_report_that_ends_early_says_so() {
    let (sandbox, home) = (
        Sandbox::start().await.unwrap(),
        tempfile::tempdir().unwrap(),
    );
    sandbox.inject(Rule::new(Fault::Truncated).on("get_statistics"));
    let command = [
        "report",
        "rating",
        "--since",
        "2026-05-04",
        "--until",
        "2026-05-04",
    ];
    let ended = run(&mut chat2desk(&sandbox, home.path()), command).await;
    assert!(
        ended.code != Some(0) && !ended.stderr.is_empty(),
        "{ended:?}"
    );
    let reversed = [
        "report",
        "rating",
        "--since",
        "2026-05-04",
        "--until",
        "2026-05-01",
    ];
    run(&mut chat2desk(&sandbox, home.path()), reversed)
        .await
        .code(2);
    run(
        &mut chat2desk(&sandbox, home.path()),
        ["report", "ratings", "--since", "2026-05-04"],
    )
    .await
    .code(2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_value_of_an_unexpected_type_is_printed_once_as_it_came() {
    let (sandbox, home) = (
        Sandbox::start().await.unwrap(),
        tempfile::tempdir().unwrap(),
    );
    let report = [
        "call",
        "get_statistics",
        "--report",
        "request_stats",
        "--date",
        "2026-05-04",
        "--limit",
        "200",
    ];
    let real = run(&mut chat2desk(&sandbox, home.path()), report)
        .await
        .code(0);
    let mut body = real.json().remove(0);
    for row in body["data"].as_array_mut().unwrap() {
        row["reaction_time"] = "1.5".into();
    }
    let fault = Fault::Response(StatusCode::OK, body.to_string());
    sandbox.inject(Rule::new(fault).on("get_statistics"));
    let days = ["--since", "2026-05-04", "--until", "2026-05-04"];
    let command = ["report", "request_stats"].into_iter().chain(days);
    let ended = run(&mut chat2desk(&sandbox, home.path()), command)
        .await
        .code(0);
    assert!(ended.stdout.lines().count() > 1);
    for line in ended.stdout.lines() {
        let found = (
            line.matches("\"reaction_time\":").count(),
            line.matches(r#""reaction_time":"1.5""#).count(),
        );
        assert_eq!(found, (1, 1), "{line}");
    }
}
