//! Bringing changes in: all of them, and without those that the converter or the checks refuse.

use super::changes::{Change, What};
use super::decide::{Decider, Outcome};
use super::known::Known;
use super::lock::{Kind, Lock};
use super::names::{self, Refusal};
use super::project::Project;
use super::snapshot::{Snapshot, snapshot};
use super::{Inputs, converted};
use crate::check;
use crate::convert::Conversion;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// The state in which changes are brought in.
pub struct Taking<'t> {
    pub inputs: Inputs<'t>,
    /// The places of maps, by the settings.
    pub maps: BTreeSet<String>,
    /// The document before.
    pub before: &'t Value,
    pub known: &'t Known<'t>,
    pub old: &'t Lock,
    pub new: &'t Snapshot,
    /// What cannot be brought in, and why.
    pub open: BTreeMap<Change, String>,
    /// Values of enums that came with what was brought in, and where the document lists those of the enum.
    pub values: BTreeMap<Change, String>,
}

pub struct Taken {
    /// What is documented, in the terms of the document that came of it.
    pub lock: Lock,
    pub project: Project,
    pub conversion: Conversion,
    /// The settings, if they are others than before.
    pub config: Option<String>,
    pub outcomes: Vec<(Change, Outcome)>,
}

impl Taking<'_> {
    /// Brings changes in. What does not convert, or is not in the document then, is left for a person to decide,
    /// and all else is brought in without it.
    pub fn run(&mut self, changes: &[Change]) -> Result<Taken, String> {
        loop {
            let mut taken = match self.attempt(changes)? {
                Ok(taken) => taken,
                Err(_) => {
                    self.isolate(changes)?;
                    self.attempt(changes)??
                }
            };
            let document = Known::new(taken.conversion.document(), &self.maps);
            let (file, bytes) = self.inputs.upstream;
            let seen = snapshot(file, bytes, &document)?;
            let mut is_complete = true;
            for (change, outcome) in &taken.outcomes {
                if matches!(outcome, Outcome::Taken(_))
                    && let Some(reason) = Decider::missing(change, &seen, &document)
                {
                    is_complete = false;
                    self.open.insert(change.clone(), reason);
                }
            }
            is_complete &= !self.add_values(&taken.outcomes, &seen, &document);
            if is_complete {
                taken.lock = seen.lock;
                return Ok(taken);
            }
        }
    }

    /// Notes the values of enums that what was brought in has, once the document says that it is of an enum.
    /// Returns whether there are any.
    fn add_values(
        &mut self,
        outcomes: &[(Change, Outcome)],
        seen: &Snapshot,
        document: &Known<'_>,
    ) -> bool {
        let count = self.values.len();
        for (call, operation) in &seen.lock.operations {
            for (path, place) in operation
                .places
                .iter()
                .filter(|(_, place)| !place.values.is_empty())
            {
                let is_taken = |(change, outcome): &(Change, Outcome)| {
                    let within = change.path.as_ref().is_none_or(|other| other == path);
                    change.what == What::Added
                        && change.call.as_ref() == Some(call)
                        && within
                        && matches!(outcome, Outcome::Taken(_))
                };
                let found = document.find(call, path);
                let (Some(known), Some(target)) = (found.values(), found.values_target()) else {
                    continue;
                };
                if !outcomes.iter().any(is_taken) {
                    continue;
                }
                for value in place.values.difference(&known) {
                    let change = Change {
                        call: Some(call.clone()),
                        path: Some(path.clone()),
                        what: What::ValueAdded(value.clone()),
                    };
                    self.values.insert(change, target.clone());
                }
            }
        }
        self.values.len() > count
    }

    /// Brings in what is not left open; the inner error is that of the conversion.
    fn attempt(&self, changes: &[Change]) -> Result<Result<Taken, String>, String> {
        let Inputs {
            collection,
            overlay,
            ..
        } = self.inputs;
        let mut project = Project::read(
            (collection.file, collection.text),
            (overlay.file, overlay.text),
        )?;
        let inventor = project.inventor();
        let decider = Decider::new(self.known, self.old, self.new, &inventor);
        let mut outcomes = Vec::new();
        for change in changes {
            let outcome = match self.open.get(change) {
                Some(reason) => Outcome::Open(reason.clone()),
                None => {
                    let mut attempt = project.clone();
                    let outcome = decider.decide(change, &mut attempt);
                    if matches!(outcome, Outcome::Taken(_)) {
                        project = attempt;
                    }
                    outcome
                }
            };
            outcomes.push((change.clone(), outcome));
        }
        for (change, target) in &self.values {
            let is_its = |(other, outcome): &(Change, Outcome)| {
                other.call == change.call
                    && other.what == What::Added
                    && matches!(outcome, Outcome::Taken(_))
            };
            if let (What::ValueAdded(value), true) = (&change.what, outcomes.iter().any(is_its)) {
                project.actions.add(target, &json!(value));
                let line = format!("new value `{value}`");
                outcomes.push((change.clone(), Outcome::Taken(line)));
            }
        }
        let mut converted = self.converted(&project, &outcomes, self.inputs.config.text);
        let mut config = None;
        if let Err(refusal) = &converted {
            for settings in self.pinned(&outcomes, refusal) {
                let again = self.converted(&project, &outcomes, &settings);
                if again.is_ok() {
                    (converted, config) = (again, Some(settings));
                    break;
                }
            }
        }
        let is_same = project.text().is_none() && project.actions.text() == overlay.text;
        let converted = converted.map_err(|refusal| refusal.reason);
        let checked = converted.and_then(|conversion| {
            if !is_same {
                check::check(&conversion, "the document", &conversion.text)?;
            }
            Ok(conversion)
        });
        Ok(checked.map(|conversion| Taken {
            lock: Lock::default(),
            project,
            conversion,
            config,
            outcomes,
        }))
    }

    /// Converts the sources as they are now; names must stay.
    fn converted(
        &self,
        project: &Project,
        outcomes: &[(Change, Outcome)],
        config: &str,
    ) -> Result<Conversion, Refusal> {
        let text = project.text();
        let text = text.as_deref().unwrap_or(self.inputs.collection.text);
        let conversion = converted(self.inputs, text, project.actions.text(), config)?;
        // An object, or a list of them, that becomes something else takes its type with it.
        let holders = [Kind::Object, Kind::Array];
        let is_object = |what: &What| matches!(what, What::Kinds(kinds) if holders.iter().any(|holder| kinds.contains(holder)));
        let mut taken = outcomes
            .iter()
            .filter(|(_, outcome)| matches!(outcome, Outcome::Taken(_)));
        if !taken.any(|(change, _)| is_object(&change.what)) {
            names::kept(self.before, conversion.document())?;
        }
        Ok(conversion)
    }

    /// Settings that keep the names of types: of those that would be lost, of what the operations respond with that
    /// were changed, and of both; the fewest first.
    fn pinned(&self, outcomes: &[(Change, Outcome)], refusal: &Refusal) -> Vec<String> {
        let taken = outcomes
            .iter()
            .filter(|(_, outcome)| matches!(outcome, Outcome::Taken(_)));
        let calls: BTreeSet<&str> = taken
            .filter_map(|(change, _)| change.call.as_deref())
            .collect();
        let (no_calls, no_types) = (BTreeSet::new(), BTreeSet::new());
        let types = &refusal.types;
        let choices = [(&no_calls, types), (&calls, &no_types), (&calls, types)];
        let settings = choices.into_iter().filter_map(|(calls, types)| {
            names::pinned(
                self.inputs.config.text,
                self.before,
                self.known,
                calls,
                types,
            )
        });
        settings.collect()
    }

    /// Finds the changes that the converter or the checks refuse, and leaves them open.
    fn isolate(&mut self, changes: &[Change]) -> Result<(), String> {
        let mut good: Vec<Change> = Vec::new();
        let mut queue = vec![changes.to_vec()];
        while let Some(part) = queue.pop() {
            let tried: Vec<Change> = good.iter().chain(&part).cloned().collect();
            match (self.attempt(&tried)?, part.len()) {
                (Ok(_), _) => good = tried,
                (Err(reason), 1) => {
                    self.open
                        .extend(part.into_iter().map(|change| (change, reason.clone())));
                }
                (Err(_), many) => {
                    let (first, second) = part.split_at(many / 2);
                    queue.push(second.to_vec());
                    queue.push(first.to_vec());
                }
            }
        }
        Ok(())
    }
}
