//! The rules for methods and responses of operations.

use super::Outcome;
use super::walk::each_operation;
use crate::document::UNSUPPORTED;
use serde_json::{Value, json};

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
        item.retain(|method, operation| {
            let supported = !["options", "trace"].contains(&method.as_str());
            if !supported {
                moved.push(operation["operationId"].clone());
            }
            supported
        });
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

/// Returns whether a media type is JSON, or JSON by another name.
pub fn is_json(media_type: &str) -> bool {
    let media_type = media_type.split(';').next().unwrap_or_default().trim();
    const NAMES: [&str; 4] = [
        "application/json",
        "application/x-json",
        "text/json",
        "text/x-json",
    ];
    NAMES.contains(&media_type) || media_type.ends_with("+json")
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
