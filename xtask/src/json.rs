//! JSON as a conversion holds it: texts borrowed from the input, objects as lists in their order.
//!
//! A [`serde_json::Value`] owns every key and hashes every object, which for millions of small ones is
//! most of the work.

mod print;
mod repair;
mod text;
mod types;

pub use print::Printer;
pub use repair::repaired;
pub use text::Text;

use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::ser::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Number;
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::fmt;
use std::ops::Index;

/// The entries of an object, each key once.
pub type Entries<'a> = Vec<(Cow<'a, str>, Json<'a>)>;

#[derive(Debug, Clone, Default, PartialEq)]
pub enum Json<'a> {
    #[default]
    Null,
    Bool(bool),
    Number(Number),
    Text(Cow<'a, str>),
    List(Vec<Json<'a>>),
    Object(Entries<'a>),
    /// What a document only quotes, such as examples: whoever reads the document looks past it.
    Data(Box<Json<'a>>),
    /// A text of JSON, which is read when it is printed: as values it would take ten times as much memory.
    Source(&'a str),
    /// What stands bare in a sample for a value: `{{id}}`, `<id>`; and the value, if it is known.
    Placeholder(Box<Placeholder<'a>>),
}

#[derive(Debug, Clone, PartialEq)]
pub struct Placeholder<'a> {
    pub text: Cow<'a, str>,
    pub value: Option<Json<'a>>,
}

/// An object of literal keys: `object! { "type": "array", "items": items }`.
macro_rules! object {
    ($($key:literal: $value:expr),* $(,)?) => {
        $crate::json::Json::Object(vec![$(($key.into(), $crate::json::Json::from($value))),*])
    };
}
pub(crate) use object;

impl<'a> Json<'a> {
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The items of a list; none of anything else.
    pub fn items(&self) -> &[Json<'a>] {
        match self {
            Self::List(items) => items,
            _ => &[],
        }
    }

    /// The entries of an object; none of anything else.
    pub fn entries(&self) -> &[(Cow<'a, str>, Json<'a>)] {
        match self {
            Self::Object(entries) => entries,
            _ => &[],
        }
    }

    pub fn get(&self, key: &str) -> Option<&Json<'a>> {
        let entry = self.entries().iter().find(|(known, _)| known == key);
        entry.map(|(_, value)| value)
    }

    pub fn get_mut(&mut self, key: &str) -> Option<&mut Json<'a>> {
        let Self::Object(entries) = self else {
            return None;
        };
        let entry = entries.iter_mut().find(|(known, _)| known == key);
        entry.map(|(_, value)| value)
    }

    /// An object without entries, with room for some: lists that grow are much of a conversion's work.
    pub fn with_room(entries: usize) -> Self {
        Self::Object(Entries::with_capacity(entries))
    }

    /// The same as the text that it was read from, where there is one that is longer than some.
    #[must_use]
    pub fn shrunk(self, text: Option<&'a str>, longest: usize) -> Self {
        // A reference, whichever way it is written, is looked for in values.
        let is_plain = |text: &&str| !text.contains("$ref") && !text.contains("\\u00");
        match text.filter(|text| text.len() > longest).filter(is_plain) {
            Some(text) => Self::Source(text),
            None => self,
        }
    }

    /// Adds an entry to an object that has none of this key.
    pub fn push(&mut self, key: impl Into<Cow<'a, str>>, value: impl Into<Json<'a>>) {
        if let Self::Object(entries) = self {
            entries.push((key.into(), value.into()));
        }
    }
}

impl<'a> Index<&str> for Json<'a> {
    type Output = Json<'a>;

    /// The value of a key; null where there is none.
    fn index(&self, key: &str) -> &Json<'a> {
        self.get(key).unwrap_or(&Json::Null)
    }
}

impl Json<'_> {
    /// One that borrows nothing.
    pub fn into_owned(self) -> Json<'static> {
        let text = |text: Cow<'_, str>| Cow::Owned(text.into_owned());
        match self {
            Self::Null => Json::Null,
            Self::Bool(value) => Json::Bool(value),
            Self::Number(number) => Json::Number(number),
            Self::Text(known) => Json::Text(text(known)),
            Self::List(items) => items.into_iter().map(Json::into_owned).collect(),
            Self::Object(entries) => {
                let entries = entries.into_iter();
                entries
                    .map(|(key, value)| (text(key), value.into_owned()))
                    .collect()
            }
            Self::Data(json) => Json::Data(Box::new(json.into_owned())),
            Self::Source(text) => serde_json::from_str(text)
                .map(Json::into_owned)
                .unwrap_or_default(),
            Self::Placeholder(placeholder) => Json::Placeholder(Box::new(Placeholder {
                text: text(placeholder.text),
                value: placeholder.value.map(Json::into_owned),
            })),
        }
    }
}

impl From<bool> for Json<'_> {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl<'a> From<&'a str> for Json<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl From<String> for Json<'_> {
    fn from(text: String) -> Self {
        Self::Text(Cow::Owned(text))
    }
}

impl<'a> From<Cow<'a, str>> for Json<'a> {
    fn from(text: Cow<'a, str>) -> Self {
        Self::Text(text)
    }
}

impl<'a> From<Vec<Json<'a>>> for Json<'a> {
    fn from(items: Vec<Json<'a>>) -> Self {
        Self::List(items)
    }
}

impl<'a> FromIterator<Json<'a>> for Json<'a> {
    fn from_iter<I: IntoIterator<Item = Json<'a>>>(items: I) -> Self {
        Self::List(items.into_iter().collect())
    }
}

impl<'a, K: Into<Cow<'a, str>>> FromIterator<(K, Json<'a>)> for Json<'a> {
    fn from_iter<I: IntoIterator<Item = (K, Json<'a>)>>(entries: I) -> Self {
        let entries = entries.into_iter();
        Self::Object(entries.map(|(key, value)| (key.into(), value)).collect())
    }
}

impl fmt::Display for Json<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = serde_json::to_string(self).map_err(|_| fmt::Error)?;
        f.write_str(&text)
    }
}

impl Serialize for Json<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Number(number) => number.serialize(serializer),
            Self::Text(text) => serializer.serialize_str(text),
            Self::List(items) => serializer.collect_seq(items),
            Self::Object(entries) => {
                serializer.collect_map(entries.iter().map(|(key, value)| (key, value)))
            }
            Self::Data(json) => json.serialize(serializer),
            Self::Source(text) => {
                let json: Json<'_> = serde_json::from_str(text).map_err(S::Error::custom)?;
                json.serialize(serializer)
            }
            Self::Placeholder(placeholder) => serializer.serialize_str(&placeholder.text),
        }
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Json<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(JsonVisitor)
    }
}

struct JsonVisitor;

impl<'de> Visitor<'de> for JsonVisitor {
    type Value = Json<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON")
    }

    fn visit_unit<E>(self) -> Result<Json<'de>, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Json<'de>, E> {
        Ok(Json::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Json<'de>, E> {
        Ok(Json::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Json<'de>, E> {
        Ok(Json::Number(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Json<'de>, E> {
        Ok(Number::from_f64(value).map_or(Json::Null, Json::Number))
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Json<'de>, E> {
        Ok(Json::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Json<'de>, E> {
        Ok(Json::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_string<E>(self, text: String) -> Result<Json<'de>, E> {
        Ok(Json::Text(Cow::Owned(text)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Json<'de>, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = list.next_element()? {
            items.push(item);
        }
        Ok(Json::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Json<'de>, A::Error> {
        let mut entries = Entries::new();
        while let Some(Text(key)) = map.next_key()? {
            entries.push((key, map.next_value()?));
        }
        Ok(Json::Object(distinct(entries)))
    }
}

/// Of a key that is there twice, the last value at the first place.
fn distinct(entries: Entries<'_>) -> Entries<'_> {
    const FEW: usize = 16;
    let repeats = |(index, (key, _)): (usize, &(Cow<'_, str>, Json<'_>))| {
        entries[..index].iter().any(|(known, _)| known == key)
    };
    if entries.len() <= FEW && !entries.iter().enumerate().any(repeats) {
        return entries;
    }
    let mut known = HashSet::with_capacity(entries.len());
    if entries.iter().all(|(key, _)| known.insert(&**key)) {
        return entries;
    }
    let mut places: HashMap<Cow<'_, str>, usize> = HashMap::with_capacity(entries.len());
    let mut kept = Entries::with_capacity(entries.len());
    for (key, value) in entries {
        match places.get(&key) {
            Some(place) => kept[*place].1 = value,
            None => {
                places.insert(key.clone(), kept.len());
                kept.push((key, value));
            }
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::Json;
    use serde_json::Value;

    #[test]
    fn a_document_is_written_as_it_was_read() {
        let many: Vec<String> = (0..40).map(|n| format!("\"{n}\":{n}")).collect();
        for text in [
            r#"{"b":[1,-2,1.5,1e300,18446744073709551615,true,null],"a":{"x":"é\n\"","":{}}}"#,
            &format!("{{{}}}", many.join(",")),
        ] {
            let json: Json<'_> = serde_json::from_str(text).unwrap();
            let value: Value = serde_json::from_str(text).unwrap();
            assert_eq!(json.to_string(), value.to_string());
        }
    }

    #[test]
    fn of_a_key_that_is_there_twice_the_last_value_counts() {
        for filler in [0, 40] {
            let filler: String = (0..filler).map(|n| format!(",\"{n}\":0")).collect();
            let text = format!(r#"{{"a":1,"b":2,"a":3{filler}}}"#);
            let json: Json<'_> = serde_json::from_str(&text).unwrap();
            let value: Value = serde_json::from_str(&text).unwrap();
            assert_eq!(json.to_string(), value.to_string());
        }
    }
}
