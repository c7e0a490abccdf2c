//! `export` and `streams`: what the files hold, and how the same command goes on.

use crate::support::{Ended, bare, chat2desk, run, start};
use chat2desk::List;
use chat2desk_sandbox::{Fault, Rule, Sandbox, TOKEN};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

async fn export(sandbox: &Sandbox, home: &Path, arguments: &str) -> Ended {
    let arguments = format!("export {arguments}");
    run(&mut chat2desk(sandbox, home), arguments.split(' ')).await
}

fn lines(path: PathBuf) -> Vec<Value> {
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path:?}: {error}"));
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn ids(path: PathBuf) -> Vec<i64> {
    lines(path)
        .iter()
        .map(|record| record["id"].as_i64().unwrap())
        .collect()
}

/// Every stream of the account, twice: the second export changes nothing.
#[tokio::test]
async fn every_stream_is_exported_and_costs_what_streams_says() {
    let sandbox = Sandbox::builder()
        .clients(450)
        .messages(1000)
        .start()
        .await
        .unwrap();
    let home = tempfile::tempdir().unwrap();
    let listed = run(&mut chat2desk(&sandbox, home.path()), ["streams", "--json"])
        .await
        .code(0);
    let mut exported = 0;
    for row in listed.json() {
        let name = row["stream"].as_str().unwrap();
        // Nobody has published them; the sandbox has no lists.
        if ["access_rights", "ticket_values"].contains(&name) {
            continue;
        }
        let until = if row["continues"] == "by day" {
            " --until 2026-05-08"
        } else {
            ""
        };
        let since = if row["continues"] == "read as a whole" {
            ""
        } else {
            " --since 2026-05-01"
        };
        let before = sandbox.calls().len();
        let arguments = format!("{name} --to all/ --hold-back 0s{since}{until}");
        export(&sandbox, home.path(), &arguments).await.code(0);
        let file = home.path().join(format!("all/{name}.jsonl"));
        let content = fs::read(&file).unwrap();
        if let (Some(calls), "read as a whole") =
            (row["calls"].as_u64(), row["continues"].as_str().unwrap())
        {
            assert_eq!((sandbox.calls().len() - before) as u64, calls, "{name}");
        }
        if let Some(records) = row["records"].as_u64() {
            assert_eq!(lines(file.clone()).len() as u64, records, "{name}");
        }
        export(&sandbox, home.path(), &arguments).await.code(0);
        assert!(content == fs::read(&file).unwrap(), "{name} changed");
        exported += 1;
    }
    assert!(exported > 20, "{exported}");
    for file in fs::read_dir(home.path().join("all")).unwrap() {
        let text = fs::read_to_string(file.unwrap().path()).unwrap();
        assert!(!text.contains(TOKEN));
    }
    let table = run(&mut chat2desk(&sandbox, home.path()), ["streams"])
        .await
        .code(0);
    assert_eq!(table.stdout.lines().count(), listed.json().len() + 1);
}

#[tokio::test]
async fn messages_are_added_and_their_days_refreshed() {
    let sandbox = Sandbox::builder()
        .messages(300)
        .clock(std::time::SystemTime::now().into())
        .start()
        .await
        .unwrap();
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("messages.jsonl");
    let command = "messages --to messages.jsonl --hold-back 0s";
    export(&sandbox, home.path(), command).await.code(0);
    let first = fs::read(&file).unwrap();
    assert_eq!(
        ids(file.clone()),
        (5_000_000_101..=5_000_000_400).collect::<Vec<_>>()
    );
    assert!(
        lines(file.clone())[0]["created"]
            .as_str()
            .unwrap()
            .ends_with('Z')
    );

    let new = sandbox.write_as(94_000_001, "Hello").unwrap();
    let held = export(&sandbox, home.path(), "messages --to messages.jsonl")
        .await
        .code(0);
    assert!(held.stderr.contains("messages: 0 records"), "{held:?}");
    assert!(first == fs::read(&file).unwrap());
    export(&sandbox, home.path(), command).await.code(0);
    let second = fs::read(&file).unwrap();
    assert!(second.starts_with(&first));
    assert_eq!(ids(file.clone()).last(), Some(&new));
    assert_eq!(lines(file.clone()).last().unwrap()["read"], 0);

    // What changes is in the file after a refresh, once.
    sandbox
        .client()
        .mark_message_read(new)
        .send()
        .await
        .unwrap();
    export(&sandbox, home.path(), command).await.code(0);
    assert!(second == fs::read(&file).unwrap());
    export(
        &sandbox,
        home.path(),
        &format!("{command} --refresh-days 2"),
    )
    .await
    .code(0);
    assert_eq!(lines(file.clone()).last().unwrap()["read"], 1);
    assert_eq!(ids(file.clone()).len(), 301);

    let other = export(
        &sandbox,
        home.path(),
        &format!("{command} --since 2026-05-05"),
    )
    .await
    .code(2);
    assert!(other.stderr.contains("--fresh"), "{other:?}");
    export(&sandbox, home.path(), &format!("{command} --format csv"))
        .await
        .code(2);
    export(
        &sandbox,
        home.path(),
        &format!("{command} --since 2026-05-05 --fresh"),
    )
    .await
    .code(0);
    assert!(ids(file.clone()).len() < 301);
    fs::write(&file, "").unwrap();
    let short = export(
        &sandbox,
        home.path(),
        &format!("{command} --since 2026-05-05"),
    )
    .await
    .code(1);
    assert!(short.stderr.contains("shorter"), "{short:?}");
    fs::write(home.path().join("notes.jsonl"), "mine\n").unwrap();
    export(&sandbox, home.path(), "messages --to notes.jsonl")
        .await
        .code(2);
    assert_eq!(
        fs::read_to_string(home.path().join("notes.jsonl")).unwrap(),
        "mine\n"
    );
}

/// A message that appears late with a lower id is lost if nothing is held back, and not otherwise.
#[tokio::test]
async fn late_messages_are_not_lost() {
    for (hold_back, expected) in [("0s", false), ("10m", true)] {
        let sandbox = Sandbox::builder()
            .messages(50)
            .clock(std::time::SystemTime::now().into())
            .start()
            .await
            .unwrap();
        let home = tempfile::tempdir().unwrap();
        let late = sandbox.write_as(94_000_001, "late").unwrap();
        assert!(sandbox.list_after(late, Duration::from_secs(100)));
        let prompt = sandbox.write_as(94_000_001, "prompt").unwrap();
        let command = format!("messages --to m.jsonl --hold-back {hold_back}");
        export(&sandbox, home.path(), &command).await.code(0);
        sandbox.advance(Duration::from_secs(200));
        export(
            &sandbox,
            home.path(),
            "messages --to m.jsonl --hold-back 0s",
        )
        .await
        .code(0);
        let ids = ids(home.path().join("m.jsonl"));
        assert!(ids.contains(&prompt));
        assert_eq!(ids.contains(&late), expected, "{hold_back}");
    }
}

#[tokio::test]
async fn a_whole_list_replaces_its_file_when_it_is_complete() {
    let sandbox = Sandbox::builder().clients(1000).start().await.unwrap();
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("clients.jsonl");
    export(&sandbox, home.path(), "clients --to clients.jsonl")
        .await
        .code(0);
    let first = fs::read(&file).unwrap();
    let before = sandbox.calls().len();

    let cut = export(
        &sandbox,
        home.path(),
        "clients --to clients.jsonl --max-calls 3",
    )
    .await
    .code(6);
    assert!(cut.stderr.contains("clients: "), "{cut:?}");
    assert!(first == fs::read(&file).unwrap() && home.path().join("clients.jsonl.new").exists());
    export(&sandbox, home.path(), "clients --to clients.jsonl")
        .await
        .code(0);
    assert!(first == fs::read(&file).unwrap() && !home.path().join("clients.jsonl.new").exists());
    // One more than at once: the page at the cut is read again.
    assert!(sandbox.calls().len() - before <= 8);

    sandbox.inject(Rule::new(Fault::Status(http::StatusCode::FORBIDDEN)).on("list_tags"));
    let some = export(&sandbox, home.path(), "tags clients operators --to all").await;
    assert!(some.stderr.contains("tags: "), "{some:?}");
    assert_ne!(some.code, Some(0));
    assert_eq!(ids(home.path().join("all/clients.jsonl")).len(), 1000);

    let calls = sandbox.calls_of("list_clients").len();
    // Two at once would write the same file.
    sandbox.inject(Rule::new(Fault::Delay(Duration::from_secs(60))).on("list_clients"));
    let mut command = chat2desk(&sandbox, home.path());
    let mut first = start(command.args(["export", "clients", "--to", "all"]));
    while sandbox.calls_of("list_clients").len() == calls {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let second = export(&sandbox, home.path(), "operators --to all")
        .await
        .code(1);
    assert!(second.stderr.contains("another export"), "{second:?}");
    first.kill().unwrap();
    first.wait().unwrap();
    export(&sandbox, home.path(), "operators --to all")
        .await
        .code(0);
}

#[tokio::test]
async fn reports_go_on_by_day() {
    let sandbox = Sandbox::builder().messages(2000).start().await.unwrap();
    let home = tempfile::tempdir().unwrap();
    let rows = |file: &str| fs::read_to_string(home.path().join(file)).unwrap();
    export(
        &sandbox,
        home.path(),
        "request_stats --to whole.jsonl --since 2026-05-01 --until 2026-05-12",
    )
    .await
    .code(0);
    for until in ["2026-05-04", "2026-05-06", "2026-05-12"] {
        let arguments =
            format!("request_stats --to parts.jsonl --since 2026-05-01 --until {until}");
        export(&sandbox, home.path(), &arguments).await.code(0);
    }
    assert!(!rows("whole.jsonl").is_empty());
    assert!(rows("whole.jsonl") == rows("parts.jsonl"));
    // From a day on that was exported, as if the rows of its days had changed.
    let days =
        chrono::Utc::now().date_naive() - chrono::NaiveDate::from_ymd_opt(2026, 5, 6).unwrap();
    if days.num_days() < 100 {
        let refresh = format!(
            "request_stats --to parts.jsonl --since 2026-05-01 --until 2026-05-12 --refresh-days {}",
            days.num_days()
        );
        export(&sandbox, home.path(), &refresh).await.code(0);
        assert!(rows("whole.jsonl") == rows("parts.jsonl"));
    }
    let missing = export(&sandbox, home.path(), "rating").await.code(2);
    assert!(missing.stderr.contains("--since"));
}

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

/// Every record that existed throughout, once, whatever goes wrong.
#[tokio::test]
async fn lists_are_exact_under_faults() {
    let size = |name: &str, default: usize| {
        std::env::var(name).map_or(default, |text| text.parse().unwrap())
    };
    let messages = size("CHAT2DESK_MESSAGES", 6000);
    let clients = size("CHAT2DESK_CLIENTS", 1500);
    let sandbox = Sandbox::builder()
        .messages(messages)
        .clients(clients)
        .journal(1_000_000);
    let sandbox = sandbox.start().await.unwrap();
    let home = tempfile::tempdir().unwrap();
    sandbox.inject(Rule::new(Fault::BadGateway).share(0.01));
    sandbox.inject(Rule::new(Fault::Reset).share(0.005));
    sandbox.inject(Rule::new(Fault::Grow).on("list_messages").share(0.2));
    sandbox.inject(Rule::new(Fault::Grow).on("list_clients").share(0.2));
    sandbox.inject(Rule::new(Fault::Shrink).on("list_clients").share(0.02));
    let mut code = None;
    for _ in 0..20 {
        let ended = export(
            &sandbox,
            home.path(),
            "messages clients --to all --hold-back 0s",
        )
        .await;
        code = ended.code;
        assert!([0, 3, 7].contains(&code.unwrap()), "{ended:?}");
        if code == Some(0) {
            break;
        }
    }
    assert_eq!(code, Some(0));
    let calls = |operation| sandbox.calls_of(operation).len() as f64;
    let calls = [calls("list_messages"), calls("list_clients")];
    sandbox.clear_faults();
    let chat = sandbox.client();
    let left = chat.list_clients().collect_all().await.unwrap();
    let left: BTreeSet<i64> = left.iter().map(|client| client.id).collect();
    let all = chat.list_messages().collect_all().await.unwrap();
    let all: BTreeSet<i64> = all.iter().map(|message| message.id).collect();
    for (name, first, count, left, calls) in [
        ("messages", 5_000_000_101, messages, all, calls[0]),
        ("clients", 94_000_001, clients, left, calls[1]),
    ] {
        let exported = ids(home.path().join(format!("all/{name}.jsonl")));
        let distinct: BTreeSet<_> = exported.iter().copied().collect();
        assert_eq!(distinct.len(), exported.len(), "no {name} twice");
        let existing = (first..).take(count).filter(|id| left.contains(id));
        let existing: BTreeSet<_> = existing.collect();
        assert!(distinct.is_superset(&existing), "{name} are missing");
        let most = count as f64 / 199.0 * 1.05 + 2.0;
        println!(
            "{name}: {} of {count} existed throughout, {calls} calls, at most {most}",
            existing.len()
        );
        assert!(calls <= most, "{name}: {calls} of {most}");
    }
}
