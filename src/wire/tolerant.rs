//! [`field`], which reads an optional field, and in a second reading leaves it out if its value cannot be read.
//!
//! serde cannot continue a record after a value of another type. So every optional field is read by [`field`]
//! through `deserialize_with`, which the generated types are adapted to use. In the first reading it returns the
//! error. In the second it reports the last error, and returns the default of the field.

use super::reading::pass_over;
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};
use std::collections::HashMap;
use std::fmt;
use std::marker::PhantomData;

/// The type of an optional field, which has a default for a value that is left out.
pub(crate) trait Optional<'de>: Default {
    /// Reads a value. A list or map is read without the parts that cannot be read.
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

/// Reads a required map, whose entries are optional.
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

/// An element or entry; `None` if it was left out.
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

/// A list without the elements that cannot be read, for fields whose type is not [`Optional`].
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
