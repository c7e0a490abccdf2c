//! `call` and `operations`: every operation of the table, with its arguments as options.

use crate::support::{bare, chat2desk, run, run_with};
use chat2desk::{operation, operations};
use chat2desk_sandbox::{Fault, Rule, Sandbox};
use serde_json::{Value, json};
use std::process::Command;

#[tokio::test]
async fn every_operation_has_help_of_a_page() {
    let home = tempfile::tempdir().unwrap();
    for operation in operations() {
        let help = run(&mut bare(home.path()), ["call", operation.id, "--help"])
            .await
            .code(0);
        let lines = help.stdout.lines().count();
        assert!(lines <= 60, "{} has {lines} lines", operation.id);
        for parameter in operation.parameters {
            assert!(
                help.stdout.contains(parameter.name),
                "{} {}",
                operation.id,
                parameter.name
            );
        }
        assert!(help.stdout.contains(operation.path), "{help:?}");
    }
}

#[tokio::test]
async fn nothing_is_sent_without_the_required_arguments() {
    let (sandbox, home) = (
        Sandbox::start().await.unwrap(),
        tempfile::tempdir().unwrap(),
    );
    for operation in operations() {
        let mut required = operation.parameters.iter().filter(|known| known.required);
        if let Some(required) = required.next() {
            let ended = run(
                &mut chat2desk(&sandbox, home.path()),
                ["call", operation.id],
            )
            .await;
            assert!(
                ended.code(2).stderr.contains(required.name),
                "{}",
                operation.id
            );
        }
    }
    for wrong in [
        vec!["get_client", "--id", "x"],
        vec!["get_client", "--id", "1", "--phone", "2"],
        vec!["get_ticket", "--id", ".."],
        vec!["list_clients", "--limit", "many"],
        vec!["list_messages", "--start_date", "31-31-2026"],
        vec!["send_message", "--body", "{"],
        vec!["send_message", "--body", "{}"],
        vec!["send_message", "--body", "@missing.json"],
        vec!["get_client", "--id", "1", "--all"],
        vec!["get_weather"],
    ] {
        let arguments = std::iter::once("call").chain(wrong);
        run(&mut chat2desk(&sandbox, home.path()), arguments)
            .await
            .code(2);
    }
    assert_eq!(sandbox.calls().len(), 0);
}

#[tokio::test]
async fn a_list_is_read_to_its_end() {
    let sandbox = Sandbox::builder()
        .clients(450)
        .page_cap(100)
        .start()
        .await
        .unwrap();
    let home = tempfile::tempdir().unwrap();
    sandbox.inject(Rule::new(Fault::Reset).on("list_clients").share(0.3));
    let all = run(
        &mut chat2desk(&sandbox, home.path()),
        ["call", "list_clients", "--all"],
    )
    .await;
    let all = all.code(0);
    let ids: Vec<_> = all
        .json()
        .iter()
        .map(|client| client["id"].as_i64().unwrap())
        .collect();
    assert_eq!(ids, (94_000_001..=94_000_450).collect::<Vec<_>>());
    // The fields are in the server's order.
    assert!(
        all.stdout.starts_with(r#"{"id":94000001,"name":"#),
        "{}",
        &all.stdout[..80]
    );
    sandbox.clear_faults();

    let page = ["call", "list-clients", "--limit", "2", "--offset=5"];
    let page = run(&mut chat2desk(&sandbox, home.path()), page)
        .await
        .code(0)
        .json();
    assert_eq!(
        (page.len(), page[0]["meta"]["total"].as_i64()),
        (1, Some(450))
    );
    assert_eq!(page[0]["data"][0]["id"], 94_000_006);
    let some = [
        "call",
        "list_messages",
        "--order",
        "desc",
        "--max-items",
        "3",
    ];
    let some = run(&mut chat2desk(&sandbox, home.path()), some)
        .await
        .code(0);
    assert_eq!(some.json().len(), 3);

    let script = "\"$0\" call list_clients --all | head -n 1 > first; echo \"${PIPESTATUS[0]}\"";
    let mut bash = Command::new("bash");
    let ended = bash
        .args(["-c", script, env!("CARGO_BIN_EXE_chat2desk")])
        .current_dir(home.path());
    let ended = ended
        .env("CHAT2DESK_URL", sandbox.url())
        .env("CHAT2DESK_TOKEN", chat2desk_sandbox::TOKEN);
    let ended = run(ended, [""; 0]).await;
    assert_eq!((ended.stdout.as_str(), ended.stderr.as_str()), ("0\n", ""));
    let no_list = run(
        &mut chat2desk(&sandbox, home.path()),
        ["call", "get_api_info", "--all"],
    )
    .await;
    no_list.code(2);
}

#[tokio::test]
async fn arguments_and_bodies_are_sent_as_they_are_named() {
    let (sandbox, home) = (
        Sandbox::start().await.unwrap(),
        tempfile::tempdir().unwrap(),
    );
    let sent = async |arguments: &[&str], stdin: &str| {
        let mut command = chat2desk(&sandbox, home.path());
        run_with(&mut command, arguments, stdin).await
    };
    std::fs::write(
        home.path().join("body.json"),
        r#"{"client_id": 94000001, "text": "of a file"}"#,
    )
    .unwrap();
    for (arguments, text) in [
        (
            vec!["--client_id", "94000001", "--text", "-5 °C, é"],
            "-5 °C, é",
        ),
        (vec!["--client-id=94000001", "--text="], ""),
        (
            vec!["--body", r#"{"client_id":94000001,"text":"whole"}"#],
            "whole",
        ),
        (vec!["--body", "@body.json"], "of a file"),
        (vec!["--body", "-"], "of stdin"),
    ] {
        let arguments = [vec!["call", "send_message", "--dry-run"], arguments].concat();
        let ended = sent(&arguments, r#"{"client_id":94000001,"text":"of stdin"}"#)
            .await
            .code(0);
        let expected = json!({ "method": "POST", "path": "/v1/messages",
            "body": { "client_id": 94_000_001, "text": text } });
        assert_eq!(ended.json(), [expected]);
    }
    assert_eq!(sandbox.calls().len(), 0);
    // Without a token.
    let list = [
        "call",
        "list_clients",
        "--custom_field_id",
        "5",
        "--custom_field[text]",
        "a b",
        "--dry-run",
    ];
    let list = run(&mut bare(home.path()), list).await.code(0);
    assert_eq!(
        list.json()[0]["path"],
        "/v1/clients?custom_field%5Bid%5D=5&custom_field%5Btext%5D=a+b"
    );

    // An argument that is called like an option of the command, lists in parts, and flags.
    let body = [
        "call",
        "receive_message",
        "--channel_id",
        "1",
        "--from_client",
        "{}",
        "--arg_body",
        "Hello",
        "--dry-run",
    ];
    assert_eq!(
        sent(&body, "").await.code(0).json()[0]["body"]["body"],
        "Hello"
    );
    let tags = [
        "call",
        "assign_tags",
        "--tag_ids",
        "1201",
        "--tag_ids",
        "1305,7",
        "--assignee_type",
        "client",
    ];
    let tags = [&tags[..], &["--assignee_id", "94000001", "--dry-run"]].concat();
    assert_eq!(
        sent(&tags, "").await.code(0).json()[0]["body"]["tag_ids"],
        json!([1201, 1305, 7])
    );
    let flag = [
        "call",
        "transfer_message",
        "--id",
        "5",
        "--operator_id",
        "1",
        "--force_assign",
        "--dry-run",
    ];
    assert_eq!(
        sent(&flag, "").await.code(0).json()[0]["path"],
        "/v1/messages/5/transfer?force_assign=true&operator_id=1"
    );

    let real = sent(
        &[
            "call",
            "send_message",
            "--client_id",
            "94000001",
            "--text",
            "Hello",
        ],
        "",
    )
    .await;
    assert!(real.code(0).json()[0]["data"]["message_id"].is_i64());
    assert_eq!(
        sandbox.calls_of("send_message")[0].json().unwrap()["text"],
        "Hello"
    );
    let gone = sent(&["call", "get_client", "--id", "1"], "").await;
    gone.code(5);
    sandbox.inject(Rule::new(Fault::Reset).on("send_message"));
    let unclear = [
        "call",
        "send_message",
        "--client_id",
        "94000001",
        "--text",
        "a secret text",
    ];
    let unclear = sent(&unclear, "").await.code(8);
    assert!(!unclear.stderr.contains("secret"), "{unclear:?}");
}

#[tokio::test]
async fn the_table_is_listed() {
    let home = tempfile::tempdir().unwrap();
    let all = run(&mut bare(home.path()), ["operations"]).await.code(0);
    assert_eq!(all.stdout.lines().count(), operations().len());
    let tickets = run(&mut bare(home.path()), ["operations", "TICKET", "--json"])
        .await
        .code(0)
        .json();
    assert_eq!(tickets.len(), 6);
    let names = |of: &Value| {
        of["parameters"]
            .as_array()
            .unwrap()
            .iter()
            .map(|of| of["name"].clone())
            .collect::<Vec<_>>()
    };
    assert!(
        names(&tickets[0]).contains(&"summary".into()),
        "{tickets:?}"
    );
    let reads = run(&mut bare(home.path()), ["operations", "--reads", "--json"])
        .await
        .code(0)
        .json();
    let writes = |known: &Value| {
        operation(known["operation"].as_str().unwrap())
            .unwrap()
            .side_effects
    };
    assert!(reads.len() > 30 && !reads.iter().any(writes));
}
