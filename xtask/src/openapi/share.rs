//! Sharing: equal shapes under several names become one component.

use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Merges components that are equal but for their descriptions, again and again: merging two may make
/// equal what refers to them. The shortest name stays; bodies of requests keep theirs, which say what
/// they are for.
pub fn share(document: &mut Value) {
    loop {
        let schemas = document.pointer_mut("/components/schemas");
        let Some(schemas) = schemas.and_then(Value::as_object_mut) else {
            return;
        };
        let renamed = duplicates(schemas);
        if renamed.is_empty() {
            return;
        }
        schemas.retain(|name, _| !renamed.contains_key(name));
        rename(document, &renamed);
    }
}

/// Name → the name that stays.
fn duplicates(schemas: &Map<String, Value>) -> BTreeMap<String, String> {
    let mut shapes: BTreeMap<String, Vec<&String>> = BTreeMap::new();
    for (name, schema) in schemas
        .iter()
        .filter(|(name, _)| !name.ends_with("Request"))
    {
        shapes.entry(shape(schema)).or_default().push(name);
    }
    let mut renamed = BTreeMap::new();
    for names in shapes.values_mut().filter(|names| names.len() > 1) {
        names.sort_by_key(|name| (name.len(), name.as_str()));
        let kept = names[0];
        renamed.extend(
            names[1..]
                .iter()
                .map(|name| ((*name).clone(), kept.clone())),
        );
    }
    renamed
}

/// What makes two schemas equal: all but descriptions, whatever the order of keys.
fn shape(schema: &Value) -> String {
    match schema {
        Value::Object(map) => {
            let told = map
                .iter()
                .filter(|(key, value)| !(*key == "description" && value.is_string()));
            let mut entries: Vec<String> = told
                .map(|(key, value)| format!("{key:?}:{}", shape(value)))
                .collect();
            entries.sort();
            format!("{{{}}}", entries.join(","))
        }
        Value::Array(items) => {
            let mut items: Vec<String> = items.iter().map(shape).collect();
            items.sort();
            format!("[{}]", items.join(","))
        }
        scalar => scalar.to_string(),
    }
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
