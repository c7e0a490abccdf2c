//! The rules for schemas that progenitor cannot translate to good types.

use super::Outcome;
use super::docs::is_mark;
use super::walk::{component_name, each_component, each_operation, each_schema, reachable, walk};
use heck::ToSnakeCase;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// Makes an object a map if the names of its properties differ only in case or punctuation, or have no letter.
pub(super) fn colliding_properties(document: &mut Value) -> Outcome {
    each_schema(document, |schema| {
        let Some(properties) = schema.get("properties").and_then(Value::as_object) else {
            return 0;
        };
        let mut names = BTreeSet::new();
        let distinct = properties.keys().all(|name| {
            let field = name.to_snake_case();
            !field.is_empty() && !name.contains(is_mark) && names.insert(field)
        });
        if distinct {
            return 0;
        }
        schema.retain(|key, _| key == "type" || key == "description" || key == "nullable");
        schema.insert("additionalProperties".into(), json!({}));
        1
    })
}

/// Makes `oneOf` and `anyOf` free JSON, unless their branches have titles, which name a type.
pub(super) fn free_mixtures(document: &mut Value) -> Outcome {
    each_schema(document, |schema| {
        let branches = schema.get("oneOf").or_else(|| schema.get("anyOf"));
        let Some(branches) = branches.and_then(Value::as_array) else {
            return 0;
        };
        if branches.iter().all(|branch| branch.get("title").is_some()) {
            return 0;
        }
        schema.retain(|key, _| key == "description");
        1
    })
}

pub(super) fn unrequire_nullable(document: &mut Value) -> Outcome {
    let requests = reachable(document, "requestBody");
    each_component(document, |name, schema| {
        if requests.contains(name) {
            return 0;
        }
        let nullable = |properties: &Map<String, Value>, key: &Value| {
            let property = key.as_str().and_then(|key| properties.get(key));
            property.is_none_or(|property| property["nullable"] == true)
        };
        let properties = schema["properties"]
            .as_object()
            .cloned()
            .unwrap_or_default();
        let Some(required) = schema.get_mut("required").and_then(Value::as_array_mut) else {
            return 0;
        };
        let before = required.len();
        required.retain(|key| !nullable(&properties, key));
        before - required.len()
    })
}

pub(super) fn no_constraints(document: &mut Value) -> Outcome {
    const CONSTRAINTS: [&str; 13] = [
        "default",
        "enum",
        "exclusiveMaximum",
        "exclusiveMinimum",
        "maxItems",
        "maxLength",
        "maximum",
        "minItems",
        "minLength",
        "minimum",
        "multipleOf",
        "pattern",
        "uniqueItems",
    ];
    each_schema(document, |schema| {
        let before = schema.len();
        schema.retain(|key, _| !CONSTRAINTS.contains(&key.as_str()));
        if schema.get("additionalProperties") == Some(&Value::Bool(false)) {
            schema.remove("additionalProperties");
        }
        before - schema.len()
    })
}

/// Removes the formats of texts. Parameters keep theirs, since the crate checks what it sends.
pub(super) fn plain_texts(document: &mut Value) -> Outcome {
    let strip = |schema: &mut Value, fired: &mut usize| {
        walk(schema, &mut |node| {
            let text = node.get("type") == Some(&json!("string"));
            if text && node.get("format") != Some(&json!("binary")) {
                *fired += usize::from(node.remove("format").is_some());
            }
        });
    };
    let in_components = each_component(document, |_, schema| {
        let mut fired = 0;
        strip(schema, &mut fired);
        fired
    })?;
    let in_bodies = each_operation(document, |_, operation| {
        let mut fired = 0;
        for holder in ["requestBody", "responses"] {
            let Some(holder) = operation.get_mut(holder) else {
                continue;
            };
            walk(holder, &mut |node| {
                if let Some(schema) = node.get_mut("schema") {
                    strip(schema, &mut fired);
                }
            });
        }
        Ok(fired)
    })?;
    Ok(in_components + in_bodies)
}

pub(super) fn int64(document: &mut Value) -> Outcome {
    each_schema(document, |schema| {
        let integer = schema.get("type") == Some(&json!("integer"));
        if !integer || schema.get("format") == Some(&json!("int64")) {
            return 0;
        }
        schema.insert("format".into(), json!("int64"));
        1
    })
}

/// The names of types that generated code uses.
const RESERVED: [&str; 12] = [
    "Box", "Builder", "Default", "Error", "From", "Option", "Ok", "Result", "Self", "String",
    "Value", "Vec",
];

pub(super) fn reserved_components(document: &mut Value) -> Outcome {
    let used = reachable(document, "");
    let Some(schemas) = document
        .pointer_mut("/components/schemas")
        .and_then(Value::as_object_mut)
    else {
        return Ok(0);
    };
    let reserved = |name: &&String| RESERVED.contains(&name.as_str()) && used.contains(*name);
    let names: Vec<String> = schemas.keys().filter(reserved).cloned().collect();
    let renamed = |name: &str| format!("{name}Object");
    *schemas = std::mem::take(schemas)
        .into_iter()
        .map(|(name, schema)| {
            if names.contains(&name) {
                (renamed(&name), schema)
            } else {
                (name, schema)
            }
        })
        .collect();
    walk(document, &mut |node| {
        let Some(reference) = node.get("$ref").and_then(component_name) else {
            return;
        };
        if names.iter().any(|name| name == reference) {
            let target = format!("#/components/schemas/{}", renamed(reference));
            node.insert("$ref".into(), target.into());
        }
    });
    Ok(names.len())
}

pub(super) fn prune_components(document: &mut Value) -> Outcome {
    let used = reachable(document, "");
    let Some(schemas) = document
        .pointer_mut("/components/schemas")
        .and_then(Value::as_object_mut)
    else {
        return Ok(0);
    };
    let before = schemas.len();
    schemas.retain(|name, _| used.contains(name));
    Ok(before - schemas.len())
}
