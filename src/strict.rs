//! The feature `strict`: compares responses with `spec/openapi.json`, which is part of the crate.
//!
//! Decoding reports values of another type than the documented one. This reports every departure from the
//! document: missing keys, unknown values, new fields.

use crate::operation::Operation;
use crate::raw_response::RawResponse;
use crate::wire::Drift;
use crate::wire::slices;
use jsonschema::error::ValidationErrorKind;
use jsonschema::{ValidationError, Validator};
use serde_json::{Map, Value, json};
use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

/// Validators by operation and status; none for a status that the document does not know.
type Validators = HashMap<(&'static str, u16), Option<Arc<Validator>>>;

/// The validators of all responses that came so far.
#[derive(Default)]
pub(crate) struct Check(Mutex<Validators>);

impl Check {
    /// What is not as documented in a success.
    pub(crate) fn drift(&self, operation: &'static Operation, answer: &RawResponse) -> Vec<Drift> {
        let status = answer.status.as_u16();
        let Some(validator) = self.validator(operation, status) else {
            return vec![drift(
                String::new(),
                "status",
                "a documented status",
                "nothing",
            )];
        };
        let Ok(body) = serde_json::from_slice::<Value>(&answer.body) else {
            return vec![drift(String::new(), "json", "JSON", "nothing")];
        };
        let errors = validator.iter_errors(&body);
        errors.flat_map(|error| of_error(&error)).collect()
    }

    fn validator(&self, operation: &'static Operation, status: u16) -> Option<Arc<Validator>> {
        let known = self.0.lock();
        let mut known = known.unwrap_or_else(PoisonError::into_inner);
        let validator = known.entry((operation.id, status));
        let make = || validator_of(operation, status).map(Arc::new);
        validator.or_insert_with(make).clone()
    }
}

fn drift(pointer: String, rule: &str, expected: &str, found: &'static str) -> Drift {
    Drift {
        rule: rule.to_owned(),
        pointer,
        expected: expected.to_owned(),
        found,
    }
}

/// What a validator reports, without the values that it quotes.
fn of_error(error: &ValidationError<'_>) -> Vec<Drift> {
    let pointer = error.instance_path().to_string();
    let rule = error.kind().keyword();
    let found = |value: &Value| slices::kind(value.to_string().as_bytes());
    match error.kind() {
        // The name of an unknown field may be anything, also a person's.
        ValidationErrorKind::AdditionalProperties { unexpected } => {
            let fields = unexpected.iter().map(|name| found(&error.instance()[name]));
            let place = format!("{pointer}/*");
            fields
                .map(|found| drift(place.clone(), rule, "no further field", found))
                .collect()
        }
        ValidationErrorKind::Required { property } => {
            let name = property.as_str().unwrap_or_default();
            let place = format!("{pointer}/{}", escaped(name));
            vec![drift(place, rule, "a value", "nothing")]
        }
        ValidationErrorKind::Type { kind } => {
            let expected = match kind {
                jsonschema::error::TypeKind::Single(kind) => kind.to_string(),
                jsonschema::error::TypeKind::Multiple(_) => "another type".into(),
            };
            vec![drift(pointer, rule, &expected, found(error.instance()))]
        }
        ValidationErrorKind::Enum { .. } => {
            let found = found(error.instance());
            vec![drift(pointer, rule, "a documented value", found)]
        }
        _ => vec![drift(
            pointer,
            rule,
            "another value",
            found(error.instance()),
        )],
    }
}

static DOCUMENT: LazyLock<Value> = LazyLock::new(|| {
    let document = chat2desk_openapi::DOCUMENT;
    serde_json::from_str(document).unwrap_or_default()
});

static COMPONENTS: LazyLock<Value> =
    LazyLock::new(|| json!({ "schemas": json_schema(&DOCUMENT["components"]["schemas"]) }));

/// Of the answer of an operation with this status, if the document knows it.
fn validator_of(operation: &Operation, status: u16) -> Option<Validator> {
    let method = format!("{:?}", operation.method).to_lowercase();
    let responses = &DOCUMENT["paths"][operation.path][method]["responses"];
    let response = responses.get(status.to_string())?;
    let mut schema = json_schema(&response["content"]["application/json"]["schema"]);
    schema["components"] = COMPONENTS.clone();
    jsonschema::validator_for(&schema).ok()
}

/// A schema of OpenAPI 3.0 in the terms of JSON Schema, and closed: what is not described is an error.
/// `nullable` is a condition, and so is what may come as a list or otherwise: errors within keep their place.
fn json_schema(schema: &Value) -> Value {
    match schema {
        Value::Object(map) => {
            let kept = map
                .iter()
                .filter(|(key, _)| !matches!(key.as_str(), "nullable" | "example"));
            let mut converted: Map<String, Value> = kept
                .map(|(key, child)| (key.clone(), json_schema(child)))
                .collect();
            if map.get("type").is_some_and(|kind| kind == "object")
                && map.get("properties").is_some_and(Value::is_object)
            {
                let more = converted.entry("additionalProperties");
                more.or_insert(false.into());
            }
            if map.get("nullable") == Some(&Value::Bool(true)) {
                return json!({ "if": { "type": "null" }, "then": true, "else": converted });
            }
            list_or_other(&mut converted);
            Value::Object(converted)
        }
        Value::Array(items) => items.iter().map(json_schema).collect(),
        other => other.clone(),
    }
}

/// A list or something else: which of the two schemas counts is clear from the value.
fn list_or_other(schema: &mut Map<String, Value>) {
    let branches = schema.get("oneOf").and_then(Value::as_array);
    let Some([one, other]) = branches.map(Vec::as_slice) else {
        return;
    };
    let is_list = |schema: &Value| schema["type"] == "array";
    let (list, other) = match (is_list(one), is_list(other)) {
        (true, false) => (one.clone(), other.clone()),
        (false, true) => (other.clone(), one.clone()),
        _ => return,
    };
    schema.remove("oneOf");
    schema.insert("if".into(), json!({ "type": "array" }));
    schema.insert("then".into(), list);
    schema.insert("else".into(), other);
}

/// A name as a part of a JSON Pointer.
fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}
