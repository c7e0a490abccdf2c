//! Reads the OpenAPI document: the example response of each operation, and which fields of its body are lists.

use chat2desk::{Operation, operations};
use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt;
use std::ops::Deref;

const JSON: &str = "application/json";

/// An operation, with the example of its success and the list fields of its body.
pub(super) struct Documented {
    operation: &'static Operation,
    example: Value,
    lists: Vec<String>,
    takes_body: bool,
}

impl Deref for Documented {
    type Target = Operation;

    fn deref(&self) -> &Operation {
        self.operation
    }
}

impl Documented {
    /// Returns the first example, which is the typical one, or `{}` if nobody has published a response.
    pub(super) fn example(&self) -> Value {
        self.example.clone()
    }

    /// Returns the fields of the body that are lists. A query or a form does not show that if there is one value.
    pub(super) fn lists(&self) -> &[String] {
        &self.lists
    }

    pub(super) fn takes_body(&self) -> bool {
        self.takes_body
    }
}

/// Reads all operations of the document.
pub(super) fn documented() -> Result<Vec<Documented>, serde_json::Error> {
    let mut document: Document = serde_json::from_str(chat2desk_openapi::DOCUMENT)?;
    let schemas = document.components.schemas;
    let mut described = |operation: &Operation| {
        let method = format!("{:?}", operation.method).to_lowercase();
        document.paths.get_mut(operation.path)?.remove(&method)
    };
    let call = |operation: &'static Operation| {
        let described = described(operation).unwrap_or_default();
        Documented {
            operation,
            takes_body: !described.request_body.content.is_empty(),
            lists: lists(described.request_body, &schemas),
            example: example(described.responses).unwrap_or_else(|| json!({})),
        }
    };
    Ok(operations().iter().map(call).collect())
}

fn example(responses: BTreeMap<String, Body>) -> Option<Value> {
    let (_, success) = responses
        .into_iter()
        .find(|(status, _)| status.starts_with('2'))?;
    let mut media = success.content;
    media.remove(JSON)?.examples.0
}

/// Returns the names of the body's fields that are lists.
fn lists(body: Body, schemas: &BTreeMap<String, Schema>) -> Vec<String> {
    let Some(media) = body.content.get(JSON) else {
        return Vec::new();
    };
    let named = media.schema.reference.as_deref();
    let named = named.and_then(|name| schemas.get(name.rsplit('/').next()?));
    let fields = &named.unwrap_or(&media.schema).properties;
    let lists = fields
        .iter()
        .filter(|(_, field)| field.kind.as_deref() == Some("array"));
    lists.map(|(name, _)| name.clone()).collect()
}

#[derive(Deserialize)]
struct Document {
    paths: BTreeMap<String, BTreeMap<String, Described>>,
    components: Components,
}

#[derive(Deserialize)]
struct Components {
    schemas: BTreeMap<String, Schema>,
}

#[derive(Default, Deserialize)]
struct Described {
    #[serde(default, rename = "requestBody")]
    request_body: Body,
    responses: BTreeMap<String, Body>,
}

/// The body of a request or of a response.
#[derive(Default, Deserialize)]
struct Body {
    #[serde(default)]
    content: BTreeMap<String, Media>,
}

#[derive(Deserialize)]
struct Media {
    #[serde(default)]
    examples: First,
    #[serde(default)]
    schema: Schema,
}

#[derive(Default, Deserialize)]
struct Schema {
    #[serde(rename = "$ref")]
    reference: Option<String>,
    #[serde(default)]
    properties: BTreeMap<String, Field>,
}

#[derive(Deserialize)]
struct Field {
    #[serde(rename = "type")]
    kind: Option<String>,
}

/// The first of several named examples, which is the typical one.
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
