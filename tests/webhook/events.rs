//! What is posted is read: every event, in every form that JSON can give it.

use chat2desk::webhook::{Event, Payload, Verifier, sign};
use chat2desk::wire::{MessageType, WebhookEvent};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;

pub fn samples() -> BTreeMap<String, Value> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/crates/sandbox/src/samples");
    let files = fs::read_dir(folder).unwrap().map(|file| {
        let path = file.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        (
            name,
            serde_json::from_slice(&fs::read(path).unwrap()).unwrap(),
        )
    });
    files.collect()
}

pub fn event(json: &Value) -> Event {
    Event::parse_unverified(json.to_string()).unwrap()
}

/// The event as `Event::verify` gives it.
fn signed(json: &Value, seconds: u64) -> Event {
    let body = json.to_string();
    let headers = sign("token", seconds, body.as_bytes()).unwrap();
    let verifier = Verifier::new("token").unwrap();
    verifier.verify(&headers, body).unwrap()
}

#[test]
fn every_event_that_can_be_registered_for_is_typed() {
    let samples = samples();
    let events = samples.iter().map(|(name, sample)| {
        let event = event(sample);
        assert_eq!(
            (event.name().unwrap().as_str(), event.drift()),
            (name.as_str(), &[][..])
        );
        assert!(!matches!(event.payload(), Payload::Other { .. }), "{name}");
        assert!(event.raw().len() > 20 && !event.is_replayed(), "{name}");
        assert!(event.occurred_at().is_some(), "{name}");
        event
    });
    let of_a_customer = events.filter(|event| event.client_id().is_some()).count();
    // All but two of operators, two of tags, two of devices, and three of tickets.
    assert_eq!((samples.len(), of_a_customer), (26, 17));
}

#[test]
fn a_message_as_it_is_posted() {
    let event = event(&samples()["inbox"]);
    let Payload::Inbox(message) = event.payload() else {
        panic!("{event:?}")
    };
    assert_eq!(message.message_id, Some(5_000_000_101));
    assert_eq!(message.type_, Some(MessageType::FromClient));
    assert_eq!(message.is_new_request, Some(true));
    let link = message.attachments.as_ref().unwrap()[0].link.as_deref();
    assert_eq!(link, Some("https://files.example.com/receipt.pdf"));
    assert_eq!(
        message.client.as_ref().unwrap().client_phone.as_deref(),
        Some("15550100143")
    );
    assert_eq!(message.extra_data, Some(json!({})));
    assert!(message.other.is_empty(), "{:?}", message.other.keys());
    let time = event.occurred_at().unwrap();
    assert_eq!(time.to_rfc3339(), "2026-05-04T09:12:45.250417+00:00");
}

#[test]
fn only_what_a_customer_wrote_is_from_a_customer() {
    for (hook_type, type_, expected) in [
        ("inbox", json!("from_client"), true),
        ("inbox", Value::Null, true),
        ("inbox", json!("to_client"), false),
        ("imported_message", json!("from_client"), true),
        ("imported_message", json!("to_client"), false),
        ("outbox", json!("to_client"), false),
        ("outbox", json!("autoreply"), false),
        ("outbox", Value::Null, false),
        ("comment", json!("comment"), false),
        ("new_request", json!("from_client"), false),
    ] {
        let event = event(&json!({ "hook_type": hook_type, "type": type_ }));
        assert_eq!(event.is_from_client(), expected, "{hook_type} {type_}");
    }
}

/// Every place in a JSON document, as the path to it.
pub(crate) fn places(json: &Value) -> Vec<Vec<String>> {
    let children: Vec<(String, &Value)> = match json {
        Value::Object(map) => map
            .iter()
            .map(|(key, value)| (key.clone(), value))
            .collect(),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .map(|(n, item)| (n.to_string(), item))
            .collect(),
        _ => Vec::new(),
    };
    let deeper = children.into_iter().flat_map(|(key, value)| {
        let below = places(value).into_iter().map({
            let key = key.clone();
            move |path| [vec![key.clone()], path].concat()
        });
        std::iter::once(vec![key.clone()])
            .chain(below)
            .collect::<Vec<_>>()
    });
    deeper.collect()
}

pub(crate) fn at<'a>(json: &'a mut Value, path: &[String]) -> &'a mut Value {
    let pointer: String = path.iter().map(|key| format!("/{key}")).collect();
    json.pointer_mut(&pointer).unwrap()
}

/// What servers are known to do to a value: leave it out, null it, write numbers as text and texts
/// that are numbers as numbers, flags as 0 and 1, an empty map as a list, and add to it.
/// A list holds no null and no number for a text.
fn mutations(sample: &Value) -> Vec<Value> {
    let mut mutated = Vec::new();
    for path in places(sample) {
        let key = path.last().unwrap();
        let in_a_list = key.parse::<usize>().is_ok() && !at(&mut sample.clone(), &path).is_object();
        if key == "hook_type" || in_a_list {
            continue;
        }
        let mut set = |value: Value| {
            let mut json = sample.clone();
            *at(&mut json, &path) = value;
            mutated.push(json);
        };
        set(Value::Null);
        let mut original = sample.clone();
        match at(&mut original, &path).clone() {
            Value::Number(number) => set(json!(number.to_string())),
            Value::Bool(flag) => {
                set(json!(u8::from(flag)));
                set(json!(flag.to_string()));
            }
            Value::String(text) if text.parse::<i64>().is_ok() => {
                set(json!(text.parse::<i64>().unwrap()))
            }
            Value::Object(map) => {
                set(Value::Object(
                    map.into_iter()
                        .chain([("x_new".to_owned(), json!({ "a": [1] }))])
                        .collect(),
                ));
                if key == "extra_data" {
                    set(json!([]));
                    set(json!(["of", "any", "shape"]));
                }
            }
            _ => {}
        }
        let mut without = sample.clone();
        let parent = at(&mut without, &path[..path.len() - 1]);
        match parent {
            Value::Object(map) => drop(map.remove(key)),
            Value::Array(items) => drop(items.remove(key.parse().unwrap())),
            _ => unreachable!(),
        }
        mutated.push(without);
    }
    let mut extra = sample.clone();
    extra["x_new"] = json!([{ "nested": null }]);
    mutated.push(extra);
    mutated
}

#[test]
fn what_is_missing_null_or_spelled_otherwise_is_read_as_the_same_event() {
    let mut count = 0;
    for (name, sample) in samples() {
        let variant = std::mem::discriminant(event(&sample).payload());
        for mutated in mutations(&sample) {
            let event = event(&mutated);
            assert_eq!(event.drift(), [], "{name}: {mutated}");
            assert_eq!(
                std::mem::discriminant(event.payload()),
                variant,
                "{mutated}"
            );
            count += 1;
        }
    }
    assert!(count > 500, "{count}");
}

#[test]
fn what_is_not_known_is_kept_whole() {
    let json = json!({ "hook_type": "channel_opened", "channel": { "id": 5 }, "event_time": "2026-05-04T09:12:45Z" });
    let unknown = event(&json);
    assert_eq!(
        unknown.name(),
        Some(WebhookEvent::Other("channel_opened".into()))
    );
    let Payload::Other { raw, .. } = unknown.payload() else {
        panic!("{unknown:?}")
    };
    assert_eq!((raw, unknown.drift()), (&json, &[][..]));
    assert!(unknown.occurred_at().is_some());

    // Posts of scenarios.
    for text in [
        r#"{"custom": {"step": 3}}"#,
        r#"{"hook_type": null}"#,
        r#"{"hook_type": 7}"#,
        r#"["inbox", "2026-05-04T09:12:45Z"]"#,
        "\"text\"",
        " null ",
        "{}",
    ] {
        let event = Event::parse_unverified(text).unwrap();
        assert!(
            matches!(event.payload(), Payload::Custom(_)),
            "{text}: {event:?}"
        );
        assert_eq!(
            (event.name(), event.client_id(), &event.raw()[..]),
            (None, None, text.as_bytes())
        );
    }
    for text in [
        &b"{"[..],
        b"",
        b"event=inbox",
        b"{} {}",
        b"{\"hook_type\":\"inbox\"} x",
    ] {
        Event::parse_unverified(text).unwrap_err();
    }
}

#[test]
fn keys_are_equal_for_repeats_and_for_nothing_else() {
    let samples = samples();
    let key = |json: &Value| event(json).dedup_key();
    for (name, sample) in &samples {
        let (once, again) = (signed(sample, 1_777_885_965), signed(sample, 1_777_885_975));
        assert!(once.dedup_key().is_some(), "{name}");
        assert_eq!(
            once.dedup_key(),
            again.dedup_key(),
            "{name}: signed anew by a retry"
        );
    }
    let mut timeless = samples["outbox_status"].clone();
    timeless.as_object_mut().unwrap().remove("event_time");
    let signed_key = |seconds| signed(&timeless, seconds).dedup_key();
    assert_eq!(signed_key(1), signed_key(1));
    assert_ne!(
        signed_key(1),
        signed_key(2),
        "where the post does not say when, the signed time tells"
    );
    let keys: std::collections::HashSet<_> = samples.values().map(key).collect();
    assert_eq!(keys.len(), samples.len());

    assert_eq!(
        key(&samples["inbox"]).as_deref(),
        Some("message:5000000101")
    );
    let mut imported = samples["inbox"].clone();
    imported["hook_type"] = json!("imported_message");
    assert_eq!(
        key(&imported),
        key(&samples["inbox"]),
        "the same message by another way"
    );
    assert_eq!(
        key(&samples["close_request"]).as_deref(),
        Some("close_request:75000012:2026-05-04T09:40:00.106220Z")
    );
    assert_eq!(
        key(&samples["ticket_deleted"]).as_deref(),
        Some("ticket_deleted:TICK-118:2026-05-04T09:12:45Z")
    );
    // Two changes within the second that `event_time` counts in.
    let mut renamed = samples["client_updated"].clone();
    renamed["name"] = json!("Ada");
    assert_ne!(key(&renamed), key(&samples["client_updated"]));
    for (name, field, value) in [
        ("operator_status_changed", "/online", json!(0)),
        ("operator_authentication_updated", "/event", json!("logout")),
        ("outbox_status", "/data/gateway_status", json!("delivered")),
        (
            "ai_hints_requested",
            "/message_id",
            json!(5_000_000_102_i64),
        ),
        ("device_updated", "/channel_id", json!(58_002)),
        ("delete_tag_from_request", "/request_id", json!(75_000_012)),
    ] {
        let mut other = samples[name].clone();
        *other.pointer_mut(field).unwrap() = value;
        assert_ne!(key(&other), key(&samples[name]), "{name}");
    }

    // A scenario may post the same thing twice and mean it.
    let custom = json!({ "step": 3 });
    assert_eq!(key(&custom), None);
    assert_eq!(
        signed(&custom, 1).dedup_key(),
        signed(&custom, 1).dedup_key()
    );
    assert_ne!(
        signed(&custom, 1).dedup_key(),
        signed(&custom, 2).dedup_key()
    );
}

#[test]
fn an_event_survives_being_kept() {
    for sample in samples()
        .values()
        .chain([&json!({ "step": "naïve \"quotes\"" })])
    {
        for event in [event(sample), signed(sample, 7)] {
            let kept = serde_json::to_string(&event).unwrap();
            let restored: Event = serde_json::from_str(&kept).unwrap();
            assert_eq!(restored.payload(), event.payload());
            assert_eq!(restored.raw(), event.raw());
            assert_eq!(restored.dedup_key(), event.dedup_key());
            assert_eq!(
                (restored.signed_at(), restored.is_replayed()),
                (event.signed_at(), false)
            );
        }
    }
}

#[test]
fn nothing_prints_what_people_wrote() {
    let mut all: Vec<Value> = samples().into_values().collect();
    for sample in &mut all {
        sample["x_phone"] = json!(15_550_100_143_i64);
    }
    all.push(json!({ "custom": "my words" }));
    all.push(json!({ "hook_type": "unheard_of", "text": "my words" }));
    for sample in all {
        let shown = format!("{0:?} {0:#?}", event(&sample));
        for private in [
            "order 1001",
            "15550100",
            "[tg]",
            "Ada",
            "Bela",
            "example.com",
            "my words",
            "VIP",
            "Calls back",
            "Buys often",
            "invented",
            "Refund",
            "TICK-118",
        ] {
            assert!(!shown.contains(private), "{private} in {shown}");
        }
    }
    let shown = format!("{:?}", event(&samples()["inbox"]));
    assert!(shown.contains("message_id: 5000000101"), "{shown}");
}

pub(crate) fn json_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        let key = prop_oneof![
            Just("id".to_owned()),
            Just("message_id".to_owned()),
            Just("event_time".to_owned()),
            Just("client".to_owned()),
            Just("data".to_owned()),
            "[a-z_]{1,8}",
        ];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::hash_map(key, inner, 0..5).prop_map(|map| json!(map)),
        ]
    })
}

proptest! {
    #[test]
    fn whatever_is_json_is_an_event(value in json_value(), name in 0..27_usize) {
        let mut value = value;
        let names: Vec<_> = samples().into_values().map(|sample| sample["hook_type"].clone()).collect();
        if let (Some(map), Some(name)) = (value.as_object_mut(), names.get(name)) {
            map.insert("hook_type".into(), name.clone());
        }
        let event = event(&value);
        let _ = (event.dedup_key(), event.client_id(), event.occurred_at(), event.is_from_client(), format!("{event:?}"));
    }

    #[test]
    fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        if let Ok(event) = Event::parse_unverified(bytes) {
            let _ = event.dedup_key();
        }
    }
}

#[test]
fn a_body_on_one_line_is_the_same_json() {
    let body =
        "{\n  \"hook_type\": \"inbox\",\r\n  \"text\": \"a  b \\\" c\\n\",\t\"n\": 1.50\n}\n";
    let event = Event::parse_unverified(body).unwrap();
    let line = r#"{"hook_type":"inbox","text":"a  b \" c\n","n":1.50}"#;
    assert_eq!(event.to_line(), line);
}
