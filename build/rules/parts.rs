//! Rules for the parts of an operation: methods, parameters, bodies, responses.

use super::Outcome;
use super::docs::is_mark;
use super::walk::{each_operation, walk};
use crate::lower::{METHODS, SENT_AS, SET_BY_RUNTIME, UNSUPPORTED};
use heck::ToSnakeCase;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// Moves the operations that reqwest has no call for into an extension of the document.
pub(super) fn unsupported_methods(document: &mut Value) -> Outcome {
    let mut moved = Vec::new();
    let paths = document
        .pointer_mut("/paths")
        .and_then(Value::as_object_mut);
    for item in paths
        .into_iter()
        .flatten()
        .filter_map(|(_, item)| item.as_object_mut())
    {
        for method in ["options", "trace"] {
            moved.extend(
                item.shift_remove(method)
                    .map(|operation| operation["operationId"].clone()),
            );
        }
    }
    let fired = moved.len();
    if fired > 0 {
        document[UNSUPPORTED] = moved.into();
    }
    Ok(fired)
}

pub(super) fn drop_error_responses(document: &mut Value) -> Outcome {
    each_operation(document, |_, operation| {
        let Some(responses) = operation["responses"].as_object_mut() else {
            return Ok(0);
        };
        let before = responses.len();
        responses.retain(|status, _| status.starts_with('2'));
        Ok(before - responses.len())
    })
}

/// Keeps the first success that is JSON, else the first.
pub(super) fn single_success(document: &mut Value) -> Outcome {
    each_operation(document, |place, operation| {
        let responses = operation["responses"].as_object();
        let mut successes = responses
            .into_iter()
            .flatten()
            .map(|(_, response)| response);
        let json = successes
            .clone()
            .find(|response| json_schema(response).is_some());
        let kept = json.or_else(|| successes.next()).cloned();
        let kept = kept.ok_or_else(|| (place.to_owned(), "no success response".to_owned()))?;
        operation["responses"] = json!({ "2XX": kept });
        Ok(1)
    })
}

pub(super) fn json_schema(response: &Value) -> Option<&Value> {
    let content = response["content"].as_object()?;
    let json = content.iter().find(|(media_type, _)| is_json(media_type));
    json.map(|(_, media)| &media["schema"])
}

fn is_json(media_type: &str) -> bool {
    let media_type = media_type.split(';').next().unwrap_or_default().trim();
    media_type == "application/json" || media_type.ends_with("+json")
}

pub(super) fn json_success(document: &mut Value) -> Outcome {
    each_operation(document, |_, operation| {
        let response = &mut operation["responses"]["2XX"];
        let Some(schema) = json_schema(response).cloned() else {
            return Ok(0);
        };
        let named = response
            .pointer("/content/application~1json/schema")
            .is_some_and(Value::is_object);
        let schema = if schema.is_object() {
            schema
        } else {
            json!({})
        };
        response["content"] = json!({ "application/json": { "schema": schema } });
        Ok(usize::from(!named))
    })
}

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";
const BYTES: &str = "application/octet-stream";

/// The media type of the body that is sent where there are several: JSON goes before forms, forms before all
/// that is sent as bytes.
fn chosen(content: &Map<String, Value>) -> Option<&str> {
    let types = || content.keys().map(String::as_str);
    let exactly = |wanted: &str| types().find(|media_type| *media_type == wanted);
    let json = exactly(JSON).or_else(|| types().find(|media_type| is_json(media_type)));
    json.or_else(|| exactly(FORM)).or_else(|| types().next())
}

pub(super) fn one_body(document: &mut Value) -> Outcome {
    each_operation(document, |_, operation| {
        let Some(content) = operation
            .pointer("/requestBody/content")
            .and_then(Value::as_object)
        else {
            return Ok(0);
        };
        let Some(chosen) = chosen(content) else {
            // A body of no kind is none.
            if let Some(operation) = operation.as_object_mut() {
                operation.shift_remove("requestBody");
            }
            return Ok(1);
        };
        let schema = content[chosen].get("schema").cloned();
        let lowered = match chosen {
            json if is_json(json) => {
                json!({ JSON: { "schema": schema.unwrap_or_else(|| json!({})) } })
            }
            FORM => json!({ FORM: { "schema": form(schema.unwrap_or_default()) } }),
            _ => json!({ BYTES: { "schema": { "type": "string", "format": "binary" } } }),
        };
        let same = content.len() == 1
            && lowered
                .as_object()
                .is_some_and(|kept| content.keys().eq(kept.keys()));
        let chosen = chosen.to_owned();
        let body = &mut operation["requestBody"];
        if lowered.get(&chosen).is_none() {
            body[SENT_AS] = chosen.into();
        }
        body["content"] = lowered;
        body["required"] = true.into();
        Ok(usize::from(!same))
    })
}

/// A form whose keys come once: what encodes it knows no lists.
fn form(mut schema: Value) -> Value {
    let properties = schema.get_mut("properties").and_then(Value::as_object_mut);
    for property in properties.into_iter().flat_map(Map::values_mut) {
        if property["type"] == "array" {
            let description = property.get("description").cloned();
            *property = property["items"].clone();
            if let (Some(description), Some(property)) = (description, property.as_object_mut()) {
                property.insert("description".into(), description);
            }
        }
    }
    schema
}

/// What a body is sent as, where that is not what the generator has a call for: a parameter for the header,
/// unless the runtime sets it. What has parts is separated by what the header says.
pub(super) fn content_type_header(document: &mut Value) -> Outcome {
    each_operation(document, |_, operation| {
        let body = &operation["requestBody"];
        let Some(media_type) = body[SENT_AS].as_str() else {
            return Ok(0);
        };
        let has_parts = media_type.starts_with("multipart/");
        if body[SET_BY_RUNTIME] == true && !has_parts {
            return Ok(0);
        }
        let description = match has_parts {
            true => format!("`{media_type}; boundary=…`, with the boundary of the body."),
            false => format!("`{media_type}`, which is not sent unless it is said here."),
        };
        let parameter = json!({
            "name": "Content-Type",
            "in": "header",
            "required": has_parts,
            "style": "simple",
            "description": description,
            "schema": { "type": "string" },
        });
        match operation
            .get_mut("parameters")
            .and_then(Value::as_array_mut)
        {
            Some(parameters) => parameters.push(parameter),
            None => operation["parameters"] = json!([parameter]),
        }
        Ok(1)
    })
}

/// Lets the runtime set the media types that are the same at every call.
pub(super) fn runtime_media_types(document: &mut Value) -> Outcome {
    each_operation(document, |_, operation| {
        let Some(body) = operation.get_mut("requestBody") else {
            return Ok(0);
        };
        let content = body["content"].as_object();
        let chosen = content.and_then(chosen).unwrap_or(JSON);
        if [JSON, FORM, BYTES].contains(&chosen) {
            return Ok(0);
        }
        body[SET_BY_RUNTIME] = true.into();
        Ok(1)
    })
}

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
        parameter.shift_remove("content");
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
                schema.shift_remove("format");
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
/// methods for itself. What is sent stays as it is: a parameter of the path is called otherwise there too, and
/// one of the query becomes a map, whose key is sent. For headers there is no such way.
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

/// The names of what every builder has.
const RESERVED: [&str; 5] = ["body", "body_map", "header_map", "new", "send"];
