//! `call`: what is written is sent, or refused before anything is sent, in words that help.

use crate::support::{bare, chat2desk, run, run_with};
use axum::http::StatusCode;
use chat2desk_sandbox::{Fault, Rule, Sandbox};
use serde_json::json;
use std::fs;

#[tokio::test]
async fn a_number_that_would_change_is_refused_with_its_place() {
    let sandbox = Sandbox::start().await.unwrap();
    let home = tempfile::tempdir().unwrap();
    fs::write(
        home.path().join("body.json"),
        r#"{"client_id":1,"text":"x","a":{"b":1.10}}"#,
    )
    .unwrap();
    let client = ["call", "update_client", "--id", "94000001"];
    let message = ["call", "send_message"];
    for (command, option, value, place) in [
        (
            &client[..],
            "--custom_fields",
            r#"{"1":12345678901234567890123}"#,
            "`custom_fields`: the number at `1`",
        ),
        (
            &client,
            "--custom_fields",
            r#"{"1":"a","1":"b"}"#,
            "`1` is there twice",
        ),
        (
            &message,
            "--body",
            r#"{"client_id":1.10}"#,
            "--body: the number at `client_id`",
        ),
        (
            &message,
            "--body",
            "@body.json",
            "--body: the number at `a.b`",
        ),
        (
            &message,
            "--body",
            r#"{"client_id":[18446744073709551616]}"#,
            "`client_id.0`",
        ),
        (&message, "--body", r#"{"client_id":1e3}"#, "`client_id`"),
    ] {
        let arguments = command.iter().chain([&option, &value]);
        let ended = run(&mut chat2desk(&sandbox, home.path()), arguments)
            .await
            .code(2);
        assert!(ended.stderr.contains(place), "{value}: {ended:?}");
    }
    assert!(sandbox.calls().is_empty());
    // Texts, and numbers that are the same, are sent.
    let fields = r#"{"1":"1.10 12345678901234567890123","2":9007199254740993,"3":1.5}"#;
    let kept = [&client[..], &["--custom_fields", fields, "--dry-run"]].concat();
    let kept = run(&mut bare(home.path()), kept).await.code(0);
    assert!(
        kept.stdout
            .contains(&format!(r#""custom_fields":{fields}"#)),
        "{kept:?}"
    );
}

#[tokio::test]
async fn an_argument_that_is_refused_shows_the_usage_of_its_operation() {
    let home = tempfile::tempdir().unwrap();
    let told = async |arguments: &[&str]| {
        let ended = run(&mut bare(home.path()), arguments).await.code(2);
        assert!(!ended.stderr.contains("\n\n\n"), "{ended:?}");
        ended.stderr
    };
    let text = told(&["call", "get_client", "--id", "x"]).await;
    assert!(
        text.starts_with("error: `id` must be an integer\n\nUsage: chat2desk call get_client"),
        "{text}"
    );
    let text = told(&["call", "get_client", "--id", "9223372036854775808"]).await;
    assert!(text.contains("to 9223372036854775807"), "{text}");
    let text = told(&["call", "send_message", "--body", "{"]).await;
    assert!(
        text.contains("Usage: chat2desk call send_message"),
        "{text}"
    );
    let text = told(&["call", "list_clientz"]).await;
    let tip = text.lines().find(|line| line.contains("tip:")).unwrap();
    assert!(
        tip.contains("'list_clients'") && !tip.contains("list-"),
        "{tip}"
    );
    assert_eq!(tip.matches('\'').count(), 6, "{tip}");
    let text = told(&["chek"]).await;
    assert!(text.contains("'check'"), "{text}");
}

#[tokio::test]
async fn a_file_with_a_mark_is_read_and_an_empty_response_prints_nothing() {
    let sandbox = Sandbox::start().await.unwrap();
    let home = tempfile::tempdir().unwrap();
    let body = "\u{feff}{\"client_id\":94000001,\"text\":\"Hello\"}";
    fs::write(home.path().join("body.json"), body).unwrap();
    let dry = ["call", "send_message", "--dry-run", "--body"];
    for (place, stdin) in [("@body.json", ""), ("-", body)] {
        let arguments = dry.iter().chain([&place]);
        let ended = run_with(&mut bare(home.path()), arguments, stdin)
            .await
            .code(0);
        assert_eq!(
            ended.json()[0]["body"],
            json!({"client_id": 94_000_001, "text": "Hello"})
        );
    }
    sandbox.inject(Rule::new(Fault::Response(StatusCode::OK, " \r\n".into())).times(1));
    let ended = run(
        &mut chat2desk(&sandbox, home.path()),
        ["call", "get_api_info"],
    )
    .await;
    assert_eq!(ended.code(0).stdout, "");
}

#[tokio::test]
async fn a_write_without_a_readable_response_may_have_been_executed() {
    let sandbox = Sandbox::start().await.unwrap();
    let home = tempfile::tempdir().unwrap();
    let send = [
        "call",
        "send_message",
        "--client_id",
        "94000001",
        "--text",
        "Hello",
    ];
    for fault in [
        Fault::BadGateway,
        Fault::Reset,
        Fault::Response(StatusCode::OK, "<html>maintenance</html>".into()),
    ] {
        sandbox.inject(Rule::new(fault).on("send_message").times(1));
        let ended = run(&mut chat2desk(&sandbox, home.path()), send).await;
        let ended = ended.code(8);
        assert_eq!(
            ended.stderr.matches("may have been executed").count(),
            1,
            "{ended:?}"
        );
    }
}
