//! [`Single`] and [`Enveloped`], values that the server writes either bare or wrapped: a record in a list of one, a
//! list in an envelope.

use super::reading::hide_keys;
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};
use std::fmt;
use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};

/// A record that the server writes either bare or as the only element of a list.
///
/// It dereferences to the record, and serializes in the form in which it was received.
#[derive(Clone, PartialEq)]
pub struct Single<T> {
    record: T,
    in_list: bool,
}

/// A list that the server writes either bare or under `data` of an envelope.
///
/// It dereferences to the list, and serializes in the form in which it was received.
#[derive(Clone, PartialEq)]
pub struct Enveloped<T> {
    list: Vec<T>,
    /// The other members of the envelope; `None` for a bare list.
    others: Option<Map<String, Value>>,
}

impl<T> Single<T> {
    /// Returns the record.
    pub fn into_inner(self) -> T {
        self.record
    }
}

impl<T> Enveloped<T> {
    /// Returns the list.
    pub fn into_inner(self) -> Vec<T> {
        self.list
    }
}

/// Converts to a bare record.
impl<T> From<T> for Single<T> {
    fn from(record: T) -> Self {
        Self {
            record,
            in_list: false,
        }
    }
}

/// Converts to a bare list.
impl<T> From<Vec<T>> for Enveloped<T> {
    fn from(list: Vec<T>) -> Self {
        Self { list, others: None }
    }
}

/// Implements what both have in common: their use as the value they contain.
macro_rules! transparent {
    ($name:ident, $field:ident: $inner:ty) => {
        impl<T> Deref for $name<T> {
            type Target = $inner;

            fn deref(&self) -> &$inner {
                &self.$field
            }
        }

        impl<T> DerefMut for $name<T> {
            fn deref_mut(&mut self) -> &mut $inner {
                &mut self.$field
            }
        }

        impl<T: fmt::Debug> fmt::Debug for $name<T> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.$field.fmt(f)
            }
        }

        impl<'de, T: Deserialize<'de>> Deserialize<'de> for $name<T> {
            fn deserialize<D: Deserializer<'de>>(value: D) -> Result<Self, D::Error> {
                value.deserialize_any(Form::<$name<T>>(PhantomData))
            }
        }
    };
}

transparent!(Single, record: T);
transparent!(Enveloped, list: Vec<T>);

struct Form<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for Form<Single<T>> {
    type Value = Single<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("object or array of one")
    }

    fn visit_map<A: MapAccess<'de>>(self, record: A) -> Result<Single<T>, A::Error> {
        T::deserialize(MapAccessDeserializer::new(record)).map(Single::from)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Single<T>, A::Error> {
        let only = list.next_element()?;
        match (only, list.next_element::<IgnoredAny>()?) {
            (Some(record), None) => Ok(Single {
                record,
                in_list: true,
            }),
            _ => Err(A::Error::invalid_length(0, &self)),
        }
    }
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for Form<Enveloped<T>> {
    type Value = Enveloped<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("array or object with an array `data`")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Enveloped<T>, A::Error> {
        Vec::deserialize(SeqAccessDeserializer::new(list)).map(Enveloped::from)
    }

    fn visit_map<A: MapAccess<'de>>(self, envelope: A) -> Result<Enveloped<T>, A::Error> {
        #[derive(Deserialize)]
        struct Envelope<T> {
            data: Vec<T>,
            #[serde(flatten)]
            others: Map<String, Value>,
        }
        let envelope = Envelope::deserialize(MapAccessDeserializer::new(envelope))?;
        hide_keys(&envelope.others);
        Ok(Enveloped {
            list: envelope.data,
            others: Some(envelope.others),
        })
    }
}

impl<T: Serialize> Serialize for Single<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.in_list {
            true => [&self.record].serialize(serializer),
            false => self.record.serialize(serializer),
        }
    }
}

impl<T: Serialize> Serialize for Enveloped<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Envelope<'a, T> {
            data: &'a [T],
            #[serde(flatten)]
            others: &'a Map<String, Value>,
        }
        match &self.others {
            None => self.list.serialize(serializer),
            Some(others) => Envelope {
                data: &self.list,
                others,
            }
            .serialize(serializer),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Enveloped, Single};
    use crate::wire::decode::{Decoded, decode};
    use serde::{Deserialize, Serialize};
    use serde_json::{Value, json};

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Record {
        id: i64,
    }

    fn read<T: serde::de::DeserializeOwned>(body: &Value) -> Option<T> {
        let Decoded { value, drift } = decode(body.to_string().as_bytes()).ok()?;
        assert!(drift.is_empty(), "{body}: {drift:?}");
        Some(value)
    }

    #[test]
    fn a_record_comes_bare_or_in_a_list_of_one() {
        for (body, back) in [
            (json!({ "id": "7" }), json!({ "id": 7 })),
            (json!([{ "id": "7" }]), json!([{ "id": 7 }])),
        ] {
            let record: Single<Record> = read(&body).unwrap();
            assert_eq!(record.id, 7);
            assert_eq!(serde_json::to_value(&record).unwrap(), back);
        }
        for body in [json!([]), json!([{ "id": 7 }, { "id": 8 }]), json!("7")] {
            assert!(read::<Single<Record>>(&body).is_none(), "{body}");
        }
    }

    #[test]
    fn a_list_comes_bare_or_in_an_envelope() {
        for body in [
            json!([{ "id": 7 }]),
            json!({ "data": [{ "id": 7 }], "status": "success" }),
        ] {
            let list: Enveloped<Record> = read(&body).unwrap();
            assert_eq!(list[0].id, 7);
            assert_eq!(serde_json::to_value(&list).unwrap(), body);
        }
        for body in [json!({ "status": "success" }), json!("7"), json!([{}])] {
            assert!(read::<Enveloped<Record>>(&body).is_none(), "{body}");
        }
    }
}
