//! `chat2desk check --drift`: what it finds, and that its report can be shared.

use crate::support::{bare, chat2desk, run};
use axum::Router;
use axum::http::{StatusCode, Uri};
use chat2desk::operations;
use chat2desk_sandbox::{Sandbox, TOKEN};
use serde_json::{Value, json};
use tokio::net::TcpListener;

const DRIFT: [&str; 4] = ["check", "--drift", "--rate", "1000"];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everything_that_reads_is_called_and_nothing_else() {
    let (sandbox, home) = (
        Sandbox::start().await.unwrap(),
        tempfile::tempdir().unwrap(),
    );
    let ensure = [
        "webhooks",
        "ensure",
        "http://127.0.0.1:9/",
        "--events",
        "inbox",
    ];
    run(&mut chat2desk(&sandbox, home.path()), ensure)
        .await
        .code(0);
    let before = sandbox.calls().len();
    let json = DRIFT.into_iter().chain(["--json"]);
    let ended = run(&mut chat2desk(&sandbox, home.path()), json)
        .await
        .code(0);
    assert!(
        ended
            .stderr
            .contains("share it as an issue of this project")
    );
    let report = &ended.json()[0];
    let compared = report["operations"].as_array().unwrap();
    for one in compared {
        assert!(one["responses"].as_u64().unwrap() > 0, "{one}");
        assert_eq!(one["differences"], json!([]), "{one}");
    }
    let mut names: Vec<&str> = compared
        .iter()
        .map(|one| one["operation"].as_str().unwrap())
        .collect();
    names.sort_unstable();
    let reads = operations()
        .iter()
        .filter(|operation| !operation.side_effects);
    assert_eq!(
        names,
        reads.map(|operation| operation.id).collect::<Vec<_>>()
    );
    let calls = sandbox.calls().split_off(before);
    let mut called: Vec<&str> = calls.iter().filter_map(|call| call.operation).collect();
    called.sort_unstable();
    called.dedup();
    assert_eq!(called, names);
    assert!(calls.len() < 60, "{}", calls.len());
}

/// A server that wrote other things than the document says, with what belongs to its account.
async fn odd_server() -> String {
    let odd = json!({
        "data": [
            {"id": 94_000_001, "name": {"Ada": 1}, "Ada's field": "secret text", "external_ids": {"Ada Lovelace": []}},
            {"id": 94_000_002, "name": {"Bela": 1}, "phone": "15550100001", "custom_fields": 5},
        ],
        "meta": {"total": 2, "limit": 200, "offset": 0},
        "status": "success",
    });
    let info = json!({
        "data": {"hook": null, "current_version": 1, "channels": 2, "company_name": "Ada"},
        "status": "success",
    });
    let answer = async move |uri: Uri| match uri.path() {
        "/v1/companies/api_info" => (StatusCode::OK, info.to_string()),
        "/v1/clients" => (StatusCode::OK, odd.to_string()),
        "/v1/channels" => (
            StatusCode::FORBIDDEN,
            json!({"message": "no right of Ada"}).to_string(),
        ),
        _ => (StatusCode::INTERNAL_SERVER_ERROR, "Ada was here".to_owned()),
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, Router::new().fallback(answer)).await });
    url
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_report_has_places_and_types_and_nothing_of_the_account() {
    let (url, home) = (odd_server().await, tempfile::tempdir().unwrap());
    let mut command = bare(home.path());
    command
        .env("CHAT2DESK_URL", &url)
        .env("CHAT2DESK_TOKEN", TOKEN);
    let json = DRIFT.into_iter().chain(["--json"]);
    let ended = run(&mut command, json).await.code(0);
    let compared = &ended.json()[0]["operations"];
    let of = |name: &str| {
        let mut all = compared.as_array().unwrap().iter();
        all.find(|one| one["operation"] == name).unwrap().clone()
    };
    let found = |pointer: &str, rule: &str| {
        let clients = of("list_clients");
        let mut all = clients["differences"].as_array().unwrap().iter();
        let found = all.find(|one| one["pointer"] == pointer && one["rule"] == rule);
        found.cloned().unwrap_or(Value::Null)
    };
    assert_eq!(found("/data/*/name", "type")["count"], 2);
    assert_eq!(found("/data/*/*", "additionalProperties")["count"], 1);
    assert_ne!(
        found("/data/*/external_ids/*", "oneOf"),
        Value::Null,
        "{}",
        of("list_clients")
    );
    assert_eq!(of("list_channels")["failures"], json!(["Auth, HTTP 403"]));
    assert_eq!(
        of("get_message")["failures"],
        json!(["not called: no value is known for `id`"])
    );

    let mut command = bare(home.path());
    command
        .env("CHAT2DESK_URL", &url)
        .env("CHAT2DESK_TOKEN", TOKEN);
    let text = run(&mut command, DRIFT).await.code(0);
    for shown in [&ended.stdout, &ended.stderr, &text.stdout, &text.stderr] {
        for secret in ["Ada", "Bela", "secret", "1555", "94000001", "127.0.0.1"] {
            assert!(!shown.contains(secret), "{secret} in {shown}");
        }
    }
    assert!(
        text.stdout
            .contains("/data/*/name (type): expected string, found object; 2 times"),
        "{text:?}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_budget_that_ends_leaves_the_report_so_far() {
    let (sandbox, home) = (
        Sandbox::start().await.unwrap(),
        tempfile::tempdir().unwrap(),
    );
    let few = DRIFT.into_iter().chain(["--json", "--max-calls", "5"]);
    let ended = run(&mut chat2desk(&sandbox, home.path()), few)
        .await
        .code(6);
    assert_eq!(ended.json()[0]["operations"].as_array().unwrap().len(), 5);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_an_account_nothing_is_compared() {
    let (sandbox, home) = (
        Sandbox::start().await.unwrap(),
        tempfile::tempdir().unwrap(),
    );
    let mut command = chat2desk(&sandbox, home.path());
    let refused = run(command.env("CHAT2DESK_TOKEN", "unknown"), DRIFT)
        .await
        .code(4);
    assert!(!refused.stderr.contains("share"), "{refused:?}");
    assert_eq!(sandbox.calls().len(), 1);
    let nobody = DRIFT
        .into_iter()
        .chain(["--base-url", "http://127.0.0.1:9", "--timeout", "1s"]);
    run(&mut chat2desk(&sandbox, home.path()), nobody)
        .await
        .code(7);
}
