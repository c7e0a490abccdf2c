//! What fields do in a second reading: one that cannot be read is left out and reported.
//!
//! serde gives a field no way back once its value turned out to be of another type. So every optional field is
//! read by [`field`] (`deserialize_with`; the generated types are adapted to it). In the first reading it passes
//! the error on. In the second, which a thread does from beginning to end without waiting,
//! it reports the error that was made last, and gives the field its default.

use super::reading::pass_over;
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};
use std::collections::HashMap;
use std::fmt;
use std::marker::PhantomData;

/// A type of optional fields: it has a value for a field that is left out.
pub(crate) trait Optional<'de>: Default {
    /// Reads a value, of a list or map without the parts that cannot be read.
    fn read<D: Deserializer<'de>>(value: D) -> Result<Self, D::Error>;
}

/// Reads an optional field.
pub(crate) fn field<'de, D, T>(value: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Optional<'de>,
{
    match T::read(value) {
        Err(_) if pass_over() => Ok(T::default()),
        read => read,
    }
}

/// Reads a map that a record cannot do without, though it can do without each of its entries.
#[allow(dead_code, reason = "not every version of the API has one")]
pub(crate) fn entries<'de, D, T>(value: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Optional<'de>,
{
    T::read(value)
}

impl<'de, T: Deserialize<'de>> Optional<'de> for Option<T> {
    fn read<D: Deserializer<'de>>(value: D) -> Result<Self, D::Error> {
        Self::deserialize(value)
    }
}

impl<'de> Optional<'de> for Value {
    fn read<D: Deserializer<'de>>(value: D) -> Result<Self, D::Error> {
        Self::deserialize(value)
    }
}

impl<'de> Optional<'de> for Map<String, Value> {
    fn read<D: Deserializer<'de>>(value: D) -> Result<Self, D::Error> {
        Self::deserialize(value)
    }
}

/// An element or entry, unless it was passed over.
struct Part<T>(Option<T>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Part<T> {
    fn deserialize<D: Deserializer<'de>>(value: D) -> Result<Self, D::Error> {
        match T::deserialize(value) {
            Ok(part) => Ok(Self(Some(part))),
            Err(_) if pass_over() => Ok(Self(None)),
            Err(error) => Err(error),
        }
    }
}

impl<'de, T: Deserialize<'de>> Optional<'de> for Vec<T> {
    fn read<D: Deserializer<'de>>(value: D) -> Result<Self, D::Error> {
        value.deserialize_seq(List(PhantomData))
    }
}

/// A list without the elements that cannot be read, for fields that are not of the type [`Optional`].
pub(crate) struct Listed<T>(pub(crate) Vec<T>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Listed<T> {
    fn deserialize<D: Deserializer<'de>>(value: D) -> Result<Self, D::Error> {
        Vec::read(value).map(Self)
    }
}

struct List<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for List<T> {
    type Value = Vec<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a sequence")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut parts: A) -> Result<Vec<T>, A::Error> {
        let mut list = Vec::new();
        while let Some(Part(part)) = parts.next_element()? {
            list.extend(part);
        }
        Ok(list)
    }
}

impl<'de, T: Deserialize<'de>> Optional<'de> for HashMap<String, T> {
    fn read<D: Deserializer<'de>>(value: D) -> Result<Self, D::Error> {
        value.deserialize_map(Entries(PhantomData))
    }
}

struct Entries<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for Entries<T> {
    type Value = HashMap<String, T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut parts: A) -> Result<Self::Value, A::Error> {
        let mut entries = HashMap::new();
        while let Some((key, Part(part))) = parts.next_entry()? {
            entries.extend(part.map(|part| (key, part)));
        }
        Ok(entries)
    }
}
