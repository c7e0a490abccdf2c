//! `payloads!`: declares payloads, with how they are decoded and shown.

use crate::wire::{LooseNumber, MessageType, Messenger, Timestamp, tolerant};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

/// Declares payloads: structs whose fields are all optional, and which show no texts in `Debug`.
///
/// A field is declared with the type that it has if it is present.
macro_rules! payloads {
    ($($(#[$attribute:meta])* struct $name:ident { $($(#[$field_attribute:meta])* $field:ident: $type:ty),* $(,)? })*) => {
        $(
            $(#[$attribute])*
            #[derive(Clone, Default, PartialEq, serde::Serialize, serde::Deserialize)]
            #[cfg_attr(feature = "__schemas", derive(schemars::JsonSchema))]
            #[serde(default)]
            #[non_exhaustive]
            pub struct $name {
                $(
                    $(#[$field_attribute])*
                    #[serde(deserialize_with = "crate::webhook::payload::declare::field")]
                    pub $field: Option<$type>,
                )*
                /// All values without a field of their own.
                #[serde(flatten, deserialize_with = "crate::webhook::payload::declare::without_envelope")]
                pub other: serde_json::Map<String, serde_json::Value>,
            }

            impl std::fmt::Debug for $name {
                fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                    let mut debug = f.debug_struct(stringify!($name));
                    $(if let Some(value) = crate::redacted::Shown::shown(&self.$field) {
                        debug.field(stringify!($field), value);
                    })*
                    debug.finish_non_exhaustive()
                }
            }

            crate::redacted::shown!($name);
            crate::webhook::payload::declare::field_types!($name);
        )*
    };
}

pub(super) use payloads;

/// A type of fields.
pub(super) trait FieldType<'de>: Deserialize<'de> {
    /// Decodes a field. `null` becomes `None`.
    fn read<D: Deserializer<'de>>(value: D) -> Result<Option<Self>, D::Error> {
        Option::deserialize(value)
    }
}

/// A list loses only the elements that cannot be decoded.
impl<'de, T: Deserialize<'de>> FieldType<'de> for Vec<T> {
    fn read<D: Deserializer<'de>>(value: D) -> Result<Option<Self>, D::Error> {
        let list = Option::<tolerant::Listed<T>>::deserialize(value)?;
        Ok(list.map(|list| list.0))
    }
}

macro_rules! field_types {
    ($($type:ty),*) => {
        $(impl<'de> crate::webhook::payload::declare::FieldType<'de> for $type {})*
    };
}

pub(super) use field_types;

field_types!(
    bool, i64, LooseNumber, Map<String, Value>, MessageType, String, Timestamp, Messenger, Value
);

impl<'de, T: FieldType<'de>> FieldType<'de> for Box<T> {}

/// Decodes a field. A value of another type costs only this field.
pub(super) fn field<'de, D, T>(value: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: FieldType<'de>,
{
    tolerant::field(value).map(|field: Field<T>| field.0)
}

struct Field<T>(Option<T>);

impl<T> Default for Field<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<'de, T: FieldType<'de>> tolerant::Optional<'de> for Field<T> {
    fn read<D: Deserializer<'de>>(value: D) -> Result<Self, D::Error> {
        T::read(value).map(Self)
    }
}

/// Decodes the values without a field, except for those that [`Event`](crate::webhook::Event) holds.
pub(super) fn without_envelope<'de, D: Deserializer<'de>>(
    other: D,
) -> Result<Map<String, Value>, D::Error> {
    let mut other = Map::deserialize(other)?;
    other.remove("hook_type");
    other.remove("event_time");
    Ok(other)
}
