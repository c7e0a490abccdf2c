//! The conversion: collection, settings and overlay in, OpenAPI document out.

use crate::config::Config;
use crate::{Error, lower, openapi, overlay, postman};
use openapiv3::{OpenAPI, Paths, ReferenceOr, Schema};
use serde::de::value::MapDeserializer;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeSet;
use std::fmt;

/// A file that takes part in a conversion: its name, for messages, and what it holds.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    pub file: &'a str,
    pub text: &'a str,
}

/// A finished conversion.
#[derive(Debug, Clone)]
pub struct Conversion {
    pub document: Value,
    /// The document as it is written to a file.
    pub text: String,
    pub warnings: Vec<String>,
    /// The number of requests in the collection.
    pub requests: usize,
}

/// What a conversion amounts to, as JSON or in words.
#[derive(Debug, Clone, Serialize)]
pub struct Summary<'a> {
    pub requests: usize,
    pub operations: usize,
    pub components: usize,
    pub warnings: &'a [String],
}

impl Conversion {
    /// The counts and warnings.
    pub fn summary(&self) -> Summary<'_> {
        let schemas = self.document["components"]["schemas"].as_object();
        Summary {
            requests: self.requests,
            operations: lower::operations(&self.document).count(),
            components: schemas.map_or(0, |schemas| schemas.len()),
            warnings: &self.warnings,
        }
    }
}

impl fmt::Display for Summary<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for warning in self.warnings {
            writeln!(f, "warning: {warning}")?;
        }
        let Self {
            requests,
            operations,
            components,
            warnings,
        } = self;
        let warnings = warnings.len();
        writeln!(
            f,
            "{requests} requests → {operations} operations, {components} components, {warnings} warnings"
        )
    }
}

/// Converts a collection.
///
/// Settings make it strict: a project that has them decides itself what a foreign collection's
/// conversion decides for it, such as two operations that would get one id.
///
/// # Errors
/// The first thing that is wrong with an input; see [`Error`].
pub fn convert(
    collection: (&str, &[u8]),
    overlay: Option<Source<'_>>,
    config: Option<Source<'_>>,
) -> Result<Conversion, Error> {
    let (file, bytes) = collection;
    let settings = config
        .map(|source| Config::read(source.file, source.text))
        .transpose()?;
    let settings = settings.unwrap_or_default();
    let mut warnings = Vec::new();
    let endpoints = postman::read::read(file, bytes, config.is_some(), &mut warnings)?;
    let mut document = openapi::document::build(file, &endpoints, &settings, &mut warnings)?;
    // What was read is as large as what is written, and no longer needed.
    let requests = endpoints.requests;
    drop(endpoints);
    if let (Some(source), Some(entry)) = (config, settings.unused().first()) {
        return Err(Error::new(
            source.file,
            entry,
            "matches nothing in the collection",
        ));
    }
    if let Some(source) = overlay {
        overlay::apply(source.file, source.text, &mut document)?;
    }
    prune(&mut document);
    // No collection, however odd, may end in a document that others cannot read; an overlay, which can
    // write anything, is the likelier cause.
    let cause = overlay.map_or(file, |source| source.file);
    readable(&document).map_err(|error| {
        let reason = format!("the result is not OpenAPI 3.0: {error}");
        Error::new(cause, "", reason)
    })?;
    let mut text = serde_json::to_string_pretty(&document)
        .map_err(|error| Error::new(file, "", error.to_string()))?;
    text.push('\n');
    Ok(Conversion {
        document,
        text,
        warnings,
        requests,
    })
}

/// Whether others can read a document: path by path and component by component, since the whole of it
/// as types would take more memory than all else of a conversion.
fn readable(document: &Value) -> Result<(), serde_json::Error> {
    let no_entries = Map::new();
    let part = |name: &str| document.pointer(name).and_then(Value::as_object);
    for (path, item) in part("/paths").unwrap_or(&no_entries) {
        let alone = std::iter::once((path.as_str(), item));
        Paths::deserialize(MapDeserializer::new(alone))?;
    }
    for schema in part("/components/schemas").unwrap_or(&no_entries).values() {
        ReferenceOr::<Schema>::deserialize(schema)?;
    }
    let mut rest = Map::new();
    for (key, value) in document.as_object().unwrap_or(&no_entries) {
        let value = match (key.as_str(), value) {
            ("paths", Value::Object(_)) => Map::new().into(),
            ("components", Value::Object(components)) => {
                let large = |key: &String, value: &Value| key == "schemas" && value.is_object();
                let small = components.iter().filter(|(key, value)| !large(key, value));
                small
                    .map(|(key, value)| (key.clone(), value.clone()))
                    .collect::<Map<_, _>>()
                    .into()
            }
            (_, value) => value.clone(),
        };
        rest.insert(key.clone(), value);
    }
    OpenAPI::deserialize(Value::Object(rest)).map(drop)
}

/// Drops the components that no operation reaches, and those that only such components refer to.
fn prune(document: &mut Value) {
    let mut used = BTreeSet::new();
    let mut queue = vec![&document["paths"]];
    let schemas = &document["components"]["schemas"];
    while let Some(node) = queue.pop() {
        match node {
            Value::Object(map) => {
                let target = map.get("$ref").and_then(Value::as_str);
                let name = target.and_then(|name| name.strip_prefix("#/components/schemas/"));
                if let Some(name) = name.filter(|name| !used.contains(*name)) {
                    used.insert(name.to_owned());
                    queue.extend(schemas.get(name));
                }
                queue.extend(map.values());
            }
            Value::Array(items) => queue.extend(items),
            _ => {}
        }
    }
    let schemas = document.pointer_mut("/components/schemas");
    if let Some(schemas) = schemas.and_then(Value::as_object_mut) {
        schemas.retain(|name, _| used.contains(name));
    }
}
