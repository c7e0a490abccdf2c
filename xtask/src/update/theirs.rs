//! What is brought in, and values for it: of the shape that their samples show, or their documentation says.

use super::invent::{Inventor, kind_of};
use super::lock::{Kind, Operation};
use super::place::{Part, Path, Step};
use super::shown::{Shown, each_at, size};
use crate::openapi::answers::is_success;
use serde_json::Value;
use std::collections::BTreeSet;

/// What is brought in, and what it is made from.
#[derive(Debug, Clone, Copy)]
pub struct Theirs<'t> {
    pub call: &'t str,
    pub operation: &'t Operation,
    pub shown: &'t Shown,
    pub inventor: &'t Inventor,
}

/// A value for a place, of the shape that their samples show, or else their documentation.
pub fn invented(theirs: Theirs<'_>, path: &Path) -> Value {
    let all = BTreeSet::new();
    invented_of(theirs, path, &all)
}

/// The same, of some kinds.
pub fn invented_of(theirs: Theirs<'_>, path: &Path, kinds: &BTreeSet<Kind>) -> Value {
    let mut found: Vec<&Value> = Vec::new();
    let mut collect = |value| each_at(value, &path.steps, &mut |value| found.push(value));
    match path.part {
        Part::Body => theirs
            .shown
            .bodies
            .iter()
            .for_each(|(_, body)| collect(body)),
        Part::Response => {
            let responses = theirs.shown.responses.iter();
            let responses = responses.filter(|(status, _)| is_success(*status));
            responses.for_each(|(_, body)| collect(body));
        }
        _ => {}
    }
    found.retain(|value| !value.is_null() && (kinds.is_empty() || kinds.contains(&kind_of(value))));
    let largest = found
        .iter()
        .max_by_key(|value| (size(value), value.to_string()));
    match largest {
        Some(value) => theirs.inventor.value(value, path.key()),
        None => documented(theirs, path, kinds),
    }
}

/// A value of the kinds that are documented, with what is documented to be in it.
fn documented(theirs: Theirs<'_>, path: &Path, kinds: &BTreeSet<Kind>) -> Value {
    let places = &theirs.operation.places;
    let known = places.get(path).map(|place| &place.kinds);
    let kinds = if kinds.is_empty() {
        known.unwrap_or(kinds)
    } else {
        kinds
    };
    // The largest says most.
    let kind = kinds.iter().rev().find(|kind| **kind != Kind::Any).copied();
    let mut value = match kind {
        Some(kind) => theirs.inventor.of_kind(kind, path.key()),
        None => Value::Null,
    };
    for child in places.keys().filter(|child| child.is_within(path)) {
        let Some((parent, last)) = child.parent() else {
            continue;
        };
        if parent != *path {
            continue;
        }
        let inner = documented(theirs, child, &BTreeSet::new());
        match (&mut value, last) {
            (Value::Object(map), Step::Field(name)) => _ = map.insert(name.clone(), inner),
            (Value::Object(map), Step::Value) => _ = map.insert("118".into(), inner),
            (Value::Array(items), Step::Entry) => *items = vec![inner],
            _ => {}
        }
    }
    value
}
