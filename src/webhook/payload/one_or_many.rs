//! [`OneOrMany`]: a list that may come as its one element.

use crate::wire::lenient::from_slice;
use serde::de::{DeserializeOwned, Error};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use std::ops::Deref;

/// A list that some events write as its one element, without the list around it.
///
/// Reads as a slice, and is written back as it came.
///
/// ```
/// use chat2desk::webhook::payload::{ClientChannel, OneOrMany};
///
/// let one = OneOrMany::One(ClientChannel::default());
/// let many = OneOrMany::Many(vec![ClientChannel::default()]);
/// assert_eq!(one[..], many[..]);
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum OneOrMany<T> {
    /// The element.
    One(T),
    /// The list.
    Many(Vec<T>),
}

impl<T> Deref for OneOrMany<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        match self {
            Self::One(element) => std::slice::from_ref(element),
            Self::Many(list) => list,
        }
    }
}

impl<'a, T> IntoIterator for &'a OneOrMany<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for OneOrMany<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // Whether it is a list shows only in the JSON as it came, and numbers that are written as text
        // are read only by the lenient deserializer: so it is read twice.
        let json = Value::deserialize(deserializer)?;
        let text = json.to_string();
        let read = match json {
            Value::Array(_) => from_slice(text.as_bytes()).map(Self::Many),
            _ => from_slice(text.as_bytes()).map(Self::One),
        };
        read.map_err(D::Error::custom)
    }
}
