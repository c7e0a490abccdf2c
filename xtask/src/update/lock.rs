//! `spec/upstream.lock`: what the vendor documented when it was last taken in, without a text or a value of theirs.

use super::place::{Path, Step};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;

/// The kinds of a place of which no value is shown.
const UNKNOWN: &str = "unknown";

/// The form of the file.
const VERSION: u32 = 1;

/// A documentation: names and kinds as they are, texts as hashes, and no values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lock {
    pub version: u32,
    /// The title and the description.
    pub text: String,
    /// The names and descriptions of folders.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub folders: BTreeSet<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auth: Option<String>,
    /// How many of its items are no requests that can be placed.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub unplaced: usize,
    /// By method and path, whose parameters are `{}`.
    pub operations: BTreeMap<String, Operation>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Operation {
    /// Titles and descriptions of its requests, and the names of its saved responses.
    pub text: String,
    /// With the names of its parameters.
    pub path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auth: Option<String>,
    /// How bodies are written: `json`, `urlencoded`.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub bodies: BTreeSet<String>,
    /// The statuses of saved responses.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub statuses: BTreeSet<u16>,
    /// The headers of saved responses.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub headers: BTreeSet<String>,
    /// By where it stands: `query limit`, `body buttons[].text`, `response data.id`.
    pub places: BTreeMap<Path, Place>,
}

/// A parameter or field.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// The kinds of its values; none if no value is shown.
    pub kinds: BTreeSet<Kind>,
    pub required: bool,
    /// The hash of its description.
    pub text: Option<String>,
    /// The values that it can have, where it is an enum.
    pub values: BTreeSet<String>,
}

/// A kind of JSON value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Null,
    Boolean,
    Integer,
    Number,
    String,
    Array,
    Object,
    /// Documented as JSON of any kind.
    Any,
}

const KINDS: [Kind; 8] = [
    Kind::Null,
    Kind::Boolean,
    Kind::Integer,
    Kind::Number,
    Kind::String,
    Kind::Array,
    Kind::Object,
    Kind::Any,
];

impl Kind {
    /// Its name in JSON Schema, and in the tables of the collection.
    pub fn name(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Boolean => "boolean",
            Self::Integer => "integer",
            Self::Number => "number",
            Self::String => "string",
            Self::Array => "array",
            Self::Object => "object",
            Self::Any => "json",
        }
    }
}

/// The kind that JSON Schema calls so.
pub fn kind_named(name: &str) -> Option<Kind> {
    Some(match name {
        "boolean" => Kind::Boolean,
        "integer" => Kind::Integer,
        "number" => Kind::Number,
        "string" => Kind::String,
        "array" => Kind::Array,
        "object" => Kind::Object,
        _ => return None,
    })
}

/// Kinds in words: `string or null`.
pub fn words(kinds: &BTreeSet<Kind>) -> String {
    let names: Vec<&str> = kinds.iter().map(|kind| kind.name()).collect();
    match names.is_empty() {
        true => UNKNOWN.into(),
        false => names.join(" or "),
    }
}

impl Default for Lock {
    fn default() -> Self {
        Self {
            version: VERSION,
            text: String::new(),
            folders: BTreeSet::new(),
            auth: None,
            unplaced: 0,
            operations: BTreeMap::new(),
        }
    }
}

impl Lock {
    /// Reads the file.
    ///
    /// # Errors
    /// What is no lock, or one of another version of this program.
    pub fn read(file: &str, text: &str) -> Result<Self, String> {
        let wrong = |reason: String| {
            format!(
                "{file}: {reason}; restore it, or make a new one by `cargo xtask update --adopt`"
            )
        };
        let lock: Self = serde_json::from_str(text).map_err(|error| wrong(error.to_string()))?;
        match lock.version {
            VERSION => Ok(lock),
            other => Err(wrong(format!("version {other} of the lock is unknown"))),
        }
    }

    /// The text of the file: the same for the same documentation.
    ///
    /// # Errors
    /// None that can happen; those of the writer.
    pub fn write(&self) -> Result<String, String> {
        let text = serde_json::to_string_pretty(self).map_err(|error| error.to_string())?;
        Ok(text + "\n")
    }
}

impl Operation {
    /// Adds what another request of the same operation shows.
    pub fn merge(&mut self, other: Self) {
        // Whichever comes first, the same is said.
        self.path = std::mem::take(&mut self.path).min(other.path);
        self.bodies.extend(other.bodies);
        self.statuses.extend(other.statuses);
        self.headers.extend(other.headers);
        self.auth = self.auth.take().max(other.auth);
        for (path, place) in other.places {
            self.places.entry(path).or_default().merge(place);
        }
    }
}

impl Operation {
    /// Whether a place is that of data which stands under keys beside fields, or is within it: keys that the
    /// project does not take over.
    pub fn is_stray(&self, path: &Path) -> bool {
        let mut steps = path.steps.iter().enumerate();
        steps.any(|(index, step)| {
            let parent = &path.steps[..index];
            let is_sibling = |other: &&Path| {
                other.part == path.part
                    && other.steps.starts_with(parent)
                    && matches!(other.steps.get(index), Some(Step::Field(_)))
            };
            *step == Step::Value && self.places.keys().any(|other| is_sibling(&other))
        })
    }
}

impl Place {
    pub fn merge(&mut self, other: Self) {
        self.kinds.extend(other.kinds);
        self.values.extend(other.values);
        self.required |= other.required;
        self.text = self.text.take().max(other.text);
    }
}

/// On one line, so that a change of a place is a change of its line: `integer or null; required; text 0f3a`.
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&words(&self.kinds))?;
        if self.required {
            f.write_str("; required")?;
        }
        if let Some(text) = &self.text {
            write!(f, "; text {text}")?;
        }
        if !self.values.is_empty() {
            let values: Vec<&str> = self.values.iter().map(String::as_str).collect();
            write!(f, "; values {}", values.join(" "))?;
        }
        Ok(())
    }
}

impl FromStr for Place {
    type Err = String;

    fn from_str(line: &str) -> Result<Self, String> {
        let wrong = || format!("`{line}` says nothing of a place");
        let mut parts = line.split("; ");
        let mut place = Self::default();
        for name in parts.next().unwrap_or_default().split(" or ") {
            let kind = KINDS.into_iter().find(|kind| kind.name() == name);
            if kind.is_none() && name != UNKNOWN {
                return Err(wrong());
            }
            place.kinds.extend(kind);
        }
        for part in parts {
            match part.split_once(' ') {
                None if part == "required" => place.required = true,
                Some(("text", hash)) => place.text = Some(hash.to_owned()),
                Some(("values", values)) => {
                    place.values = values.split(' ').map(str::to_owned).collect();
                }
                _ => return Err(wrong()),
            }
        }
        Ok(place)
    }
}

impl Serialize for Place {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Place {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let line = String::deserialize(deserializer)?;
        line.parse().map_err(serde::de::Error::custom)
    }
}

/// The hash of texts, in no order; neither spaces nor the marks of Markdown count, which depend on who renders it.
pub fn hash<'t>(texts: impl IntoIterator<Item = &'t str>) -> String {
    let words = |text: &str| {
        let text = text.replace(['*', '`', '|', '#', '\\'], " ");
        let words = text.split_whitespace();
        let is_rule = |word: &&str| word.chars().all(|c| matches!(c, '-' | ':'));
        words
            .filter(|word| !is_rule(word))
            .collect::<Vec<_>>()
            .join(" ")
    };
    let texts: BTreeSet<String> = texts.into_iter().map(words).collect();
    let mut hasher = Sha256::new();
    for text in texts.iter().filter(|text| !text.is_empty()) {
        hasher.update(text);
        hasher.update([0]);
    }
    let digest = hasher.finalize();
    digest[..8]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

fn is_zero(number: &usize) -> bool {
    *number == 0
}
