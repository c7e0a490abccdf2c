//! The overlay: what examples cannot say, applied to the inferred document.

use crate::Error;
use roas_overlay::apply::{Apply, ApplyOptions};
use roas_overlay::v1_0::Overlay;
use roas_overlay::validation::Validate;
use serde_json::{Map, Value, json};

/// Applies an overlay in place.
///
/// # Errors
/// Not YAML, not an overlay, or an action whose target matches nothing: named by number and target.
pub fn apply(file: &str, text: &str, document: &mut Value) -> Result<(), Error> {
    let overlay: Overlay =
        serde_yaml_ng::from_str(text).map_err(|error| Error::new(file, "", error.to_string()))?;
    let none = enumset::EnumSet::empty();
    overlay
        .validate(none)
        .map_err(|error| Error::new(file, "", error.to_string()))?;
    overlay
        .apply(document, ApplyOptions::ErrorOnZeroMatch.into())
        .map_err(|error| {
            let place = format!("action {} ({})", error.action_index + 1, error.target);
            Error::new(file, place, error.kind.to_string())
        })?;
    if let Some(schemas) = document["components"]["schemas"].as_object_mut() {
        schemas.values_mut().for_each(settle_references);
        schemas.sort_keys();
    }
    settle_references(&mut document["paths"]);
    Ok(())
}

/// An update merges, so a `$ref` ends up beside what was inferred. The reference wins; what it cannot carry,
/// a description, `nullable` and `deprecated`, stays around it.
fn settle_references(node: &mut Value) {
    match node {
        Value::Array(items) => items.iter_mut().for_each(settle_references),
        Value::Object(map) => {
            // Examples are data, whatever their keys.
            let schemas = map
                .iter_mut()
                .filter(|(key, _)| !matches!(key.as_str(), "example" | "examples"));
            schemas.for_each(|(_, child)| settle_references(child));
            if map.len() > 1 && map.get("$ref").is_some_and(Value::is_string) {
                *map = settled(std::mem::take(map));
            }
        }
        _ => {}
    }
}

fn settled(mut merged: Map<String, Value>) -> Map<String, Value> {
    let reference = json!({ "$ref": merged.remove("$ref") });
    let is_flag = |key: &str| matches!(key, "nullable" | "deprecated");
    merged.retain(|key, value| key == "description" || (is_flag(key) && *value == true));
    if merged.is_empty() {
        return reference.as_object().cloned().unwrap_or_default();
    }
    merged.shift_insert(0, "allOf".into(), json!([reference]));
    merged
}
