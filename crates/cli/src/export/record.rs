//! The fields of a record as the server wrote them, and its times in RFC 3339.

use super::schema::{Fields, Kind};
use chat2desk::wire::Timestamp;
use chrono::SecondsFormat;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use std::fmt;

/// The fields of a JSON object in the server's order, each value as it was written.
pub struct RawFields<'a>(pub Vec<(String, &'a RawValue)>);

impl<'de> Deserialize<'de> for RawFields<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;

        impl<'de> Visitor<'de> for InOrder {
            type Value = RawFields<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut fields = Vec::new();
                while let Some(field) = map.next_entry()? {
                    fields.push(field);
                }
                Ok(RawFields(fields))
            }
        }

        deserializer.deserialize_map(InOrder)
    }
}

/// Returns a record of one line with its known times in RFC 3339 UTC, and everything else as it was.
pub fn with_times(line: &str, fields: &Fields) -> String {
    let mut written = String::with_capacity(line.len() + 16);
    object(line, fields, &mut written);
    written
}

fn object(json: &str, fields: &Fields, written: &mut String) {
    let Ok(RawFields(values)) = serde_json::from_str(json) else {
        return written.push_str(json);
    };
    written.push('{');
    for (index, (name, value)) in values.iter().enumerate() {
        if index > 0 {
            written.push(',');
        }
        written.push_str(&text(name));
        written.push(':');
        match fields.kind(name) {
            Some(kind) => write(value.get(), kind, written),
            None => written.push_str(value.get()),
        }
    }
    written.push('}');
}

pub fn write(json: &str, kind: &Kind, written: &mut String) {
    match kind {
        Kind::Time => match time(json) {
            Some(time) => written.push_str(&text(&time)),
            None => written.push_str(json),
        },
        Kind::Object(fields) if fields.has_times() => object(json, fields, written),
        Kind::List(kind) if kind.has_times() => {
            let Ok(items) = serde_json::from_str::<Vec<&RawValue>>(json) else {
                return written.push_str(json);
            };
            written.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    written.push(',');
                }
                write(item.get(), kind, written);
            }
            written.push(']');
        }
        _ => written.push_str(json),
    }
}

/// Returns a time in RFC 3339 UTC; `None` if there is none, or if it is not known to mean a point in time.
pub fn time(json: &str) -> Option<String> {
    let time = serde_json::from_str::<Timestamp>(json).ok()?.to_utc()?;
    Some(time.to_rfc3339_opts(SecondsFormat::AutoSi, true))
}

/// Returns a text as JSON.
fn text(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
