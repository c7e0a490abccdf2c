//! What a documentation says: read as a collection is, and kept with the values that new samples are made from.

use super::calls::{call, named};
use super::invent::kind_of;
use super::known::Known;
use super::lock::{Kind, Lock, Operation, Place, hash, kind_named};
use super::place::{Part, Path, Step, is_name, step};
use super::shown::{Shown, shown, size, values, written};
use crate::account::Account;
use crate::config::Config;
use crate::convert;
use crate::infer::shape::{Doc, Shape};
use crate::json::Json;
use crate::openapi::answers::headers;
use crate::openapi::draft::{Draft, drafts};
use crate::openapi::parameters::requests;
use crate::postman::read::{Endpoint, Endpoints, read};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// A documentation, and what it shows of each operation.
#[derive(Debug, Default)]
pub struct Snapshot {
    pub lock: Lock,
    pub shown: BTreeMap<String, Shown>,
}

/// Reads a documentation. What is an enum is so by the document in `known`.
///
/// # Errors
/// What is no collection, or holds no requests.
pub fn snapshot(file: &str, bytes: &[u8], known: &Known<'_>) -> Result<Snapshot, String> {
    let mut warnings = Vec::new();
    let text = convert::text(file, bytes, &mut warnings).map_err(|error| error.to_string())?;
    let endpoints = read(file, &text, false, &mut warnings).map_err(|error| error.to_string())?;
    if endpoints.list.is_empty() {
        return Err(format!("{file}: the documentation holds no requests"));
    }
    let settings = Config::default();
    let mut account = Account::default();
    let drafts = drafts(file, &endpoints, &settings, &mut account, &mut warnings);
    let drafts = drafts.map_err(|error| error.to_string())?;
    let mut snapshot = Snapshot::default();
    let info = endpoints.collection.info.as_ref();
    let texts = info.map(|info| [&*info.name, &*info.description]);
    snapshot.lock.text = hash(texts.into_iter().flatten());
    let folders = endpoints.folders.iter();
    snapshot.lock.folders = folders
        .map(|(name, description)| hash([&**name, &**description]))
        .collect();
    let auth = endpoints.collection.auth.as_ref();
    let auth = auth.map(|auth| auth.kind.to_string());
    snapshot.lock.auth = auth.filter(|kind| is_name(kind));
    let requests = &endpoints.account.requests;
    snapshot.lock.unplaced = requests.found - requests.kept - requests.merged;
    let mut texts: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for draft in &drafts {
        let call = call(draft.endpoint, &endpoints);
        let mut operation = operation(draft, &endpoints);
        known.collapse(&call, &mut operation.places);
        let shown = shown(draft.endpoint);
        values(&call, draft, &shown, known, &mut operation);
        texts
            .entry(call.clone())
            .or_default()
            .extend(said(draft.endpoint));
        let into = snapshot.lock.operations.entry(call.clone());
        into.or_insert_with(|| Operation {
            path: operation.path.clone(),
            ..Operation::default()
        })
        .merge(operation);
        let samples = snapshot.shown.entry(call).or_default();
        samples.responses.extend(shown.responses);
        samples.bodies.extend(shown.bodies);
        samples.others.extend(shown.others);
    }
    for (call, operation) in &mut snapshot.lock.operations {
        operation.text = hash(texts.remove(call).into_iter().flatten());
    }
    for samples in snapshot.shown.values_mut() {
        // In an order of their own, so that the documentation's does not matter.
        samples.responses.sort_by_cached_key(|(status, value)| {
            (*status, usize::MAX - size(value), value.to_string())
        });
        samples.responses.dedup();
        samples.bodies.sort_by_cached_key(|(kind, value)| {
            (*kind, usize::MAX - size(value), value.to_string())
        });
        samples.bodies.dedup();
    }
    Ok(snapshot)
}

fn operation(draft: &Draft<'_>, endpoints: &Endpoints<'_>) -> Operation {
    let endpoint = draft.endpoint;
    let mut operation = Operation {
        path: named(&endpoint.path),
        ..Operation::default()
    };
    let auth = endpoint.access.auth.as_ref();
    let collections = endpoints.collection.auth.as_ref().map(|auth| &auth.kind);
    let auth = auth
        .map(|auth| &auth.kind)
        .filter(|kind| Some(*kind) != collections);
    operation.auth = auth
        .filter(|kind| is_name(kind))
        .map(|kind| kind.to_string());
    operation.statuses = endpoint
        .responses
        .iter()
        .map(|response| response.status().unwrap_or(200))
        .collect();
    let headers = headers(endpoint.responses.iter());
    operation.headers = headers.into_keys().filter(|name| is_name(name)).collect();
    for shown in requests(endpoint).filter(|shown| !shown.request.foreign) {
        if let Some(body) = shown.request.body.as_ref().filter(|body| body.is_said()) {
            let kind = written(body);
            operation.bodies.insert(kind.to_owned());
        }
    }
    parameters(draft, &mut operation);
    let mut add =
        |part, shape: &Shape<'_>| flatten(shape, None, Path::whole(part), &mut operation.places);
    if let Some(shape) = &draft.succeeded {
        add(Part::Response, shape);
    }
    if let Some(shape) = &draft.failed {
        add(Part::Failure, shape);
    }
    if let Some(shape) = &draft.bodies.shape {
        add(Part::Body, shape);
    }
    let is_body = !operation.bodies.is_empty() || endpoint.method != "get";
    if is_body && !draft.documented.fields.fields.is_empty() {
        let documented = Shape {
            object: Some(std::sync::Arc::new(draft.documented.fields.clone())),
            ..Shape::default()
        };
        add(Part::Body, &documented);
    }
    let forms = shown(endpoint).bodies.into_iter();
    for (_, form) in forms.filter(|(kind, _)| *kind != "json") {
        for (key, value) in form.as_object().into_iter().flatten() {
            // An empty text says nothing of what else may stand there, and a file is no JSON.
            let kind = match value {
                Value::Null => Some(Kind::Any),
                Value::String(text) if text.is_empty() => None,
                value => Some(kind_of(value)),
            };
            let place = Place {
                kinds: kind.into_iter().collect(),
                ..Place::default()
            };
            let path = Path::whole(Part::Body).to(step(key));
            operation.places.entry(path).or_default().merge(place);
        }
    }
    operation
}

/// All that is said of an operation by people.
fn said<'e>(endpoint: &'e Endpoint<'_>) -> Vec<&'e str> {
    let mut texts = vec![&*endpoint.name, &*endpoint.request.description];
    for variant in &endpoint.variants {
        texts.extend([&*variant.name, &*variant.request.description]);
    }
    texts.extend(endpoint.responses.iter().map(|response| response.name()));
    texts
}

fn parameters(draft: &Draft<'_>, operation: &mut Operation) {
    let mut position = 0;
    for parameter in &draft.parameters {
        let part = match parameter["in"].as_str() {
            Some("path") => Part::Path,
            Some("query") => Part::Query,
            _ => Part::Header,
        };
        let mut name = parameter["name"].as_str().unwrap_or_default().to_owned();
        match part {
            Part::Path => {
                position += 1;
                name = position.to_string();
            }
            Part::Header => name.make_ascii_lowercase(),
            _ => {}
        }
        if part != Part::Path && !is_name(&name) {
            name = "*".into();
        }
        let description = parameter["description"].as_str();
        let place = Place {
            kinds: parameter_kinds(parameter),
            required: part != Part::Path && parameter["required"] == Json::Bool(true),
            text: description.map(|text| hash([text])),
            values: BTreeSet::new(),
        };
        let path = Path::parameter(part, &name);
        operation.places.entry(path).or_default().merge(place);
    }
}

/// The kinds that a parameter's values have; of one without a value nothing is known.
fn parameter_kinds(parameter: &Json<'_>) -> BTreeSet<Kind> {
    let schema = &parameter["schema"];
    let mut kinds: BTreeSet<Kind> = schema["type"]
        .as_str()
        .and_then(kind_named)
        .into_iter()
        .collect();
    let is_unseen = kinds.contains(&Kind::String)
        && parameter.get("example").is_none()
        && schema.get("format").is_none();
    if is_unseen {
        kinds.clear();
    }
    kinds
}

/// The places of a shape.
fn flatten(shape: &Shape<'_>, doc: Option<&Doc>, path: Path, places: &mut BTreeMap<Path, Place>) {
    let kinds = [
        (shape.null, Kind::Null),
        (shape.boolean, Kind::Boolean),
        (shape.integer, Kind::Integer),
        (shape.number, Kind::Number),
        (shape.string, Kind::String),
        (shape.array.is_some(), Kind::Array),
        (shape.object.is_some() || shape.map.is_some(), Kind::Object),
        (shape.any, Kind::Any),
    ];
    let kinds = kinds.into_iter().filter(|(is_seen, _)| *is_seen);
    let place = Place {
        kinds: kinds.map(|(_, kind)| kind).collect(),
        required: doc.is_some_and(|doc| doc.required),
        text: doc.map(|doc| hash([&*doc.description])),
        values: BTreeSet::new(),
    };
    places.entry(path.clone()).or_default().merge(place);
    if let Some(entries) = &shape.array {
        flatten(entries, None, path.to(Step::Entry), places);
    }
    if let Some(values) = &shape.map {
        flatten(values, None, path.to(Step::Value), places);
    }
    for (key, field) in shape.object.iter().flat_map(|object| &object.fields) {
        let step = step(key);
        flatten(&field.shape, field.doc.as_deref(), path.to(step), places);
    }
}
