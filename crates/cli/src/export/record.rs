//! The fields of a record as the server wrote them, and its times in RFC 3339.

use super::plain::quoted;
use super::schema::{Fields, Kind};
use chat2desk::wire::Timestamp;
use chrono::SecondsFormat;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::fmt;

/// The name of the column or field for what the document does not know, and for values that do not fit their column.
pub const OTHER: &str = "_other";

/// The fields of a JSON object in the server's order, each name and value as it was written.
pub struct RawFields<'a>(pub Vec<Field<'a>>);

/// A field as it was written.
#[derive(Clone, Copy)]
pub struct Field<'a> {
    /// The name in its quotes.
    quoted: &'a str,
    /// The value as JSON.
    pub value: &'a str,
}

impl<'a> Field<'a> {
    /// Returns the name; as it was written if it is no text, such as half a character.
    pub fn name(self) -> Cow<'a, str> {
        let inner = &self.quoted[1..self.quoted.len() - 1];
        match inner.contains('\\') {
            true => serde_json::from_str(self.quoted).map_or(Cow::Borrowed(inner), Cow::Owned),
            false => Cow::Borrowed(inner),
        }
    }
}

impl fmt::Display for Field<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.quoted, self.value)
    }
}

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
                while let Some((name, value)) = map.next_entry::<&RawValue, &RawValue>()? {
                    let (quoted, value) = (name.get(), value.get());
                    fields.push(Field { quoted, value });
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
    for (index, field) in values.iter().enumerate() {
        if index > 0 {
            written.push(',');
        }
        written.push_str(field.quoted);
        written.push(':');
        match fields.kind(&field.name()) {
            Some(kind) => write(field.value, kind, written),
            None => written.push_str(field.value),
        }
    }
    written.push('}');
}

pub fn write(json: &str, kind: &Kind, written: &mut String) {
    match kind {
        Kind::Time => match time(json) {
            Some(time) => written.push_str(&quoted(&time)),
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

/// Splits a record into the values of its known fields, each as `convert` makes it, and everything else: unknown fields,
/// and values that `convert` has no form for. `None` if the record is no object.
pub fn split<'a, T>(
    line: &'a str,
    fields: &Fields,
    convert: fn(&str, &Kind) -> Option<T>,
) -> Option<(Vec<Option<T>>, Vec<Field<'a>>)> {
    let RawFields(values) = serde_json::from_str(line).ok()?;
    let mut cells: Vec<Option<T>> = fields.0.iter().map(|_| None).collect();
    let mut other = Vec::new();
    for field in values {
        let name = field.name();
        let place = fields.0.iter().position(|(known, _)| *known == name);
        let place = place.filter(|place| cells[*place].is_none());
        let cell = place.and_then(|place| convert(field.value, &fields.0[place].1));
        match (place, cell) {
            (Some(place), Some(cell)) => cells[place] = Some(cell),
            _ => other.push(field),
        }
    }
    Some((cells, other))
}
