//! Invalid arguments: nothing is sent, and the error names the argument and what is accepted.

use super::{Recorder, by_name, known};
use chat2desk::{ErrorKind, List};
use serde_json::{Value, json};

#[tokio::test]
async fn nothing_is_sent_for_an_invalid_argument() {
    let recorder = Recorder::default();
    let chat = recorder.client();
    let cases: Vec<(&str, Value, &[&str])> = vec![
        ("get_client", json!({}), &["`id`", "an integer", "missing"]),
        (
            "get_client",
            json!({ "id": "94000001" }),
            &["`id`", "an integer", "a text"],
        ),
        ("get_client", json!({ "id": 1.5 }), &["`id`", "an integer"]),
        (
            "get_client",
            json!({ "id": u64::MAX }),
            &["`id`", "an integer"],
        ),
        ("get_client", json!({ "id": null }), &["`id`", "null"]),
        (
            "get_client",
            json!({ "id": 1, "phone": "15550100002" }),
            &["`phone`", "`id`"],
        ),
        (
            "list_clients",
            json!({ "phone": 15_550_100_002_i64 }),
            &["`phone`", "a text", "a number"],
        ),
        (
            "list_clients",
            json!({ "custom_field[id]": 5, "custom_field_id": 5 }),
            &["`custom_field_id`", "same"],
        ),
        (
            "list_clients",
            json!({ "Phone": "1" }),
            &["`Phone`", "`phone`, `client_phone`"],
        ),
        (
            "list_operator_groups",
            json!({ "limit": 1 }),
            &["`limit`", "takes none"],
        ),
        (
            "list_messages",
            json!({ "start_date": "05-31-2026" }),
            &["`start_date`", "dd-mm-yyyy"],
        ),
        (
            "list_messages",
            json!({ "direction_reverse": "true" }),
            &["`direction_reverse`", "`true` or `false`"],
        ),
        (
            "get_statistics",
            json!({ "report": "rating", "date": "04-05-2026" }),
            &["`date`", "`yyyy-mm-dd`"],
        ),
        (
            "get_statistics",
            json!({ "date": "2026-05-04" }),
            &["`report`", "missing"],
        ),
        ("send_message", json!({}), &["`client_id`", "missing"]),
        (
            "send_message",
            json!({ "client_id": 1, "inline_buttons": {} }),
            &["`inline_buttons`", "a list"],
        ),
        (
            "send_message",
            json!({ "client_id": 1, "inline_buttons": ["a"] }),
            &["`inline_buttons`", "a JSON object"],
        ),
        (
            "send_message",
            json!({ "client_id": 1, "text": null }),
            &["`text`", "null"],
        ),
        (
            "assign_tags",
            json!({ "tag_ids": [1, "2"], "assignee_type": "client", "assignee_id": 1 }),
            &["`tag_ids`", "an integer"],
        ),
        (
            "update_client",
            json!({ "id": 1, "external_id": true }),
            &["`external_id`", "an integer or a text"],
        ),
        (
            "update_client",
            json!({ "id": 1, "nickname": 5 }),
            &["`nickname`", "a text or null"],
        ),
        (
            "create_operator",
            json!({ "email": "a@example.com" }),
            &["`email`", "body"],
        ),
        ("get_ticket", json!({ "id": "" }), &["`id`", "empty"]),
        ("get_ticket", json!({ "id": "." }), &["`id`"]),
        ("get_ticket", json!({ "id": ".." }), &["`id`"]),
        ("get_ticket", json!({ "id": "a/../b" }), &["`id`"]),
        ("get_ticket", json!({ "id": "%2e%2E" }), &["`id`"]),
    ];
    for (id, arguments, expected) in cases {
        let call = by_name(&chat, id, arguments.clone());
        assert_eq!(
            call.preview().unwrap_err().kind(),
            ErrorKind::InvalidRequest
        );
        let error = call.send().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{id} {arguments}");
        let text = error.to_string();
        assert!(text.contains(id), "{text}");
        assert!(expected.iter().all(|part| text.contains(part)), "{text}");
        assert!(
            !text.contains("15550100002") && !text.contains("94000001"),
            "{text}"
        );
        assert_eq!(recorder.take(), []);
    }
}

#[tokio::test]
async fn whole_bodies_are_checked_as_well() {
    let recorder = Recorder::default();
    let chat = recorder.client();
    for (id, arguments, body, expected) in [
        ("get_client", json!({ "id": 1 }), json!({}), "takes no body"),
        ("send_message", json!({}), json!([]), "a JSON object"),
        (
            "send_message",
            json!({}),
            json!({ "text": "Hello" }),
            "`client_id`",
        ),
        (
            "send_message",
            json!({}),
            json!({ "client_id": "1" }),
            "`client_id` must be an integer",
        ),
        (
            "send_message",
            json!({ "client_id": 1 }),
            json!({ "client_id": 1 }),
            "only one of them",
        ),
        (
            "update_client",
            json!({ "id": 1 }),
            json!({ "id": 1 }),
            "`id` is no part of the body",
        ),
        (
            "update_client",
            json!({}),
            json!({ "comment": "c" }),
            "`id` must be",
        ),
        ("create_operator", json!({}), json!("text"), "a JSON object"),
    ] {
        let error = by_name(&chat, id, arguments)
            .body(body)
            .send()
            .await
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
        assert!(error.to_string().contains(expected), "{error}");
        assert_eq!(recorder.take(), []);
    }
    // What the document does not know is sent, since only the user can know.
    let call =
        by_name(&chat, "send_message", json!({})).body(json!({ "client_id": 1, "a_new_one": [2] }));
    call.await.unwrap();
    assert_eq!(
        recorder.only().body.unwrap(),
        r#"{"a_new_one":[2],"client_id":1}"#
    );
}

#[tokio::test]
async fn what_is_no_list_has_no_records() {
    let recorder = Recorder::default();
    let chat = recorder.client();
    let mut records = by_name(&chat, "get_client", json!({ "id": 1 })).records();
    let error = records.next().await.unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert!(error.to_string().contains("no list"), "{error}");
    assert!(records.next().await.is_none());
    for (arguments, expected) in [
        (json!({ "start_id": "5" }), "`start_id`"),
        (
            json!({ "start_id": 5, "start_date": "2026-05-04" }),
            "exclude each other",
        ),
    ] {
        let list = by_name(&chat, "list_messages", arguments)
            .collect_all()
            .await;
        assert!(list.unwrap_err().to_string().contains(expected));
    }
    let missing = by_name(&chat, "list_client_dialogs", json!({}))
        .collect_all()
        .await;
    assert!(missing.unwrap_err().to_string().contains("`id`"));
    assert_eq!(recorder.take(), []);
}

/// Texts of a command line become values, or an error that says what is accepted.
#[test]
fn texts_are_read_by_the_kind_of_the_argument() {
    for (id, name, text, expected) in [
        ("get_client", "id", "-7", Some(json!(-7))),
        ("get_client", "id", "7.0", None),
        ("get_client", "id", "", None),
        ("list_clients", "phone", "007", Some(json!("007"))),
        ("list_clients", "phone", "", Some(json!(""))),
        (
            "list_messages",
            "start_date",
            "2026-05-04",
            Some(json!("04-05-2026")),
        ),
        (
            "list_messages",
            "start_date",
            "04-05-2026",
            Some(json!("04-05-2026")),
        ),
        ("list_messages", "start_date", "yesterday", None),
        (
            "list_messages",
            "direction_reverse",
            "true",
            Some(json!(true)),
        ),
        ("list_messages", "direction_reverse", "1", None),
        ("assign_tags", "tag_ids", "1,2", Some(json!([1, 2]))),
        ("assign_tags", "tag_ids", "[1, 2]", Some(json!([1, 2]))),
        ("assign_tags", "tag_ids", "", Some(json!([]))),
        ("assign_tags", "tag_ids", "1,x", None),
        (
            "create_webhook",
            "events",
            "inbox, outbox",
            Some(json!(["inbox", "outbox"])),
        ),
        (
            "send_message",
            "inline_buttons",
            r#"{"type":"reply"},{"type":"url"}"#,
            Some(json!([{ "type": "reply" }, { "type": "url" }])),
        ),
        (
            "send_message",
            "keyboard",
            r#"{"buttons":[]}"#,
            Some(json!({ "buttons": [] })),
        ),
        ("send_message", "keyboard", "[]", None),
        ("send_message", "interactive", "5", Some(json!(5))),
        ("update_client", "external_id", "12", Some(json!(12))),
        (
            "update_client",
            "external_id",
            "CRM-12",
            Some(json!("CRM-12")),
        ),
        ("update_client", "nickname", "null", Some(Value::Null)),
        ("update_client", "comment", "null", Some(json!("null"))),
        ("set_message_status", "status", "6", Some(json!(6))),
    ] {
        let mut parameters = known(id).parameters.iter();
        let parameter = parameters.find(|known| known.name == name).unwrap();
        match (parameter.parse(text), expected) {
            (Ok(value), Some(expected)) => assert_eq!(value, expected, "{id} {name} {text}"),
            (Err(error), None) => {
                assert_eq!(error.kind(), ErrorKind::InvalidRequest);
                assert!(
                    error.to_string().contains(&format!("`{name}` must be ")),
                    "{error}"
                );
            }
            (read, _) => panic!("{id} {name} {text}: {read:?}"),
        }
    }
}
