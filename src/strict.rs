//! Drift: where an answer departs from `spec/openapi.json`, which is part of the crate.
//!
//! The client takes what it can make sense of: missing keys, unknown values, new fields. Whoever wants to
//! know of them asks [`Builder::on_drift`](crate::Builder::on_drift).

use crate::Error;
use crate::operation::Operation;
use crate::response::Answer;
use jsonschema::Validator;
use jsonschema::error::ValidationErrorKind;
use serde_json::{Map, Value, json};
use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

/// One place where an answer is not what its schema describes. Holds no value of the answer.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Drift {
    /// What was called.
    pub operation: &'static Operation,
    /// The status of the answer.
    pub status: u16,
    /// Where, as a JSON Pointer; of a field that is missing or unknown, where it is or should be.
    pub pointer: String,
    /// The rule that does not hold, as JSON Schema calls it: `required` for a missing field,
    /// `additionalProperties` for an unknown one, `enum` for an unknown value, `type` for another kind of
    /// value. Besides those `status` for one that the document does not know, and `json` for another form.
    pub rule: String,
}

/// What is done about drift.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnDrift {
    /// The answer is given to the caller, as far as it can be decoded.
    Accept,
    /// The call fails with [`ErrorKind::Drift`](crate::ErrorKind::Drift).
    Fail,
}

/// What is asked for each drift.
pub(crate) type Handler = Arc<dyn Fn(&Drift) -> OnDrift + Send + Sync>;

/// Validators by operation and status; none for a status that the document does not know.
type Validators = HashMap<(&'static str, u16), Option<Arc<Validator>>>;

pub(crate) struct Check {
    handler: Handler,
    /// Of all answers that came so far.
    validators: Mutex<Validators>,
}

impl Check {
    pub(crate) fn new(handler: Handler) -> Self {
        Self {
            handler,
            validators: Mutex::default(),
        }
    }

    /// Reports what is adrift.
    ///
    /// # Errors
    /// What the handler lets the call fail for.
    pub(crate) fn accept(
        &self,
        operation: &'static Operation,
        answer: &Answer,
    ) -> Result<(), Error> {
        let is_failure = |drift: &Drift| (self.handler)(drift) == OnDrift::Fail;
        let drifts = self.drifts(operation, answer).into_iter();
        let failures: Vec<Drift> = drifts.filter(is_failure).collect();
        if failures.is_empty() {
            Ok(())
        } else {
            Err(Error::adrift(answer, failures))
        }
    }

    fn drifts(&self, operation: &'static Operation, answer: &Answer) -> Vec<Drift> {
        let status = answer.status.as_u16();
        let drift = |pointer: String, rule: &str| Drift {
            operation,
            status,
            pointer,
            rule: rule.to_owned(),
        };
        let Some(validator) = self.validator(operation, status) else {
            return vec![drift(String::new(), "status")];
        };
        let Ok(body) = serde_json::from_slice::<Value>(&answer.body) else {
            return vec![drift(String::new(), "json")];
        };
        let errors = validator.iter_errors(&body);
        let found = errors.flat_map(|error| {
            let pointer = error.instance_path().to_string();
            let names = match error.kind() {
                ValidationErrorKind::AdditionalProperties { unexpected } => unexpected.clone(),
                ValidationErrorKind::Required { property } => {
                    property.as_str().map(str::to_owned).into_iter().collect()
                }
                _ => return vec![drift(pointer, error.kind().keyword())],
            };
            let place = |name: String| format!("{pointer}/{}", escaped(&name));
            let rule = error.kind().keyword();
            names
                .into_iter()
                .map(|name| drift(place(name), rule))
                .collect()
        });
        found.collect()
    }

    fn validator(&self, operation: &'static Operation, status: u16) -> Option<Arc<Validator>> {
        let known = self.validators.lock();
        let mut known = known.unwrap_or_else(PoisonError::into_inner);
        let validator = known.entry((operation.id, status));
        let make = || validator_of(operation, status).map(Arc::new);
        validator.or_insert_with(make).clone()
    }
}

static DOCUMENT: LazyLock<Value> = LazyLock::new(|| {
    let document = include_str!("../spec/openapi.json");
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
