//! Decodes leniently: accepts every form in which the server was seen to write a value.
//!
//! A number may be written as text, a text as a number, a flag as `0` or `1`, an empty list or map as `null`, and
//! an empty map as `[]`. [`from_slice`] decodes the crate's types through a deserializer that accepts all of
//! these, so the types need not.

use super::forms::{Flag, Float, Integer, Text, pass};
use super::raw::{Members, Only};
use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess,
    Unexpected, Visitor,
};
use std::fmt;

/// Decodes a JSON body. An empty body is read as `null`.
pub(super) fn from_slice<T: DeserializeOwned>(body: &[u8]) -> Result<T, serde_json::Error> {
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    let body = if body.trim_ascii().is_empty() {
        b"null"
    } else {
        body
    };
    let mut json = serde_json::Deserializer::from_slice(body);
    T::deserialize(Lenient(&mut json)).and_then(|value| json.end().map(|()| value))
}

/// A lenient deserializer around another one.
struct Lenient<D>(D);

/// Forwards each of these methods to `deserialize_any` of the wrapped deserializer, with a visitor that accepts
/// the other forms.
macro_rules! through {
    ($wrapper:ident: $($method:ident)*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
            self.0.deserialize_any($wrapper(visitor))
        })*
    };
}

macro_rules! unchanged {
    ($($method:ident($($argument:ident: $type:ty),*))*) => {
        $(fn $method<V: Visitor<'de>>(self, $($argument: $type,)* visitor: V) -> Result<V::Value, D::Error> {
            self.0.$method($($argument,)* visitor)
        })*
    };
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Lenient<D> {
    type Error = D::Error;

    through!(Integer: deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64);
    through!(Float: deserialize_f32 deserialize_f64);
    through!(Flag: deserialize_bool);
    through!(Text: deserialize_str deserialize_string);
    through!(Mapping: deserialize_map);

    // serde_json's `deserialize_any`, and its `deserialize_struct`, would be compiled for every type at several times
    // the size of these.
    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.0.deserialize_option(Object(visitor))
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.0.deserialize_option(List(visitor))
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.0.deserialize_any(Any(visitor))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.0.deserialize_option(Inner(visitor))
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.0.deserialize_newtype_struct(name, Inner(visitor))
    }

    unchanged! {
        deserialize_char() deserialize_bytes() deserialize_byte_buf()
        deserialize_unit() deserialize_identifier() deserialize_ignored_any()
        deserialize_i128() deserialize_u128()
        deserialize_unit_struct(name: &'static str)
        deserialize_tuple(len: usize)
        deserialize_tuple_struct(name: &'static str, len: usize)
        deserialize_enum(name: &'static str, variants: &'static [&'static str])
    }

    fn is_human_readable(&self) -> bool {
        self.0.is_human_readable()
    }
}

struct Sequence<V>(V);
struct Mapping<V>(V);
struct Inner<V>(V);
struct Any<V>(V);

/// A struct, or `null` in place of an empty one.
struct Object<V>(V);

/// A list, or `null` in place of an empty one.
struct List<V>(V);

/// Methods of a visitor for `null`, and for a value that is read by `$method` with the visitor `$wrapper`.
macro_rules! or_null {
    ($wrapper:ident: $method:ident) => {
        pass!();

        fn visit_none<E: Error>(self) -> Result<V::Value, E> {
            $wrapper(self.0).visit_unit()
        }

        fn visit_unit<E: Error>(self) -> Result<V::Value, E> {
            self.visit_none()
        }

        fn visit_some<D: Deserializer<'de>>(self, value: D) -> Result<V::Value, D::Error> {
            value.$method($wrapper(self.0))
        }
    };
}

impl<'de, V: Visitor<'de>> Visitor<'de> for Object<V> {
    or_null!(Mapping: deserialize_map);
}

impl<'de, V: Visitor<'de>> Visitor<'de> for List<V> {
    or_null!(Sequence: deserialize_seq);
}

impl<'de, V: Visitor<'de>> Visitor<'de> for Sequence<V> {
    pass!();

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<V::Value, A::Error> {
        self.0.visit_seq(Lenient(items))
    }

    fn visit_unit<E: Error>(self) -> Result<V::Value, E> {
        self.0.visit_seq(Only::none()).map_err(E::custom)
    }
}

impl<'de, V: Visitor<'de>> Visitor<'de> for Mapping<V> {
    pass!();

    fn visit_map<A: MapAccess<'de>>(self, entries: A) -> Result<V::Value, A::Error> {
        self.0.visit_map(Lenient(entries))
    }

    fn visit_unit<E: Error>(self) -> Result<V::Value, E> {
        self.0.visit_map(Members::none()).map_err(E::custom)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<V::Value, A::Error> {
        match items.next_element::<IgnoredAny>()? {
            None => self.visit_unit(),
            Some(_) => Err(A::Error::invalid_type(Unexpected::Seq, &self)),
        }
    }
}

/// A value of any type is not converted; the elements of a list or map are read leniently.
impl<'de, V: Visitor<'de>> Visitor<'de> for Any<V> {
    pass!(visit_bool: bool, visit_i64: i64, visit_u64: u64, visit_f64: f64,
        visit_str: &str, visit_string: String, visit_borrowed_str: &'de str);

    fn visit_unit<E: Error>(self) -> Result<V::Value, E> {
        self.0.visit_unit()
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<V::Value, A::Error> {
        self.0.visit_seq(Lenient(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, entries: A) -> Result<V::Value, A::Error> {
        self.0.visit_map(Lenient(entries))
    }
}

impl<'de, V: Visitor<'de>> Visitor<'de> for Inner<V> {
    pass!();

    fn visit_none<E: Error>(self) -> Result<V::Value, E> {
        self.0.visit_none()
    }

    fn visit_unit<E: Error>(self) -> Result<V::Value, E> {
        self.0.visit_unit()
    }

    fn visit_some<D: Deserializer<'de>>(self, value: D) -> Result<V::Value, D::Error> {
        self.0.visit_some(Lenient(value))
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, value: D) -> Result<V::Value, D::Error> {
        self.0.visit_newtype_struct(Lenient(value))
    }
}

impl<'de, A: SeqAccess<'de>> SeqAccess<'de> for Lenient<A> {
    type Error = A::Error;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, A::Error> {
        self.0.next_element_seed(LenientSeed(seed))
    }

    fn size_hint(&self) -> Option<usize> {
        self.0.size_hint()
    }
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Lenient<A> {
    type Error = A::Error;

    fn next_key_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, A::Error> {
        self.0.next_key_seed(seed)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, A::Error> {
        self.0.next_value_seed(LenientSeed(seed))
    }

    fn size_hint(&self) -> Option<usize> {
        self.0.size_hint()
    }
}

struct LenientSeed<S>(S);

impl<'de, S: DeserializeSeed<'de>> DeserializeSeed<'de> for LenientSeed<S> {
    type Value = S::Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<S::Value, D::Error> {
        self.0.deserialize(Lenient(deserializer))
    }
}

#[cfg(test)]
mod tests {
    use super::from_slice;
    use serde::Deserialize;
    use std::collections::BTreeMap;

    #[derive(Debug, Default, PartialEq, Deserialize)]
    #[serde(default)]
    struct Record {
        id: i64,
        name: Option<String>,
        online: bool,
        score: Option<f64>,
        tags: Vec<i64>,
        extra: BTreeMap<String, i64>,
        inner: Option<Box<Record>>,
    }

    fn record(json: &str) -> Record {
        from_slice(json.as_bytes()).unwrap()
    }

    #[test]
    fn every_form_of_a_value() {
        for (json, expected) in [
            (
                r#"{"id": "7"}"#,
                Record {
                    id: 7,
                    ..Record::default()
                },
            ),
            (
                r#"{"id": 7.0}"#,
                Record {
                    id: 7,
                    ..Record::default()
                },
            ),
            (
                r#"{"name": 15}"#,
                Record {
                    name: Some("15".into()),
                    ..Record::default()
                },
            ),
            (r#"{"name": null}"#, Record::default()),
            (
                r#"{"online": 1}"#,
                Record {
                    online: true,
                    ..Record::default()
                },
            ),
            (
                r#"{"online": "true"}"#,
                Record {
                    online: true,
                    ..Record::default()
                },
            ),
            (
                r#"{"score": "4.5"}"#,
                Record {
                    score: Some(4.5),
                    ..Record::default()
                },
            ),
            (r#"{"tags": null, "extra": null}"#, Record::default()),
            (
                r#"{"tags": ["1", 2]}"#,
                Record {
                    tags: vec![1, 2],
                    ..Record::default()
                },
            ),
            (r#"{"extra": []}"#, Record::default()),
            ("\u{feff}{}", Record::default()),
            (" ", Record::default()),
        ] {
            assert_eq!(record(json), expected, "{json}");
        }
        let nested = record(r#"{"inner": {"id": "9", "extra": []}}"#)
            .inner
            .unwrap();
        assert_eq!(nested.id, 9);
    }
}
