//! Request bodies: JSON that becomes a schema, and every other kind under its own media type.

use super::answers::is_json;
use super::content::{Content, Examples, Media};
use super::parameters::{requests, take_required, typed, value_schema};
use crate::infer::sample;
use crate::infer::shape::Shape;
use crate::json::{Json, object};
use crate::postman::read::Endpoint;
use crate::postman::{Body, KeyValue, Request, content_type, language_type};
use indexmap::IndexMap;
use std::borrow::Cow;

/// The bodies that requests of one endpoint show.
#[derive(Debug, Default)]
pub struct Bodies<'a> {
    /// JSON bodies by name, without repetitions.
    pub json: Vec<(&'a str, Json<'a>)>,
    /// What the JSON bodies have in common.
    pub shape: Option<Shape<'a>>,
    /// Content of other media types, ready for the document.
    pub other: Content<'a>,
}

/// The pairs of a form, under the name of its request.
type Form<'a> = (&'a str, &'a [KeyValue<'a>]);

impl<'a> Bodies<'a> {
    /// Reads them; a body that claims to be JSON and is not is left out, with a warning.
    pub fn read(endpoint: &'a Endpoint<'a>, warn: &mut impl FnMut(String)) -> Self {
        let mut bodies = Self::default();
        let mut forms: IndexMap<&str, Vec<Form<'a>>> = IndexMap::new();
        for (name, request) in requests(endpoint) {
            let Some(body) = &request.body else { continue };
            match &*body.mode {
                "" | "raw" => bodies.raw(name, request, body, warn),
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
                    let stated = content_type(&request.headers);
                    let stated = stated.filter(|stated| !stated.contains("form"));
                    let media_type = stated.unwrap_or("application/octet-stream".into());
                    let schema = object! { "type": "string", "format": "binary" };
                    bodies.other.insert(media_type, Media::of(schema));
                }
                other => warn(format!(
                    "the body of `{name}` has an unknown mode `{other}`"
                )),
            }
        }
        bodies.shape = Shape::merged(bodies.json.iter().map(|(_, body)| body));
        for (media_type, samples) in forms {
            bodies.other.insert(media_type.into(), form(&samples));
        }
        bodies
    }

    fn raw(
        &mut self,
        name: &'a str,
        request: &'a Request<'a>,
        body: &'a Body<'a>,
        warn: &mut impl FnMut(String),
    ) {
        let text = &*body.raw;
        if text.trim().is_empty() {
            return;
        }
        let language = body.options["raw"]["language"].as_str();
        let language = language.and_then(language_type).map(Cow::Borrowed);
        let stated = content_type(&request.headers).or(language);
        let json = sample::parse(text);
        match (stated, json) {
            (None, Some(body)) => self.add_json(name, body),
            (Some(stated), Some(body)) if is_json(&stated) => self.add_json(name, body),
            (Some(stated), None) if is_json(&stated) => {
                warn(format!("the body of `{name}` is not JSON; kept as text"));
                self.add_text("text/plain".into(), name, text);
            }
            (stated, _) => self.add_text(stated.unwrap_or("text/plain".into()), name, text),
        }
    }

    fn add_text(&mut self, media_type: Cow<'a, str>, name: &'a str, text: &'a str) {
        let media = self
            .other
            .media(media_type, || object! { "type": "string" });
        media.examples.insert(name, text.into());
    }

    fn add_json(&mut self, name: &'a str, body: Json<'a>) {
        if self.json.iter().all(|(_, known)| *known != body) {
            self.json.push((name, body));
        }
    }
}

fn graphql_body<'a>(query: &'a str, variables: &'a Json<'a>) -> Json<'a> {
    let variables = match variables {
        Json::Text(text) => serde_json::from_str(text).unwrap_or_default(),
        other => other.clone(),
    };
    match variables {
        Json::Null => object! { "query": query },
        variables => object! { "query": query, "variables": variables },
    }
}

/// The content of a form: a property a key, typed by all its values.
fn form<'a>(samples: &[Form<'a>]) -> Media<'a> {
    let mut seen: IndexMap<&'a str, Vec<&KeyValue<'a>>> = IndexMap::new();
    for pair in samples.iter().flat_map(|(_, pairs)| *pairs) {
        if !pair.key.is_empty() {
            seen.entry(&pair.key).or_default().push(pair);
        }
    }
    let mut properties: IndexMap<&'a str, Json<'a>> = IndexMap::new();
    let mut required: Vec<Json<'a>> = Vec::new();
    for (key, pairs) in seen {
        let (property, is_required) = form_property(&pairs);
        if is_required {
            required.push(key.into());
        }
        properties.insert(key, property);
    }
    let mut examples = Examples::default();
    for (name, pairs) in samples {
        let sent = pairs
            .iter()
            .filter(|pair| !pair.disabled && !pair.key.is_empty() && &*pair.kind != "file");
        // Of a key that is there twice, the last value.
        let example: IndexMap<&str, Json<'a>> = sent
            .map(|pair| (&*pair.key, typed(&properties[&*pair.key], pair.text())))
            .collect();
        examples.insert(name, example.into_iter().collect());
    }
    let mut schema =
        object! { "type": "object", "properties": properties.into_iter().collect::<Json<'_>>() };
    if !required.is_empty() {
        schema.push("required", required);
    }
    Media { schema, examples }
}

/// The schema of a form's key, and whether it is said to be required.
fn form_property<'a>(pairs: &[&'a KeyValue<'a>]) -> (Json<'a>, bool) {
    let mut descriptions = pairs.iter().map(|pair| pair.description.trim());
    let description = descriptions.find(|text| !text.is_empty());
    let (required, description) = take_required(description.unwrap_or_default());
    let mut schema = if pairs.iter().any(|pair| &*pair.kind == "file") {
        object! { "type": "string", "format": "binary" }
    } else {
        let values: Vec<Cow<'_, str>> = pairs.iter().map(|pair| pair.text()).collect();
        value_schema(&values)
    };
    if !description.is_empty() {
        schema.push("description", description);
    }
    (schema, required)
}
