//! Request bodies: JSON that becomes a schema, and every other kind under its own media type.

use super::parts::{insert_example, is_json, requests, take_required, typed, value_schema};
use crate::infer::sample;
use crate::postman::read::Endpoint;
use crate::postman::{Body, KeyValue, Request, content_type, language_type};
use indexmap::IndexMap;
use serde_json::{Map, Value, json};

/// The bodies that requests of one endpoint show.
#[derive(Debug, Default)]
pub struct Bodies<'a> {
    /// JSON bodies by name, without repetitions.
    pub json: Vec<(&'a str, Value)>,
    /// Content of other media types, ready for the document.
    pub other: Map<String, Value>,
}

impl<'a> Bodies<'a> {
    /// Reads them; a body that claims to be JSON and is not is left out, with a warning.
    pub fn read(endpoint: &'a Endpoint, warn: &mut impl FnMut(String)) -> Self {
        let mut bodies = Self::default();
        let mut forms: IndexMap<&str, Vec<(&str, &[KeyValue])>> = IndexMap::new();
        for (name, request) in requests(endpoint) {
            let Some(body) = &request.body else { continue };
            let mode = body.mode.as_deref().unwrap_or("raw");
            match mode {
                "raw" => bodies.raw(name, request, body, warn),
                "urlencoded" if !body.urlencoded.is_empty() => {
                    let form = forms.entry("application/x-www-form-urlencoded");
                    form.or_default().push((name, &body.urlencoded));
                }
                "formdata" if !body.formdata.is_empty() => {
                    let form = forms.entry("multipart/form-data");
                    form.or_default().push((name, &body.formdata));
                }
                "urlencoded" | "formdata" => {}
                "graphql" => {
                    if let Some(graphql) = &body.graphql {
                        bodies.add_json(name, graphql_body(&graphql.query, &graphql.variables));
                    }
                }
                "file" => {
                    // A form's label is left over from another body.
                    let media_type =
                        content_type(&request.header).filter(|stated| !stated.contains("form"));
                    bodies.other.insert(
                        media_type.unwrap_or_else(|| "application/octet-stream".into()),
                        json!({ "schema": { "type": "string", "format": "binary" } }),
                    );
                }
                other => warn(format!(
                    "the body of `{name}` has an unknown mode `{other}`"
                )),
            }
        }
        for (media_type, samples) in forms {
            bodies.other.insert(media_type.to_owned(), form(&samples));
        }
        bodies
    }

    fn raw(
        &mut self,
        name: &'a str,
        request: &Request,
        body: &Body,
        warn: &mut impl FnMut(String),
    ) {
        let Some(text) = body.raw.as_deref().filter(|text| !text.trim().is_empty()) else {
            return;
        };
        let language = body.options["raw"]["language"].as_str();
        let stated = content_type(&request.header)
            .or_else(|| language.and_then(language_type).map(str::to_owned));
        let json = sample::parse(text);
        match (stated, json) {
            (None, Some(body)) => self.add_json(name, body),
            (Some(stated), Some(body)) if is_json(&stated) => self.add_json(name, body),
            (Some(stated), None) if is_json(&stated) => {
                warn(format!("the body of `{name}` is not JSON; kept as text"));
                self.add_text("text/plain", name, text);
            }
            (stated, _) => self.add_text(stated.as_deref().unwrap_or("text/plain"), name, text),
        }
    }

    fn add_text(&mut self, media_type: &str, name: &str, text: &str) {
        let media = self.other.entry(media_type);
        let media =
            media.or_insert_with(|| json!({ "schema": { "type": "string" }, "examples": {} }));
        insert_example(&mut media["examples"], name, &text.into());
    }

    fn add_json(&mut self, name: &'a str, body: Value) {
        if self.json.iter().all(|(_, known)| *known != body) {
            self.json.push((name, body));
        }
    }
}

fn graphql_body(query: &str, variables: &Value) -> Value {
    let variables = match variables {
        Value::String(text) => serde_json::from_str(text).unwrap_or(Value::Null),
        other => other.clone(),
    };
    match variables {
        Value::Null => json!({ "query": query }),
        variables => json!({ "query": query, "variables": variables }),
    }
}

/// The content of a form: a property a key, typed by all its values.
fn form(samples: &[(&str, &[KeyValue])]) -> Value {
    let mut seen: IndexMap<&str, Vec<&KeyValue>> = IndexMap::new();
    for pair in samples.iter().flat_map(|(_, pairs)| *pairs) {
        seen.entry(pair.key()).or_default().push(pair);
    }
    seen.shift_remove("");
    let mut schema = json!({ "type": "object", "properties": {} });
    for (key, pairs) in &seen {
        let (property, required) = form_property(pairs);
        if required {
            let list = schema
                .as_object_mut()
                .map(|schema| schema.entry("required").or_insert(json!([])));
            if let Some(Value::Array(list)) = list {
                list.push((*key).into());
            }
        }
        schema["properties"][*key] = property;
    }
    let mut examples = json!({});
    for (name, pairs) in samples {
        let sent = pairs
            .iter()
            .filter(|pair| !pair.disabled && !pair.key().is_empty());
        let example: Map<String, Value> = sent
            .filter(|pair| pair.kind.as_deref() != Some("file"))
            .map(|pair| {
                let value = typed(&schema["properties"][pair.key()], &pair.text());
                (pair.key().to_owned(), value)
            })
            .collect();
        insert_example(&mut examples, name, &Value::Object(example));
    }
    json!({ "schema": schema, "examples": examples })
}

/// The schema of a form's key, and whether it is said to be required.
fn form_property(pairs: &[&KeyValue]) -> (Value, bool) {
    let description = pairs
        .iter()
        .map(|pair| pair.description.trim())
        .find(|text| !text.is_empty());
    let (required, description) = take_required(description.unwrap_or_default());
    let mut schema = if pairs
        .iter()
        .any(|pair| pair.kind.as_deref() == Some("file"))
    {
        json!({ "type": "string", "format": "binary" })
    } else {
        let values: Vec<String> = pairs.iter().map(|pair| pair.text()).collect();
        value_schema(&values.iter().map(String::as_str).collect::<Vec<_>>())
    };
    if !description.is_empty() {
        schema["description"] = description.into();
    }
    (schema, required)
}
