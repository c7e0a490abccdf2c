//! Values that readers of JSON lose: no format loses them, or the export says so.

use crate::support::{Ended, bare, run};
use chat2desk_sandbox::TOKEN;
use serde_json::Value;
use std::path::Path;

/// A server whose only tags, or other records, are these.
async fn serve(records: &[&str]) -> String {
    let (total, records) = (records.len(), records.join(", "));
    let body = format!(
        r#"{{"data": [{records}], "meta": {{"total": {total}, "limit": 200, "offset": 0}}, "status": "success"}}"#
    );
    let app = axum::Router::new().fallback(move || std::future::ready(body.clone()));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, app).await });
    url
}

async fn exported(url: &str, home: &Path, arguments: &str) -> Ended {
    let mut command = bare(home);
    command
        .env("CHAT2DESK_URL", url)
        .env("CHAT2DESK_TOKEN", TOKEN);
    run(&mut command, format!("export {arguments}").split(' ')).await
}

#[tokio::test]
async fn singer_loses_no_value_that_its_types_do_not_hold() {
    let home = tempfile::tempdir().unwrap();
    let deep = format!("{}7{}", "[".repeat(200), "]".repeat(200));
    let odd = [
        r#""\ud800""#,
        r#"{"a": ["\udc00x"]}"#,
        "1e999",
        "-1e999",
        "1e-400",
        "[1, 1e999]",
        "12345678901234567890123.5",
        "12345678901234567890123",
        "0.12345678901234567890123",
        &deep,
    ];
    let plain = [
        ("1.50", "1.5"),
        ("0.10000000000000001", "0.1"),
        ("1e2", "100.0"),
        ("-0.0", "-0.0"),
        ("18446744073709551615", "18446744073709551615"),
        (
            r#"{"b":[true,"\u0416 \" \\"]}"#,
            r#"{"b":[true,"Ж \" \\"]}"#,
        ),
        ("null", "null"),
    ];
    for odd in odd {
        let odd = odd.replace(' ', "");
        for (field, kind) in [
            ("x_new", "tags"),
            ("label", "tags"),
            ("group_id", "tags"),
            ("x_new", "messages"),
            ("client_id", "messages"),
            ("attachments", "messages"),
            ("video", "messages"),
        ] {
            let record =
                format!(r#"{{"id": 1, "{field}": {odd}, "x_known": [2.5], "{field}": 4}}"#);
            let url = serve(&[&record]).await;
            let arguments = format!("{kind} --format singer --hold-back 0s");
            let ended = exported(&url, home.path(), &arguments).await.code(0);
            let message = ended
                .json()
                .into_iter()
                .find(|line| line["type"] == "RECORD")
                .unwrap();
            let record = &message["record"];
            let values = record["_other"].as_object().unwrap();
            let is_kept = |value: &Value| value.as_str() == Some(&odd);
            let is_kept = values.values().any(is_kept) || is_kept(&record[field]);
            assert!(is_kept, "{kind} {field} {odd}: {record}");
            assert_eq!(record["_other"]["x_known"], serde_json::json!([2.5]));
            assert_eq!(record["id"], 1);
        }
    }
    for (written, read) in plain {
        let url = serve(&[&format!(r#"{{"id": 1, "x_new": {written}}}"#)]).await;
        let ended = exported(&url, home.path(), "tags --format singer")
            .await
            .code(0);
        let read: Value = serde_json::from_str(read).unwrap();
        assert_eq!(ended.json()[1]["record"]["_other"]["x_new"], read);
        assert!(
            ended
                .stdout
                .contains(&format!(r#""_other":{{"x_new":{written}}}"#))
        );
    }
}

#[tokio::test]
async fn odd_names_are_kept() {
    let home = tempfile::tempdir().unwrap();
    let url =
        serve(&[r#"{"id": 1, "\ud800": 1, "a": 2, "a": 3, "a_2": 4, "l\u0061bel": "x"}"#]).await;
    let jsonl = exported(&url, home.path(), "tags").await.code(0);
    assert_eq!(
        jsonl.stdout,
        "{\"id\":1,\"\\ud800\":1,\"a\":2,\"a\":3,\"a_2\":4,\"l\\u0061bel\":\"x\"}\n"
    );
    let csv = exported(&url, home.path(), "tags --format csv")
        .await
        .code(0);
    assert!(
        csv.stdout
            .contains(r#"{""\ud800"":1,""a"":2,""a"":3,""a_2"":4}"#),
        "{csv:?}"
    );
    let singer = exported(&url, home.path(), "tags --format singer")
        .await
        .code(0);
    let record = &singer.json()[1]["record"];
    assert_eq!(record["label"], "x");
    let values = record["_other"].as_object().unwrap().values();
    let mut values: Vec<_> = values.map(|value| value.as_i64().unwrap()).collect();
    values.sort_unstable();
    assert_eq!(values, [1, 2, 3, 4]);
}

/// A target drops or mixes up records without a key. The other formats have them as they are.
#[tokio::test]
async fn singer_refuses_a_record_without_a_key() {
    let home = tempfile::tempdir().unwrap();
    for record in [
        r#"{"id":9223372036854775808,"label":"x"}"#,
        r#"{"id":null,"label":"x"}"#,
        r#"{"label":"x"}"#,
        r#"{"id":1.5,"label":"x"}"#,
        r#"{"id":"a-b","label":"x"}"#,
        r#"{"id":[1],"label":"x"}"#,
    ] {
        let url = serve(&[r#"{"id":7,"label":"y"}"#, record]).await;
        let ended = exported(&url, home.path(), "tags --format singer")
            .await
            .code(1);
        assert!(
            ended.stderr.contains("`id`") && ended.stderr.contains("tags"),
            "{ended:?}"
        );
        assert!(!ended.stdout.contains(r#""id":null"#), "{ended:?}");
        for stream in ["tags", "clients", "templates"] {
            let jsonl = exported(&url, home.path(), stream).await.code(0);
            let lines = format!("{{\"id\":7,\"label\":\"y\"}}\n{record}\n");
            assert_eq!(jsonl.stdout, lines, "{stream}");
        }
    }
}
