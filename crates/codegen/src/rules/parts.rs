//! The rules for the parts of an operation: methods, parameters, bodies, responses.

use super::Outcome;
use super::walk::{each_operation, walk};
use crate::document::UNSUPPORTED;
use heck::ToSnakeCase;
use serde_json::{Value, json};
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

/// Keeps one kind of body: JSON if there is any, else a form, else bytes.
pub(super) fn one_body(document: &mut Value) -> Outcome {
    const FORM: &str = "application/x-www-form-urlencoded";
    each_operation(document, |_, operation| {
        let Some(content) = operation
            .pointer("/requestBody/content")
            .and_then(Value::as_object)
        else {
            return Ok(0);
        };
        let json = content.iter().find(|(media_type, _)| is_json(media_type));
        let lowered = match (json, content.get(FORM)) {
            (Some((_, media)), _) => {
                let schema = media.get("schema").cloned().unwrap_or_else(|| json!({}));
                json!({ "application/json": { "schema": schema } })
            }
            (None, Some(media)) => json!({ FORM: { "schema": media["schema"] } }),
            (None, None) => {
                let binary = json!({ "type": "string", "format": "binary" });
                json!({ "application/octet-stream": { "schema": binary } })
            }
        };
        let same = content.len() == 1
            && lowered
                .as_object()
                .is_some_and(|kept| content.keys().eq(kept.keys()));
        operation["requestBody"]["content"] = lowered;
        operation["requestBody"]["required"] = true.into();
        Ok(usize::from(!same))
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
            _ => true,
        });
        let mut fired = before - parameters.len();
        for parameter in parameters {
            fired += usize::from(plain(parameter));
        }
        Ok(fired)
    })
}

/// Returns whether a header can be a parameter: OpenAPI ignores three, and HTTP permits only these characters.
fn is_header(name: &str) -> bool {
    let token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    let ignored = ["accept", "authorization", "content-type"];
    name.chars().all(token)
        && !ignored
            .iter()
            .any(|ignored| name.eq_ignore_ascii_case(ignored))
}

/// Changes a parameter to one that progenitor supports, and returns whether that was necessary.
fn plain(parameter: &mut Value) -> bool {
    let before = parameter.clone();
    let query = parameter["in"] == "query";
    let text = json!({ "type": "string" });
    if let Some(parameter) = parameter.as_object_mut() {
        parameter.shift_remove("content");
        let schema = parameter.entry("schema").or_insert_with(|| text.clone());
        let kind = schema["type"].as_str().unwrap_or_default().to_owned();
        let scalar = ["string", "integer", "number", "boolean"].contains(&kind.as_str());
        if !(scalar || schema.get("$ref").is_some() || (query && kind == "array")) {
            *schema = text;
        }
        walk(schema, &mut |schema| {
            // `uuid` needs a type of another crate, and `date-time` is only formatted in queries.
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

/// Removes the later of two parameters that would have the same identifier, and those with the name of a field or
/// method of the builder. Removed parameters can still be sent through `reqwest`.
pub(super) fn colliding_parameters(document: &mut Value) -> Outcome {
    each_operation(document, |_, operation| {
        let has_body = operation.get("requestBody").is_some();
        let Some(parameters) = operation
            .get_mut("parameters")
            .and_then(Value::as_array_mut)
        else {
            return Ok(0);
        };
        // A path parameter is required, so it goes first.
        parameters.sort_by_key(|parameter| parameter["in"] != "path");
        let mut taken: BTreeSet<String> = ["header_map", "new", "send"].map(str::to_owned).into();
        if has_body {
            taken.extend(["body", "body_map"].map(str::to_owned));
        }
        let before = parameters.len();
        parameters.retain(|parameter| {
            let name = parameter["name"]
                .as_str()
                .unwrap_or_default()
                .to_snake_case();
            !name.is_empty() && taken.insert(name)
        });
        Ok(before - parameters.len())
    })
}
