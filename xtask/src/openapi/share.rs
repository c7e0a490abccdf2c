//! Sharing: equal shapes under several names become one component.

use serde_json::{Map, Value};
use std::collections::{BTreeMap, HashMap};
use std::hash::{DefaultHasher, Hash, Hasher};

/// Merges components that are equal but for their descriptions, again and again: merging two may make
/// equal what refers to them. The shortest name stays; bodies of requests keep theirs, which say what
/// they are for.
pub fn share(document: &mut Value) {
    let Some(schemas) = schemas(document) else {
        return;
    };
    let candidates = schemas
        .iter()
        .filter(|(name, _)| !name.ends_with("Request"));
    let mut shapes: BTreeMap<String, Value> = candidates
        .map(|(name, schema)| (name.clone(), bare(schema)))
        .collect();
    let mut renamed: BTreeMap<String, String> = BTreeMap::new();
    loop {
        let found = duplicates(&shapes);
        if found.is_empty() {
            break;
        }
        shapes.retain(|name, _| !found.contains_key(name));
        shapes.values_mut().for_each(|shape| rename(shape, &found));
        for kept in renamed.values_mut() {
            *kept = found.get(kept).unwrap_or(kept).clone();
        }
        renamed.extend(found);
    }
    schemas.retain(|name, _| !renamed.contains_key(name));
    rename(document, &renamed);
}

fn schemas(document: &mut Value) -> Option<&mut Map<String, Value>> {
    document
        .pointer_mut("/components/schemas")
        .and_then(Value::as_object_mut)
}

/// A schema without what makes no difference: descriptions, and the order of required keys.
fn bare(schema: &Value) -> Value {
    match schema {
        Value::Object(map) => {
            let told = map
                .iter()
                .filter(|(key, value)| !(*key == "description" && value.is_string()));
            let mut bare: Map<String, Value> = told
                .map(|(key, value)| (key.clone(), self::bare(value)))
                .collect();
            if let Some(Value::Array(required)) = bare.get_mut("required") {
                required.sort_by(|a, b| a.as_str().cmp(&b.as_str()));
            }
            Value::Object(bare)
        }
        Value::Array(items) => items.iter().map(bare).collect(),
        scalar => scalar.clone(),
    }
}

/// Name → the name that stays.
fn duplicates(shapes: &BTreeMap<String, Value>) -> BTreeMap<String, String> {
    let mut groups: HashMap<u64, Vec<(&String, &Value)>> = HashMap::new();
    for (name, shape) in shapes {
        groups.entry(digest(shape)).or_default().push((name, shape));
    }
    let mut renamed = BTreeMap::new();
    for group in groups.values_mut() {
        group.sort_by_key(|(name, _)| (name.len(), *name));
        let (kept, shape) = group[0];
        let equal = group[1..].iter().filter(|(_, other)| *other == shape);
        renamed.extend(equal.map(|(name, _)| ((*name).clone(), kept.clone())));
    }
    renamed
}

/// Equal for equal values, whatever the order of keys.
fn digest(value: &Value) -> u64 {
    let mut hasher = DefaultHasher::new();
    match value {
        Value::Object(map) => {
            let entries = map.iter().map(|(key, value)| {
                let mut entry = DefaultHasher::new();
                (key, digest(value)).hash(&mut entry);
                entry.finish()
            });
            entries.fold(0, u64::wrapping_add).hash(&mut hasher);
        }
        Value::Array(items) => items.iter().for_each(|item| digest(item).hash(&mut hasher)),
        scalar => scalar.hash(&mut hasher),
    }
    hasher.finish()
}

fn rename(node: &mut Value, renamed: &BTreeMap<String, String>) {
    match node {
        Value::Object(map) => {
            if let Some(Value::String(reference)) = map.get_mut("$ref")
                && let Some(name) = reference
                    .rsplit('/')
                    .next()
                    .and_then(|name| renamed.get(name))
            {
                *reference = format!("#/components/schemas/{name}");
            }
            let schemas = map
                .iter_mut()
                .filter(|(key, _)| !matches!(key.as_str(), "example" | "examples"));
            schemas.for_each(|(_, child)| rename(child, renamed));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| rename(item, renamed)),
        _ => {}
    }
}
