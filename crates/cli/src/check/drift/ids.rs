//! The ids of records that responses hold, as arguments for further calls.

use chat2desk::Operation;
use serde_json::Value;
use std::collections::HashMap;

/// An id of each kind of record, by its name in the singular, such as `client`.
#[derive(Default)]
pub struct Ids(HashMap<String, Value>);

impl Ids {
    /// Learns from a response: the ids of a list's records, and all values whose names end with `_id`.
    pub fn learn(&mut self, operation: &Operation, response: &Value) {
        let list = match response {
            Value::Object(envelope) => envelope.values().find_map(Value::as_array),
            response => response.as_array(),
        };
        let records = list.into_iter().flatten();
        for id in records.filter_map(|record| record.get("id")) {
            let name = singular(operation.path.rsplit('/').next().unwrap_or_default());
            self.add(name, id);
        }
        self.walk(response);
    }

    fn walk(&mut self, value: &Value) {
        match value {
            Value::Object(members) => {
                for (key, value) in members {
                    if let Some(name) = key.strip_suffix("_id") {
                        self.add(name, value);
                    }
                    self.walk(value);
                }
            }
            Value::Array(elements) => elements.iter().for_each(|element| self.walk(element)),
            _ => {}
        }
    }

    /// The first one stays: lists are read before single records.
    fn add(&mut self, name: &str, id: &Value) {
        if id.is_number() || id.is_string() {
            self.0.entry(name.to_owned()).or_insert_with(|| id.clone());
        }
    }

    /// Returns an id for an argument, such as `id` in `/v1/clients/{id}`, or `group_id`.
    pub fn of(&self, operation: &Operation, argument: &str) -> Option<Value> {
        let place = format!("/{{{argument}}}");
        let of_path = operation
            .path
            .split_once(&place)
            .map(|(before, _)| singular(before.rsplit('/').next().unwrap_or_default()));
        let name = argument.strip_suffix("_id").or(of_path)?;
        self.0.get(name).cloned()
    }
}

fn singular(name: &str) -> &str {
    name.strip_suffix('s').unwrap_or(name)
}
