//! A value of another type than the documented one costs its own field, in every response of every operation.

use super::calls::{Call, calls};
use super::mutations::{NEEDED, with};
use super::stage::Stage;
use super::{document, operation, success, successes};
use chat2desk::Chat2Desk;
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

/// The places of all values below a value, as JSON Pointers. Elements of lists are records, not fields.
fn fields(value: &Value, pointer: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                let at = format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"));
                fields(value, &at, found);
                found.push(at);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                fields(item, &format!("{pointer}/{index}"), found);
            }
        }
        _ => {}
    }
}

/// JSON without the value at a pointer, and without what means the same as nothing.
fn without(json: &Value, pointer: &str) -> Value {
    let mut json = json.clone();
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    if let Some(Value::Object(map)) = json.pointer_mut(parent) {
        map.remove(&key.replace("~1", "/").replace("~0", "~"));
    }
    super::significant(&json)
}

/// Each optional field of each response, with a value of every other type: nothing but that field is lost, and
/// it is reported once, in its place.
#[tokio::test]
async fn a_value_of_another_type_costs_its_own_field() {
    let stage = Stage::default();
    let chat = Chat2Desk::builder("token").transport(stage.clone());
    let chat = chat.build().unwrap();
    let document = document();
    let (mut taken, mut reported) = (0, 0);
    for call in calls() {
        let status = success(&document, operation(&call)).0;
        for body in successes(&document, operation(&call)) {
            stage.set(status, &body);
            let whole = (call.send)(chat.clone()).await.unwrap();
            assert_eq!(whole.drift, [], "{}: {body}", call.id);
            let mut pointers = Vec::new();
            fields(&body, "", &mut pointers);
            let is_needed = |pointer: &String| {
                NEEDED
                    .iter()
                    .any(|key| pointer.ends_with(&format!("/{key}")))
            };
            for pointer in pointers.into_iter().filter(|pointer| !is_needed(pointer)) {
                for (value, found) in one_of_each_type() {
                    let changed = with(&body, "", &pointer, Some(value));
                    let place = format!("{} {found} at {pointer}: {changed}", call.id);
                    stage.set(status, &changed);
                    let answer = (call.send)(chat.clone()).await;
                    let answer = answer.unwrap_or_else(|error| panic!("{place}: {error:?}"));
                    let kept = without(&answer, &pointer);
                    assert_eq!(kept, without(&whole, &pointer), "{place}");
                    taken += 1;
                    let [drift] = answer.drift.as_slice() else {
                        assert_eq!(answer.drift, [], "{place}");
                        continue;
                    };
                    // A key that is data is not shown.
                    let is_data = drift.pointer.contains("/*");
                    let is_there = match drift.pointer.strip_prefix(&pointer) {
                        Some("") => true,
                        // Of the only element of the list that stands there now.
                        Some(below) => found == "array" && below.starts_with("/0"),
                        None => is_data,
                    };
                    assert!(is_there, "{place}: {drift}");
                    assert!(!format!("{drift:?}").contains("my"), "{drift:?}");
                    reported += 1;
                }
            }
        }
    }
    println!("{taken} values taken, {reported} of them reported");
    assert!(taken > 6_000 && reported > 3_000, "{taken} {reported}");
}

/// Every call with the status and body of each of its responses.
fn responses() -> Vec<(Call, u16, Value)> {
    let document = document();
    let responses = calls().into_iter().flat_map(|call| {
        let status = success(&document, operation(&call)).0;
        let bodies = successes(&document, operation(&call)).into_iter();
        // Each response has a call of its own.
        let again = move || calls().into_iter().find(|known| known.id == call.id);
        bodies.filter_map(move |body| Some((again()?, status, body)))
    });
    responses.collect()
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        let key = prop_oneof![
            Just("id".to_owned()),
            Just("data".to_owned()),
            "[a-z_]{1,8}"
        ];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::hash_map(key, inner, 0..5).prop_map(|map| json!(map)),
        ]
    })
}

#[test]
fn any_value_in_any_field_costs_no_other() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let runtime = runtime.unwrap();
    let stage = Stage::default();
    let chat = Chat2Desk::builder("token").transport(stage.clone());
    let chat = chat.build().unwrap();
    let responses = responses();
    let cases = ProptestConfig::with_cases(2_000);
    proptest!(cases, |(number in any::<u32>(), field in any::<u32>(), value in any_json())| {
        let (call, status, body) = &responses[number as usize % responses.len()];
        let mut pointers = Vec::new();
        fields(body, "", &mut pointers);
        pointers.retain(|pointer| !NEEDED.iter().any(|key| pointer.ends_with(&format!("/{key}"))));
        if pointers.is_empty() {
            return Ok(());
        }
        let pointer = &pointers[field as usize % pointers.len()];
        // That is a failure, and is reported as one.
        if pointer == "/status" && value == json!(false) {
            return Ok(());
        }
        let read = |body: &Value| {
            stage.set(*status, body);
            runtime.block_on((call.send)(chat.clone()))
        };
        let whole = read(body).unwrap();
        let answer = read(&with(body, "", pointer, Some(value)));
        let answer = answer.map_err(|error| TestCaseError::fail(format!("{}: {error}", call.id)))?;
        prop_assert_eq!(without(&answer, pointer), without(&whole, pointer));
    });
}
