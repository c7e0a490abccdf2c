//! `payloads!`: how every payload is declared, read and shown.

use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

/// Declares payloads: structs whose fields are all optional, and which show no texts in `Debug`.
///
/// A field is given with the type that it has where it is present. What all fields have in common is
/// said here and nowhere else.
macro_rules! payloads {
    ($($(#[$attribute:meta])* struct $name:ident { $($(#[$field_attribute:meta])* $field:ident: $type:ty),* $(,)? })*) => {
        $(
            $(#[$attribute])*
            #[derive(Clone, Default, PartialEq, serde::Serialize, serde::Deserialize)]
            #[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
            #[serde(default)]
            #[non_exhaustive]
            pub struct $name {
                $(
                    $(#[$field_attribute])*
                    pub $field: Option<$type>,
                )*
                /// What else came.
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
        )*
    };
}

pub(super) use payloads;

/// What has no field, without what [`Event`](crate::webhook::Event) holds.
pub(super) fn without_envelope<'de, D: Deserializer<'de>>(
    other: D,
) -> Result<Map<String, Value>, D::Error> {
    let mut other = Map::deserialize(other)?;
    other.remove("hook_type");
    other.remove("event_time");
    Ok(other)
}
