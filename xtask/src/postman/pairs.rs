//! Pairs of keys and values, as lists, objects and texts have them.

use super::KeyValue;
use super::fields::ListVisitor;
use super::percent::decoded;
use crate::json::{Json, Text};
use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use std::fmt;
use std::ops::Deref;

/// Pairs of keys and values: a list of them, an object of them, or a text of lines.
#[derive(Debug, Clone, Default)]
pub struct Pairs<'a>(pub Vec<KeyValue<'a>>);

impl<'a> Deref for Pairs<'a> {
    type Target = Vec<KeyValue<'a>>;

    fn deref(&self) -> &Vec<KeyValue<'a>> {
        &self.0
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Pairs<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut pairs = deserializer.deserialize_any(PairsVisitor)?;
        pairs.shrink_to_fit();
        Ok(Self(pairs))
    }
}

struct PairsVisitor;

impl<'de> Visitor<'de> for PairsVisitor {
    type Value = Vec<KeyValue<'de>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("pairs of keys and values")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Vec::new())
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
        Ok(Vec::new())
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        // Lines of headers, or a form as it is sent.
        if text.lines().count() == 1 && text.contains('&') && !text.contains(": ") {
            return Ok(form_pairs(text));
        }
        let lines = text.lines().filter(|line| !line.trim().is_empty());
        Ok(lines.map(KeyValue::line).collect())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, entries: A) -> Result<Self::Value, A::Error> {
        ListVisitor(|| None).visit_seq(entries)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Self::Value, A::Error> {
        let mut pairs = Vec::new();
        while let Some((Text(key), value)) = entries.next_entry::<Text<'de>, Json<'de>>()? {
            pairs.push(KeyValue::new(key, value));
        }
        Ok(pairs)
    }
}

/// The pairs of a form as it is sent.
pub fn form_pairs(text: &str) -> Vec<KeyValue<'static>> {
    let plain = |text: &str| decoded(&text.replace('+', " ")).into_owned();
    let pairs = query_pairs(text).into_iter();
    pairs
        .map(|pair| KeyValue::new(plain(&pair.key), plain(&pair.text())))
        .collect()
}

/// The pairs of a query, as they are written.
pub fn query_pairs(query: &str) -> Vec<KeyValue<'static>> {
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    let pairs = pairs.map(|pair| {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        KeyValue::new(key.to_owned(), value.to_owned())
    });
    pairs.collect()
}
