//! What the sandbox takes from the OpenAPI document: the examples of each operation.

use crate::{Operation, operations};
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt;
use std::ops::Deref;

/// An operation and the success answers that the document shows for it, with their names.
pub(super) struct Call {
    operation: &'static Operation,
    examples: Vec<(String, Value)>,
}

impl Deref for Call {
    type Target = Operation;

    fn deref(&self) -> &Operation {
        self.operation
    }
}

impl Call {
    /// The example that a query value asks for by name (`report=rating`), else the first.
    pub(super) fn example<'a>(
        &self,
        mut values: impl Iterator<Item = &'a String>,
    ) -> Option<&Value> {
        let named = values.find_map(|value| self.examples.iter().find(|(name, _)| name == value));
        named.or(self.examples.first()).map(|(_, body)| body)
    }
}

/// Every operation of the document.
pub(super) fn calls() -> Result<Vec<Call>, serde_json::Error> {
    let mut document: Document = serde_json::from_str(include_str!("../../spec/openapi.json"))?;
    let mut examples = |operation: &Operation| {
        let method = format!("{:?}", operation.method).to_lowercase();
        let call = document.paths.get_mut(operation.path)?.remove(&method)?;
        let (_, success) = call
            .responses
            .into_iter()
            .find(|(status, _)| status.starts_with('2'))?;
        let mut media = success.content;
        Some(media.remove("application/json")?.examples.0)
    };
    let call = |operation: &'static Operation| Call {
        operation,
        examples: examples(operation).unwrap_or_default(),
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
    examples: Examples,
}

/// Named examples in the order of the document: the first is the typical one.
#[derive(Default)]
struct Examples(Vec<(String, Value)>);

#[derive(Deserialize)]
struct Example {
    value: Value,
}

impl<'de> Deserialize<'de> for Examples {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;

        impl<'de> Visitor<'de> for InOrder {
            type Value = Examples;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("named examples")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Examples, A::Error> {
                let mut examples = Vec::new();
                while let Some((name, example)) = map.next_entry::<String, Example>()? {
                    examples.push((name, example.value));
                }
                Ok(Examples(examples))
            }
        }

        deserializer.deserialize_map(InOrder)
    }
}
