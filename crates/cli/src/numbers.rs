//! JSON that is sent as it was written, or not at all: numbers in memory are not those of the text.

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;
use std::collections::HashSet;
use std::fmt;

/// Reads JSON whose numbers and keys would be sent as they are written.
///
/// # Errors
/// If it is not JSON, or would be sent in another way, with the place.
pub fn parse(text: &str) -> Result<Value, String> {
    let value = serde_json::from_str(text).map_err(|error| format!("not JSON: {error}"))?;
    match change(text.trim(), "") {
        None => Ok(value),
        Some(reason) => Err(reason),
    }
}

/// Returns what would be sent in another way, with its place. The text is JSON, so its depth is limited.
pub fn change(text: &str, place: &str) -> Option<String> {
    let inside = |name: &str| match place {
        "" => name.to_owned(),
        _ => format!("{place}.{name}"),
    };
    match text.as_bytes().first()? {
        b'{' => {
            let Fields(fields) = serde_json::from_str(text).ok()?;
            let mut names = HashSet::new();
            fields
                .iter()
                .find_map(|(name, value)| match names.insert(name) {
                    true => change(value.get(), &inside(name)),
                    false => Some(format!("`{}` is there twice", inside(name))),
                })
        }
        b'[' => {
            let items: Vec<&RawValue> = serde_json::from_str(text).ok()?;
            let mut items = items.iter().enumerate();
            items.find_map(|(index, item)| change(item.get(), &inside(&index.to_string())))
        }
        b'-' | b'0'..=b'9' => {
            let sent = serde_json::from_str::<Value>(text).ok()?.to_string();
            let place = match place {
                "" => String::new(),
                _ => format!(" at `{place}`"),
            };
            (sent != text).then(|| {
                format!(
                    "the number{place} cannot be sent as it is written; send it as a text in quotes, or write it \
                     without an exponent, without zeros behind its fraction, and with fewer digits"
                )
            })
        }
        _ => None,
    }
}

/// The fields of an object, each as often as it is there.
struct Fields<'a>(Vec<(String, &'a RawValue)>);

impl<'de> Deserialize<'de> for Fields<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct All;
        impl<'de> Visitor<'de> for All {
            type Value = Fields<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut fields = Vec::new();
                while let Some(field) = map.next_entry()? {
                    fields.push(field);
                }
                Ok(Fields(fields))
            }
        }
        deserializer.deserialize_map(All)
    }
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn json_is_sent_as_it_is_written_or_refused_with_its_place() {
        for (text, place) in [
            (
                r#"{"a":[0,-1,1.5,1.0,9223372036854775807,18446744073709551615],"b":null}"#,
                None,
            ),
            (
                r#"{"a":"1.10 12345678901234567890123","b":{"1.10":true}}"#,
                None,
            ),
            ("\n 5 ", None),
            (r#"{"1":12345678901234567890123}"#, Some("`1`")),
            (r#"{"a":{"b":[1,{"c":1.10}]}}"#, Some("`a.b.1.c`")),
            ("18446744073709551616", Some("the number cannot")),
            ("[-9223372036854775809]", Some("`0`")),
            ("[1e3]", Some("`0`")),
            ("[-0]", Some("`0`")),
            ("[0.1234567890123456789]", Some("`0`")),
            ("[12345678901234567.5]", Some("`0`")),
            (r#"{"a":1,"b":{"c":1,"c":2}}"#, Some("`b.c` is there twice")),
            ("{", Some("not JSON")),
            ("[1e999]", Some("not JSON")),
        ] {
            match (parse(text), place) {
                (Ok(_), None) => {}
                (Err(reason), Some(place)) => assert!(reason.contains(place), "{text}: {reason}"),
                (result, _) => panic!("{text}: {result:?}"),
            }
        }
    }
}
