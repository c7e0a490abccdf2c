//! The lowering rules: one difference between the public document and progenitor's language each.

use super::METHODS;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// What a rule answers: how often it fired, or the place and reason of a refusal.
type Outcome = Result<usize, (String, String)>;

/// A named, counted step of lowering.
pub struct Rule {
    pub name: &'static str,
    pub apply: fn(&mut Value) -> Outcome,
}

/// All rules, in the order in which they run.
pub const RULES: &[Rule] = &[
    // Typed error bodies make progenitor lose the status of every error that has another shape.
    Rule {
        name: "drop-error-responses",
        apply: drop_error_responses,
    },
    // Two success responses of different types panic; a range takes 201 where 200 is documented.
    Rule {
        name: "single-success",
        apply: single_success,
    },
    // A success without a JSON schema becomes an untyped byte stream, or panics.
    Rule {
        name: "json-success",
        apply: json_success,
    },
    // A closed enum fails a whole page on one new value; the crate has its own open enums.
    Rule {
        name: "open-enums",
        apply: open_enums,
    },
    // Replaced by hand-written wire types, whose schemas progenitor need not understand.
    Rule {
        name: "wire-types",
        apply: wire_types,
    },
    // A server that omits a key it always sent must not make the record unreadable.
    Rule {
        name: "tolerant-required",
        apply: tolerant_required,
    },
    // The decoder reads `null` as an empty list or map: one way to say nothing is enough.
    Rule {
        name: "null-is-empty",
        apply: null_is_empty,
    },
    // Validating newtypes refuse what a server may send tomorrow; defaults would be sent back.
    Rule {
        name: "no-constraints",
        apply: no_constraints,
    },
    // Ids pass 2^31.
    Rule {
        name: "int64",
        apply: int64,
    },
    // Descriptions become rustdoc, where indents are doctests and brackets are links.
    Rule {
        name: "sanitize-docs",
        apply: sanitize_docs,
    },
    // Unused components would be generated, and some (`Error`) do not compile.
    Rule {
        name: "prune-components",
        apply: prune_components,
    },
];

/// Components that are hand-written types of the crate (`src/wire`), beside the open enums.
pub const WIRE_TYPES: [&str; 4] = ["Timestamp", "DayMonthYear", "LocalDateTime", "LooseNumber"];

/// The keys without which a success answer or a record means nothing; all others may be missing.
const IDENTITY: [&str; 3] = ["data", "id", "message_id"];

fn drop_error_responses(document: &mut Value) -> Outcome {
    each_operation(document, |_, operation| {
        let Some(responses) = operation["responses"].as_object_mut() else {
            return Ok(0);
        };
        let before = responses.len();
        responses.retain(|status, _| status.starts_with('2'));
        Ok(before - responses.len())
    })
}

fn single_success(document: &mut Value) -> Outcome {
    each_operation(document, |place, operation| {
        let first = operation["responses"]
            .as_object()
            .and_then(|responses| responses.values().next())
            .cloned()
            .ok_or_else(|| (place.to_owned(), "no success response".to_owned()))?;
        operation["responses"] = json!({ "2XX": first });
        Ok(1)
    })
}

fn json_success(document: &mut Value) -> Outcome {
    each_operation(document, |_, operation| {
        let response = &mut operation["responses"]["2XX"];
        if response["content"]["application/json"]["schema"].is_object() {
            let schema = response["content"]["application/json"]["schema"].take();
            response["content"] = json!({ "application/json": { "schema": schema } });
            return Ok(0);
        }
        response["content"] = json!({ "application/json": { "schema": {} } });
        Ok(1)
    })
}

fn open_enums(document: &mut Value) -> Outcome {
    each_component(document, |_, schema| {
        if schema["x-open-enum"] != true {
            return 0;
        }
        *schema = json!({ "type": "string", "description": schema["description"] });
        1
    })
}

fn wire_types(document: &mut Value) -> Outcome {
    each_component(document, |name, schema| {
        if !WIRE_TYPES.contains(&name) {
            return 0;
        }
        *schema = json!({ "type": "string", "description": schema["description"] });
        1
    })
}

fn tolerant_required(document: &mut Value) -> Outcome {
    let requests = reachable(document, "requestBody");
    each_component(document, |name, schema| {
        if requests.contains(name) {
            return 0;
        }
        let mut fired = 0;
        walk(schema, &mut |node| {
            if let Some(required) = node.get_mut("required").and_then(Value::as_array_mut) {
                let before = required.len();
                required.retain(|key| key.as_str().is_some_and(|key| IDENTITY.contains(&key)));
                fired += before - required.len();
            }
        });
        fired
    })
}

fn null_is_empty(document: &mut Value) -> Outcome {
    let requests = reachable(document, "requestBody");
    each_component(document, |name, schema| {
        let mut fired = 0;
        walk(schema, &mut |node| {
            let list = node.get("type") == Some(&json!("array"));
            let map = node
                .get("additionalProperties")
                .is_some_and(Value::is_object);
            if (list || map) && !requests.contains(name) {
                fired += usize::from(node.remove("nullable").is_some());
            }
        });
        fired
    })
}

fn no_constraints(document: &mut Value) -> Outcome {
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

fn int64(document: &mut Value) -> Outcome {
    each_schema(document, |schema| {
        let integer = schema.get("type") == Some(&json!("integer"));
        if !integer || schema.get("format") == Some(&json!("int64")) {
            return 0;
        }
        schema.insert("format".into(), json!("int64"));
        1
    })
}

fn sanitize_docs(document: &mut Value) -> Outcome {
    let mut fired = 0;
    walk(document, &mut |node| {
        for key in ["description", "summary"] {
            if let Some(Value::String(text)) = node.get_mut(key) {
                let clean = rustdoc(text);
                fired += usize::from(clean != *text);
                *text = clean;
            }
        }
    });
    Ok(fired)
}

/// Markdown that rustdoc neither runs as a doctest nor reads as a link.
fn rustdoc(markdown: &str) -> String {
    let lines = markdown
        .lines()
        .filter(|line| !line.trim_start().starts_with("```"));
    let lines: Vec<String> = lines
        .map(|line| {
            let indent = line.len() - line.trim_start().len();
            let line = if indent >= 4 { line.trim_start() } else { line };
            // Odd pieces between backticks are code, where brackets are plain text already.
            let pieces = line.split('`').enumerate().map(|(n, piece)| match n % 2 {
                0 => angle_bare_urls(&piece.replace('[', "\\[").replace(']', "\\]")),
                _ => piece.to_owned(),
            });
            pieces.collect::<Vec<_>>().join("`")
        })
        .collect();
    lines.join("\n").trim().to_owned()
}

fn angle_bare_urls(text: &str) -> String {
    let words = text.split(' ').map(|word| {
        if !word.starts_with("http://") && !word.starts_with("https://") {
            return word.to_owned();
        }
        let url = word.trim_end_matches(['.', ',', ';', ':', ')']);
        format!("<{url}>{}", &word[url.len()..])
    });
    words.collect::<Vec<_>>().join(" ")
}

fn prune_components(document: &mut Value) -> Outcome {
    let used = reachable(document, "");
    let Some(schemas) = document["components"]["schemas"].as_object_mut() else {
        return Ok(0);
    };
    let before = schemas.len();
    schemas.retain(|name, _| used.contains(name));
    Ok(before - schemas.len())
}

/// Names of the components that operations reach, through their key `part` or ("") through any.
fn reachable(document: &Value, part: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut queue: Vec<&Value> = super::operations(document)
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

/// `Client` of `#/components/schemas/Client`.
fn component_name(reference: &Value) -> Option<&str> {
    reference.as_str()?.strip_prefix("#/components/schemas/")
}

fn each_operation(
    document: &mut Value,
    mut apply: impl FnMut(&str, &mut Value) -> Outcome,
) -> Outcome {
    let mut fired = 0;
    for (path, item) in document["paths"].as_object_mut().into_iter().flatten() {
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

fn each_component(
    document: &mut Value,
    mut apply: impl FnMut(&str, &mut Value) -> usize,
) -> Outcome {
    let schemas = document["components"]["schemas"].as_object_mut();
    Ok(schemas
        .into_iter()
        .flatten()
        .map(|(name, schema)| apply(name, schema))
        .sum())
}

/// Visits every object that stands where a schema may: in components, parameters and bodies.
/// Property maps are not schemas, so a property called `default` survives `no-constraints`.
fn each_schema(
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
fn walk(node: &mut Value, visit: &mut impl FnMut(&mut Map<String, Value>)) {
    match node {
        Value::Object(map) => {
            visit(map);
            map.values_mut().for_each(|child| walk(child, visit));
        }
        Value::Array(items) => items.iter_mut().for_each(|child| walk(child, visit)),
        _ => {}
    }
}
