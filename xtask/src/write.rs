//! Writing a document: path by path, each made, checked and printed while it is in the processor's caches.

use crate::json::{Json, Printed};
use crate::{parallel, readable};
use serde::de::value::Error as Unreadable;
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::fmt;

/// A document as it is written to a file.
#[derive(Debug)]
pub struct Written {
    pub text: String,
    pub operations: usize,
    pub components: usize,
}

/// Some paths of a document.
struct Part {
    printed: Printed,
    operations: usize,
    /// The components that they refer to.
    used: HashSet<String>,
}

/// Writes a document whose paths are left out of its frame. `item` makes what it says of one.
///
/// Components that no path reaches are dropped.
///
/// # Errors
/// What does not fit OpenAPI 3.0.
pub fn write<'a, T: Send>(
    mut frame: Json<'a>,
    paths: Vec<(Cow<'a, str>, T)>,
    item: impl Fn(T) -> Json<'a> + Sync,
) -> Result<Written, Unreadable> {
    let parts = parallel::parts(paths, |paths| {
        let mut part = Part {
            printed: Printed::within(1),
            operations: 0,
            used: HashSet::new(),
        };
        for (path, made) in paths {
            let item = item(made);
            part.operations += readable::path(&path, &item)?;
            references(&item, &mut |name| _ = note(&mut part.used, name));
            part.printed.push(&path, &item).map_err(unwritable)?;
        }
        Ok(part)
    });
    readable::frame(&frame)?;
    let mut printed = Vec::new();
    let mut used = HashSet::new();
    let mut operations = 0;
    for part in parts {
        let part: Part = part?;
        printed.push(part.printed);
        used.extend(part.used);
        operations += part.operations;
    }
    prune(&mut frame, used);
    let components = readable::schemas(&frame["components"]["schemas"])?;
    let mut document = Printed::document();
    for (key, value) in frame.entries() {
        match (&**key, value) {
            ("paths", Json::Object(_)) => document.push_object(key, std::mem::take(&mut printed)),
            _ => document.push(key, value),
        }
        .map_err(unwritable)?;
    }
    Ok(Written {
        text: String::from_utf8(document.finish()).map_err(unwritable)?,
        operations,
        components,
    })
}

fn unwritable(error: impl fmt::Display) -> Unreadable {
    serde::de::Error::custom(error)
}

/// Drops the components that no path reaches, and those that only such components refer to.
fn prune(document: &mut Json<'_>, mut used: HashSet<String>) {
    let Some(Json::Object(schemas)) = document
        .get_mut("components")
        .and_then(|components| components.get_mut("schemas"))
    else {
        return;
    };
    let places = schemas.iter().map(|(name, schema)| (&**name, schema));
    let places: HashMap<&str, &Json<'_>> = places.collect();
    let mut queue: Vec<String> = used.iter().cloned().collect();
    while let Some(name) = queue.pop() {
        if let Some(schema) = places.get(&*name) {
            references(schema, &mut |name| {
                if note(&mut used, name) {
                    queue.push(name.to_owned());
                }
            });
        }
    }
    schemas.retain(|(name, _)| used.contains(&**name));
}

/// Adds a name to those that are used, unless it is there.
fn note(used: &mut HashSet<String>, name: &str) -> bool {
    !used.contains(name) && used.insert(name.to_owned())
}

/// Tells the components that something refers to.
fn references(node: &Json<'_>, tell: &mut impl FnMut(&str)) {
    for (key, value) in node.entries() {
        let target = value.as_str().filter(|_| key == "$ref");
        if let Some(name) = target.and_then(|name| name.strip_prefix("#/components/schemas/")) {
            tell(name);
        }
        references(value, tell);
    }
    node.items().iter().for_each(|item| references(item, tell));
}
