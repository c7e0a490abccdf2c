//! What the sandbox takes from the OpenAPI document: an example of each operation's answer.

use crate::{Operation, operations};
use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt;
use std::ops::Deref;

/// An operation and the success that the document shows for it.
pub(super) struct Documented {
    operation: &'static Operation,
    example: Value,
}

impl Deref for Documented {
    type Target = Operation;

    fn deref(&self) -> &Operation {
        self.operation
    }
}

impl Documented {
    /// The first example, which is the typical one; `{}` where nobody has published an answer.
    pub(super) fn example(&self) -> Value {
        self.example.clone()
    }
}

/// Every operation of the document.
pub(super) fn documented() -> Result<Vec<Documented>, serde_json::Error> {
    let mut document: Document = serde_json::from_str(include_str!("../../spec/openapi.json"))?;
    let mut example = |operation: &Operation| {
        let method = format!("{:?}", operation.method).to_lowercase();
        let call = document.paths.get_mut(operation.path)?.remove(&method)?;
        let (_, success) = call
            .responses
            .into_iter()
            .find(|(status, _)| status.starts_with('2'))?;
        let mut media = success.content;
        media.remove("application/json")?.examples.0
    };
    let call = |operation: &'static Operation| Documented {
        operation,
        example: example(operation).unwrap_or_else(|| json!({})),
    };
    Ok(operations().iter().map(call).collect())
}

#[derive(Deserialize)]
struct Document {
    paths: BTreeMap<String, BTreeMap<String, Described>>,
}

#[derive(Deserialize)]
struct Described {
    responses: BTreeMap<String, Answer>,
}

#[derive(Deserialize)]
struct Answer {
    #[serde(default)]
    content: BTreeMap<String, Media>,
}

#[derive(Deserialize)]
struct Media {
    #[serde(default)]
    examples: First,
}

/// The first of named examples: the typical one.
#[derive(Default)]
struct First(Option<Value>);

#[derive(Deserialize)]
struct Example {
    value: Value,
}

impl<'de> Deserialize<'de> for First {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;

        impl<'de> Visitor<'de> for InOrder {
            type Value = First;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("named examples")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<First, A::Error> {
                let first = map.next_entry::<IgnoredAny, Example>()?;
                while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Ok(First(first.map(|(_, example)| example.value)))
            }
        }

        deserializer.deserialize_map(InOrder)
    }
}
