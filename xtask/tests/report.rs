//! The command's report: what a conversion says, to people and to machines.

use serde_json::{Value, json};
use std::io::Write;
use std::process::{Command, Output, Stdio};

/// Converts standard input to standard output.
fn convert(collection: &Value, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.args(["convert", "-"]).args(arguments);
    let streams = command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = streams.stderr(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(collection.to_string().as_bytes()).unwrap();
    drop(stdin);
    child.wait_with_output().unwrap()
}

/// One request that converts, one that is kept aside, one that has nowhere to go.
fn collection() -> Value {
    let answer = json!({ "name": "ok", "code": 200, "body": "{\"id\": 1}" });
    json!({ "info": { "name": "Shop" }, "item": [
        { "name": "Get order", "request": "https://shop.example.com/orders/:id", "response": [answer] },
        { "name": "Clear", "request": { "method": "PURGE", "url": "https://shop.example.com/cache" } },
        { "name": "Draft", "request": { "method": "GET" } },
    ] })
}

#[test]
fn a_machine_reads_counts_and_warnings() {
    let output = convert(&collection(), &["--report", "json"]);
    assert!(output.status.success());
    let report: Value = serde_json::from_slice(&output.stderr).unwrap();
    let warnings = [
        "Clear: OpenAPI has no method `PURGE`; kept in an extension",
        "Draft: the request has no url; left out",
    ];
    let expected = json!({ "requests": 1, "operations": 1, "components": 1, "warnings": warnings });
    assert_eq!(report, expected);
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(document["paths"]["/orders/{id}"]["get"].is_object());
}

#[test]
fn a_person_reads_the_same_in_lines() {
    let output = convert(&collection(), &[]);
    let text = String::from_utf8(output.stderr).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 3, "{text}");
    assert_eq!(lines[1], "warning: Draft: the request has no url; left out");
    assert_eq!(
        lines[2],
        "1 requests → 1 operations, 1 components, 2 warnings"
    );
}

#[test]
fn help_teaches_by_examples_and_says_what_exit_codes_mean() {
    for task in ["convert", "fetch", "diff", "contract"] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
        let output = command.args([task, "--help"]).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(
            text.contains(&format!("Examples:\n  xtask {task} ")),
            "{text}"
        );
        assert!(text.contains("\nExit codes: 0 "), "{text}");
    }
}
