//! What becomes of changes of parameters and fields.

use super::changes::{Change, What};
use super::decide::{Decider, Outcome};
use super::found::Found;
use super::known::Known;
use super::lock::{Kind, Place, words};
use super::place::{Part, Path, Step};
use super::project::Project;
use super::snapshot::Snapshot;
use super::theirs::Theirs;
use serde_json::json;
use std::collections::BTreeSet;

impl Decider<'_> {
    pub fn place(
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
            What::Required(false) if place.text.is_none() => {
                Outcome::Noted("nothing says any more that it is required".into())
            }
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
            Ok(()) => {
                self.seen(path, theirs, project);
                Outcome::Taken(format!("new, {kinds}"))
            }
            Err(reason) => Outcome::Open(format!("new, {kinds}: {reason}")),
        }
    }

    /// Says that a response was seen of which nobody had published one.
    fn seen(&self, path: &Path, theirs: Theirs<'_>, project: &mut Project) {
        let Some(call) = self.known.call(theirs.call) else {
            return;
        };
        if path.part == Part::Response && call.operation["x-evidence"] == "none" {
            let evidence = json!({ "x-evidence": "captured" });
            project.actions.add(&call.target(), &evidence);
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
