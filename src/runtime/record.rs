//! [`Record`], by which the generated types are read from JSON objects.
//!
//! serde's derive writes a visitor for every type and a wrapper for every field, which took two fifths of the time
//! that the crate needs to build. Here one visitor reads all types; a type only says which field a key belongs to.

use crate::wire::tolerant::{self, Optional};
use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, Visitor,
};
use std::fmt;
use std::marker::PhantomData;

/// A generated type. Its builder also holds what was read so far.
pub(crate) trait Record: Sized {
    type Builder: Default;

    const NAME: &'static str;
    /// The keys of the fields. There are at most 128.
    const KEYS: &'static [&'static str];

    /// Returns the index of a key in [`KEYS`](Self::KEYS).
    fn index(key: &str) -> Option<usize>;

    /// Reads the value of the key with this index into its field.
    fn read<'de, M: MapAccess<'de>>(
        builder: &mut Self::Builder,
        key: usize,
        object: &mut M,
    ) -> Result<(), M::Error>;

    /// Returns the record.
    ///
    /// # Errors
    /// The key of a required field that has no value.
    fn build(builder: Self::Builder) -> Result<Self, &'static str>;
}

/// Reads a record.
pub(crate) fn read<'de, T: Record, D: Deserializer<'de>>(value: D) -> Result<T, D::Error> {
    value.deserialize_struct(T::NAME, T::KEYS, Fields(PhantomData))
}

/// Reads a required field.
pub(crate) fn required<'de, M, T>(object: &mut M, field: &mut Option<T>) -> Result<(), M::Error>
where
    M: MapAccess<'de>,
    T: Deserialize<'de>,
{
    *field = Some(object.next_value()?);
    Ok(())
}

/// Reads a required map, whose entries are optional.
#[allow(dead_code, reason = "not every version of the API has one")]
pub(crate) fn entries<'de, M, T>(object: &mut M, field: &mut Option<T>) -> Result<(), M::Error>
where
    M: MapAccess<'de>,
    T: Optional<'de>,
{
    let Entries(value) = object.next_value()?;
    *field = Some(value);
    Ok(())
}

/// Reads an optional field; see [`tolerant::field`].
pub(crate) fn optional<'de, M, T>(object: &mut M, field: &mut T) -> Result<(), M::Error>
where
    M: MapAccess<'de>,
    T: Optional<'de>,
{
    let Field(value) = object.next_value()?;
    *field = value;
    Ok(())
}

struct Field<T>(T);

impl<'de, T: Optional<'de>> Deserialize<'de> for Field<T> {
    fn deserialize<D: Deserializer<'de>>(value: D) -> Result<Self, D::Error> {
        tolerant::field(value).map(Self)
    }
}

struct Entries<T>(T);

impl<'de, T: Optional<'de>> Deserialize<'de> for Entries<T> {
    fn deserialize<D: Deserializer<'de>>(value: D) -> Result<Self, D::Error> {
        T::read(value).map(Self)
    }
}

struct Fields<T>(PhantomData<T>);

impl<'de, T: Record> Visitor<'de> for Fields<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "struct {}", T::NAME)
    }

    fn visit_map<M: MapAccess<'de>>(self, mut object: M) -> Result<T, M::Error> {
        let mut builder = T::Builder::default();
        let mut seen = 0_u128;
        while let Some(key) = object.next_key_seed(Key::<T>(PhantomData))? {
            let Some(key) = key else {
                object.next_value::<IgnoredAny>()?;
                continue;
            };
            if seen & (1 << key) != 0 {
                return Err(M::Error::duplicate_field(T::KEYS[key]));
            }
            seen |= 1 << key;
            T::read(&mut builder, key, &mut object)?;
        }
        T::build(builder).map_err(M::Error::missing_field)
    }
}

/// Reads a key as its index; `None` if it is no field of the type.
struct Key<T>(PhantomData<T>);

impl<'de, T: Record> DeserializeSeed<'de> for Key<T> {
    type Value = Option<usize>;

    fn deserialize<D: Deserializer<'de>>(self, key: D) -> Result<Option<usize>, D::Error> {
        key.deserialize_identifier(self)
    }
}

impl<T: Record> Visitor<'_> for Key<T> {
    type Value = Option<usize>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a field")
    }

    fn visit_str<E: Error>(self, key: &str) -> Result<Option<usize>, E> {
        Ok(T::index(key))
    }
}
