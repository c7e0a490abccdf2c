//! The messages of Singer: the schema of a stream, its records, and the state that a later run goes on from.
//!
//! Types are plain, because targets refuse others: open enums and mixed scalars are texts, everything may be null. What
//! does not fit its type is in `_other`, and is a text there if readers of JSON would lose or change it.

use super::plain::{is_kept, is_plain, quoted};
use super::record::{Field, OTHER, split, time, write};
use super::schema::{Fields, Kind};
use crate::exit::Failure;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// The field that identifies a record.
const KEY: &str = "id";

const NULL: &str = "null";

/// Returns the SCHEMA message of a stream.
pub fn schema(stream: &str, fields: &Fields) -> Vec<u8> {
    let known = fields.0.iter().map(|(name, kind)| (name.clone(), of(kind)));
    let other = (OTHER.to_owned(), json!({ "type": ["null", "object"] }));
    let properties: Map<String, Value> = known.chain([other]).collect();
    let names = fields.0.iter().map(|(name, _)| name.as_str());
    let key: Vec<_> = names.filter(|name| *name == KEY).collect();
    line(&json!({
        "type": "SCHEMA",
        "stream": stream,
        "schema": { "type": "object", "properties": properties },
        "key_properties": key,
    }))
}

/// Returns the RECORD message of a record.
///
/// # Errors
/// If the record has no key of the type of its column. A target would drop or mix up such records.
pub fn record(stream: &str, json: &str, fields: &Fields) -> Result<String, Failure> {
    let failed = |what: &str| {
        Err(Failure::other(format!(
            "a record {what}, which Singer needs as its key; --format jsonl and csv export it as it is"
        )))
    };
    let Some((values, other)) = split(json, fields, value) else {
        return failed("is no object and has no `id`");
    };
    let mut record = Vec::with_capacity(values.len() + 1);
    for ((name, kind), value) in fields.0.iter().zip(values) {
        let value = value.unwrap_or_else(|| NULL.to_owned());
        if name == KEY && value == NULL {
            return failed(match kind {
                Kind::Integer => "has no `id` that is an integer of 64 bits",
                _ => "has no `id`",
            });
        }
        record.push(format!("{}:{value}", quoted(name)));
    }
    record.push(format!("{}:{}", quoted(OTHER), rest(&other)));
    let now = chrono::Utc::now().to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
    Ok(format!(
        "{{\"type\":\"RECORD\",\"stream\":{},\"record\":{{{}}},\"time_extracted\":{}}}\n",
        quoted(stream),
        record.join(","),
        quoted(&now)
    ))
}

/// Returns fields as an object, with the JSON as a text where readers would differ.
fn rest(fields: &[Field<'_>]) -> String {
    let mut names = BTreeSet::new();
    let mut pairs = Vec::with_capacity(fields.len());
    for field in fields {
        let name = field.name();
        // Readers keep one field of a name.
        let numbered = (2..).map(|number| format!("{name}_{number}"));
        let free = [name.to_string()].into_iter().chain(numbered);
        let free = free.into_iter().find(|name| !names.contains(name));
        let name = free.unwrap_or_default();
        let value = match is_plain(field.value) {
            true => field.value.to_owned(),
            false => quoted(field.value),
        };
        pairs.push(format!("{}:{value}", quoted(&name)));
        names.insert(name);
    }
    match pairs.is_empty() {
        true => NULL.to_owned(),
        false => format!("{{{}}}", pairs.join(",")),
    }
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

/// Returns a value of the type of its column, as JSON; `None` if it has no such form that every reader keeps.
fn value(json: &str, kind: &Kind) -> Option<String> {
    if json == NULL {
        return Some(NULL.to_owned());
    }
    let first = json.as_bytes().first()?;
    let text = match first {
        b'"' => Some(serde_json::from_str::<String>(json)),
        _ => None,
    };
    match (kind, text) {
        (Kind::Json, _) => Some(quoted(json)),
        (_, Some(Err(_))) => None,
        (Kind::Time, Some(Ok(text))) if text.trim().is_empty() => Some(NULL.to_owned()),
        (Kind::Time, _) => time(json).map(|time| quoted(&time)),
        (Kind::Integer, text) => {
            let number = text.map_or(json.to_owned(), Result::unwrap_or_default);
            let number = number.trim().parse::<i64>().ok();
            number.map(|number| number.to_string())
        }
        (Kind::Number, text) => {
            let number = text.map_or(json.to_owned(), Result::unwrap_or_default);
            let number = number.trim();
            is_kept(number).then(|| number.to_owned())
        }
        (Kind::Text, Some(Ok(_))) => Some(json.to_owned()),
        (Kind::Text, None) => (!b"{[".contains(first)).then(|| quoted(json)),
        (Kind::Boolean, _) => ["true", "false"].contains(&json).then(|| json.to_owned()),
        (Kind::List(_), _) if *first != b'[' => None,
        (Kind::Object(_), _) if *first != b'{' => None,
        (Kind::List(_) | Kind::Object(_), _) => is_plain(json).then(|| {
            let mut written = String::new();
            write(json, kind, &mut written);
            written
        }),
    }
}
