//! What lowering made of a public document: an account of its parts, and a line for each that a generated client
//! cannot express.

use crate::account::{Account, Kind};
use crate::lower::{SENT_AS, SET_BY_RUNTIME, UNSUPPORTED, operations};
use serde::Serialize;
use serde_json::{Map, Value};
use std::collections::HashMap;

/// What became of the parts of a document.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Lowering {
    pub account: Account,
    /// What differs for whoever uses the client.
    pub lines: Vec<String>,
}

/// Compares a public document with what it was lowered to.
pub fn compare(public: &Value, lowered: &Value) -> Lowering {
    let mut lowering = Lowering::default();
    let known = operations(lowered).filter_map(|(_, _, operation)| {
        let id = operation["operationId"].as_str()?;
        Some((id, operation))
    });
    let known: HashMap<&str, &Value> = known.collect();
    for (path, method, operation) in operations(public) {
        let id = operation["operationId"].as_str().unwrap_or_default();
        let place = format!("{id} ({} {path})", method.to_uppercase());
        match known.get(id) {
            Some(lowered) => lowering.operation(&place, operation, lowered),
            None => lowering.set_aside(&place, operation),
        }
    }
    lowering.components(public, lowered);
    let others = lowered["x-other-methods"].as_array().map_or(0, Vec::len);
    if others > 0 {
        let line = format!(
            "{others} requests of methods that HTTP does not define: see `x-other-methods`"
        );
        lowering.lines.push(line);
    }
    lowering
}

impl Lowering {
    fn set_aside(&mut self, place: &str, operation: &Value) {
        let why = format!("reqwest has no call for its method; see `{UNSUPPORTED}`");
        self.lines.push(format!("{place}: {why}"));
        self.account.leave_out(Kind::Request, place, &why);
        for (kind, count) in [
            (Kind::Parameter, parameters(operation).count()),
            (Kind::Body, media_types(operation).count()),
            (Kind::Example, examples(operation)),
            (Kind::Description, descriptions(operation)),
        ] {
            (0..count).for_each(|_| self.account.leave_out(kind, place, &why));
        }
    }

    fn operation(&mut self, place: &str, public: &Value, lowered: &Value) {
        self.account.keep(Kind::Request, 1);
        self.parameters(place, public, lowered);
        self.body(place, public, lowered);
        if public.get("servers").is_some() {
            let line = "is on servers of its own; a client of one base URL sends it there";
            self.lines.push(format!("{place}: {line}"));
        }
        for (status, _) in public["responses"].as_object().into_iter().flatten() {
            if !status.starts_with('2') {
                let line =
                    format!("the response {status} has no type; it is an error with its body");
                self.lines.push(format!("{place}: {line}"));
            }
        }
        for (kind, before, after) in [
            (Kind::Example, examples(public), examples(lowered)),
            (
                Kind::Description,
                descriptions(public),
                descriptions(lowered),
            ),
        ] {
            let kept = before.min(after);
            self.account.keep(kind, kept);
            let why = "of a part that was left out";
            (kept..before).for_each(|_| self.account.leave_out(kind, place, why));
        }
    }

    fn parameters(&mut self, place: &str, public: &Value, lowered: &Value) {
        let in_path = |operation: &Value| -> usize {
            parameters(operation)
                .filter(|parameter| parameter["in"] == "path")
                .count()
        };
        let paths_are_whole = in_path(public) == in_path(lowered);
        for parameter in parameters(public) {
            let (kind, name) = (
                &parameter["in"],
                parameter["name"].as_str().unwrap_or_default(),
            );
            let mut same_place = parameters(lowered).filter(|known| known["in"] == *kind);
            let found = same_place.clone().find(|known| known["name"] == name);
            let renamed = same_place.find(|known| known[SENT_AS] == name);
            let is_path = kind == "path" && paths_are_whole;
            if found.is_none() && renamed.is_none() && !is_path {
                let why = match kind.as_str() {
                    Some("cookie") => "the generator knows no cookies",
                    Some("header") => "its name is taken, or none that a client may set",
                    _ => "no Rust name can be made of it",
                };
                self.lines.push(format!(
                    "{place}: the parameter `{name}` is left out: {why}"
                ));
                self.account.leave_out(Kind::Parameter, place, why);
                continue;
            }
            self.account.keep(Kind::Parameter, 1);
            match (found, renamed) {
                (None, Some(other)) => self.lines.push(format!(
                    "{place}: the parameter `{name}` is called {}, and sent as before",
                    other["name"]
                )),
                (None, None) => self.lines.push(format!(
                    "{place}: the parameter `{name}` of the path has another name, since the builder uses this one"
                )),
                (Some(known), _) if kind_of(&parameter["schema"]) != kind_of(&known["schema"]) => {
                    self.lines.push(format!("{place}: the parameter `{name}` is a text"));
                }
                _ => {}
            }
        }
    }

    fn body(&mut self, place: &str, public: &Value, lowered: &Value) {
        let body = &lowered["requestBody"];
        let sent_as = body[SENT_AS].as_str();
        let now = || media_types(lowered).next();
        let sent = sent_as
            .or_else(|| now().map(String::as_str))
            .unwrap_or_default();
        for media_type in media_types(public) {
            if media_type == sent {
                self.account.keep(Kind::Body, 1);
                continue;
            }
            let why = format!("one body is sent, the one of `{sent}`");
            self.lines.push(format!(
                "{place}: bodies of `{media_type}` are left out: {why}"
            ));
            self.account.leave_out(Kind::Body, place, &why);
        }
        if let Some(media_type) = sent_as.filter(|_| body[SET_BY_RUNTIME] != true) {
            let how = match media_type.starts_with("multipart/") {
                true => "as it is given, and its boundary in the parameter `content_type`",
                false => "if the parameter `content_type` says so",
            };
            self.lines
                .push(format!("{place}: the body is sent as `{media_type}` {how}"));
        }
        if now().is_some() && public["requestBody"]["required"] == false {
            self.lines.push(format!(
                "{place}: the body, which may be missing, is always sent"
            ));
        }
        let schema = &public["requestBody"]["content"][sent]["schema"]["properties"];
        let lists = schema.as_object().into_iter().flatten();
        for (key, _) in lists.filter(|(_, property)| property["type"] == "array") {
            if sent == "application/x-www-form-urlencoded" {
                self.lines
                    .push(format!("{place}: the key `{key}` of the form is sent once"));
            }
        }
    }

    /// What became of the types that operations share.
    fn components(&mut self, public: &Value, lowered: &Value) {
        let schemas = |document: &Value| document["components"]["schemas"].clone();
        let (before, after) = (schemas(public), schemas(lowered));
        for (name, schema) in before.as_object().into_iter().flatten() {
            let renamed = format!("{name}Object");
            let known = after.get(name).or_else(|| after.get(&renamed));
            let said = descriptions(schema);
            let Some(known) = known else {
                let why = "nothing that is kept uses its type";
                (0..said).for_each(|_| self.account.leave_out(Kind::Description, name, why));
                continue;
            };
            let kept = said.min(descriptions(known));
            self.account.keep(Kind::Description, kept);
            let why = "of a part that was left out";
            (kept..said).for_each(|_| self.account.leave_out(Kind::Description, name, why));
            if after.get(name).is_none() {
                self.lines
                    .push(format!("the type `{name}` is called `{renamed}`"));
            }
            if schema.get("properties").is_some() && known.get("properties").is_none() {
                let line = "is a map: names of its properties would be one in Rust";
                self.lines.push(format!("the type `{name}` {line}"));
            }
            for (key, property) in schema["properties"].as_object().into_iter().flatten() {
                let is_mixed =
                    |schema: &Value| schema.get("oneOf").is_some() || schema.get("anyOf").is_some();
                let held = &known["properties"][key];
                let (inner, of_inner) = (&property["items"], &held["items"]);
                if (is_mixed(property) && !is_mixed(held))
                    || (is_mixed(inner) && !is_mixed(of_inner))
                {
                    let line = "is free JSON: it has values of several kinds";
                    self.lines.push(format!("`{name}.{key}` {line}"));
                }
            }
        }
    }
}

fn parameters(operation: &Value) -> impl Iterator<Item = &Value> + Clone {
    operation["parameters"].as_array().into_iter().flatten()
}

fn media_types(operation: &Value) -> impl Iterator<Item = &String> {
    let content = operation["requestBody"]["content"].as_object();
    content.into_iter().flat_map(Map::keys)
}

/// What a schema is at the first look.
fn kind_of(schema: &Value) -> Option<&str> {
    schema["$ref"].as_str().or_else(|| schema["type"].as_str())
}

/// The examples of an operation.
fn examples(operation: &Value) -> usize {
    let own = parameters(operation).filter(|parameter| parameter.get("example").is_some());
    let bodies = std::iter::once(&operation["requestBody"]);
    let responses = operation["responses"].as_object().into_iter().flatten();
    let parts = bodies.chain(responses.map(|(_, response)| response));
    let media = parts.flat_map(|part| part["content"].as_object().into_iter().flatten());
    let of_media = media.map(|(_, media)| media["examples"].as_object().map_or(0, Map::len));
    own.count() + of_media.sum::<usize>()
}

/// The descriptions in a part of a document, but for those in its examples.
fn descriptions(node: &Value) -> usize {
    match node {
        Value::Object(map) => {
            let own = map.get("description").and_then(Value::as_str);
            let own = usize::from(own.is_some_and(|text| !text.is_empty()));
            let inner = map
                .iter()
                .filter(|(key, _)| *key != "examples" && *key != "example");
            own + inner.map(|(_, value)| descriptions(value)).sum::<usize>()
        }
        Value::Array(items) => items.iter().map(descriptions).sum(),
        _ => 0,
    }
}
