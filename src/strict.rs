//! [`check`], for the feature `strict`: compares responses with the OpenAPI document of the crate.
//!
//! Decoding alone reports values of another type than the documented one. This reports every deviation from the
//! document: missing keys, unknown values, new fields.

use crate::operation::Operation;
use crate::raw_response::Check;
use crate::wire::Drift;
use crate::wire::slices;
use jsonschema::error::ValidationErrorKind;
use jsonschema::{ValidationError, Validator};
use serde_json::{Map, Value, json};
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

/// Validators by operation and status; `None` for a status that the document does not have.
type Validators = HashMap<(&'static str, u16), Option<Arc<Validator>>>;

/// Returns what finds the deviations of a successful response. It keeps the validators of all responses so far.
pub(crate) fn check() -> Check {
    let known = Mutex::new(Validators::new());
    Box::new(move |operation, response| {
        let status = response.status.as_u16();
        let validator = {
            let mut known = known.lock().unwrap_or_else(PoisonError::into_inner);
            let validator = known.entry((operation.id, status));
            let make = || validator_of(operation, status).map(Arc::new);
            validator.or_insert_with(make).clone()
        };
        let Some(validator) = validator else {
            let expected = "a documented status";
            return vec![drift(String::new(), "status", expected, "nothing")];
        };
        let Ok(body) = serde_json::from_slice::<Value>(&response.body) else {
            return vec![drift(String::new(), "json", "JSON", "nothing")];
        };
        let errors = validator.iter_errors(&body);
        errors.flat_map(|error| of_error(&body, &error)).collect()
    })
}

fn drift(pointer: String, rule: &str, expected: &str, found: &'static str) -> Drift {
    Drift {
        rule: rule.to_owned(),
        pointer,
        expected: expected.to_owned(),
        found,
    }
}

/// Converts an error of a validator, without the values that it quotes.
fn of_error(body: &Value, error: &ValidationError<'_>) -> Vec<Drift> {
    let pointer = without_data(&error.instance_path().to_string(), body);
    let rule = error.kind().keyword();
    let found = |value: &Value| slices::kind(value.to_string().as_bytes());
    match error.kind() {
        // The name of an unknown field may be anything, even a person's name.
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

/// Returns a pointer with `*` for each key that no schema has: it is data.
fn without_data(pointer: &str, body: &Value) -> String {
    let mut place = Some(body);
    let parts = pointer.split('/').skip(1).map(|part| {
        let name = part.replace("~1", "/").replace("~0", "~");
        let is_data = place.is_some_and(Value::is_object) && !PROPERTIES.contains(&name);
        place = place.and_then(|value| match value {
            Value::Array(items) => items.get(name.parse::<usize>().ok()?),
            value => value.get(&name),
        });
        if is_data {
            "/*".to_owned()
        } else {
            format!("/{part}")
        }
    });
    parts.collect()
}

/// The names of all properties of the document.
static PROPERTIES: LazyLock<HashSet<String>> = LazyLock::new(|| {
    let mut names = HashSet::new();
    let mut schemas = vec![&*DOCUMENT];
    while let Some(schema) = schemas.pop() {
        if let Some(Value::Object(properties)) = schema.get("properties") {
            names.extend(properties.keys().cloned());
        }
        match schema {
            Value::Object(object) => schemas.extend(object.values()),
            Value::Array(items) => schemas.extend(items),
            _ => {}
        }
    }
    names
});

static DOCUMENT: LazyLock<Value> = LazyLock::new(|| {
    let document = chat2desk_openapi::DOCUMENT;
    serde_json::from_str(document).unwrap_or_default()
});

static COMPONENTS: LazyLock<Value> =
    LazyLock::new(|| json!({ "schemas": json_schema(&DOCUMENT["components"]["schemas"]) }));

/// Returns the validator of an operation's response with this status; `None` if the document has none.
fn validator_of(operation: &Operation, status: u16) -> Option<Validator> {
    let method = format!("{:?}", operation.method).to_lowercase();
    let responses = &DOCUMENT["paths"][operation.path][method]["responses"];
    let response = responses.get(status.to_string())?;
    let mut schema = json_schema(&response["content"]["application/json"]["schema"]);
    schema["components"] = COMPONENTS.clone();
    jsonschema::validator_for(&schema).ok()
}

/// Converts a schema of OpenAPI 3.0 to JSON Schema, and closes it: an undescribed field is an error.
///
/// `nullable` becomes a condition, and so does a value that may be a list or something else, so that an error
/// within it has its place.
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

/// Makes a choice between a list and something else a condition on the value's type.
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

/// Escapes a name as a part of a JSON Pointer.
fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}
