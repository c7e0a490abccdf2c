//! What a documentation shows: samples, which stay in memory, and the values of enums in them.

use super::known::Known;
use super::lock::Operation;
use super::place::{Part, Path, Step, is_code, step};
use super::words;
use crate::infer::sample;
use crate::openapi::answers::is_success;
use crate::openapi::draft::Draft;
use crate::openapi::parameters::requests;
use crate::openapi::values::{typed, value_schema};
use crate::postman::Body;
use crate::postman::read::Endpoint;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

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

/// How many values there are.
pub fn size(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(size).sum::<usize>(),
        Value::Object(map) => 1 + map.values().map(size).sum::<usize>(),
        _ => 1,
    }
}

/// How a body is written.
pub fn written(body: &Body<'_>) -> &'static str {
    match &*body.mode {
        "urlencoded" => "urlencoded",
        "formdata" => "formdata",
        "graphql" => "graphql",
        "file" => "file",
        _ => "json",
    }
}

/// The samples that an endpoint shows.
pub fn shown(endpoint: &Endpoint<'_>) -> Shown {
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
pub fn values(
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
        // In the lock they stand on one line.
        let is_one_word = |value: &str| !value.contains([' ', ';']);
        seen.retain(|value| is_code(value) || values.contains(value) && is_one_word(value));
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
