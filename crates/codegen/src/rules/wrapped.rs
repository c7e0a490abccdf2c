//! The rule for values that are written bare or wrapped: a record in a list of one, a list in an envelope.

use super::Outcome;
use super::walk::{component_name, each_schema};
use serde_json::{Map, Value, json};

/// Replaces a `oneOf` of a value and the same value wrapped by a component for the crate's type `Single` or
/// `Enveloped`. The component has the value's schema in the extension `x-unwraps`.
pub(super) fn wrapped_values(document: &mut Value) -> Outcome {
    let known = document["components"]["schemas"].clone();
    let mut added = Map::new();
    let fired = each_schema(document, |schema| {
        let Some((name, component)) = unwrapped(&known, schema) else {
            return 0;
        };
        let reference = json!({ "$ref": format!("#/components/schemas/{name}") });
        added.insert(name, component);
        schema.retain(|key, _| key == "description" || key == "nullable");
        if schema.is_empty() {
            schema.insert("$ref".into(), reference["$ref"].clone());
        } else {
            schema.insert("allOf".into(), json!([reference]));
        }
        1
    })?;
    if let Some(schemas) = document["components"]["schemas"].as_object_mut() {
        schemas.extend(added);
    }
    Ok(fired)
}

/// Returns the component for a schema of two branches, one of which is the other one wrapped.
fn unwrapped(known: &Value, schema: &Map<String, Value>) -> Option<(String, Value)> {
    let [first, second] = schema.get("oneOf")?.as_array()?.as_slice() else {
        return None;
    };
    let mut orders = [(first, second), (second, first)].into_iter();
    let (bare, _) = orders.find(|(bare, wrapped)| wraps(known, wrapped, bare))?;
    let record =
        component_name(&bare["$ref"]).or_else(|| component_name(&bare["items"]["$ref"]))?;
    let kind = match bare["type"] == "array" {
        true => "Enveloped",
        false => "Single",
    };
    let component = json!({
        "type": "string",
        "x-type": format!("crate::wire::{kind}<crate::generated::types::{record}>"),
        "x-unwraps": bare,
    });
    Some((format!("{kind}{record}"), component))
}

/// Returns whether a schema is another one in a list, or under `data` of an envelope.
fn wraps(known: &Value, wrapped: &Value, bare: &Value) -> bool {
    let items = |schema: &Value| (schema["type"] == "array").then(|| schema["items"].clone());
    let envelope = component_name(&wrapped["$ref"]).map_or(wrapped, |name| &known[name]);
    let in_envelope = items(&envelope["properties"]["data"]);
    items(wrapped).as_ref() == Some(bare) || (in_envelope.is_some() && in_envelope == items(bare))
}
