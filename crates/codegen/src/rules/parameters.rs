//! Rules for parameters: plain ones, each with a name of its own.

use super::Outcome;
use super::docs::is_mark;
use super::walk::{each_operation, walk};
use crate::document::{METHODS, SENT_AS};
use heck::ToSnakeCase;
use serde_json::{Value, json};
use std::collections::BTreeSet;

pub(super) fn plain_parameters(document: &mut Value) -> Outcome {
    each_operation(document, |_, operation| {
        let Some(parameters) = operation
            .get_mut("parameters")
            .and_then(Value::as_array_mut)
        else {
            return Ok(0);
        };
        let before = parameters.len();
        parameters.retain(|parameter| match parameter["in"].as_str() {
            Some("cookie") => false,
            Some("header") => is_header(parameter["name"].as_str().unwrap_or_default()),
            _ => !parameter["name"]
                .as_str()
                .unwrap_or_default()
                .contains(is_mark),
        });
        let mut fired = before - parameters.len();
        for parameter in parameters {
            fired += usize::from(plain(parameter));
        }
        Ok(fired)
    })
}

/// Whether a header can be a parameter: OpenAPI ignores three, others are HTTP's own, and it knows no other
/// characters.
fn is_header(name: &str) -> bool {
    const IGNORED: [&str; 7] = [
        "accept",
        "authorization",
        "connection",
        "content-length",
        "content-type",
        "host",
        "transfer-encoding",
    ];
    let token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    let mut ignored = IGNORED.iter();
    name.chars().all(token) && !ignored.any(|ignored| name.eq_ignore_ascii_case(ignored))
}

/// Makes a parameter one that progenitor knows; says whether it was not.
fn plain(parameter: &mut Value) -> bool {
    let before = parameter.clone();
    let query = parameter["in"] == "query";
    let text = json!({ "type": "string" });
    // Made by `colliding-parameters`.
    let is_map = parameter.get(SENT_AS).is_some();
    if let Some(parameter) = parameter.as_object_mut() {
        parameter.retain(|key, _| key != "content");
        let schema = parameter.entry("schema").or_insert_with(|| text.clone());
        let kind = schema["type"].as_str().unwrap_or_default().to_owned();
        let scalar = ["string", "integer", "number", "boolean"].contains(&kind.as_str());
        let own = is_map || schema.get("$ref").is_some() || (query && kind == "array");
        if !(scalar || own) {
            *schema = text;
        }
        walk(schema, &mut |schema| {
            // The one is a type of another crate, the other has its form in queries alone.
            let format = schema.get("format").and_then(Value::as_str);
            if format == Some("uuid") || (format == Some("date-time") && !query) {
                schema.retain(|key, _| key != "format");
            }
        });
        if query {
            parameter.insert("style".into(), "form".into());
        } else {
            parameter.insert("style".into(), "simple".into());
        }
        if parameter.get("in").is_some_and(|place| place == "path") {
            parameter.insert("required".into(), true.into());
        }
    }
    *parameter != before
}

/// Tells apart the parameters that one identifier would stand for, and those that the builder has fields or
/// methods for itself. What is sent stays as it is: a parameter of the path is called otherwise there too, one of the
/// query becomes a map, whose key is sent, and a header is written in letters of another case, which say nothing.
pub(super) fn colliding_parameters(document: &mut Value) -> Outcome {
    let mut fired = 0;
    let paths = document
        .pointer_mut("/paths")
        .and_then(Value::as_object_mut);
    let Some(paths) = paths else { return Ok(0) };
    for (path, mut item) in std::mem::take(paths) {
        let mut renamed = path.clone();
        for method in METHODS {
            let Some(operation) = item.get_mut(method) else {
                continue;
            };
            fired += tell_apart(operation, &mut renamed);
        }
        paths.insert(renamed, item);
    }
    Ok(fired)
}

fn tell_apart(operation: &mut Value, renamed: &mut String) -> usize {
    let has_body = operation.get("requestBody").is_some();
    let Some(parameters) = operation
        .get_mut("parameters")
        .and_then(Value::as_array_mut)
    else {
        return 0;
    };
    // Those that can be renamed least go first.
    parameters.sort_by_key(|parameter| match parameter["in"].as_str() {
        Some("path") => 0,
        Some("header") => 1,
        _ => 2,
    });
    let mut taken: BTreeSet<String> = ["header_map", "new", "send"].map(str::to_owned).into();
    if has_body {
        taken.extend(["body", "body_map"].map(str::to_owned));
    }
    let mut fired = 0;
    parameters.retain_mut(|parameter| {
        let name = parameter["name"].as_str().unwrap_or_default().to_owned();
        let identifier = name.to_snake_case();
        let place = parameter["in"].as_str().unwrap_or_default();
        // All operations of a path have its parameters, so these are called alike whatever each has.
        let reserved = place == "path" && RESERVED.contains(&&*identifier);
        if !identifier.is_empty() && !reserved && taken.insert(identifier.clone()) {
            return true;
        }
        fired += 1;
        if place == "header"
            && let Some(other) = in_another_case(&name, &mut taken)
        {
            parameter["name"] = other.into();
            parameter[SENT_AS] = name.into();
            return true;
        }
        if identifier.is_empty() || !["path", "query"].contains(&place) {
            return false;
        }
        let numbers = 2..;
        let others = numbers.map(|number| format!("{identifier}_{number}"));
        let first = std::iter::once(format!("{identifier}_parameter"));
        let mut free = first
            .chain(others)
            .filter(|other| taken.insert(other.clone()));
        let other = free.next().unwrap_or_default();
        if place == "path" {
            *renamed = renamed.replace(&format!("{{{name}}}"), &format!("{{{other}}}"));
        } else {
            let schema = std::mem::take(&mut parameter["schema"]);
            let value = match schema["type"] == "array" {
                true => schema["items"].clone(),
                false => schema,
            };
            parameter["schema"] = json!({ "type": "object", "additionalProperties": value });
            let said = parameter["description"].as_str().unwrap_or_default();
            let description = format!("A map with the key `{name}`, which is sent. {said}");
            parameter["description"] = description.trim().into();
            parameter[SENT_AS] = name.into();
        }
        parameter["name"] = other.into();
        true
    });
    fired
}

/// Returns the name of a header in letters of another case, with which its identifier is free: `send` and `senD`
/// are one header, but `send` and `sen_d` in Rust.
fn in_another_case(name: &str, taken: &mut BTreeSet<String>) -> Option<String> {
    let name = name.to_ascii_lowercase();
    let is_letter = |place: usize| name.as_bytes()[place].is_ascii_lowercase();
    let places = (1..name.len()).rev();
    let mut others = places
        .filter(|place| is_letter(*place) && is_letter(*place - 1))
        .map(|place| {
            let mut other = name.clone();
            other[place..=place].make_ascii_uppercase();
            other
        });
    others.find(|other| taken.insert(other.to_snake_case()))
}

/// The names of what every builder has.
const RESERVED: [&str; 5] = ["body", "body_map", "header_map", "new", "send"];
