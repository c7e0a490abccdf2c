//! Values that the server writes bare or in a wrapping: a record in a list of one, a list in an envelope.

use super::lenient;
use serde::de::{DeserializeOwned, Error};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};
use std::fmt;
use std::ops::{Deref, DerefMut};

/// A value that the server writes in two forms: bare, or in a wrapping.
///
/// Dereferences to the value, so that it reads the same in either form. It is written back as it came.
#[derive(Clone, PartialEq)]
pub struct Unwrapped<T> {
    value: T,
    wrapping: Wrapping,
}

#[derive(Clone, PartialEq)]
enum Wrapping {
    None,
    /// The only item of a list.
    List,
    /// Under `data`; what else the envelope holds is kept.
    Envelope(Map<String, Value>),
}

impl<T> Unwrapped<T> {
    /// The value.
    pub fn into_inner(self) -> T {
        self.value
    }
}

/// A bare value.
impl<T> From<T> for Unwrapped<T> {
    fn from(value: T) -> Self {
        Self {
            value,
            wrapping: Wrapping::None,
        }
    }
}

impl<T> Deref for Unwrapped<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T> DerefMut for Unwrapped<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.value
    }
}

/// As the value.
impl<T: fmt::Debug> fmt::Debug for Unwrapped<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(f)
    }
}

impl<T: Serialize> Serialize for Unwrapped<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Envelope<'a, T> {
            data: &'a T,
            #[serde(flatten)]
            others: &'a Map<String, Value>,
        }
        match &self.wrapping {
            Wrapping::None => self.value.serialize(serializer),
            Wrapping::List => [&self.value].serialize(serializer),
            Wrapping::Envelope(others) => Envelope {
                data: &self.value,
                others,
            }
            .serialize(serializer),
        }
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Unwrapped<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let json = Value::deserialize(deserializer)?;
        let bare = read::<T>(&json);
        let (inner, wrapping) = match (bare, json) {
            (Ok(value), _) => return Ok(Self::from(value)),
            (Err(_), Value::Array(mut items)) if items.len() == 1 => {
                (items.remove(0), Wrapping::List)
            }
            (Err(error), Value::Object(mut envelope)) => match envelope.remove("data") {
                Some(data) => (data, Wrapping::Envelope(envelope)),
                None => return Err(D::Error::custom(error)),
            },
            (Err(error), _) => return Err(D::Error::custom(error)),
        };
        let value = read(&inner).map_err(D::Error::custom)?;
        Ok(Self { value, wrapping })
    }
}

/// Reads it as every response is read.
fn read<T: DeserializeOwned>(json: &Value) -> Result<T, lenient::DecodeError> {
    lenient::from_slice(json.to_string().as_bytes())
}

#[cfg(test)]
mod tests {
    use super::Unwrapped;
    use serde::{Deserialize, Serialize};
    use serde_json::json;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Record {
        id: i64,
    }

    #[test]
    fn a_record_comes_bare_or_in_a_list_of_one() {
        for (body, back) in [
            (json!({ "id": "7" }), json!({ "id": 7 })),
            (json!([{ "id": 7 }]), json!([{ "id": 7 }])),
        ] {
            let record: Unwrapped<Record> = serde_json::from_value(body).unwrap();
            assert_eq!(record.id, 7);
            assert_eq!(serde_json::to_value(&record).unwrap(), back);
        }
        for body in [json!([]), json!([{ "id": 7 }, { "id": 8 }]), json!("7")] {
            serde_json::from_value::<Unwrapped<Record>>(body).unwrap_err();
        }
    }

    #[test]
    fn a_list_comes_bare_or_in_an_envelope() {
        for body in [
            json!([{ "id": 7 }]),
            json!({ "data": [{ "id": 7 }], "status": "success" }),
        ] {
            let list: Unwrapped<Vec<Record>> = serde_json::from_value(body.clone()).unwrap();
            assert_eq!(list[0].id, 7);
            assert_eq!(serde_json::to_value(&list).unwrap(), body);
        }
        for body in [
            json!({ "status": "success" }),
            json!({ "data": { "id": 7 } }),
        ] {
            serde_json::from_value::<Unwrapped<Vec<Record>>>(body).unwrap_err();
        }
    }
}
