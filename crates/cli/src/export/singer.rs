//! The messages of Singer: the schema of a stream, its records, and the state that a later run goes on from.
//!
//! Types are plain, because targets refuse others: open enums and mixed scalars are texts, everything may be null.

use super::format::{OTHER, split};
use super::record::{time, write};
use super::schema::{Fields, Kind};
use serde_json::{Map, Value, json};

/// Returns the SCHEMA message of a stream.
pub fn schema(stream: &str, fields: &Fields) -> Vec<u8> {
    let known = fields.0.iter().map(|(name, kind)| (name.clone(), of(kind)));
    let other = (OTHER.to_owned(), json!({ "type": ["null", "object"] }));
    let properties: Map<String, Value> = known.chain([other]).collect();
    let key = fields.0.iter().map(|(name, _)| name.as_str());
    let key: Vec<_> = key.filter(|name| *name == "id").collect();
    line(&json!({
        "type": "SCHEMA",
        "stream": stream,
        "schema": { "type": "object", "properties": properties },
        "key_properties": key,
    }))
}

/// Returns the RECORD message of a record.
pub fn record(stream: &str, json: &str, fields: &Fields) -> Vec<u8> {
    let (values, other) = split(json, fields, value);
    let names = fields.0.iter().map(|(name, _)| name);
    let values = values.into_iter().map(Option::unwrap_or_default);
    let mut record: Map<String, Value> = names.cloned().zip(values).collect();
    let other = other.and_then(|other| serde_json::from_str(&other).ok());
    record.insert(OTHER.to_owned(), other.unwrap_or_default());
    let now = chrono::Utc::now().to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
    line(&json!({ "type": "RECORD", "stream": stream, "record": record, "time_extracted": now }))
}

/// Returns the STATE message for these bookmarks.
pub fn state(bookmarks: &Map<String, Value>) -> Vec<u8> {
    line(&json!({ "type": "STATE", "value": { "bookmarks": bookmarks } }))
}

fn line(message: &Value) -> Vec<u8> {
    format!("{message}\n").into_bytes()
}

fn of(kind: &Kind) -> Value {
    let name = match kind {
        Kind::Time => return json!({ "type": ["null", "string"], "format": "date-time" }),
        Kind::Integer => "integer",
        Kind::Number => "number",
        Kind::Boolean => "boolean",
        Kind::Text | Kind::Json => "string",
        Kind::List(_) => "array",
        Kind::Object(_) => "object",
    };
    json!({ "type": ["null", name] })
}

/// Returns a value of the type of its column; `None` if it has no such form.
fn value(json: &str, kind: &Kind) -> Option<Value> {
    let value: Value = serde_json::from_str(json).ok()?;
    let fits = |value: Value, fits: fn(&Value) -> bool| fits(&value).then_some(value);
    match (kind, value) {
        (_, Value::Null) => Some(Value::Null),
        (Kind::Time, Value::String(text)) if text.trim().is_empty() => Some(Value::Null),
        (Kind::Time, _) => time(json).map(Value::from),
        (Kind::Integer, Value::String(text)) => text.trim().parse::<i64>().ok().map(Value::from),
        (Kind::Integer, value) => fits(value, Value::is_i64),
        (Kind::Number, Value::String(text)) => text.trim().parse::<f64>().ok().map(Value::from),
        (Kind::Number, value) => fits(value, Value::is_number),
        (Kind::Boolean, value) => fits(value, Value::is_boolean),
        (Kind::Text, Value::String(text)) => Some(text.into()),
        (Kind::Text, Value::Bool(_) | Value::Number(_)) | (Kind::Json, _) => Some(json.into()),
        (Kind::Text, _) => None,
        (Kind::List(_), value @ Value::Array(_)) | (Kind::Object(_), value @ Value::Object(_)) => {
            let mut written = String::new();
            write(json, kind, &mut written);
            Some(serde_json::from_str(&written).unwrap_or(value))
        }
        (Kind::List(_) | Kind::Object(_), _) => None,
    }
}
