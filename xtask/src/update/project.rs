//! The project's collection and overlay while changes are brought in: things are added; of what stands there, only
//! values and types change, and no words.

use super::actions::Actions;
use super::invent::{Inventor, kind_of};
use super::item;
use super::lock::{Kind, Operation, Place};
use super::place::{Part, Path, Step};
use super::samples::{Count, count, grown, put, replace};
use super::snapshot::{Shown, base, each_at, pattern, size};
use super::table;
use crate::openapi::answers::is_success;
use crate::postman::template::Template;
use crate::postman::url::UrlParts;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Debug, Clone)]
pub struct Project {
    pub collection: Value,
    pub actions: Actions,
    /// Where the item of each call is, as JSON pointer.
    items: BTreeMap<String, String>,
    is_edited: bool,
}

/// What is brought in, and what it is made from.
#[derive(Debug, Clone, Copy)]
pub struct Theirs<'t> {
    pub call: &'t str,
    pub operation: &'t Operation,
    pub shown: &'t Shown,
    pub inventor: &'t Inventor,
}

impl Project {
    /// Reads the collection.
    ///
    /// # Errors
    /// What is no JSON, or an overlay that cannot be added to.
    pub fn read(collection: (&str, &str), overlay: (&str, &str)) -> Result<Self, String> {
        let (file, text) = collection;
        let collection: Value =
            serde_json::from_str(text).map_err(|error| format!("{file}: {error}"))?;
        let mut items = BTreeMap::new();
        find_items(&collection, &collection, "", &mut items);
        Ok(Self {
            actions: Actions::of(overlay.0, overlay.1)?,
            collection,
            items,
            is_edited: false,
        })
    }

    /// The text of the collection, if it is another than it was.
    pub fn text(&self) -> Option<String> {
        let text = serde_json::to_string_pretty(&self.collection).ok()?;
        self.is_edited.then_some(text + "\n")
    }

    /// What knows the project's own values.
    pub fn inventor(&self) -> Inventor {
        let mut inventor = Inventor::default();
        for pointer in self.items.values() {
            let Some(item) = self.collection.pointer(pointer) else {
                continue;
            };
            let request = &item["request"];
            for key in ["query", "variable"] {
                for pair in request["url"][key].as_array().into_iter().flatten() {
                    inventor.learn(&pair["value"], pair["key"].as_str().unwrap_or_default());
                }
            }
            let responses = item["response"].as_array().into_iter().flatten();
            let responses = responses.map(|response| &response["body"]);
            for text in responses.chain([&request["body"]["raw"]]) {
                let json = serde_json::from_str(text.as_str().unwrap_or_default());
                inventor.learn(&json.unwrap_or_default(), "");
            }
        }
        inventor
    }

    fn item(&mut self, call: &str) -> Result<&mut Value, String> {
        self.is_edited = true;
        let pointer = self.items.get(call);
        let item = pointer.and_then(|pointer| self.collection.pointer_mut(pointer));
        item.ok_or_else(|| "the collection has no request of it".into())
    }

    /// Adds an operation to the folder of its kin.
    ///
    /// # Errors
    /// Why it cannot be named.
    pub fn add_operation(&mut self, theirs: Theirs<'_>, names: Option<&str>) -> Result<(), String> {
        let own_base = self.base();
        let made = item::make(theirs, names, &own_base, &self.host())?;
        let folder = self.folder(&made.resource);
        let items = self.collection.pointer_mut(&format!("{folder}/item"));
        let Some(items) = items.and_then(Value::as_array_mut) else {
            return Err("the collection has no folder for it".into());
        };
        items.push(made.item);
        let pointer = format!("{folder}/item/{}", items.len() - 1);
        self.items.insert(theirs.call.to_owned(), pointer);
        self.is_edited = true;
        let operation = theirs.operation;
        for path in operation
            .places
            .keys()
            .filter(|path| path.part == Part::Response)
        {
            self.add_field(theirs, path)?;
        }
        let evidence = theirs
            .shown
            .responses
            .iter()
            .any(|(status, _)| is_success(*status));
        let evidence = if evidence { "captured" } else { "none" };
        self.actions
            .add(&made.target, &json!({ "x-evidence": evidence }));
        Ok(())
    }

    fn base(&self) -> String {
        base(&resolved(&self.collection, &self.host())).to_owned()
    }

    /// The host as the project's requests write it.
    fn host(&self) -> String {
        let items = self.items.values();
        let mut items = items.filter_map(|pointer| self.collection.pointer(pointer));
        let host = items.find_map(|item| item["request"]["url"]["host"][0].as_str());
        host.unwrap_or("{{url}}").to_owned()
    }

    /// The folder of most requests about a resource; a new one if there are none.
    fn folder(&mut self, resource: &str) -> String {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for (call, pointer) in &self.items {
            let path = call.split_once(' ').map_or("", |(_, path)| path);
            let folder = pointer
                .rsplit_once("/item/")
                .map_or("", |(folder, _)| folder);
            if item::resource(path) == resource && !folder.is_empty() {
                *counts.entry(folder.to_owned()).or_default() += 1;
            }
        }
        let most = counts
            .into_iter()
            .max_by_key(|(folder, count)| (*count, std::cmp::Reverse(folder.clone())));
        if let Some((folder, _)) = most {
            return folder;
        }
        let Some(folders) = self.collection["item"].as_array_mut() else {
            return String::new();
        };
        let is_same = |folder: &Value| folder["name"] == resource && folder["item"].is_array();
        let index = folders.iter().position(is_same).unwrap_or_else(|| {
            folders
                .push(json!({ "name": resource, "description": table::NOT_DESCRIBED, "item": [] }));
            folders.len() - 1
        });
        format!("/item/{index}")
    }

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
    fn add_field(&mut self, theirs: Theirs<'_>, path: &Path) -> Result<(), String> {
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

/// A value for a place, of the shape that their samples show, or else their documentation.
pub fn invented(theirs: Theirs<'_>, path: &Path) -> Value {
    let all = BTreeSet::new();
    invented_of(theirs, path, &all)
}

/// The same, of some kinds.
fn invented_of(theirs: Theirs<'_>, path: &Path, kinds: &BTreeSet<Kind>) -> Value {
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

/// Gives values in the samples of responses another kind: all of those kinds or, where another kind is added to
/// them, the last one; if it is the only one, that of a copy.
fn set_in_responses(
    item: &mut Value,
    path: &Path,
    olds: &[BTreeSet<Kind>],
    new: &Value,
    all: bool,
) -> bool {
    let responses = item.get_mut("response").and_then(Value::as_array_mut);
    let Some(responses) = responses else {
        return false;
    };
    let mut samples: Vec<(usize, Value)> = Vec::new();
    for (index, response) in responses.iter().enumerate() {
        let json = serde_json::from_str(response["body"].as_str().unwrap_or_default());
        if let (true, Ok(json)) = (is_success(code(response)), json) {
            samples.push((index, json));
        }
    }
    let mut instances = 0;
    for (_, sample) in &samples {
        each_at(sample, &path.steps, &mut |_| instances += 1);
    }
    for old in olds {
        let mut done = false;
        for (index, sample) in samples.iter_mut().rev() {
            if replace(sample, &path.steps, old, new, all) == 0 {
                continue;
            }
            done = true;
            let body = pretty(sample);
            if all || instances > 1 {
                responses[*index]["body"] = body.into();
            } else {
                responses.push(copy(&responses[*index], path, body));
            }
            if !all {
                return true;
            }
        }
        if done {
            return true;
        }
    }
    false
}

/// A saved response with another body.
fn copy(response: &Value, path: &Path, body: String) -> Value {
    let mut copy = response.clone();
    let name = copy["name"].as_str().unwrap_or("response");
    copy["name"] = format!("{name}, with {}", path.key()).into();
    copy["body"] = body.into();
    copy
}

/// Changes the JSON bodies of a request and of those kept with its saved responses.
fn each_body(item: &mut Value, change: &mut impl FnMut(&mut Value) -> bool) {
    let change = &mut |text: &mut Value| {
        let json = serde_json::from_str(text.as_str().unwrap_or_default());
        if let Ok(mut json) = json
            && change(&mut json)
        {
            *text = pretty(&json).into();
        }
    };
    if let Some(raw) = item.pointer_mut("/request/body/raw") {
        change(raw);
    }
    let responses = item.get_mut("response").and_then(Value::as_array_mut);
    for response in responses.into_iter().flatten() {
        if let Some(raw) = response.pointer_mut("/originalRequest/body/raw") {
            change(raw);
        }
    }
}

/// Notes where the requests of a collection are.
fn find_items(collection: &Value, node: &Value, at: &str, items: &mut BTreeMap<String, String>) {
    for (index, item) in node["item"].as_array().into_iter().flatten().enumerate() {
        let at = format!("{at}/item/{index}");
        if item["item"].is_array() {
            find_items(collection, item, &at, items);
            continue;
        }
        let url = item["request"]["url"].to_string();
        let Ok(url) = serde_json::from_str::<UrlParts<'_>>(&url) else {
            continue;
        };
        let host = resolved(collection, &url.host);
        let path = format!("{}{}", base(&host), Template::of(&url).text);
        let method = item["request"]["method"].as_str().unwrap_or("GET");
        let call = format!("{} {}", method.to_uppercase(), pattern(&path));
        items.entry(call).or_insert(at);
    }
}

/// A host with the values of the collection's variables.
fn resolved(collection: &Value, host: &str) -> String {
    let mut host = host.to_owned();
    for variable in collection["variable"].as_array().into_iter().flatten() {
        if let (Some(key), Some(value)) = (variable["key"].as_str(), variable["value"].as_str()) {
            host = host.replace(&format!("{{{{{key}}}}}"), value);
        }
    }
    host
}

fn code(response: &Value) -> u16 {
    let code = response["code"]
        .as_u64()
        .and_then(|code| u16::try_from(code).ok());
    code.unwrap_or(200)
}

/// JSON as samples are written.
pub fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default()
}
