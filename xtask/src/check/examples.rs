//! Every example of a document against its schema.

use serde_json::{Map, Value, json};

/// Validates all examples of parameters, bodies and answers, and returns how many there are.
///
/// # Errors
/// The first example that does not fit, with its place and what is wrong.
pub(super) fn validate(document: &Value) -> Result<usize, String> {
    let components = json!({ "schemas": json_schema(&document["components"]["schemas"]) });
    let mut count = 0;
    for (_, _, operation) in crate::lower::operations(document) {
        let id = operation["operationId"].as_str().unwrap_or("?");
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            let Some(example) = parameter.get("example") else {
                continue;
            };
            let mut schema = json_schema(&parameter["schema"]);
            schema["components"] = components.clone();
            let place = format!("{id}, parameter {}", parameter["name"]);
            let validator =
                jsonschema::validator_for(&schema).map_err(|error| format!("{place}: {error}"))?;
            if let Some(error) = validator.iter_errors(example).next() {
                return Err(format!("the example of {place} does not fit: {error}"));
            }
            count += 1;
        }
        let responses = operation["responses"].as_object().into_iter().flatten();
        let holders = responses.map(|(status, response)| (status.as_str(), response));
        for (name, holder) in holders.chain([("request", &operation["requestBody"])]) {
            for (media_type, media) in holder["content"].as_object().into_iter().flatten() {
                let mut schema = json_schema(&media["schema"]);
                schema["components"] = components.clone();
                let place = format!("{id}, {name}, {media_type}");
                let validator = jsonschema::validator_for(&schema)
                    .map_err(|error| format!("{place}: {error}"))?;
                for (key, example) in media["examples"].as_object().into_iter().flatten() {
                    let value = as_data(&example["value"]);
                    if let Some(error) = validator.iter_errors(&value).next() {
                        let at = error.instance_path().to_string();
                        return Err(format!(
                            "example `{key}` of {place} does not fit: at `{at}`: {error}"
                        ));
                    }
                    count += 1;
                }
            }
        }
    }
    Ok(count)
}

/// The data of an example: what holds a `$ref` is kept as text.
fn as_data(value: &Value) -> Value {
    let text = value.as_str().filter(|text| text.contains("\"$ref\""));
    let data = text.and_then(|text| serde_json::from_str(text).ok());
    data.unwrap_or_else(|| value.clone())
}

/// An OpenAPI 3.0 schema in the terms of JSON Schema: `nullable` becomes a type of its own.
fn json_schema(schema: &Value) -> Value {
    match schema {
        Value::Object(map) => {
            let mut converted: Map<String, Value> = map
                .iter()
                .filter(|(key, _)| !matches!(key.as_str(), "nullable" | "example"))
                .map(|(key, child)| (key.clone(), json_schema(child)))
                .collect();
            if map.get("nullable") != Some(&Value::Bool(true)) {
                return Value::Object(converted);
            }
            converted.remove("description");
            if converted.is_empty() {
                return json!({});
            }
            json!({ "anyOf": [converted, { "type": "null" }] })
        }
        Value::Array(items) => items.iter().map(json_schema).collect(),
        other => other.clone(),
    }
}
