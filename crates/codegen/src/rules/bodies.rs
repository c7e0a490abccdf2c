//! Rules for bodies: one of each operation, and the media type that it is sent under.

use super::Outcome;
use super::parts::is_json;
use super::walk::each_operation;
use crate::document::{SENT_AS, SET_BY_RUNTIME};
use serde_json::{Map, Value, json};

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
                operation.retain(|key, _| key != "requestBody");
            }
            return Ok(1);
        };
        let schema = content[chosen].get("schema").cloned();
        let lowered = match chosen {
            json if is_json(json) => {
                json!({ JSON: { "schema": schema.unwrap_or_else(|| json!({})) } })
            }
            FORM if !is_scalar(schema.as_ref()) => {
                json!({ FORM: { "schema": form(schema.unwrap_or_default()) } })
            }
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

/// Whether a schema has no keys, of which forms are made.
fn is_scalar(schema: Option<&Value>) -> bool {
    let kind = schema.and_then(|schema| schema["type"].as_str());
    kind.is_some_and(|kind| kind != "object")
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
