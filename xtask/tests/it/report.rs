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
    let counts = ["requests", "operations", "components"].map(|key| &report[key]);
    assert_eq!(counts, [1, 1, 1]);
    assert_eq!(report["warnings"], json!(warnings));
    let requests = json!({ "found": 3, "kept": 1, "merged": 0, "left_out": 2 });
    assert_eq!(report["account"]["requests"], requests);
    assert_eq!(
        report["account"]["entries"][1],
        json!({ "kind": "request", "place": "Draft", "count": 1, "left_out": "the request has no url" })
    );
    assert_eq!(report.get("lowering"), None);
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(document["paths"]["/orders/{id}"]["get"].is_object());
}

#[test]
fn a_person_reads_the_same_in_lines() {
    let output = convert(&collection(), &[]);
    let text = String::from_utf8(output.stderr).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 8, "{text}");
    assert_eq!(lines[1], "warning: Draft: the request has no url; left out");
    assert_eq!(lines[2], "requests: 3 found, 1 kept, 0 merged, 2 left out");
    assert_eq!(
        lines[7],
        "1 requests → 1 operations, 1 components, 2 warnings"
    );
}

#[test]
fn what_a_client_cannot_express_is_said_line_by_line() {
    let mut collection = collection();
    let files = json!([{ "key": "photo", "type": "file", "src": "/a" }]);
    let request = json!({
        "method": "POST",
        "url": "https://shop.example.com/notes/:body?a-b=1&a_b=2",
        "header": [{ "key": "Content-Length", "value": "5" }],
        "body": { "mode": "formdata", "formdata": files },
    });
    collection["item"][2] = json!({ "name": "Add note", "request": request });
    collection["item"][1]["request"]["method"] = "OPTIONS".into();
    let output = convert(&collection, &["--lowered"]);
    let text = String::from_utf8(output.stderr).unwrap();
    let said = text
        .lines()
        .filter_map(|line| line.strip_prefix("lowered: "));
    let note = "create_note (POST /notes/{body}): ";
    let expected = [
        "options_cache (OPTIONS /cache): reqwest has no call for its method; see `x-unsupported-operations`",
        &format!(
            "{note}the parameter `body` of the path has another name, since the builder uses this one"
        ),
        &format!("{note}the parameter `a_b` is called \"a_b_parameter\", and sent as before"),
        &format!(
            "{note}the parameter `Content-Length` is left out: its name is taken, or none that a client may set"
        ),
        &format!(
            "{note}the body is sent as `multipart/form-data` as it is given, and its boundary in the parameter \
             `content_type`"
        ),
    ];
    assert_eq!(said.collect::<Vec<_>>(), expected);
    assert!(text.contains("lowered parameters: 5 found, 4 kept, 0 merged, 1 left out"));
    let output = convert(&collection, &["--lowered", "--report", "json"]);
    let report: Value = serde_json::from_slice(&output.stderr).unwrap();
    assert_eq!(report["lowering"]["lines"].as_array().unwrap().len(), 5);
    assert_eq!(report["lowering"]["account"]["parameters"]["kept"], 4);
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
