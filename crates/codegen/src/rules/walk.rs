//! Visits the operations, components and schemas of a document.

use super::Outcome;
use crate::document::{METHODS, operations};
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// Returns the names of the components that operations refer to, in their key `part`, or in any key if it is empty.
pub(super) fn reachable(document: &Value, part: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut queue: Vec<&Value> = operations(document)
        .filter_map(|(_, _, operation)| {
            if part.is_empty() {
                Some(operation)
            } else {
                operation.get(part)
            }
        })
        .collect();
    while let Some(node) = queue.pop() {
        match node {
            Value::Object(map) => {
                if let Some(name) = map.get("$ref").and_then(component_name)
                    && found.insert(name.to_owned())
                {
                    queue.extend(document["components"]["schemas"].get(name));
                }
                queue.extend(map.values());
            }
            Value::Array(items) => queue.extend(items),
            _ => {}
        }
    }
    found
}

/// Returns `Client` of `#/components/schemas/Client`.
pub(super) fn component_name(reference: &Value) -> Option<&str> {
    reference.as_str()?.strip_prefix("#/components/schemas/")
}

pub(super) fn each_operation(
    document: &mut Value,
    mut apply: impl FnMut(&str, &mut Value) -> Outcome,
) -> Outcome {
    let mut fired = 0;
    let paths = document
        .pointer_mut("/paths")
        .and_then(Value::as_object_mut);
    for (path, item) in paths.into_iter().flatten() {
        for (method, operation) in item.as_object_mut().into_iter().flatten() {
            if METHODS.contains(&method.as_str()) {
                let id = operation["operationId"].as_str().unwrap_or("?");
                let place = format!("{id} ({} {path})", method.to_uppercase());
                fired += apply(&place, operation)?;
            }
        }
    }
    Ok(fired)
}

pub(super) fn each_component(
    document: &mut Value,
    mut apply: impl FnMut(&str, &mut Value) -> usize,
) -> Outcome {
    let schemas = document
        .pointer_mut("/components/schemas")
        .and_then(Value::as_object_mut);
    Ok(schemas
        .into_iter()
        .flatten()
        .map(|(name, schema)| apply(name, schema))
        .sum())
}

/// Visits every schema in components, parameters and bodies. Maps of properties are no schemas, so a property named
/// `default` survives the rule `no-constraints`.
pub(super) fn each_schema(
    document: &mut Value,
    mut apply: impl FnMut(&mut Map<String, Value>) -> usize,
) -> Outcome {
    fn visit(
        schema: &mut Value,
        apply: &mut impl FnMut(&mut Map<String, Value>) -> usize,
    ) -> usize {
        let Some(map) = schema.as_object_mut() else {
            return 0;
        };
        let mut fired = apply(map);
        for (key, child) in map.iter_mut() {
            fired += match (key.as_str(), child) {
                ("properties", Value::Object(properties)) => properties
                    .values_mut()
                    .map(|property| visit(property, apply))
                    .sum(),
                ("items" | "additionalProperties" | "not", child) => visit(child, apply),
                ("allOf" | "anyOf" | "oneOf", Value::Array(branches)) => {
                    branches.iter_mut().map(|branch| visit(branch, apply)).sum()
                }
                _ => 0,
            };
        }
        fired
    }
    let mut fired = each_component(document, |_, schema| visit(schema, &mut apply))?;
    fired += each_operation(document, |_, operation| {
        let mut fired = 0;
        for holder in ["parameters", "requestBody", "responses"] {
            let Some(holder) = operation.get_mut(holder) else {
                continue;
            };
            walk(holder, &mut |node| {
                if let Some(schema) = node.get_mut("schema") {
                    fired += visit(schema, &mut apply);
                }
            });
        }
        Ok(fired)
    })?;
    Ok(fired)
}

/// Calls `visit` on every object of the tree, parents first.
pub(super) fn walk(node: &mut Value, visit: &mut impl FnMut(&mut Map<String, Value>)) {
    match node {
        Value::Object(map) => {
            visit(map);
            map.values_mut().for_each(|child| walk(child, visit));
        }
        Value::Array(items) => items.iter_mut().for_each(|child| walk(child, visit)),
        _ => {}
    }
}
