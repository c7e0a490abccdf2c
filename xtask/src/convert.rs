//! The conversion: collection, settings and overlay in, OpenAPI document out.

use crate::config::Config;
use crate::json::Json;
use crate::readable::readable;
use crate::{Error, openapi, overlay, postman};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::{HashMap, HashSet};
use std::fmt;
use std::panic::resume_unwind;
use std::sync::OnceLock;
use std::thread;

/// A file that takes part in a conversion: its name, for messages, and what it holds.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    pub file: &'a str,
    pub text: &'a str,
}

/// A finished conversion.
#[derive(Debug, Clone)]
pub struct Conversion {
    /// The document as it is written to a file.
    pub text: String,
    pub warnings: Vec<String>,
    /// The number of requests in the collection.
    pub requests: usize,
    operations: usize,
    components: usize,
    document: OnceLock<Value>,
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
    /// The document, read from its text when it is first asked for.
    pub fn document(&self) -> &Value {
        self.document
            .get_or_init(|| serde_json::from_str(&self.text).unwrap_or_default())
    }

    /// The counts and warnings.
    pub fn summary(&self) -> Summary<'_> {
        Summary {
            requests: self.requests,
            operations: self.operations,
            components: self.components,
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

/// The bytes of a collection whose result is worth checking and printing at the same time.
const LARGE: usize = 1 << 20;

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
    if let (Some(source), Some(entry)) = (config, settings.unused().first()) {
        return Err(Error::new(
            source.file,
            entry,
            "matches nothing in the collection",
        ));
    }
    if let Some(source) = overlay {
        let wrong = |error: serde_json::Error| Error::new(source.file, "", error.to_string());
        let mut value = serde_json::to_value(&document).map_err(wrong)?;
        overlay::apply(source.file, source.text, &mut value)?;
        document = Json::deserialize(value).map_err(wrong)?;
    }
    prune(&mut document);
    // No collection, however odd, may end in a document that others cannot read; an overlay, which can
    // write anything, is the likelier cause.
    let cause = overlay.map_or(file, |source| source.file);
    let check = || readable(&document);
    let print = || serde_json::to_string_pretty(&document);
    let (counts, text) = if bytes.len() < LARGE {
        (check(), print())
    } else {
        thread::scope(|scope| {
            let check = scope.spawn(check);
            let text = print();
            let counts = check.join().unwrap_or_else(|panic| resume_unwind(panic));
            (counts, text)
        })
    };
    let counts = counts.map_err(|error| {
        let reason = format!("the result is not OpenAPI 3.0: {error}");
        Error::new(cause, "", reason)
    })?;
    let mut text = text.map_err(|error| Error::new(file, "", error.to_string()))?;
    text.push('\n');
    Ok(Conversion {
        text,
        warnings,
        requests: endpoints.requests,
        operations: counts.operations,
        components: counts.components,
        document: OnceLock::new(),
    })
}

/// Drops the components that no operation reaches, and those that only such components refer to.
fn prune(document: &mut Json<'_>) {
    let mut used: HashSet<&str> = HashSet::new();
    let mut queue = vec![&document["paths"]];
    let schemas = document["components"]["schemas"].entries();
    let schemas: HashMap<&str, &Json<'_>> = schemas
        .iter()
        .map(|(name, schema)| (&**name, schema))
        .collect();
    while let Some(node) = queue.pop() {
        for (key, value) in node.entries() {
            let target = value.as_str().filter(|_| key == "$ref");
            let name = target.and_then(|name| name.strip_prefix("#/components/schemas/"));
            if let Some(name) = name.filter(|name| used.insert(name)) {
                queue.extend(schemas.get(name));
            }
            queue.push(value);
        }
        queue.extend(node.items());
    }
    let unused: HashSet<String> = schemas
        .keys()
        .filter(|name| !used.contains(*name))
        .map(|name| name.to_string())
        .collect();
    if unused.is_empty() {
        return;
    }
    if let Some(Json::Object(schemas)) = document
        .get_mut("components")
        .and_then(|components| components.get_mut("schemas"))
    {
        schemas.retain(|(name, _)| !unused.contains(&**name));
    }
}
