//! Changes of components: fields, their types, what is required of them, values of enums.

use super::{Change, Class, add};
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// Compares all components; what is sent is felt otherwise than what is received.
pub(super) fn compare_all(old: &Value, new: &Value, changes: &mut Vec<Change>) {
    let schemas = |document: &Value| {
        document
            .pointer("/components/schemas")
            .and_then(Value::as_object)
            .cloned()
            .unwrap_or_default()
    };
    let (before, after) = (schemas(old), schemas(new));
    let sent = reachable_from_bodies(new);
    for (name, schema) in &before {
        match after.get(name) {
            None => add(changes, Class::Breaking, name, "type removed"),
            Some(changed) => compare(name, schema, changed, sent.contains(name), changes),
        }
    }
    for name in after.keys().filter(|name| !before.contains_key(*name)) {
        add(changes, Class::Additive, name, "type added");
    }
}

fn compare(name: &str, old: &Value, new: &Value, sent: bool, changes: &mut Vec<Change>) {
    enum_values(name, old, new, changes);
    if old["description"] != new["description"] {
        add(changes, Class::Docs, name, "description changed");
    }
    let no_fields = Map::new();
    let before = old["properties"].as_object().unwrap_or(&no_fields);
    let after = new["properties"].as_object().unwrap_or(&no_fields);
    for (field, schema) in before {
        let place = format!("{name}.{field}");
        let Some(changed) = after.get(field) else {
            add(changes, Class::Breaking, &place, "field removed");
            continue;
        };
        if let Some((class, change)) = changed_type(schema, changed) {
            add(changes, class, &place, change);
        }
        let (was, is) = (requires(old, field), requires(new, field));
        if sent && was != is {
            let now = if is { "required" } else { "optional" };
            add(changes, Class::Breaking, &place, format!("is now {now}"));
        }
        if schema["deprecated"] != true && changed["deprecated"] == true {
            add(changes, Class::Additive, &place, "deprecated");
        }
        if schema["description"] != changed["description"] {
            add(changes, Class::Docs, &place, "description changed");
        }
    }
    for field in after.keys().filter(|field| !before.contains_key(*field)) {
        let needed = sent && requires(new, field);
        let class = if needed {
            Class::Breaking
        } else {
            Class::Additive
        };
        let what = if needed {
            "required field added"
        } else {
            "field added"
        };
        add(changes, class, &format!("{name}.{field}"), what);
    }
}

fn requires(schema: &Value, field: &str) -> bool {
    schema["required"]
        .as_array()
        .is_some_and(|required| required.iter().any(|name| name == field))
}

/// An open enum's new value is a new variant; a value that goes takes its variant with it.
fn enum_values(name: &str, old: &Value, new: &Value, changes: &mut Vec<Change>) {
    let values = |schema: &Value| -> BTreeSet<String> {
        let branches = schema["anyOf"].as_array().cloned().unwrap_or_default();
        let branches = branches.iter().chain([schema]);
        let values =
            branches.flat_map(|branch| branch["enum"].as_array().cloned().unwrap_or_default());
        values
            .filter_map(|value| value.as_str().map(str::to_owned))
            .collect()
    };
    let (before, after) = (values(old), values(new));
    for value in before.difference(&after) {
        add(
            changes,
            Class::Breaking,
            name,
            format!("value `{value}` removed"),
        );
    }
    for value in after.difference(&before) {
        add(
            changes,
            Class::Additive,
            name,
            format!("value `{value}` added"),
        );
    }
}

/// What a schema was and is, if that changed, and what it means to a Rust program: lowering drops the
/// formats of strings in bodies, so a change of one is a change of words.
pub(super) fn changed_type(old: &Value, new: &Value) -> Option<(Class, String)> {
    let (was, is) = (type_of(old, true), type_of(new, true));
    let class = if type_of(old, false) == type_of(new, false) {
        Class::Docs
    } else {
        Class::Breaking
    };
    (was != is).then(|| (class, format!("{was} is now {is}")))
}

fn type_of(schema: &Value, formats: bool) -> String {
    if let Some(name) = schema["$ref"]
        .as_str()
        .and_then(|reference| reference.rsplit('/').next())
    {
        return format!("`{name}`");
    }
    if let Some([branch]) = schema["allOf"].as_array().map(Vec::as_slice) {
        return type_of(branch, formats);
    }
    let told = |kind: &str, format: &str| match kind {
        "string" => formats || format == "binary",
        _ => format != "int64",
    };
    match schema["type"].as_str() {
        Some("array") => format!("a list of {}", type_of(&schema["items"], formats)),
        Some("object") if schema.get("additionalProperties").is_some() => {
            let values = type_of(&schema["additionalProperties"], formats);
            format!("a map of {values}")
        }
        Some(kind) => match schema["format"].as_str() {
            Some(format) if told(kind, format) => format!("{kind} ({format})"),
            _ => kind.to_owned(),
        },
        None if schema.get("oneOf").is_some() || schema.get("anyOf").is_some() => {
            "a mixture".into()
        }
        None => "free JSON".into(),
    }
}

fn reachable_from_bodies(document: &Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut queue: Vec<&Value> = crate::lower::operations(document)
        .filter_map(|(_, _, operation)| operation.get("requestBody"))
        .collect();
    while let Some(node) = queue.pop() {
        match node {
            Value::Object(map) => {
                let name = map.get("$ref").and_then(Value::as_str);
                if let Some(name) = name.and_then(|name| name.strip_prefix("#/components/schemas/"))
                    && found.insert(name.to_owned())
                {
                    queue.extend(document["components"]["schemas"].get(name));
                }
                queue.extend(
                    map.iter()
                        .filter(|(key, _)| *key != "examples")
                        .map(|(_, child)| child),
                );
            }
            Value::Array(items) => queue.extend(items),
            _ => {}
        }
    }
    found
}
