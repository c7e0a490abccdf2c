//! `spec/convert.toml`: names, where the derived one is poor, and objects that are maps.

use crate::Error;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The settings of a conversion. Every entry must be used: one that matches nothing is an error.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    pub info: Info,
    /// `METHOD /path` → operation id.
    pub operations: BTreeMap<String, String>,
    /// Operation id → the component that its answer holds.
    pub answers: BTreeMap<String, String>,
    /// `Component.property` → the component that the property holds.
    pub properties: BTreeMap<String, String>,
    /// `Component.property` whose keys are data.
    pub maps: BTreeSet<String>,
    /// Whether there are settings at all.
    #[serde(skip)]
    pub strict: bool,
    #[serde(skip)]
    used: Mutex<BTreeSet<String>>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Info {
    /// Instead of the collection's.
    pub version: Option<String>,
}

impl Config {
    /// Reads the settings.
    ///
    /// # Errors
    /// Not TOML, or an unknown key.
    pub fn read(file: &str, text: &str) -> Result<Self, Error> {
        let read = toml::from_str::<Self>(text);
        let read = read.map(|settings| Self {
            strict: true,
            ..settings
        });
        read.map_err(|error| Error::new(file, "", error.to_string()))
    }

    pub(crate) fn operation(&self, method: &str, path: &str) -> Option<&str> {
        if self.operations.is_empty() {
            return None;
        }
        let key = format!("{} {path}", method.to_uppercase());
        self.lookup("operations", &self.operations, &key)
    }

    pub(crate) fn answer(&self, operation_id: &str) -> Option<&str> {
        self.lookup("answers", &self.answers, operation_id)
    }

    pub(crate) fn property(&self, component: &str, property: &str) -> Option<&str> {
        if self.properties.is_empty() {
            return None;
        }
        let key = format!("{component}.{property}");
        self.lookup("properties", &self.properties, &key)
    }

    pub(crate) fn is_map(&self, component: &str, property: &str) -> bool {
        if self.maps.is_empty() {
            return false;
        }
        let key = format!("{component}.{property}");
        let found = self.maps.contains(&key);
        if found {
            self.used().insert(format!("maps: {key}"));
        }
        found
    }

    fn lookup<'a>(
        &self,
        table: &str,
        entries: &'a BTreeMap<String, String>,
        key: &str,
    ) -> Option<&'a str> {
        let found = entries.get(key)?;
        self.used().insert(format!("{table}: {key}"));
        Some(found)
    }

    fn used(&self) -> MutexGuard<'_, BTreeSet<String>> {
        self.used.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The entries that no conversion asked for.
    pub(crate) fn unused(&self) -> Vec<String> {
        let keys = |table: &'static str, keys: Vec<&String>| {
            keys.into_iter()
                .map(move |key| format!("{table}: {key}"))
                .collect::<Vec<_>>()
        };
        let all = [
            keys("operations", self.operations.keys().collect()),
            keys("answers", self.answers.keys().collect()),
            keys("properties", self.properties.keys().collect()),
            keys("maps", self.maps.iter().collect()),
        ];
        let used = self.used();
        all.into_iter()
            .flatten()
            .filter(|entry| !used.contains(entry))
            .collect()
    }
}
