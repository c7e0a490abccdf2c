//! What changed between two OpenAPI documents, and what it means for users of the generated crate.

mod schemas;

use crate::lower::operations;
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Write;

/// How a change is felt: from the mildest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Class {
    /// Descriptions and examples.
    Docs,
    /// Code that compiled compiles; there is more that it can use.
    Additive,
    /// Code that compiled may not, or may do something else.
    Breaking,
}

/// One change.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Change {
    pub class: Class,
    /// `list_clients`, `Client.phone`.
    pub place: String,
    pub what: String,
}

/// The changes between two documents, the worst first, then by place.
pub fn diff(old: &Value, new: &Value) -> Vec<Change> {
    let mut changes = Vec::new();
    let (before, after) = (by_id(old), by_id(new));
    for (id, (call, operation)) in &before {
        match after.get(id) {
            None => add(
                &mut changes,
                Class::Breaking,
                id,
                format!("operation removed (`{call}`)"),
            ),
            Some((moved, _)) if moved != call => {
                add(
                    &mut changes,
                    Class::Additive,
                    id,
                    format!("moved from `{call}` to `{moved}`"),
                );
                compare(id, operation, after[id].1, &mut changes);
            }
            Some((_, changed)) => compare(id, operation, changed, &mut changes),
        }
    }
    for (id, (call, _)) in after.iter().filter(|(id, _)| !before.contains_key(*id)) {
        add(
            &mut changes,
            Class::Additive,
            id,
            format!("operation added (`{call}`)"),
        );
    }
    schemas::compare_all(old, new, &mut changes);
    changes.sort_by(|a, b| (b.class, &a.place, &a.what).cmp(&(a.class, &b.place, &b.what)));
    changes.dedup();
    changes
}

/// The worst of the changes.
pub fn worst(changes: &[Change]) -> Option<Class> {
    changes.iter().map(|change| change.class).max()
}

fn add(changes: &mut Vec<Change>, class: Class, place: &str, what: impl Into<String>) {
    changes.push(Change {
        class,
        place: place.to_owned(),
        what: what.into(),
    });
}

fn by_id(document: &Value) -> BTreeMap<&str, (String, &Value)> {
    let operations = operations(document).map(|(path, method, operation)| {
        let id = operation["operationId"].as_str().unwrap_or_default();
        (id, (format!("{} {path}", method.to_uppercase()), operation))
    });
    operations.collect()
}

fn compare(id: &str, old: &Value, new: &Value, changes: &mut Vec<Change>) {
    if old["deprecated"] != true && new["deprecated"] == true {
        add(changes, Class::Additive, id, "deprecated");
    }
    for key in ["summary", "description"] {
        if old[key] != new[key] {
            add(changes, Class::Docs, id, format!("{key} changed"));
        }
    }
    if old["x-pagination"] != new["x-pagination"] {
        let list = |operation: &Value| {
            operation["x-pagination"]
                .as_str()
                .unwrap_or("no list")
                .to_owned()
        };
        let gained = old["x-pagination"].is_null();
        let class = if gained {
            Class::Additive
        } else {
            Class::Breaking
        };
        add(
            changes,
            class,
            id,
            format!("paging: {} is now {}", list(old), list(new)),
        );
    }
    parameters(id, old, new, changes);
    body(id, old, new, changes);
    success(id, old, new, changes);
}

fn parameters(id: &str, old: &Value, new: &Value, changes: &mut Vec<Change>) {
    let (before, after) = (named(old), named(new));
    for (name, parameter) in &before {
        let Some(changed) = after.get(name) else {
            add(
                changes,
                Class::Breaking,
                id,
                format!("parameter `{name}` removed"),
            );
            continue;
        };
        let (was, is) = (parameter["required"] == true, changed["required"] == true);
        if was != is {
            let now = if is { "required" } else { "optional" };
            add(
                changes,
                Class::Breaking,
                id,
                format!("parameter `{name}` is now {now}"),
            );
        }
        // Parameters keep their formats, which are types of Rust.
        if let Some((_, change)) = schemas::changed_type(&parameter["schema"], &changed["schema"]) {
            add(
                changes,
                Class::Breaking,
                id,
                format!("parameter `{name}`: {change}"),
            );
        }
        if parameter["deprecated"] != true && changed["deprecated"] == true {
            let what = format!("parameter `{name}` deprecated");
            add(changes, Class::Additive, id, what);
        }
        if parameter["description"] != changed["description"] {
            add(
                changes,
                Class::Docs,
                id,
                format!("parameter `{name}`: description changed"),
            );
        }
    }
    for (name, parameter) in after.iter().filter(|(name, _)| !before.contains_key(*name)) {
        let required = parameter["required"] == true;
        let class = if required {
            Class::Breaking
        } else {
            Class::Additive
        };
        let kind = if required {
            "required parameter"
        } else {
            "parameter"
        };
        add(changes, class, id, format!("{kind} `{name}` added"));
    }
}

fn named(operation: &Value) -> BTreeMap<&str, &Value> {
    let parameters = operation["parameters"].as_array().into_iter().flatten();
    parameters
        .map(|parameter| (parameter["name"].as_str().unwrap_or_default(), parameter))
        .collect()
}

fn body(id: &str, old: &Value, new: &Value, changes: &mut Vec<Change>) {
    match (old.get("requestBody"), new.get("requestBody")) {
        (None, Some(_)) => add(changes, Class::Breaking, id, "takes a body"),
        (Some(_), None) => add(changes, Class::Breaking, id, "takes no body any more"),
        (Some(old), Some(new)) => content(id, "body", old, new, changes),
        (None, None) => {}
    }
}

fn success(id: &str, old: &Value, new: &Value, changes: &mut Vec<Change>) {
    let first = |operation: &Value| {
        let responses = operation["responses"].as_object().into_iter().flatten();
        let mut successes = responses.filter(|(status, _)| status.starts_with('2'));
        successes
            .next()
            .map(|(_, response)| response.clone())
            .unwrap_or_default()
    };
    content(id, "answer", &first(old), &first(new), changes);
}

fn content(id: &str, part: &str, old: &Value, new: &Value, changes: &mut Vec<Change>) {
    let json = |holder: &Value| holder["content"]["application/json"]["schema"].clone();
    if let Some((class, change)) = schemas::changed_type(&json(old), &json(new)) {
        add(changes, class, id, format!("{part}: {change}"));
    }
    if old["content"] != new["content"] && json(old) == json(new) {
        add(
            changes,
            Class::Docs,
            id,
            format!("{part}: examples changed"),
        );
    }
}

/// The changes as Markdown, for a pull request.
pub fn markdown(changes: &[Change]) -> String {
    let mut text = String::new();
    for (class, title) in [
        (Class::Breaking, "Breaking"),
        (Class::Additive, "Additive"),
        (Class::Docs, "Documentation"),
    ] {
        let of_class: Vec<&Change> = changes
            .iter()
            .filter(|change| change.class == class)
            .collect();
        if of_class.is_empty() {
            continue;
        }
        let _ = writeln!(text, "### {title}\n");
        for Change { place, what, .. } in of_class {
            let _ = writeln!(text, "- `{place}`: {what}");
        }
        text.push('\n');
    }
    if text.is_empty() {
        "No changes.\n".into()
    } else {
        text
    }
}
