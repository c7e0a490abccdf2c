//! The project's collection and overlay while changes are brought in: things are added; of what stands there, only
//! values and types change, and no words.

use super::actions::Actions;
use super::calls::{base, pattern};
use super::invent::Inventor;
use super::item;
use super::place::Part;
use super::table;
use super::theirs::Theirs;
use crate::openapi::answers::is_success;
use crate::postman::template::Template;
use crate::postman::url::UrlParts;
use serde_json::{Value, json};
use std::collections::BTreeMap;

#[derive(Debug, Clone)]
pub struct Project {
    pub collection: Value,
    pub actions: Actions,
    /// Where the item of each call is, as JSON pointer.
    items: BTreeMap<String, String>,
    is_edited: bool,
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

    pub fn item(&mut self, call: &str) -> Result<&mut Value, String> {
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
