//! Request bodies: JSON that becomes a schema, and every other kind under its own media type.

use super::answers::is_json;
use super::content::{Content, Media};
use super::forms::{Form, form};
use super::parameters::{Shown, requests};
use crate::account::{Account, Kind};
use crate::infer::sample;
use crate::infer::shape::Shape;
use crate::json::{Json, object};
use crate::postman::read::{Endpoint, Endpoints};
use crate::postman::variables::{Variables, variable_name};
use crate::postman::{Body, FORM, KeyValue, content_type, language_type};
use std::borrow::Cow;
use std::collections::HashSet;

const JSON: &str = "application/json";

/// The bodies that requests of one endpoint show.
#[derive(Debug, Default)]
pub struct Bodies<'a> {
    /// JSON bodies by media type and name, without repetitions.
    pub json: Vec<Sample<'a>>,
    /// What the JSON bodies have in common.
    pub shape: Option<Shape<'a>>,
    /// Content of other media types, ready for the document.
    pub other: Content<'a>,
    /// Forms by media type, until they are read.
    forms: Vec<(&'static str, Vec<Form<'a>>)>,
    /// Whether a request of the collection goes without one.
    pub optional: bool,
}

#[derive(Debug)]
pub struct Sample<'a> {
    pub media_type: Cow<'a, str>,
    pub name: &'a str,
    pub value: Json<'a>,
}

/// What a body turned out to be.
enum Found {
    Kept,
    Known,
    None(&'static str),
}

/// Reads the bodies of one endpoint.
struct Reader<'r, 'a, W> {
    bodies: Bodies<'a>,
    /// The JSON bodies that are known, once they are many.
    known: HashSet<String>,
    /// Of texts of JSON that are longer, no values are held.
    longest: usize,
    variables: &'r Variables<'a>,
    warn: W,
}

impl<'a> Bodies<'a> {
    /// Reads them; a body that claims to be JSON and is not is kept as text, with a warning.
    pub fn read(
        endpoint: &'a Endpoint<'a>,
        endpoints: &Endpoints<'a>,
        account: &mut Account,
        warn: impl FnMut(String),
    ) -> Self {
        let mut reader = Reader {
            bodies: Self::default(),
            known: HashSet::new(),
            longest: endpoints.longest_value,
            variables: &endpoints.variables,
            warn,
        };
        let place = &*endpoint.place;
        for shown in requests(endpoint) {
            let body = shown.request.body.as_ref().filter(|body| body.is_said());
            let is_sent = |found: &Found| {
                !matches!(found, Found::None(_)) && body.is_some_and(|body| body.is_sent())
            };
            let found = match body {
                None => Found::None(""),
                Some(_) if shown.request.foreign => {
                    Found::None("the request of a saved response is another")
                }
                Some(body) => reader.body(shown, body),
            };
            reader.bodies.optional |= !shown.saved && !is_sent(&found);
            match (found, body) {
                (_, None) => {}
                (Found::Kept, _) => account.keep(Kind::Body, 1),
                (Found::Known, _) => account.merge(Kind::Body, place, "an equal body"),
                (Found::None(why), _) => account.leave_out(Kind::Body, place, why),
            }
        }
        let mut bodies = reader.bodies;
        // Such a request names what it changes: what one sample names, another need not.
        let changes = match endpoint.method {
            "patch" => true,
            "put" => bodies.json.len() == 1,
            _ => false,
        };
        if let Some(shape) = bodies.shape.as_mut().filter(|_| changes) {
            shape.loosen();
        }
        bodies
    }

    /// Whether there are bodies of other media types than JSON.
    pub fn has_others(&self) -> bool {
        !(self.other.is_empty() && self.forms.is_empty())
    }

    /// Makes content of the forms.
    pub fn read_forms(&mut self, place: &str, account: &mut Account) {
        for (media_type, samples) in std::mem::take(&mut self.forms) {
            let media = form(&samples, place, account);
            self.other.insert(media_type.into(), media);
        }
    }

    fn add_form(&mut self, media_type: &'static str, form: Form<'a>) {
        let mut known = self.forms.iter_mut();
        match known.find(|(known, _)| *known == media_type) {
            Some((_, forms)) => forms.push(form),
            None => self.forms.push((media_type, vec![form])),
        }
    }
}

impl<'a, W: FnMut(String)> Reader<'_, 'a, W> {
    fn body(&mut self, shown: Shown<'a>, body: &'a Body<'a>) -> Found {
        let Shown { name, request, .. } = shown;
        match &*body.mode {
            "" | "raw" => self.raw(shown, body),
            "urlencoded" if is_named(&body.urlencoded) => {
                self.bodies.add_form(FORM, (name, &body.urlencoded));
                Found::Kept
            }
            "formdata" if is_named(&body.formdata) => {
                let media_type = "multipart/form-data";
                self.bodies.add_form(media_type, (name, &body.formdata));
                Found::Kept
            }
            "urlencoded" | "formdata" => Found::None("it is empty"),
            "graphql" => match &body.graphql {
                Some(graphql) if !graphql.query.trim().is_empty() => {
                    let value = graphql_body(&graphql.query, &graphql.variables);
                    self.add_json(JSON.into(), name, value, None)
                }
                _ => Found::None("it is empty"),
            },
            "file" if holds_file(&body.file) => {
                // A form's label is left over from another body.
                let stated = content_type(&request.headers);
                let stated = stated.filter(|stated| !stated.contains("form"));
                let media_type = stated.unwrap_or("application/octet-stream".into());
                // Whatever the file holds, it is JSON then.
                let schema = match is_json(&media_type) {
                    true => object! {},
                    false => object! { "type": "string", "format": "binary" },
                };
                self.bodies.other.media(media_type, || schema);
                Found::Kept
            }
            "file" => Found::None("it is empty"),
            "none" => Found::None("it is none"),
            other => {
                (self.warn)(format!(
                    "the body of `{name}` has an unknown mode `{other}`"
                ));
                Found::None("its mode is not known")
            }
        }
    }

    fn raw(&mut self, shown: Shown<'a>, body: &'a Body<'a>) -> Found {
        let Shown { name, request, .. } = shown;
        let text = &*body.raw;
        if text.trim().is_empty() {
            return Found::None("it is empty");
        }
        let language = language_type(&body.language.0).map(Cow::Borrowed);
        let stated = content_type(&request.headers).or(language);
        let variables = self.variables;
        let resolve = |text: &str| {
            let resolved = variables.resolve(request.scope, text);
            matches!(resolved, Cow::Owned(_)).then(|| resolved.into_owned())
        };
        let labelled = stated.as_deref().is_some_and(is_json);
        let plain: Option<Json<'a>> = serde_json::from_str(text).ok();
        let source = plain.as_ref().map(|_| text);
        let json = plain.or_else(|| sample::parse(text, resolve));
        let whole = || {
            (labelled && variable_name(text).is_some())
                .then(|| sample::placeholder(text.trim(), resolve))
        };
        match (stated, json.or_else(whole)) {
            (None, Some(body)) => self.add_json(JSON.into(), name, body, source),
            (Some(stated), Some(body)) if is_json(&stated) => {
                self.add_json(stated, name, body, source)
            }
            (Some(stated), None) if is_json(&stated) => {
                (self.warn)(format!("the body of `{name}` is not JSON; kept as text"));
                // The server takes JSON all the same: what this one should be is not known.
                let unknown = sample::placeholder(text, |_| None);
                self.add_json(stated, name, unknown, None)
            }
            (stated, _) => {
                self.add_text(stated.unwrap_or("text/plain".into()), name, text);
                Found::Kept
            }
        }
    }

    fn add_text(&mut self, media_type: Cow<'a, str>, name: &'a str, text: &'a str) {
        let media = self
            .bodies
            .other
            .media(media_type, || object! { "type": "string" });
        media.examples.insert(name, text.into());
    }

    /// Adds a body of JSON, unless it is known; `text` is what it was read from, if that is plain JSON.
    fn add_json(
        &mut self,
        media_type: Cow<'a, str>,
        name: &'a str,
        value: Json<'a>,
        text: Option<&'a str>,
    ) -> Found {
        const FEW: usize = 8;
        let (json, known) = (&mut self.bodies.json, &mut self.known);
        let is_same = |sample: &Sample<'_>| {
            sample.media_type == media_type
                && match &sample.value {
                    Json::Source(text) => {
                        serde_json::from_str(text).is_ok_and(|known: Json<'_>| known == value)
                    }
                    known => *known == value,
                }
        };
        if json.len() < FEW {
            if json.iter().any(is_same) {
                return Found::Known;
            }
        } else {
            let key = |media_type: &str, value: &Json<'_>| format!("{media_type} {value}");
            if known.is_empty() {
                known.extend(
                    json.iter()
                        .map(|sample| key(&sample.media_type, &sample.value)),
                );
            }
            if !known.insert(key(&media_type, &value)) {
                return Found::Known;
            }
        }
        let shape = Shape::of(&value);
        self.bodies.shape = Some(match self.bodies.shape.take() {
            Some(known) => known.union(shape),
            None => shape,
        });
        // Most have one, and a list that grows has room for four.
        if json.is_empty() {
            json.reserve_exact(1);
        }
        json.push(Sample {
            media_type,
            name,
            value: value.shrunk(text, self.longest),
        });
        Found::Kept
    }
}

/// Whether a form has a part with a name.
fn is_named(pairs: &[KeyValue<'_>]) -> bool {
    pairs.iter().any(|pair| !pair.key.trim().is_empty())
}

/// Whether a file is chosen, or its content is there.
fn holds_file(file: &Json<'_>) -> bool {
    let filled = |value: &Json<'_>| match value {
        Json::Text(text) => !text.trim().is_empty(),
        Json::List(files) => !files.is_empty(),
        _ => false,
    };
    filled(file) || filled(&file["src"]) || filled(&file["content"])
}

fn graphql_body<'a>(query: &'a str, variables: &'a Json<'a>) -> Json<'a> {
    let variables = match variables {
        Json::Text(text) => sample::parse(text, |_| None).unwrap_or_default(),
        other => other.clone(),
    };
    match variables {
        Json::Null => object! { "query": query },
        variables => object! { "query": query, "variables": variables },
    }
}

/// What goes into the document of the bodies, of which those of JSON have one schema.
pub fn content<'a>(bodies: Bodies<'a>, schema: Option<Json<'a>>) -> Content<'a> {
    let mut content = Content::default();
    if let Some(schema) = schema {
        if bodies.json.is_empty() {
            content.insert(JSON.into(), Media::of(schema.clone()));
        }
        for sample in bodies.json {
            let media = content.media(sample.media_type, || schema.clone());
            media.examples.insert(sample.name, sample.value);
        }
    }
    content.extend(bodies.other);
    content
}
