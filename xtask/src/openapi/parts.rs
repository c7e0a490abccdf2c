//! The parts of an operation: parameters, and responses with their examples.

use crate::infer::shape::Shape;
use crate::postman::read::{Endpoint, parameter_name, parts};
use crate::postman::{KeyValue, Request, Response, content_type, language_type};
use heck::ToSnakeCase;
use indexmap::IndexMap;
use serde_json::{Map, Value, json};
use std::ops::RangeBounds;

/// The requests that show one operation: its own, its variants, and those of its saved responses.
pub fn requests(endpoint: &Endpoint) -> impl Iterator<Item = (&str, &Request)> {
    let saved = endpoint.responses.iter().filter_map(|response| {
        Some((
            response.name.as_deref().unwrap_or("example"),
            response.original_request.as_ref()?,
        ))
    });
    let variants = endpoint
        .variants
        .iter()
        .map(|(name, request)| (name.as_str(), request));
    std::iter::once(("default", &endpoint.request))
        .chain(variants)
        .chain(saved)
}

/// Path and query parameters, with all values that were seen of each.
pub fn parameters(endpoint: &Endpoint) -> Vec<Value> {
    let mut found: IndexMap<(&str, String), Vec<KeyValue>> = IndexMap::new();
    for segment in endpoint.path.split('/') {
        if let Some(name) = segment
            .strip_prefix('{')
            .and_then(|rest| rest.strip_suffix('}'))
        {
            found.entry(("path", name.to_owned())).or_default();
        }
    }
    let urls = requests(endpoint)
        .filter_map(|(_, request)| request.url.clone())
        .map(parts);
    for url in urls {
        for pair in url.variable {
            let key = ("path", pair.key().to_owned());
            if let Some(values) = found.get_mut(&key) {
                values.push(pair);
            }
        }
        for pair in url.query {
            let key = ("query", pair.key().to_owned());
            if !key.1.is_empty() {
                found.entry(key).or_default().push(pair);
            }
        }
    }
    found
        .into_iter()
        .map(|((place, name), values)| parameter(place, &name, &values))
        .collect()
}

fn parameter(place: &str, name: &str, seen: &[KeyValue]) -> Value {
    let description = seen
        .iter()
        .map(|pair| pair.description.trim())
        .find(|text| !text.is_empty());
    let (required, description) = take_required(description.unwrap_or_default());
    let values: Vec<String> = seen.iter().map(KeyValue::text).collect();
    let values: Vec<&str> = values
        .iter()
        .map(String::as_str)
        .filter(|value| !value.is_empty() && parameter_name(value).is_none())
        .collect();
    let mut parameter = json!({ "name": name, "in": place });
    if !description.is_empty() {
        parameter["description"] = description.into();
    }
    if required || place == "path" {
        parameter["required"] = true.into();
    }
    let schema = value_schema(&values);
    if let Some(first) = values.first() {
        parameter["example"] = typed(&schema, first);
    }
    parameter["schema"] = schema;
    parameter
}

/// A text as the value that its schema takes it for.
pub fn typed(schema: &Value, text: &str) -> Value {
    match schema["type"].as_str() {
        Some("string") => text.into(),
        _ => serde_json::from_str(text).unwrap_or_else(|_| text.into()),
    }
}

/// `Required. The day.` → required, and `The day.`
pub fn take_required(description: &str) -> (bool, &str) {
    let markers = [
        "(required)",
        "[required]",
        "**required**",
        "required.",
        "required:",
    ];
    for marker in markers {
        let head = description.get(..marker.len()).unwrap_or_default();
        if head.eq_ignore_ascii_case(marker) {
            return (true, description[marker.len()..].trim_start());
        }
    }
    (false, description)
}

/// The narrowest type that all texts fit.
pub fn value_schema(values: &[&str]) -> Value {
    let all = |fits: fn(&str) -> bool| !values.is_empty() && values.iter().all(|value| fits(value));
    // A leading zero is a phone number or a code, not a number.
    let integer = |value: &str| {
        value == "0" || (value.parse::<i64>().is_ok() && !value.starts_with(['0', '+']))
    };
    match () {
        () if all(integer) => json!({ "type": "integer", "format": "int64" }),
        () if all(|value| {
            value.parse::<f64>().is_ok_and(f64::is_finite) && value.contains('.')
        }) =>
        {
            json!({ "type": "number" })
        }
        () if all(|value| matches!(value, "true" | "false")) => json!({ "type": "boolean" }),
        () => json!({ "type": "string" }),
    }
}

/// The saved responses of an operation, by status.
#[derive(Debug)]
pub struct Answers<'a> {
    pub by_status: IndexMap<u16, Vec<Answer<'a>>>,
}

#[derive(Debug)]
pub struct Answer<'a> {
    pub name: &'a str,
    pub media_type: String,
    pub value: Value,
}

impl<'a> Answers<'a> {
    /// Reads them; a body that claims to be JSON and is not becomes text, with a warning.
    pub fn read(endpoint: &'a Endpoint, warn: &mut impl FnMut(String)) -> Self {
        let mut by_status: IndexMap<u16, Vec<Answer<'a>>> = IndexMap::new();
        for response in &endpoint.responses {
            let name = response.name.as_deref().unwrap_or("example");
            let status = response.status().unwrap_or_else(|| {
                warn(format!(
                    "saved response `{name}` has no status; taken as 200"
                ));
                200
            });
            let answers = by_status.entry(status).or_default();
            answers.extend(answer(response, name, warn));
        }
        by_status.sort_keys();
        Self { by_status }
    }

    /// The JSON answers of a kind of status.
    pub fn json(&self, statuses: impl RangeBounds<u16>) -> impl Iterator<Item = &Value> {
        let chosen = self
            .by_status
            .iter()
            .filter(move |(status, _)| statuses.contains(*status));
        chosen
            .flat_map(|(_, answers)| answers)
            .filter(|answer| answer.is_json())
            .map(|answer| &answer.value)
    }
}

impl Answer<'_> {
    fn is_json(&self) -> bool {
        is_json(&self.media_type)
    }
}

fn is_json(media_type: &str) -> bool {
    media_type == "application/json" || media_type.ends_with("+json")
}

/// A saved response with its media type; none if it has no body.
fn answer<'a>(
    response: &Response,
    name: &'a str,
    warn: &mut impl FnMut(String),
) -> Option<Answer<'a>> {
    let text = response.body.as_deref().unwrap_or_default();
    if text.trim().is_empty() {
        return None;
    }
    let language = response.preview_language.as_deref();
    let stated = content_type(&response.header)
        .or_else(|| language.and_then(language_type).map(str::to_owned));
    let json = match &stated {
        Some(stated) if !is_json(stated) => None,
        _ => serde_json::from_str(text).ok(),
    };
    if json.is_none() && stated.as_deref().is_none_or(is_json) {
        warn(format!(
            "saved response `{name}` is not the JSON that it says; kept as text"
        ));
    }
    let media_type = match (&json, stated) {
        (None, Some(stated)) if !is_json(&stated) => stated,
        (None, _) => "text/plain".into(),
        (Some(_), stated) => stated.unwrap_or_else(|| "application/json".into()),
    };
    let value = json.unwrap_or_else(|| text.into());
    Some(Answer {
        name,
        media_type,
        value,
    })
}

/// The content of one status: examples by media type, each with the schema of that type.
pub fn content(answers: &[Answer<'_>], json_schema: &Value) -> Value {
    let mut content = Map::new();
    for answer in answers {
        let schema = if answer.is_json() {
            json_schema.clone()
        } else {
            json!({ "type": "string" })
        };
        let media = content
            .entry(&answer.media_type)
            .or_insert_with(|| json!({ "schema": schema, "examples": {} }));
        insert_example(&mut media["examples"], answer.name, &answer.value);
    }
    Value::Object(content)
}

/// Adds a named example under a key made of its name, unique among its neighbours.
pub fn insert_example(examples: &mut Value, name: &str, value: &Value) {
    let base = name.to_snake_case();
    let base = if base.is_empty() {
        "example".to_owned()
    } else {
        base
    };
    let taken = |key: &str| examples.get(key).is_some();
    let numbered = (2..).map(|number| format!("{base}_{number}"));
    let key = std::iter::once(base.clone())
        .chain(numbered)
        .find(|key| !taken(key))
        .unwrap_or(base);
    examples[key] = json!({ "summary": name, "value": value });
}

/// The merged shape of values.
pub fn merged<'a>(values: impl Iterator<Item = &'a Value>) -> Option<Shape> {
    values.map(Shape::of).reduce(|mut all, shape| {
        all.merge(shape);
        all
    })
}
