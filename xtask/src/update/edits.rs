//! Edits of the collection: parameters and fields that are added, and kinds that change.

use super::bodies::{code, copy, each_body, pretty, set_in_responses};
use super::item;
use super::lock::{Kind, Place};
use super::place::{Part, Path, Step};
use super::project::Project;
use super::samples::{Count, count, grown, put, replace};
use super::table;
use super::theirs::{Theirs, invented, invented_of};
use crate::openapi::answers::is_success;
use serde_json::{Value, json};
use std::collections::BTreeSet;

impl Project {
    /// Adds a parameter or field, and within it what belongs to it.
    ///
    /// # Errors
    /// Why it has no place.
    pub fn add(&mut self, theirs: Theirs<'_>, path: &Path, place: &Place) -> Result<(), String> {
        match path.part {
            Part::Query | Part::Header => self.add_parameter(theirs, path, place),
            Part::Body => self.add_to_body(theirs, path, place),
            Part::Response => self.add_field(theirs, path),
            Part::Path | Part::Failure => Ok(()),
        }
    }

    fn add_parameter(
        &mut self,
        theirs: Theirs<'_>,
        path: &Path,
        place: &Place,
    ) -> Result<(), String> {
        let item = self.item(theirs.call)?;
        let list = match path.part {
            Part::Query => &mut item["request"]["url"]["query"],
            _ => &mut item["request"]["header"],
        };
        if list.is_null() {
            *list = json!([]);
        }
        let list = list
            .as_array_mut()
            .ok_or("the request has no list of them")?;
        list.push(item::parameter(theirs.inventor, path, place));
        Ok(())
    }

    /// Adds what a response holds: to the last sample that has room for it, so that others show that it may be
    /// missing; if there is one only, to a copy of it.
    pub fn add_field(&mut self, theirs: Theirs<'_>, path: &Path) -> Result<(), String> {
        let new = invented(theirs, path);
        let item = self.item(theirs.call)?;
        let responses = &mut item["response"];
        if responses.is_null() {
            *responses = json!([]);
        }
        let responses = responses.as_array_mut().ok_or("`response` is no list")?;
        let mut samples: Vec<(usize, Value)> = Vec::new();
        for (index, response) in responses.iter().enumerate() {
            let json = serde_json::from_str(response["body"].as_str().unwrap_or_default());
            if let (true, Ok(json)) = (is_success(code(response)), json) {
                samples.push((index, json));
            }
        }
        if samples.is_empty() {
            let new = item::responses(theirs, is_success, responses.len());
            return match new.is_empty() {
                true => Err("no saved response shows it".into()),
                false => {
                    responses.extend(new);
                    Ok(())
                }
            };
        }
        if path.steps.is_empty() {
            return Ok(());
        }
        let mut all = Count::default();
        for (_, sample) in &samples {
            let Count { holders, held } = count(sample, &path.steps);
            all.holders += holders;
            all.held += held;
        }
        if all.holders == 0 {
            let (parent, _) = path.parent().ok_or("it is nowhere")?;
            return match parent.steps.is_empty() {
                true => Err("our samples have another form".into()),
                false => self.add_field(theirs, &parent),
            };
        }
        let Some((index, sample)) = samples
            .iter_mut()
            .rev()
            .find(|(_, sample)| count(sample, &path.steps).holders > 0)
        else {
            return Ok(());
        };
        if !put(sample, &path.steps, &new) {
            return Ok(());
        }
        let text = pretty(sample);
        if all.holders > 1 || all.held > 0 {
            responses[*index]["body"] = text.into();
            return Ok(());
        }
        responses.push(copy(&responses[*index], path, text));
        Ok(())
    }

    fn add_to_body(
        &mut self,
        theirs: Theirs<'_>,
        path: &Path,
        place: &Place,
    ) -> Result<(), String> {
        let new = invented(theirs, path);
        let entries = theirs.operation.places.get(&path.to(Step::Entry));
        let kinds = table::kinds(place, entries);
        let item = self.item(theirs.call)?;
        let request = &mut item["request"];
        let mode = request["body"]["mode"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        if let Some(pairs) = request["body"]
            .get_mut(&*mode)
            .and_then(Value::as_array_mut)
        {
            if let [Step::Field(name)] = &path.steps[..] {
                pairs.push(item::pair(theirs.inventor, name, place));
            }
            return Ok(());
        }
        if request["body"]["raw"].is_null() {
            let body = match path.steps.is_empty() {
                true => new.clone(),
                false => grown(&path.steps, &new),
            };
            request["body"] = item::raw(&body);
        }
        if table::has_row(path) {
            let description = &mut request["description"];
            let mut text = description.as_str().unwrap_or_default().to_owned();
            table::add_row(&mut text, path, &kinds, place);
            *description = text.into();
        }
        // A sample must have what is required; of other fields the table says enough.
        if place.required || !table::has_row(path) {
            each_body(item, &mut |body| put(body, &path.steps, &new));
        }
        Ok(())
    }

    /// Changes the kinds of values: those of `gone` become of the new kind; if none are gone, one does.
    ///
    /// # Errors
    /// Why there is nothing to change.
    pub fn set_kinds(
        &mut self,
        theirs: Theirs<'_>,
        path: &Path,
        gone: &BTreeSet<Kind>,
        added: &BTreeSet<Kind>,
    ) -> Result<(), String> {
        let new = invented_of(theirs, path, added);
        let place = theirs
            .operation
            .places
            .get(path)
            .cloned()
            .unwrap_or_default();
        let entries = theirs.operation.places.get(&path.to(Step::Entry));
        let kinds = table::kinds(&place, entries);
        // With no kind gone, what is null first, then anything.
        let all = !gone.is_empty();
        let mut olds = vec![gone.clone()];
        if !all {
            let others = [
                Kind::Boolean,
                Kind::Integer,
                Kind::Number,
                Kind::String,
                Kind::Array,
                Kind::Object,
            ];
            olds = vec![BTreeSet::from([Kind::Null]), BTreeSet::from(others)];
        }
        let item = self.item(theirs.call)?;
        let mut changed = false;
        match path.part {
            Part::Query | Part::Header | Part::Path => {
                changed = item::set_parameter(item, path, &new);
            }
            Part::Body => {
                let description = &mut item["request"]["description"];
                let mut text = description.as_str().unwrap_or_default().to_owned();
                changed = table::set_kinds(&mut text, path, &kinds);
                *description = text.into();
                // The row says that there may be more kinds.
                if changed && !all {
                    return Ok(());
                }
                for old in &olds {
                    let mut done = false;
                    each_body(item, &mut |body| {
                        let count = match done && !all {
                            true => 0,
                            false => replace(body, &path.steps, old, &new, all),
                        };
                        done |= count > 0;
                        count > 0
                    });
                    changed |= done;
                    if done {
                        break;
                    }
                }
            }
            Part::Response => changed = set_in_responses(item, path, &olds, &new, all),
            Part::Failure => {}
        }
        match changed {
            true => Ok(()),
            false => Err("our samples do not show it, so its type is said by the overlay".into()),
        }
    }

    /// Adds the saved responses of a status.
    ///
    /// # Errors
    /// If none is JSON.
    pub fn add_status(&mut self, theirs: Theirs<'_>, status: u16) -> Result<(), String> {
        let item = self.item(theirs.call)?;
        let responses = item["response"]
            .as_array_mut()
            .ok_or("`response` is no list")?;
        let new = item::responses(theirs, |other| other == status, responses.len());
        if new.is_empty() {
            return Err("its saved responses are not JSON".into());
        }
        responses.extend(new);
        Ok(())
    }
}
