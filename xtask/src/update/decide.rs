//! What becomes of each change: it is brought in, was known, is only noted, or a person must decide.

use super::changes::{Change, Presence, What};
use super::invent::Inventor;
use super::known::Known;
use super::lock::{Lock, Operation};
use super::place::{Part, Path};
use super::project::Project;
use super::shown::Shown;
use super::snapshot::Snapshot;
use super::theirs::Theirs;
use crate::openapi::answers::is_success;
use serde_json::json;
use std::collections::BTreeSet;

/// What became of a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Brought in.
    Taken(String),
    /// Said by the project already.
    Known(String),
    /// Nothing to bring in, but worth a line.
    Noted(String),
    /// Texts of theirs are other ones: a person reads them and says it in own words.
    Words,
    /// A person must decide.
    Open(String),
}

/// Brings changes into a project.
pub struct Decider<'d> {
    pub known: &'d Known<'d>,
    pub old: &'d Lock,
    pub new: &'d Snapshot,
    pub inventor: &'d Inventor,
    /// Where the document says what is still documented.
    pub shown: BTreeSet<String>,
}

impl<'d> Decider<'d> {
    pub fn new(
        known: &'d Known<'d>,
        old: &'d Lock,
        new: &'d Snapshot,
        inventor: &'d Inventor,
    ) -> Self {
        let mut shown = BTreeSet::new();
        for (call, operation) in &new.lock.operations {
            for path in operation.places.keys() {
                shown.extend(known.find(call, path).targets());
            }
        }
        Self {
            known,
            old,
            new,
            inventor,
            shown,
        }
    }

    fn theirs<'t>(&'t self, call: &'t str, none: &'t (Operation, Shown)) -> Theirs<'t> {
        Theirs {
            call,
            operation: self.new.lock.operations.get(call).unwrap_or(&none.0),
            shown: self.new.shown.get(call).unwrap_or(&none.1),
            inventor: self.inventor,
        }
    }

    /// Decides on a change and, if it can be, brings it in.
    pub fn decide(&self, change: &Change, project: &mut Project) -> Outcome {
        let none = Default::default();
        let Some(call) = &change.call else {
            return match change.what {
                What::Auth => Outcome::Open("calls are authenticated in another way".into()),
                What::Unplaced => Outcome::Noted("other items that are no requests".into()),
                _ => Outcome::Words,
            };
        };
        let theirs = self.theirs(call, &none);
        match &change.path {
            None => self.operation(change, theirs, project),
            Some(path) => self.place(change, path, theirs, project),
        }
    }

    fn operation(&self, change: &Change, theirs: Theirs<'_>, project: &mut Project) -> Outcome {
        let known = self.known.call(theirs.call);
        let deprecated = json!({ "deprecated": true });
        match &change.what {
            What::Added => match known {
                Some(call) => match project.actions.remove(&call.target(), &deprecated) {
                    true => Outcome::Taken("is documented again; no longer deprecated".into()),
                    false => Outcome::Known("operation".into()),
                },
                None => {
                    let alike = self.known.calls().find_map(|(other, call)| {
                        let (_, path) = other.split_once(' ')?;
                        (path == theirs.call.split_once(' ')?.1).then_some(call.path)
                    });
                    match project.add_operation(theirs, alike) {
                        Ok(()) => Outcome::Taken(self.contents(theirs)),
                        Err(reason) => Outcome::Open(format!("new operation: {reason}")),
                    }
                }
            },
            What::Gone => match known {
                Some(call) if call.operation["deprecated"] == true => {
                    Outcome::Known("is gone, and was deprecated".into())
                }
                Some(call) => {
                    project.actions.add(&call.target(), &deprecated);
                    let renamed = self.renamed(theirs.call);
                    let renamed = renamed.map(|other| format!("; perhaps it is `{other}` now"));
                    Outcome::Taken(format!(
                        "is gone: deprecated{}",
                        renamed.unwrap_or_default()
                    ))
                }
                None => Outcome::Noted("is gone, and was not in the project".into()),
            },
            What::Text => Outcome::Words,
            What::Renamed => {
                let path = &theirs.operation.path;
                Outcome::Noted(format!(
                    "the parameters of its path have other names: `{path}`"
                ))
            }
            What::Auth => Outcome::Open("is authenticated in another way".into()),
            What::Status(status, Presence::New) => self.status(*status, theirs, project),
            What::Status(status, Presence::Gone) => {
                Outcome::Noted(format!("no saved response with status {status} any more"))
            }
            What::Header(name, Presence::New) => {
                Outcome::Noted(format!("responds with a header `{name}`"))
            }
            What::Header(name, Presence::Gone) => {
                Outcome::Noted(format!("no header `{name}` any more"))
            }
            What::Body(kind, Presence::New) => {
                Outcome::Noted(format!("its body is also written as {kind}"))
            }
            What::Body(kind, Presence::Gone) => {
                Outcome::Noted(format!("its body is not written as {kind} any more"))
            }
            What::Kinds(_)
            | What::Required(_)
            | What::ValueAdded(_)
            | What::ValueGone(_)
            | What::Unplaced => Outcome::Words,
        }
    }

    /// What a new operation has, by name.
    fn contents(&self, theirs: Theirs<'_>) -> String {
        let mut text = "new operation".to_owned();
        for part in [
            Part::Path,
            Part::Query,
            Part::Header,
            Part::Body,
            Part::Response,
        ] {
            let places = theirs.operation.places.keys();
            let of_part = places.filter(|path| path.part == part && !path.steps.is_empty());
            let names: Vec<String> = of_part.map(|path| format!("`{}`", path.field())).collect();
            if part == Part::Path {
                continue;
            }
            if !names.is_empty() {
                text.push_str(&format!("; {}: {}", part.name(), names.join(", ")));
            }
        }
        text
    }

    /// A new operation that has all that one had that is gone.
    fn renamed(&self, gone: &str) -> Option<&String> {
        let before = self.old.operations.get(gone)?;
        let names = |operation: &Operation| -> Vec<Path> {
            let mut names: Vec<Path> = operation.places.keys().cloned().collect();
            names.retain(|path| path.part != Part::Path);
            names
        };
        let names_before = names(before);
        let mut new = self.new.lock.operations.iter();
        let found = new.find(|(call, operation)| {
            !self.old.operations.contains_key(*call)
                && call.split(' ').next() == gone.split(' ').next()
                && !names_before.is_empty()
                && names(operation) == names_before
        });
        found.map(|(call, _)| call)
    }

    fn status(&self, status: u16, theirs: Theirs<'_>, project: &mut Project) -> Outcome {
        let Some(call) = self.known.call(theirs.call) else {
            return Outcome::Noted(format!("status {status}"));
        };
        let is_known = call.operation["responses"]
            .get(status.to_string())
            .is_some();
        if is_known || !is_success(status) {
            return Outcome::Noted(format!("a saved response with status {status}"));
        }
        match project.add_status(theirs, status) {
            Ok(()) => Outcome::Taken(format!("a success with status {status}")),
            Err(reason) => Outcome::Open(format!("a success with status {status}: {reason}")),
        }
    }
}
