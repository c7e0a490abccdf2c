//! The rules for this crate's own types and decoder.

use super::Outcome;
use super::parts::json_schema;
use super::walk::{each_component, each_operation, reachable, walk};
use serde_json::{Value, json};

/// Components that are hand-written types of the crate (`src/wire`), beside the open enums.
const WIRE_TYPES: [&str; 6] = [
    "ClearableText",
    "DayMonthYear",
    "LocalDateTime",
    "LooseNumber",
    "MessageStatusCode",
    "Timestamp",
];

/// The required keys of a success response or a record; all others may be missing.
const IDENTITY: [&str; 3] = ["data", "id", "message_id"];

pub(super) fn open_enums(document: &mut Value) -> Outcome {
    each_component(document, |name, schema| {
        if schema["x-open-enum"] != true {
            return 0;
        }
        *schema = replaced(name, schema);
        1
    })
}

pub(super) fn wire_types(document: &mut Value) -> Outcome {
    each_component(document, |name, schema| {
        if !WIRE_TYPES.contains(&name) {
            return 0;
        }
        *schema = replaced(name, schema);
        1
    })
}

/// Returns a component that names a type of the crate, which is all that progenitor needs.
fn replaced(name: &str, schema: &Value) -> Value {
    json!({
        "type": "string",
        "description": schema["description"],
        "x-type": format!("crate::wire::{name}"),
    })
}

pub(super) fn tolerant_required(document: &mut Value) -> Outcome {
    let requests = reachable(document, "requestBody");
    each_component(document, |name, schema| {
        if requests.contains(name) {
            return 0;
        }
        let mut fired = 0;
        walk(schema, &mut |node| {
            if let Some(required) = node.get_mut("required").and_then(Value::as_array_mut) {
                let before = required.len();
                required.retain(|key| key.as_str().is_some_and(|key| IDENTITY.contains(&key)));
                fired += before - required.len();
            }
        });
        fired
    })
}

pub(super) fn null_is_empty(document: &mut Value) -> Outcome {
    let requests = reachable(document, "requestBody");
    each_component(document, |name, schema| {
        let mut fired = 0;
        walk(schema, &mut |node| {
            let list = node.get("type") == Some(&json!("array"));
            let map = node
                .get("additionalProperties")
                .is_some_and(Value::is_object);
            if (list || map) && !requests.contains(name) {
                fired += usize::from(node.remove("nullable").is_some());
            }
        });
        fired
    })
}

pub(super) fn json_only(document: &mut Value) -> Outcome {
    each_operation(document, |_, operation| {
        let responses = operation
            .get_mut("responses")
            .and_then(Value::as_object_mut);
        let mut fired = 0;
        for (status, response) in responses.into_iter().flatten() {
            if status.starts_with('2') && json_schema(response).is_none() {
                response["content"] = json!({ "application/json": { "schema": {} } });
                fired += 1;
            }
        }
        Ok(fired)
    })
}
