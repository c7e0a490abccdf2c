//! What a documentation says: read as a collection is, and kept with the values that new samples are made from.

use super::invent::kind_of;
use super::known::Known;
use super::lock::{Kind, Lock, Operation, Place, hash};
use super::place::{Part, Path, Step, is_field, is_name};
use super::words;
use crate::account::Account;
use crate::config::Config;
use crate::convert;
use crate::infer::format::is_opaque;
use crate::infer::sample;
use crate::infer::shape::{Doc, Shape};
use crate::json::Json;
use crate::openapi::answers::{headers, is_success};
use crate::openapi::draft::{Draft, drafts};
use crate::openapi::parameters::requests;
use crate::openapi::values::{typed, value_schema};
use crate::postman::Body;
use crate::postman::read::{Endpoint, Endpoints, read};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// A documentation, and what it shows of each operation.
#[derive(Debug, Default)]
pub struct Snapshot {
    pub lock: Lock,
    pub shown: BTreeMap<String, Shown>,
}

/// The samples of an operation, which stay in memory: they are other people's data.
#[derive(Debug, Default)]
pub struct Shown {
    /// Saved responses of JSON, each with its status, the one with the most to it first.
    pub responses: Vec<(u16, Value)>,
    /// Bodies by the way they are written.
    pub bodies: Vec<(&'static str, Value)>,
    /// Statuses of saved responses without JSON.
    pub others: BTreeSet<u16>,
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

/// How many values there are.
pub fn size(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(size).sum::<usize>(),
        Value::Object(map) => 1 + map.values().map(size).sum::<usize>(),
        _ => 1,
    }
}

/// Method and path, with what is before the path in the host's variable: `GET /v1/clients/{}`.
fn call(endpoint: &Endpoint<'_>, endpoints: &Endpoints<'_>) -> String {
    let host = endpoint.request.url.as_ref().map_or("", |url| &*url.host);
    let host = endpoints.variables.resolve(endpoint.request.scope, host);
    let path = format!("{}{}", base(&host), endpoint.path);
    format!("{} {}", endpoint.method.to_uppercase(), pattern(&path))
}

/// What is before the path in an address without one: `/v1` of `https://api.example.com/v1`.
pub fn base(host: &str) -> &str {
    let host = host.split_once("://").map_or(host, |(_, rest)| rest);
    let path = host.find('/').map_or("", |start| &host[start..]);
    match path.contains("{{") {
        true => "",
        false => path.trim_end_matches('/'),
    }
}

/// A path in which parameters, and segments that are data, have no names.
pub fn pattern(path: &str) -> String {
    let segments = path.trim_end_matches('/').split('/').map(|segment| {
        let mut pattern = String::new();
        let mut rest = segment;
        while let Some((before, parameter)) = rest.split_once('{') {
            let after = parameter.split_once('}').map_or("", |(_, after)| after);
            pattern.push_str(before);
            pattern.push_str("{}");
            rest = after;
        }
        pattern.push_str(rest);
        let literal = pattern.replace("{}", "");
        let is_data = is_opaque(&literal) || literal.contains(['@', '%']);
        if is_data { "{}".to_owned() } else { pattern }
    });
    let pattern = segments.collect::<Vec<_>>().join("/");
    if pattern.is_empty() {
        "/".into()
    } else {
        pattern
    }
}

/// A path with the names of its parameters, and without data.
fn named(path: &str) -> String {
    let segments = path.trim_end_matches('/').split('/').map(|segment| {
        let is_parameter = segment.starts_with('{') && segment.ends_with('}');
        let name = segment.trim_matches(['{', '}']);
        match (segment.is_empty(), is_parameter && is_name(name)) {
            (true, _) | (_, true) => segment.to_owned(),
            _ => pattern(segment),
        }
    });
    segments.collect::<Vec<_>>().join("/")
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

fn written(body: &Body<'_>) -> &'static str {
    match &*body.mode {
        "urlencoded" => "urlencoded",
        "formdata" => "formdata",
        "graphql" => "graphql",
        "file" => "file",
        _ => "json",
    }
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

/// The kind that JSON Schema calls so.
pub fn kind_named(name: &str) -> Option<Kind> {
    Some(match name {
        "boolean" => Kind::Boolean,
        "integer" => Kind::Integer,
        "number" => Kind::Number,
        "string" => Kind::String,
        "array" => Kind::Array,
        "object" => Kind::Object,
        _ => return None,
    })
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

/// The step to what is under a key.
pub fn step(key: &str) -> Step {
    match is_field(key) {
        true => Step::Field(key.to_owned()),
        false => Step::Value,
    }
}

/// The samples that an endpoint shows.
fn shown(endpoint: &Endpoint<'_>) -> Shown {
    let mut shown = Shown::default();
    for response in &endpoint.responses {
        let status = response.status().unwrap_or(200);
        match json(&response.body) {
            Some(value) => shown.responses.push((status, value)),
            None => _ = shown.others.insert(status),
        }
    }
    for one in requests(endpoint).filter(|shown| !shown.request.foreign) {
        let Some(body) = one.request.body.as_ref().filter(|body| body.is_said()) else {
            continue;
        };
        let kind = written(body);
        let pairs = match kind {
            "urlencoded" => &body.urlencoded,
            "formdata" => &body.formdata,
            _ => {
                let value = json(&body.raw).filter(|_| kind == "json");
                shown.bodies.extend(value.map(|value| (kind, value)));
                continue;
            }
        };
        let fields = pairs.iter().filter(|pair| !pair.key.is_empty());
        let fields = fields.map(|pair| {
            let text = pair.text().into_owned();
            let schema = value_schema(&[text.clone().into()]);
            let value = match &*pair.kind == "file" {
                true => Value::Null,
                false => serde_json::to_value(typed(&schema, text.into())).unwrap_or_default(),
            };
            (pair.key.to_string(), value)
        });
        let fields: Map<String, Value> = fields.collect();
        if !fields.is_empty() {
            shown.bodies.push((kind, Value::Object(fields)));
        }
    }
    shown
}

fn json(text: &str) -> Option<Value> {
    if text.trim().is_empty() {
        return None;
    }
    let json = sample::parse(text, |_| None)?;
    serde_json::to_value(&json).ok()
}

/// The values of enums, from samples and from what is said of them.
fn values(
    call: &str,
    draft: &Draft<'_>,
    shown: &Shown,
    known: &Known<'_>,
    operation: &mut Operation,
) {
    let names: BTreeSet<String> = operation
        .places
        .keys()
        .map(|path| path.key().to_owned())
        .collect();
    let described: BTreeMap<Path, String> = descriptions(draft).collect();
    for (path, place) in &mut operation.places {
        let Some(values) = known.find(call, path).values() else {
            continue;
        };
        let mut seen = BTreeSet::new();
        match path.part {
            Part::Query | Part::Header => {
                for shown in requests(draft.endpoint) {
                    let query = shown.request.url.iter().flat_map(|url| &url.query);
                    let pairs = query.chain(&shown.request.headers);
                    let pairs = pairs.filter(|pair| pair.key == path.key());
                    seen.extend(pairs.map(|pair| pair.text().into_owned()));
                }
            }
            Part::Path => {}
            Part::Body => {
                for (_, body) in &shown.bodies {
                    texts_at(body, &path.steps, &mut seen);
                }
            }
            Part::Response | Part::Failure => {
                let is_wanted = |status: u16| is_success(status) == (path.part == Part::Response);
                for (_, body) in shown
                    .responses
                    .iter()
                    .filter(|(status, _)| is_wanted(*status))
                {
                    texts_at(body, &path.steps, &mut seen);
                }
            }
        }
        if let Some(text) = described.get(path) {
            seen.extend(words::listed(text, &values, &names));
        }
        seen.retain(|value| super::place::is_code(value) || values.contains(value));
        place.values = seen;
    }
}

fn descriptions(draft: &Draft<'_>) -> impl Iterator<Item = (Path, String)> {
    let parameters = draft.parameters.iter().filter_map(|parameter| {
        let part = match parameter["in"].as_str() {
            Some("query") => Part::Query,
            Some("header") => Part::Header,
            _ => return None,
        };
        let path = Path::parameter(part, parameter["name"].as_str()?);
        Some((path, parameter["description"].as_str()?.to_owned()))
    });
    let fields = draft
        .documented
        .fields
        .fields
        .iter()
        .filter_map(|(name, field)| {
            let path = Path::whole(Part::Body).to(step(name));
            Some((path, field.doc.as_ref()?.description.clone()))
        });
    parameters.chain(fields)
}

/// The texts that stand at a place of a sample.
fn texts_at(value: &Value, steps: &[Step], texts: &mut BTreeSet<String>) {
    each_at(value, steps, &mut |value| {
        texts.extend(value.as_str().map(str::to_owned));
    });
}

/// Calls a function with each value that stands at a place.
pub fn each_at<'v>(value: &'v Value, steps: &[Step], call: &mut impl FnMut(&'v Value)) {
    let Some((first, rest)) = steps.split_first() else {
        return call(value);
    };
    match (first, value) {
        (Step::Field(name), Value::Object(map)) => {
            if let Some(value) = map.get(name) {
                each_at(value, rest, call);
            }
        }
        (Step::Value, Value::Object(map)) => {
            map.values().for_each(|value| each_at(value, rest, call));
        }
        (Step::Entry, Value::Array(items)) => {
            items.iter().for_each(|item| each_at(item, rest, call));
        }
        _ => {}
    }
}
