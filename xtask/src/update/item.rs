//! Items of the collection for new operations, and parts of them.

use super::bodies::pretty;
use super::invent::{Inventor, Seen};
use super::lock::{Kind, Place};
use super::place::{Part, Path, Step};
use super::table::{self, NOT_DESCRIBED};
use super::theirs::{Theirs, invented};
use crate::infer::names::operation_id;
use crate::json::Json;
use crate::lower::METHODS;
use crate::openapi::answers::is_success;
use crate::openapi::values::value_schema;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// An item for a new operation.
pub struct Made {
    pub item: Value,
    /// What it is about: `clients`.
    pub resource: String,
    /// Where the operation will be in the document, as JSONPath.
    pub target: String,
}

/// Makes an item. `names` is the path of a known operation with the same pattern.
///
/// # Errors
/// What has no method or no name.
pub fn make(
    theirs: Theirs<'_>,
    names: Option<&str>,
    base: &str,
    host: &str,
) -> Result<Made, String> {
    let (method, pattern) = theirs.call.split_once(' ').unwrap_or(("", theirs.call));
    let lower = method.to_lowercase();
    if !METHODS.contains(&&*lower) {
        return Err("OpenAPI has no such method".into());
    }
    let pattern = pattern
        .strip_prefix(base)
        .ok_or("it is at another address than all others")?;
    let named = names.unwrap_or(&theirs.operation.path);
    let mut variables = named.split('{').skip(1).map(|rest| {
        let name = rest.split('}').next().unwrap_or_default();
        name.to_owned()
    });
    let mut segments = Vec::new();
    let mut path = String::new();
    let mut pairs = Vec::new();
    for segment in pattern.split('/').filter(|segment| !segment.is_empty()) {
        let Some((before, after)) = segment.split_once("{}") else {
            path.push_str(&format!("/{segment}"));
            segments.push(segment.to_owned());
            continue;
        };
        let name = variables.next().filter(|name| !name.is_empty());
        let name =
            name.ok_or("a part of its path is data of theirs: add it by hand, with a parameter")?;
        if after.contains("{}") {
            return Err("its path has two parameters in one segment: add it by hand".into());
        }
        path.push_str(&format!("/{before}{{{name}}}{after}"));
        segments.push(match before.is_empty() && after.is_empty() {
            true => format!(":{name}"),
            false => format!("{before}{{{{{name}}}}}{after}"),
        });
        let position = (pairs.len() + 1).to_string();
        let place = theirs
            .operation
            .places
            .get(&Path::parameter(Part::Path, &position));
        let value = value(theirs.inventor, &name, &place.cloned().unwrap_or_default());
        pairs.push(json!({ "key": name, "value": value, "description": NOT_DESCRIBED }));
    }
    let mut url = json!({
        "raw": format!("{host}/{}", segments.join("/")),
        "host": [host],
        "path": segments,
    });
    let places = || theirs.operation.places.iter();
    let of = |part: Part| places().filter(move |(path, _)| path.part == part);
    let query = of(Part::Query).filter(|(path, _)| path.key() != "*");
    let query: Vec<Value> = query
        .map(|(path, place)| parameter(theirs.inventor, path, place))
        .collect();
    if !query.is_empty() {
        url["query"] = query.into();
    }
    if !pairs.is_empty() {
        url["variable"] = pairs.into();
    }
    let headers = of(Part::Header).filter(|(path, _)| path.key() != "*");
    let mut headers: Vec<Value> = headers
        .map(|(path, place)| parameter(theirs.inventor, path, place))
        .collect();
    let mut request = json!({ "method": method, "header": [], "url": url });
    let mut description = NOT_DESCRIBED.to_owned();
    let mut fields = of(Part::Body).peekable();
    let forms = ["urlencoded", "formdata"];
    let written = &theirs.operation.bodies;
    let form = forms
        .into_iter()
        .find(|form| written.contains(*form) && !written.contains("json"));
    if let Some(form) = form {
        let pairs = fields.filter_map(|(path, place)| match &path.steps[..] {
            [Step::Field(name)] => Some(pair(theirs.inventor, name, place)),
            _ => None,
        });
        request["body"] = json!({ "mode": form, form: pairs.collect::<Vec<Value>>() });
    } else if fields.peek().is_some() {
        headers.push(json!({ "key": "Content-Type", "value": "application/json" }));
        let body = invented(theirs, &Path::whole(Part::Body));
        request["body"] = raw(&body);
        for (path, place) in fields.filter(|(path, _)| table::has_row(path)) {
            let entries = theirs.operation.places.get(&path.to(Step::Entry));
            table::add_row(&mut description, path, &table::kinds(place, entries), place);
        }
    }
    request["header"] = headers.into();
    request["description"] = description.into();
    let id = operation_id(&lower, &path);
    Ok(Made {
        item: json!({
            "name": title(&id),
            "request": request,
            "response": responses(theirs, |_| true, 0),
        }),
        resource: resource(&path).to_owned(),
        target: format!("$.paths[{}].{lower}", super::known::quoted(&path)),
    })
}

/// The first word of a path that is no version: `clients` of `/v1/clients/{id}`.
pub fn resource(path: &str) -> &str {
    let is_version = |segment: &&str| {
        segment
            .strip_prefix('v')
            .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
    };
    let mut segments = path.split('/').filter(|segment| !segment.is_empty());
    segments
        .find(|segment| !is_version(segment) && !segment.starts_with('{') && *segment != "api")
        .unwrap_or("others")
}

/// `list_client_dialogs` → `List client dialogs`.
fn title(id: &str) -> String {
    let words = id.replace('_', " ");
    let mut letters = words.chars();
    let first = letters.next().map(|c| c.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}

/// A parameter of a query or header.
pub fn parameter(inventor: &Inventor, path: &Path, place: &Place) -> Value {
    let value = value(inventor, path.key(), place);
    match place.required {
        true => json!({
            "key": path.key(), "value": value, "description": format!("Required. {NOT_DESCRIBED}"),
        }),
        false => json!({
            "key": path.key(), "value": value, "description": NOT_DESCRIBED, "disabled": true,
        }),
    }
}

/// A part of a form; what has no value is a file.
pub fn pair(inventor: &Inventor, name: &str, place: &Place) -> Value {
    let is_file = place.kinds == BTreeSet::from([Kind::Any]);
    match is_file {
        true => json!({ "key": name, "type": "file", "src": [], "description": NOT_DESCRIBED }),
        false => json!({
            "key": name, "value": value(inventor, name, place), "type": "text", "description": NOT_DESCRIBED,
        }),
    }
}

/// An invented value as a text.
fn value(inventor: &Inventor, key: &str, place: &Place) -> String {
    let kind = place.kinds.iter().find(|kind| **kind != Kind::Null);
    let value = match (place.values.first(), kind) {
        (Some(value), _) => json!(value),
        (None, Some(kind)) => inventor.of_kind(*kind, key),
        (None, None) => json!(""),
    };
    let text = match value {
        Value::String(text) => text,
        other => other.to_string(),
    };
    // A text that looks like a number is taken for one, in a parameter.
    let is_text = value_schema(&[text.as_str().into()])["type"] == Json::from("string");
    match kind == Some(&Kind::String) && !is_text {
        true => "example".into(),
        false => text,
    }
}

/// Gives a parameter another value, in a request and in those kept with its saved responses.
pub fn set_parameter(item: &mut Value, path: &Path, new: &Value) -> bool {
    let text = match new {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let mut changed = false;
    let mut set = |request: &mut Value| {
        let list = match path.part {
            Part::Query => request.pointer_mut("/url/query"),
            Part::Path => request.pointer_mut("/url/variable"),
            _ => request.pointer_mut("/header"),
        };
        let pairs = list.and_then(Value::as_array_mut).into_iter().flatten();
        for (index, pair) in pairs.enumerate() {
            let key = pair["key"].as_str().unwrap_or_default();
            let is_it = match path.part {
                Part::Path => (index + 1).to_string() == path.key(),
                Part::Header => key.eq_ignore_ascii_case(path.key()),
                _ => key == path.key(),
            };
            if is_it {
                pair["value"] = text.clone().into();
                changed = true;
            }
        }
    };
    item.get_mut("request").into_iter().for_each(&mut set);
    let responses = item.get_mut("response").and_then(Value::as_array_mut);
    let saved = responses.into_iter().flatten();
    saved
        .filter_map(|response| response.get_mut("originalRequest"))
        .for_each(set);
    changed
}

/// A body of JSON.
pub fn raw(body: &Value) -> Value {
    json!({ "mode": "raw", "raw": pretty(body), "options": { "raw": { "language": "json" } } })
}

/// Saved responses with invented values: of each status those that show something of its shape. `known` is
/// how many there are.
pub fn responses(theirs: Theirs<'_>, is_wanted: impl Fn(u16) -> bool, known: usize) -> Vec<Value> {
    let mut made = Vec::new();
    let mut seen: BTreeMap<u16, Seen> = BTreeMap::new();
    let responses = theirs.shown.responses.iter();
    for (status, body) in responses.filter(|(status, _)| is_wanted(*status)) {
        let body = theirs.inventor.value(body, "");
        if !seen.entry(*status).or_default().learns(&body) {
            continue;
        }
        let kind = match is_success(*status) {
            true => "response",
            false => "error",
        };
        let name = match known + made.len() {
            0 => kind.to_owned(),
            count => format!("{kind} {}", count + 1),
        };
        let header = json!({ "key": "Content-Type", "value": "application/json; charset=utf-8" });
        made.push(json!({
            "name": name,
            "code": status,
            "_postman_previewlanguage": "json",
            "header": [header],
            "cookie": [],
            "body": pretty(&body),
        }));
    }
    made
}
