//! A value of another type than the documented one costs its own field, in every event.

use crate::events::{at, event, json_value, places, samples};
use crate::payloads::written;
use chat2desk::webhook::Event;
use chat2desk::wire::WebhookEvent;
use proptest::prelude::*;
use serde_json::{Value, json};

/// Values of every type, and what they are called.
fn one_of_each_type() -> [(Value, &'static str); 7] {
    [
        (Value::Null, "null"),
        (json!(true), "boolean"),
        (json!(5), "integer"),
        (json!(0.5), "number"),
        (json!("my words"), "string"),
        (json!([[]]), "array"),
        (json!({ "my key": "my words" }), "object"),
    ]
}

/// Every field of every event, with a value of every other type: what is not that field is untouched.
#[test]
fn a_value_of_another_type_costs_its_own_field() {
    let (mut taken, mut reported) = (0, 0);
    for (name, sample) in samples() {
        let whole = typed(&event(&sample));
        for path in places(&sample) {
            let is_element = path.iter().any(|key| key.parse::<usize>().is_ok());
            if path.len() == 1 && ["hook_type", "event_time"].contains(&path[0].as_str())
                || is_element
            {
                continue;
            }
            let pointer: String = path.iter().map(|key| format!("/{key}")).collect();
            for (value, found) in one_of_each_type() {
                let mut mutated = sample.clone();
                *at(&mut mutated, &path) = value;
                let place = format!("{name} {pointer}: {mutated}");
                let event = event(&mutated);
                assert_eq!(event.name().unwrap().as_str(), name, "{place}");
                let read = typed(&event);
                assert_eq!(without(&read, &path), without(&whole, &path), "{place}");
                taken += 1;
                let Some(drift) = event.drift().first() else {
                    continue;
                };
                assert_eq!(event.drift().len(), 1, "{place}: {:?}", event.drift());
                match drift.pointer.strip_prefix(&pointer) {
                    Some("") => assert_eq!(drift.found, found, "{place}"),
                    // The only element of the list that stands there now.
                    Some("/0") => assert_eq!(drift.found, "array", "{place}"),
                    _ => panic!("{place}: {drift}"),
                }
                assert!(!format!("{drift:?}").contains("my"), "{drift:?}");
                reported += 1;
            }
        }
    }
    assert!(taken > 1_500 && reported > 1_000, "{taken} {reported}");
}

/// The payload as JSON; fails if it is not typed.
fn typed(event: &Event) -> Value {
    written(event).0
}

/// JSON without the value at a path.
fn without(json: &Value, path: &[String]) -> Value {
    let mut json = json.clone();
    let (key, parents) = path.split_last().unwrap();
    let parent: String = parents.iter().map(|key| format!("/{key}")).collect();
    if let Some(Value::Object(map)) = json.pointer_mut(&parent) {
        map.remove(key);
    }
    json
}

#[test]
fn a_post_that_is_no_object_of_its_event_is_kept_whole() {
    let json = json!({ "hook_type": "outbox_status", "data": { "id": 5 } });
    assert_eq!(event(&json).drift(), []);
    for (text, pointer) in [
        (
            r#"{"hook_type": "inbox", "hook_type": "outbox", "message_id": 7}"#,
            "",
        ),
        (
            r#"{"hook_type": "outbox", "message_id": 7, "text": "\ud800"}"#,
            "/text",
        ),
        (
            r#"{"hook_type": "outbox", "message_id": 7, "event_time": "\ud800"}"#,
            "/event_time",
        ),
        (
            r#"{"hook_type": "outbox", "message_id": 7, "x_new": 1e999}"#,
            "/*",
        ),
    ] {
        let event = Event::parse_unverified(text).unwrap();
        assert_eq!(event.name(), Some(WebhookEvent::Outbox), "{text}");
        assert_eq!(event.message().unwrap().message_id, Some(7), "{text}");
        let pointers: Vec<_> = event
            .drift()
            .iter()
            .map(|drift| drift.pointer.as_str())
            .collect();
        assert_eq!(pointers, [pointer], "{text}");
        assert_eq!(event.raw(), text);
    }
    let deep = format!(
        r#"{{"hook_type": "inbox", "extra_data": {}{}}}"#,
        "[".repeat(1000),
        "]".repeat(1000)
    );
    let event = Event::parse_unverified(deep).unwrap();
    assert_eq!(
        (event.name(), event.drift().len()),
        (Some(WebhookEvent::Inbox), 1)
    );
}

proptest! {
    #[test]
    fn any_value_in_any_field_costs_no_other(number in 0..10_000_usize, value in json_value()) {
        let samples: Vec<_> = samples().into_iter().collect();
        let (name, sample) = &samples[number % samples.len()];
        let fields: Vec<_> = places(sample).into_iter().filter(|path| {
            !(path.len() == 1 && ["hook_type", "event_time"].contains(&path[0].as_str()))
                && path.iter().all(|key| key.parse::<usize>().is_err())
        }).collect();
        let path = &fields[number % fields.len()];
        let mut mutated = sample.clone();
        *at(&mut mutated, path) = value;
        let read = typed(&event(&mutated));
        prop_assert_eq!(without(&read, path), without(&typed(&event(sample)), path), "{}: {}", name, mutated);
    }

    #[test]
    fn a_known_event_is_typed_whatever_it_holds(value in json_value(), number in 0..100_usize) {
        let mut value = value;
        let names: Vec<_> = samples().into_values().map(|sample| sample["hook_type"].clone()).collect();
        if let Some(map) = value.as_object_mut() {
            map.insert("hook_type".into(), names[number % names.len()].clone());
            typed(&event(&value));
        }
    }
}

#[test]
fn a_key_that_is_no_field_is_not_shown() {
    let post = r#"{"hook_type": "inbox", "message_id": 7, "Ada": 1e999, "+15550100001": 1e999, "x_new": 1e999}"#;
    let event = Event::parse_unverified(post).unwrap();
    let pointers: Vec<_> = event
        .drift()
        .iter()
        .map(|drift| drift.pointer.as_str())
        .collect();
    assert_eq!(pointers, ["/*", "/*", "/*"]);
}
