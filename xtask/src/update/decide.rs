//! What becomes of each change: it is brought in, was known, is only noted, or a person must decide.

use super::changes::{Change, Presence, What};
use super::invent::Inventor;
use super::known::{Found, Known};
use super::lock::{Kind, Lock, Operation, Place, words};
use super::place::{Part, Path, Step};
use super::project::{Project, Theirs};
use super::snapshot::{Shown, Snapshot};
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
    shown: BTreeSet<String>,
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

    fn place(
        &self,
        change: &Change,
        path: &Path,
        theirs: Theirs<'_>,
        project: &mut Project,
    ) -> Outcome {
        if path.part == Part::Failure {
            return Outcome::Noted(format!("{}, in responses of failures", said(&change.what)));
        }
        if self.known.call(theirs.call).is_none() {
            return Outcome::Noted(format!(
                "{}, of an operation that the project lacks",
                said(&change.what)
            ));
        }
        let found = self.known.find(theirs.call, path);
        let empty = Place::default();
        let place = theirs.operation.places.get(path).unwrap_or(&empty);
        match &change.what {
            What::Added => self.added(path, place, &found, theirs, project),
            What::Gone => self.gone(path, &found, theirs, project),
            What::Kinds(before) => self.kinds(path, before, place, &found, theirs, project),
            What::Required(is_required) => {
                let now = if *is_required { "required" } else { "optional" };
                match self.known.requires(theirs.call, path) == *is_required {
                    true => Outcome::Known(format!("is {now}")),
                    false => {
                        Outcome::Open(format!("is {now} by their documentation, and not by ours"))
                    }
                }
            }
            What::ValueAdded(value) => {
                let values = found.values().unwrap_or_default();
                match (values.contains(value), found.values_target()) {
                    (true, _) => Outcome::Known(format!("value `{value}`")),
                    (false, Some(target)) => {
                        project.actions.add(&target, &json!(value));
                        Outcome::Taken(format!("new value `{value}`"))
                    }
                    (false, None) => {
                        Outcome::Open(format!("new value `{value}`, and no enum has it"))
                    }
                }
            }
            What::ValueGone(value) => {
                Outcome::Noted(format!("value `{value}` is not mentioned any more"))
            }
            _ => Outcome::Words,
        }
    }

    fn added(
        &self,
        path: &Path,
        place: &Place,
        found: &Found<'_>,
        theirs: Theirs<'_>,
        project: &mut Project,
    ) -> Outcome {
        let kinds = words(&place.kinds);
        if !found.is_there() && theirs.operation.is_stray(path) {
            return Outcome::Noted("under keys that are data, beside fields: left out".into());
        }
        if found.is_there() {
            let mut is_back = false;
            for target in found.targets() {
                is_back |= project
                    .actions
                    .remove(&target, &json!({ "deprecated": true }));
            }
            let new: Vec<&String> = place
                .values
                .iter()
                .filter(|value| !found.values().is_some_and(|values| values.contains(*value)))
                .collect();
            if let (false, Some(target)) = (new.is_empty(), found.values_target()) {
                new.iter()
                    .for_each(|value| project.actions.add(&target, &json!(value)));
                let new: Vec<&str> = new.iter().map(|value| value.as_str()).collect();
                return Outcome::Taken(format!("new values `{}`", new.join("`, `")));
            }
            return match (is_back, refused(found, &place.kinds)) {
                (true, _) => Outcome::Taken("is documented again; no longer deprecated".into()),
                (false, None) => Outcome::Known(format!("{kinds}; the project has it")),
                (false, Some(_)) => Outcome::Open(format!(
                    "is {kinds} by their documentation, and {} by ours",
                    words(&found.kinds())
                )),
            };
        }
        if path.part.is_parameter() && path.key() == "*" {
            return Outcome::Open("a parameter whose name is data: add it by hand, or not".into());
        }
        match project.add(theirs, path, place) {
            Ok(()) => Outcome::Taken(format!("new, {kinds}")),
            Err(reason) => Outcome::Open(format!("new, {kinds}: {reason}")),
        }
    }

    fn gone(
        &self,
        path: &Path,
        found: &Found<'_>,
        theirs: Theirs<'_>,
        project: &mut Project,
    ) -> Outcome {
        if !found.is_there() {
            return Outcome::Noted("is gone, and was not in the project".into());
        }
        let now = &theirs.operation.places;
        // What it was in is gone, or is something else now.
        let is_within_gone = path.parent().is_some_and(|(parent, last)| {
            let holder = match last {
                Step::Entry => Kind::Array,
                Step::Field(_) | Step::Value => Kind::Object,
            };
            let holds = |place: &Place| place.kinds.contains(&holder);
            !path.part.is_parameter() && !now.get(&parent).is_some_and(holds)
        });
        if is_within_gone {
            return Outcome::Noted("is gone with what it was in".into());
        }
        if !matches!(path.steps.last(), Some(Step::Field(_))) || path.part == Part::Path {
            return Outcome::Noted("is not shown any more".into());
        }
        if found.is_deprecated() {
            return Outcome::Known("is gone, and was deprecated".into());
        }
        let targets: Vec<String> = found.targets().collect();
        if targets.iter().any(|target| self.shown.contains(target)) {
            return Outcome::Noted("is gone here; another operation still shows it".into());
        }
        for target in &targets {
            project.actions.add(target, &json!({ "deprecated": true }));
        }
        Outcome::Taken("is gone: deprecated".into())
    }

    fn kinds(
        &self,
        path: &Path,
        before: &BTreeSet<Kind>,
        place: &Place,
        found: &Found<'_>,
        theirs: Theirs<'_>,
        project: &mut Project,
    ) -> Outcome {
        let (was, is) = (words(before), words(&place.kinds));
        let change = format!("{was} is now {is}");
        let added: BTreeSet<Kind> = place.kinds.difference(before).copied().collect();
        if added.is_empty() {
            return Outcome::Noted(format!("{change}; both are still read"));
        }
        if !found.is_there() {
            return match project.add(theirs, path, place) {
                Ok(()) => Outcome::Taken(format!("{change}; the project did not have it")),
                Err(reason) => Outcome::Open(format!("{change}: {reason}")),
            };
        }
        let Some(refused) = refused(found, &added) else {
            return Outcome::Known(format!("{change}; the project reads it"));
        };
        let mut gone: BTreeSet<Kind> = before.difference(&place.kinds).copied().collect();
        gone.remove(&Kind::Any);
        let ours = found.kinds();
        let is_like_ours = before.iter().any(|kind| ours.contains(kind)) || ours.is_empty();
        if !is_like_ours && !before.is_empty() {
            let ours = words(&ours);
            return Outcome::Open(format!("{change}; the project has {ours}"));
        }
        // A null says that there may be nothing, whatever else is there.
        gone.remove(&Kind::Null);
        match project.set_kinds(theirs, path, &gone, &refused) {
            Ok(()) => Outcome::Taken(change),
            Err(reason) => Outcome::Open(format!("{change}: {reason}")),
        }
    }

    /// Why what was brought in is not in the document that came of it.
    pub fn missing(change: &Change, new: &Snapshot, known: &Known<'_>) -> Option<String> {
        let call = change.call.as_ref()?;
        let operation = new.lock.operations.get(call)?;
        if known.call(call).is_none() {
            return Some("new operation: the converter does not make one of it".into());
        }
        let paths: Vec<&Path> = match &change.path {
            Some(path) => vec![path],
            None => operation.places.keys().collect(),
        };
        for path in paths.into_iter().filter(|path| path.part != Part::Failure) {
            let Some(place) = operation.places.get(path) else {
                continue;
            };
            let found = known.find(call, path);
            if path.key() == "*" && path.part.is_parameter() {
                return Some(
                    "it has a parameter whose name is data: add it by hand, or not".into(),
                );
            }
            if !found.is_there() && !found.is_free && !operation.is_stray(path) {
                return Some(format!("`{path}`: the document does not show it"));
            }
            if refused(&found, &place.kinds).is_some() {
                let (theirs, ours) = (words(&place.kinds), words(&found.kinds()));
                return Some(format!(
                    "`{path}` is {theirs} by their documentation, and {ours} by our overlay"
                ));
            }
            let values = found.values().unwrap_or_default();
            if let Some(value) = place.values.iter().find(|value| !values.contains(*value)) {
                return Some(format!("`{path}`: no enum has the value `{value}`"));
            }
        }
        None
    }
}

/// The kinds that a place does not take, if there are any.
pub fn refused(found: &Found<'_>, kinds: &BTreeSet<Kind>) -> Option<BTreeSet<Kind>> {
    // Values of parameters are texts, whatever they look like.
    if found.is_parameter && found.admits(Kind::String) {
        return None;
    }
    // What may be missing may be null, too.
    let refused = kinds
        .iter()
        .filter(|kind| **kind != Kind::Null && !found.admits(**kind));
    let mut refused: BTreeSet<Kind> = refused.copied().collect();
    if kinds.contains(&Kind::Null) && !found.admits(Kind::Null) && !found.is_optional {
        refused.insert(Kind::Null);
    }
    (!refused.is_empty()).then_some(refused)
}

fn said(what: &What) -> String {
    match what {
        What::Added => "new".into(),
        What::Gone => "is gone".into(),
        What::Kinds(before) => format!("was {}", words(before)),
        What::ValueAdded(value) => format!("new value `{value}`"),
        What::ValueGone(value) => format!("value `{value}` is gone"),
        What::Required(true) => "is required".into(),
        What::Required(false) => "is optional".into(),
        _ => "changed".into(),
    }
}
