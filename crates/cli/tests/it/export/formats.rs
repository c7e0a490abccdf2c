//! JSON lines, CSV and messages of Singer: nothing that the server sent is lost.

use super::export;
use crate::support::{bare, chat2desk, run};
use chat2desk_sandbox::{Sandbox, TOKEN};
use serde_json::{Value, json};
use std::fs;

/// A server of tags as no document knows them.
async fn odd_tags() -> String {
    let tags = r#"{"data": [
        {"label": "=1+1", "id": 1, "x_new": {"b": 1.50}, "group_id": "88"},
        {"id": 2, "label": "a \"b\"\n, c", "description": {"no": "text"}, "x_new": null}
    ], "meta": {"total": 2, "limit": 200, "offset": 0}, "status": "success"}"#;
    let templates = r#"{"data": [{"id": 5, "created": "2026-05-04T08:02:10 UTC", "text": true},
        {"id": 6, "created": ""}, {"id": 7, "created": "some day"}], "meta": {"total": 3}, "status": "success"}"#;
    let json = |body: &'static str| axum::routing::get(move || async move { body });
    let app = axum::Router::new()
        .route("/v1/tags", json(tags))
        .route("/v1/templates", json(templates));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, app).await });
    url
}

#[tokio::test]
async fn what_the_document_does_not_know_is_retained() {
    let (url, home) = (odd_tags().await, tempfile::tempdir().unwrap());
    let exported = async |arguments: &str| {
        let mut command = bare(home.path());
        command
            .env("CHAT2DESK_URL", &url)
            .env("CHAT2DESK_TOKEN", TOKEN);
        run(&mut command, format!("export {arguments}").split(' '))
            .await
            .code(0)
            .stdout
    };
    assert_eq!(
        exported("tags").await,
        "{\"label\":\"=1+1\",\"id\":1,\"x_new\":{\"b\":1.50},\"group_id\":\"88\"}\n\
         {\"id\":2,\"label\":\"a \\\"b\\\"\\n, c\",\"description\":{\"no\":\"text\"},\"x_new\":null}\n"
    );
    assert_eq!(
        exported("templates").await,
        "{\"id\":5,\"created\":\"2026-05-04T08:02:10Z\",\"text\":true}\n{\"id\":6,\"created\":\"\"}\n\
         {\"id\":7,\"created\":\"some day\"}\n"
    );
    let csv = exported("tags --format csv").await;
    let mut rows = csv::Reader::from_reader(csv.as_bytes());
    let head: Vec<_> = rows.headers().unwrap().iter().map(str::to_owned).collect();
    assert_eq!(
        head,
        [
            "id",
            "group_id",
            "group_name",
            "label",
            "description",
            "_other"
        ]
    );
    let rows: Vec<Vec<String>> = rows
        .records()
        .map(|row| row.unwrap().iter().map(str::to_owned).collect())
        .collect();
    assert_eq!(
        rows[0],
        ["1", "88", "", "=1+1", "", r#"{"x_new":{"b":1.50}}"#]
    );
    assert_eq!(
        rows[1],
        [
            "2",
            "",
            "",
            "a \"b\"\n, c",
            r#"{"no":"text"}"#,
            r#"{"x_new":null}"#
        ]
    );

    let singer = exported("tags templates --format singer").await;
    let messages: Vec<Value> = singer
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(messages[0]["type"], "SCHEMA");
    assert_eq!(messages[0]["key_properties"], json!(["id"]));
    assert_eq!(
        messages[0]["schema"]["properties"]["group_id"],
        json!({ "type": ["null", "integer"] })
    );
    let records: Vec<_> = messages
        .iter()
        .filter(|message| message["type"] == "RECORD")
        .map(|message| &message["record"])
        .collect();
    assert_eq!(records[0]["group_id"], 88);
    assert_eq!(records[0]["_other"], json!({ "x_new": { "b": 1.5 } }));
    assert_eq!(records[1]["description"], Value::Null);
    assert_eq!(
        records[1]["_other"],
        json!({ "description": { "no": "text" }, "x_new": null })
    );
    assert_eq!(
        (&records[2]["created"], &records[2]["text"]),
        (&json!("2026-05-04T08:02:10Z"), &json!("true"))
    );
    assert_eq!(
        (&records[3]["created"], &records[3]["_other"]),
        (&Value::Null, &Value::Null)
    );
    assert_eq!(records[4]["_other"], json!({ "created": "some day" }));
}

/// Every value of every record has the type of its column, which a target checks.
#[tokio::test]
async fn singer_goes_on_from_its_state() {
    let sandbox = Sandbox::builder()
        .messages(500)
        .clients(30)
        .start()
        .await
        .unwrap();
    let home = tempfile::tempdir().unwrap();
    let ended = export(
        &sandbox,
        home.path(),
        "messages clients dialogs --format singer --hold-back 0s",
    )
    .await
    .code(0);
    let mut schemas = Value::Null;
    let (mut records, mut state) = (0, Value::Null);
    for message in ended.json() {
        match message["type"].as_str().unwrap() {
            "SCHEMA" => {
                schemas[message["stream"].as_str().unwrap()] =
                    message["schema"]["properties"].clone()
            }
            "STATE" => state = message["value"].clone(),
            _ => {
                records += 1;
                for (name, value) in message["record"].as_object().unwrap() {
                    let kind = &schemas[message["stream"].as_str().unwrap()][name]["type"][1];
                    let fits = match kind.as_str().unwrap() {
                        "integer" => value.is_i64(),
                        "number" => value.is_number(),
                        "boolean" => value.is_boolean(),
                        "string" => value.is_string(),
                        "array" => value.is_array(),
                        _ => value.is_object(),
                    };
                    assert!(fits || value.is_null(), "{name} {kind} {value}");
                }
            }
        }
    }
    assert!(records >= 560, "{records}");
    let new = sandbox.write_as(94_000_001, "Hello").unwrap();
    fs::write(home.path().join("state.json"), state.to_string()).unwrap();
    let next = export(
        &sandbox,
        home.path(),
        "messages --format singer --hold-back 0s --state state.json",
    )
    .await
    .code(0);
    let ids: Vec<_> = next
        .json()
        .into_iter()
        .filter(|message| message["type"] == "RECORD")
        .map(|message| message["record"]["id"].as_i64().unwrap())
        .collect();
    assert_eq!(ids, [new]);
    for wrong in [
        "messages --format singer --to x",
        "messages clients",
        "messages --state state.json",
        "weather",
    ] {
        export(&sandbox, home.path(), wrong).await.code(2);
    }
}

#[tokio::test]
async fn a_reader_that_has_seen_enough_ends_the_export_quietly() {
    let sandbox = Sandbox::builder().messages(3000).start().await.unwrap();
    let home = tempfile::tempdir().unwrap();
    for format in ["jsonl", "csv", "singer"] {
        let export = format!("\"$0\" export messages --format {format} --hold-back 0s");
        let script =
            format!("{export} | head -n 1 >first; echo \"${{PIPESTATUS[0]}}\"; wc -l <first");
        let mut bash = std::process::Command::new("bash");
        bash.args(["-c", &script, env!("CARGO_BIN_EXE_chat2desk")]);
        for (name, value) in chat2desk(&sandbox, home.path()).get_envs() {
            value.map(|value| bash.env(name, value));
        }
        let ended = run(bash.current_dir(home.path()), [""; 0]).await;
        assert_eq!(
            (ended.stdout.as_str(), ended.stderr.as_str()),
            ("0\n1\n", ""),
            "{format}"
        );
    }
}
