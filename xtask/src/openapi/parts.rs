//! The parts of an operation: parameters, and responses with their examples.

use crate::infer::format::Format;
use crate::infer::shape::Object;
use crate::postman::read::Endpoint;
use crate::postman::template::{Template, variable_name};
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

/// Path, query and header parameters, with all values that were seen of each.
///
/// A parameter without a description takes that of the table that documents it.
pub fn parameters(endpoint: &Endpoint, documented: &Object) -> Vec<Value> {
    let mut found: IndexMap<(&str, String), Seen> = IndexMap::new();
    let own = path_names(&endpoint.path);
    for name in &own {
        found.entry(("path", name.clone())).or_default();
    }
    for (_, request) in requests(endpoint) {
        if let Some(url) = request.url() {
            // The variables of another spelling of the path, by position.
            let names = Template::of(&url).names;
            for (name, (_, original)) in own.iter().zip(&names) {
                let values = url.variable.iter().filter(|pair| pair.key() == original);
                found
                    .entry(("path", name.clone()))
                    .or_default()
                    .values
                    .extend(values.cloned());
            }
            add(&mut found, "query", url.query.clone());
        }
        let headers = request
            .header
            .iter()
            .filter(|header| is_parameter(header.key()));
        add(&mut found, "header", headers.cloned().collect());
    }
    found
        .into_iter()
        .map(|((place, name), seen)| {
            let mut parameter = parameter(place, &name, &seen);
            let doc = documented
                .fields
                .get(&name)
                .and_then(|field| field.doc.as_ref());
            if let Some(doc) = doc.filter(|_| parameter.get("description").is_none()) {
                parameter["description"] = doc.description.clone().into();
            }
            parameter
        })
        .collect()
}

/// What was seen of a parameter.
#[derive(Default)]
struct Seen {
    values: Vec<KeyValue>,
    /// Whether one request had it more than once.
    repeated: bool,
}

fn add(
    found: &mut IndexMap<(&'static str, String), Seen>,
    place: &'static str,
    pairs: Vec<KeyValue>,
) {
    let mut counts: IndexMap<String, usize> = IndexMap::new();
    for pair in pairs {
        let key = pair.key().to_owned();
        if key.trim().is_empty() || (place == "header" && !is_token(&key)) {
            continue;
        }
        // Header names have no case.
        let known = found.keys().find(|(other, name)| {
            *other == place && place == "header" && name.eq_ignore_ascii_case(&key)
        });
        let key = known.map_or(key, |(_, name)| name.clone());
        *counts.entry(key.clone()).or_default() += usize::from(!pair.disabled);
        let seen = found.entry((place, key.clone())).or_default();
        seen.repeated |= counts[&key] > 1;
        seen.values.push(pair);
    }
}

/// Whether a text can be the name of a header.
fn is_token(text: &str) -> bool {
    text.chars()
        .all(|c| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c))
}

/// Headers that OpenAPI describes elsewhere are no parameters.
fn is_parameter(header: &str) -> bool {
    !["accept", "authorization", "content-type"].contains(&header.to_ascii_lowercase().as_str())
}

/// The names of a path's parameters, in order.
fn path_names(path: &str) -> Vec<String> {
    path.split('{')
        .skip(1)
        .filter_map(|rest| Some(rest.split_once('}')?.0.to_owned()))
        .collect()
}

fn parameter(place: &str, name: &str, seen: &Seen) -> Value {
    let description = seen
        .values
        .iter()
        .map(|pair| pair.description.trim())
        .find(|text| !text.is_empty());
    let (required, description) = take_required(description.unwrap_or_default());
    let values: Vec<String> = seen.values.iter().map(KeyValue::text).collect();
    let values: Vec<&str> = values
        .iter()
        .map(String::as_str)
        .filter(|value| {
            !value.is_empty() && !value.contains("{{") && variable_name(value).is_none()
        })
        .collect();
    let mut parameter = json!({ "name": name, "in": place });
    if !description.is_empty() {
        parameter["description"] = description.into();
    }
    if required || place == "path" {
        parameter["required"] = true.into();
    }
    let item = value_schema(&values);
    let list = seen.repeated && place == "query";
    if list {
        let sample: Vec<Value> = values.iter().map(|value| typed(&item, value)).collect();
        parameter["example"] = sample.into();
    } else if let Some(first) = values.first() {
        parameter["example"] = typed(&item, first);
    }
    parameter["schema"] = if list {
        json!({ "type": "array", "items": item })
    } else {
        item
    };
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
        () => {
            let formats = values.iter().map(|value| Format::of(value));
            string_schema(formats.fold(Format::Unseen, Format::merged))
        }
    }
}

/// The schema of a text.
pub fn string_schema(format: Format) -> Value {
    match format.name() {
        Some(name) => json!({ "type": "string", "format": name }),
        None => json!({ "type": "string" }),
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

/// The headers of saved responses that say something of the API, each with a sample.
pub fn headers(responses: &[&Response]) -> Map<String, Value> {
    let mut headers = Map::new();
    for header in responses.iter().flat_map(|response| &response.header) {
        let name = header.key().to_ascii_lowercase();
        if tells(&name) && is_token(&name) && !headers.contains_key(&name) {
            let text = header.text();
            let schema = value_schema(&[&text]);
            headers.insert(
                name,
                json!({ "example": typed(&schema, &text), "schema": schema }),
            );
        }
    }
    headers
}

/// Whether a header belongs to the API rather than to its server, cache or browser.
fn tells(name: &str) -> bool {
    const NOISE: [&str; 7] = [
        "x-amz",
        "x-cache",
        "x-content-type",
        "x-download",
        "x-frame",
        "x-powered",
        "x-xss",
    ];
    let own = name.starts_with("x-") && !NOISE.iter().any(|noise| name.starts_with(noise));
    own || name.contains("ratelimit") || ["etag", "link", "location", "retry-after"].contains(&name)
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

/// Whether a media type is JSON, or JSON by another name.
pub fn is_json(media_type: &str) -> bool {
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
    let header = content_type(&response.header);
    let labelled = header.as_deref().is_none_or(is_json);
    let json: Option<Value> = serde_json::from_str(text).ok();
    // Servers and people mislabel JSON; a container of JSON is JSON whatever its label.
    let json = json.filter(|json| labelled || json.is_object() || json.is_array());
    let language = response.preview_language.as_deref().and_then(language_type);
    let stated = header.or_else(|| language.map(str::to_owned));
    let labelled = stated.as_deref().is_none_or(is_json);
    if json.is_none() && labelled {
        warn(format!(
            "saved response `{name}` is not the JSON that it says; kept as text"
        ));
    }
    let media_type = match (&json, stated) {
        (None, Some(stated)) if !is_json(&stated) => stated,
        (None, _) => "text/plain".into(),
        (Some(_), Some(stated)) if is_json(&stated) => stated,
        (Some(_), _) => "application/json".into(),
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
    // Readers of OpenAPI take a `$ref` for a reference, also where it is data: it is kept as text.
    let value = if holds_reference(value) {
        value.to_string().into()
    } else {
        value.clone()
    };
    examples[key] = json!({ "summary": name, "value": value });
}

/// Whether a key `$ref` stands anywhere in a value.
pub fn holds_reference(value: &Value) -> bool {
    match value {
        Value::Object(entries) => entries
            .iter()
            .any(|(key, value)| key == "$ref" || holds_reference(value)),
        Value::Array(items) => items.iter().any(holds_reference),
        _ => false,
    }
}
