//! `chat2desk report`.

use crate::support::{chat2desk, run};
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
