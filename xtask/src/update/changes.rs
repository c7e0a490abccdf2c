//! What changed between two states of the documentation.

use super::lock::{Kind, Lock, Operation, Place};
use super::place::Path;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// A change, and where.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Change {
    /// The operation; none for the documentation as a whole.
    pub call: Option<String>,
    /// The place in the operation; none for the operation as a whole.
    pub path: Option<Path>,
    pub what: What,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    Added,
    Gone,
    /// The kinds of values before.
    Kinds(BTreeSet<Kind>),
    Required(bool),
    ValueAdded(String),
    ValueGone(String),
    /// A description or title.
    Text,
    /// The names of a path's parameters.
    Renamed,
    Auth,
    Status(u16, Presence),
    Header(String, Presence),
    /// How a body is written.
    Body(String, Presence),
    /// How many items are no requests.
    Unplaced,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Presence {
    New,
    Gone,
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.call, &self.path) {
            (None, _) => f.write_str("the documentation"),
            (Some(call), None) => write!(f, "`{call}`"),
            (Some(call), Some(path)) if path.steps.is_empty() => {
                write!(f, "`{call}`, {path} as a whole")
            }
            (Some(call), Some(path)) => {
                write!(f, "`{call}`, {} `{}`", path.part.name(), path.field())
            }
        }
    }
}

impl Change {
    /// How a person names it on the command line: `GET /v1/clients query limit`.
    pub fn name(&self) -> String {
        match (&self.call, &self.path) {
            (None, _) => "documentation".into(),
            (Some(call), None) => call.clone(),
            (Some(call), Some(path)) => format!("{call} {path}"),
        }
    }

    /// Whether it is at a place that a person names in this way, or within it.
    pub fn is_at(&self, name: &str) -> bool {
        let Some(call) = &self.call else {
            return name == self.name();
        };
        let Some(rest) = name.strip_prefix(call.as_str()) else {
            return false;
        };
        match (&self.path, rest.strip_prefix(' ').map(str::parse::<Path>)) {
            (_, None) => rest.is_empty(),
            (Some(path), Some(Ok(place))) => *path == place || path.is_within(&place),
            (None, Some(_)) | (_, Some(Err(_))) => false,
        }
    }

    /// Makes a lock say what it said before of this change, so that it is found again.
    pub fn undo(&self, lock: &mut Lock, old: &Lock) {
        let Some(call) = &self.call else {
            match self.what {
                What::Auth => lock.auth.clone_from(&old.auth),
                What::Unplaced => lock.unplaced = old.unplaced,
                _ => {}
            }
            return;
        };
        let Some(path) = &self.path else {
            self.undo_operation(lock, old, call);
            return;
        };
        let before = old.operations.get(call);
        let Some(operation) = lock.operations.get_mut(call) else {
            return;
        };
        let before = before.and_then(|operation| operation.places.get(path));
        let Some(before) = before else {
            operation.places.remove(path);
            return;
        };
        let place = operation.places.entry(path.clone()).or_default();
        match &self.what {
            What::Gone => *place = before.clone(),
            What::Kinds(_) => place.kinds.clone_from(&before.kinds),
            What::Required(_) => place.required = before.required,
            What::ValueAdded(value) => _ = place.values.remove(value),
            What::ValueGone(value) => _ = place.values.insert(value.clone()),
            _ => {}
        }
    }

    fn undo_operation(&self, lock: &mut Lock, old: &Lock, call: &String) {
        let Some(before) = old.operations.get(call) else {
            lock.operations.remove(call);
            return;
        };
        let operation = lock.operations.entry(call.clone()).or_default();
        match &self.what {
            What::Gone => *operation = before.clone(),
            What::Auth => operation.auth.clone_from(&before.auth),
            What::Status(status, Presence::New) => _ = operation.statuses.remove(status),
            What::Body(kind, Presence::New) => _ = operation.bodies.remove(kind),
            _ => {}
        }
    }
}

/// The changes between two states, in an order that both do not depend on.
pub fn changes(old: &Lock, new: &Lock) -> Vec<Change> {
    let mut found = Vec::new();
    let mut whole = |what| {
        found.push(Change {
            call: None,
            path: None,
            what,
        });
    };
    if old.text != new.text || old.folders != new.folders {
        whole(What::Text);
    }
    if old.auth != new.auth {
        whole(What::Auth);
    }
    if old.unplaced != new.unplaced {
        whole(What::Unplaced);
    }
    for (call, after) in &new.operations {
        match old.operations.get(call) {
            None => found.push(Change {
                call: Some(call.clone()),
                path: None,
                what: What::Added,
            }),
            Some(before) => operation(call, before, after, &mut found),
        }
    }
    for call in old.operations.keys() {
        if !new.operations.contains_key(call) {
            found.push(Change {
                call: Some(call.clone()),
                path: None,
                what: What::Gone,
            });
        }
    }
    found
}

fn operation(call: &str, old: &Operation, new: &Operation, found: &mut Vec<Change>) {
    let mut add = |what| {
        found.push(Change {
            call: Some(call.to_owned()),
            path: None,
            what,
        });
    };
    if old.text != new.text {
        add(What::Text);
    }
    if old.path != new.path {
        add(What::Renamed);
    }
    if old.auth != new.auth {
        add(What::Auth);
    }
    for (kind, presence) in differences(&old.bodies, &new.bodies) {
        add(What::Body(kind, presence));
    }
    for (status, presence) in differences(&old.statuses, &new.statuses) {
        add(What::Status(status, presence));
    }
    for (header, presence) in differences(&old.headers, &new.headers) {
        add(What::Header(header, presence));
    }
    places(call, &old.places, &new.places, found);
}

fn places(
    call: &str,
    old: &BTreeMap<Path, Place>,
    new: &BTreeMap<Path, Place>,
    found: &mut Vec<Change>,
) {
    let mut add = |path: &Path, what| {
        found.push(Change {
            call: Some(call.to_owned()),
            path: Some(path.clone()),
            what,
        });
    };
    for (path, after) in new {
        let Some(before) = old.get(path) else {
            add(path, What::Added);
            continue;
        };
        if before.kinds != after.kinds {
            add(path, What::Kinds(before.kinds.clone()));
        }
        if before.required != after.required {
            add(path, What::Required(after.required));
        }
        if before.text != after.text {
            add(path, What::Text);
        }
        for (value, presence) in differences(&before.values, &after.values) {
            match presence {
                Presence::New => add(path, What::ValueAdded(value)),
                Presence::Gone => add(path, What::ValueGone(value)),
            }
        }
    }
    for path in old.keys().filter(|path| !new.contains_key(path)) {
        add(path, What::Gone);
    }
}

fn differences<T: Ord + Clone>(old: &BTreeSet<T>, new: &BTreeSet<T>) -> Vec<(T, Presence)> {
    let added = new.difference(old).map(|one| (one.clone(), Presence::New));
    let gone = old.difference(new).map(|one| (one.clone(), Presence::Gone));
    added.chain(gone).collect()
}
