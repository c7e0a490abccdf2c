//! Every answer that the document shows, changed in every way in which servers change: the client takes
//! them all, and says of each what is adrift if it is asked.

use super::calls::{Call, calls};
use super::stage::Stage;
use super::{document, operation, resolved, success, successes};
use chat2desk::Chat2Desk;
use serde_json::{Map, Value, json};
use std::sync::{Arc, Mutex};

/// What an answer cannot do without: the crate's types say so.
pub const NEEDED: [&str; 3] = ["data", "id", "message_id"];

/// An answer with one change.
struct Mutation {
    body: Value,
    /// Where, as a JSON Pointer.
    pointer: String,
    /// The rule of the schema that no longer holds, if there is one.
    rule: Option<&'static str>,
}

/// The schema of a success of an operation.
fn success_schema<'a>(document: &'a Value, call: &Call) -> &'a Value {
    &success(document, operation(call)).1["content"]["application/json"]["schema"]
}

/// All mutations of a body at and below `pointer`, where `schema` describes it.
fn mutations(document: &Value, schema: &Value, body: &Value, pointer: &str) -> Vec<Mutation> {
    let schema = match schema["allOf"].as_array().map(Vec::as_slice) {
        Some([only]) => only,
        _ => schema,
    };
    let value = body.pointer(pointer).unwrap();
    // What comes as a list or otherwise is described for each.
    let is_own = |branch: &&Value| (branch["type"] == "array") == value.is_array();
    let schema = match schema["oneOf"].as_array() {
        Some(branches) if branches.iter().any(|branch| branch["type"] == "array") => {
            branches.iter().find(is_own).unwrap()
        }
        _ => schema,
    };
    let schema = resolved(document, schema);
    let changed = |at: &str, value: Option<Value>, rule| Mutation {
        body: with(body, pointer, at, value),
        pointer: at.to_owned(),
        rule,
    };
    let mut found = Vec::new();
    match value {
        Value::Object(entries) => {
            let no_properties = Map::new();
            let properties = schema["properties"].as_object().unwrap_or(&no_properties);
            for key in entries.keys() {
                let at = format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"));
                let Some(property) = properties.get(key) else {
                    continue;
                };
                found.extend(mutations(document, property, body, &at));
                if NEEDED.contains(&key.as_str()) {
                    continue;
                }
                let required = schema["required"].as_array().into_iter().flatten();
                let is_required = required.into_iter().any(|name| name == key);
                found.push(changed(&at, None, is_required.then_some("required")));
                let takes_null = property["nullable"] == true || is_free(property);
                let rule = null_rule(document, property).filter(|_| !takes_null);
                found.push(changed(&at, Some(Value::Null), rule));
            }
            let is_closed = !properties.is_empty() && schema.get("additionalProperties").is_none();
            let at = format!("{pointer}/x_new");
            let rule = is_closed.then_some("additionalProperties");
            // A new entry of a map of texts is no change of form.
            if !properties.is_empty() || is_free(&schema["additionalProperties"]) {
                found.push(changed(&at, Some(json!({ "more": [1] })), rule));
            }
            if schema.get("additionalProperties").is_some() && !pointer.is_empty() {
                found.push(changed(pointer, Some(json!([])), Some("type")));
            }
        }
        Value::Array(items) => {
            for index in 0..items.len() {
                let at = format!("{pointer}/{index}");
                found.extend(mutations(document, &schema["items"], body, &at));
            }
        }
        Value::String(_) if schema.get("enum").is_some() => {
            found.push(changed(pointer, Some("unheard_of".into()), Some("enum")));
        }
        Value::Number(number) if schema["type"] == "integer" => {
            found.push(changed(
                pointer,
                Some(number.to_string().into()),
                Some("type"),
            ));
        }
        _ => {}
    }
    found
}

/// Whether a schema takes anything.
fn is_free(schema: &Value) -> bool {
    let told = ["type", "$ref", "allOf", "anyOf", "oneOf", "enum"];
    told.iter().all(|key| schema.get(key).is_none())
}

/// The rule that a null breaks.
fn null_rule(document: &Value, property: &Value) -> Option<&'static str> {
    let schema = resolved(document, property);
    let rules = ["type", "allOf", "anyOf", "oneOf", "enum"];
    let rule = rules.into_iter().find(|key| schema.get(key).is_some());
    match rule {
        Some("allOf") => null_rule(document, &schema["allOf"][0]),
        rule => rule,
    }
}

/// A body with another value at a pointer, or without that key.
pub fn with(body: &Value, parent: &str, at: &str, value: Option<Value>) -> Value {
    let mut body = body.clone();
    if let Some(target) = body.pointer_mut(at)
        && let Some(value) = value
    {
        *target = value;
        return body;
    }
    let key = at
        .rsplit('/')
        .next()
        .unwrap()
        .replace("~1", "/")
        .replace("~0", "~");
    let object = body.pointer_mut(parent).unwrap().as_object_mut().unwrap();
    match value {
        Some(value) => _ = object.insert(key, value),
        None => _ = object.remove(&key),
    }
    body
}

/// Every call with the status of its success and every mutation of its answers.
fn corpus() -> Vec<(Call, u16, Vec<Mutation>)> {
    let document = document();
    let calls = calls().into_iter().map(|call| {
        let schema = success_schema(&document, &call);
        let bodies = successes(&document, operation(&call));
        let mutations = bodies
            .iter()
            .flat_map(|body| mutations(&document, schema, body, ""))
            .collect();
        let (status, _) = success(&document, operation(&call));
        (call, status, mutations)
    });
    calls.collect()
}

#[tokio::test]
async fn a_changed_answer_is_taken() {
    let stage = Stage::default();
    let chat = Chat2Desk::builder("token").transport(stage.clone());
    let chat = chat.build().unwrap();
    let mut taken = 0;
    for (call, status, mutations) in corpus() {
        for Mutation {
            body,
            pointer,
            rule,
        } in mutations
        {
            let place = format!("{} {rule:?} at {pointer}: {body}", call.id);
            stage.set(status, &body);
            let answer = (call.send)(chat.clone()).await;
            answer.unwrap_or_else(|error| panic!("{place}: {error:?}"));
            taken += 1;
        }
    }
    assert!(taken > 2_000, "{taken}");
}

/// Every departure from the document is reported with its place and rule, and nothing else is.
#[cfg(feature = "strict")]
#[tokio::test]
async fn a_changed_answer_is_reported() {
    let stage = Stage::default();
    let told: Arc<Mutex<Vec<(String, String)>>> = Arc::default();
    let log = told.clone();
    let chat = Chat2Desk::builder("token").transport(stage.clone());
    let chat = chat.on_drift(move |_, drift| {
        let told = (drift.pointer.clone(), drift.rule.clone());
        log.lock().unwrap().push(told);
    });
    let chat = chat.build().unwrap();
    let mut reported = 0;
    for (call, status, mutations) in corpus() {
        for Mutation {
            body,
            pointer,
            rule,
        } in mutations
        {
            let place = format!("{} {rule:?} at {pointer}: {body}", call.id);
            stage.set(status, &body);
            let answer = (call.send)(chat.clone()).await;
            answer.unwrap_or_else(|error| panic!("{place}: {error:?}"));
            let told = std::mem::take(&mut *told.lock().unwrap());
            // The name of a new field is data.
            let pointer = pointer.replace("/x_new", "/*");
            let expected = rule.map(|rule| (pointer, rule.to_owned()));
            reported += told.len();
            assert_eq!(told, Vec::from_iter(expected), "{place}");
        }
    }
    assert!(reported > 1_000, "{reported}");
}
