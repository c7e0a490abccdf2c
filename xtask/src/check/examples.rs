//! Every example of a document against its schema.

use jsonschema::{Registry, Validator};
use serde_json::{Map, Value, json};

/// The URI under which schemas refer to the components.
const COMPONENTS: &str = "urn:document";

/// Validates all examples of parameters, bodies and answers, and returns how many there are.
///
/// # Errors
/// The first example that does not fit, with its place and what is wrong.
pub(super) fn validate(document: &Value) -> Result<usize, String> {
    let components =
        json!({ "components": { "schemas": json_schema(&document["components"]["schemas"]) } });
    let registry = Registry::new().add(COMPONENTS, components);
    let registry = registry.and_then(|registry| registry.prepare());
    let registry = registry.map_err(|error| format!("the schemas of the components: {error}"))?;
    let mut count = 0;
    for (_, _, operation) in crate::lower::operations(document) {
        let id = operation["operationId"].as_str().unwrap_or("?");
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            let Some(example) = parameter.get("example") else {
                continue;
            };
            let place = format!("{id}, parameter {}", parameter["name"]);
            let validator = validator(&parameter["schema"], &registry, &place)?;
            if let Some(error) = validator.iter_errors(example).next() {
                return Err(format!("the example of {place} does not fit: {error}"));
            }
            count += 1;
        }
        let responses = operation["responses"].as_object().into_iter().flatten();
        let holders = responses.map(|(status, response)| (status.as_str(), response));
        for (name, holder) in holders.chain([("request", &operation["requestBody"])]) {
            for (media_type, media) in holder["content"].as_object().into_iter().flatten() {
                let place = format!("{id}, {name}, {media_type}");
                let validator = validator(&media["schema"], &registry, &place)?;
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

/// The validator of a schema in the document.
fn validator(schema: &Value, components: &Registry<'_>, place: &str) -> Result<Validator, String> {
    let options = jsonschema::options().with_registry(components);
    let validator = match schema {
        Value::Null => options.build(&json!({})),
        schema => options.build(&json_schema(schema)),
    };
    validator.map_err(|error| format!("{place}: {error}"))
}

/// The data of an example: what holds a `$ref` is kept as text.
fn as_data(value: &Value) -> Value {
    let text = value.as_str().filter(|text| text.contains("\"$ref\""));
    let data = text.and_then(|text| serde_json::from_str(text).ok());
    data.unwrap_or_else(|| value.clone())
}

/// An OpenAPI 3.0 schema in the terms of JSON Schema: `nullable` becomes a type of its own, and references go to
/// the components in the registry.
fn json_schema(schema: &Value) -> Value {
    match schema {
        Value::Object(map) => {
            let mut converted: Map<String, Value> = map
                .iter()
                .filter(|(key, _)| !matches!(key.as_str(), "nullable" | "example"))
                .map(|(key, child)| match child.as_str() {
                    Some(place) if key == "$ref" => {
                        (key.clone(), format!("{COMPONENTS}{place}").into())
                    }
                    _ => (key.clone(), json_schema(child)),
                })
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
