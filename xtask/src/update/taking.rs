//! Bringing changes in: all of them, and without those that the converter or the checks refuse.

use super::changes::{Change, What};
use super::decide::{Decider, Outcome};
use super::known::Known;
use super::lock::{Kind, Lock};
use super::names::{self, Refusal};
use super::project::Project;
use super::snapshot::Snapshot;
use super::{Inputs, converted};
use crate::check;
use crate::convert::Conversion;
use serde_json::Value;
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
}

pub struct Taken {
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
            let taken = match self.attempt(changes)? {
                Ok(taken) => taken,
                Err(_) => {
                    self.isolate(changes)?;
                    self.attempt(changes)??
                }
            };
            let document = Known::new(taken.conversion.document(), &self.maps);
            let mut is_complete = true;
            for (change, outcome) in &taken.outcomes {
                if matches!(outcome, Outcome::Taken(_))
                    && let Some(reason) = Decider::missing(change, self.new, &document)
                {
                    is_complete = false;
                    self.open.insert(change.clone(), reason);
                }
            }
            if is_complete {
                return Ok(taken);
            }
        }
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
