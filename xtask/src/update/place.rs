//! Where something stands in an operation: `query limit`, `body buttons[].text`, `response data.*.id`.

use crate::infer::format::is_opaque;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::str::FromStr;

/// A part of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// Parameters of the path have their position for a name.
    Path,
    Query,
    Header,
    Body,
    Response,
    /// Responses of failures.
    Failure,
}

const PARTS: [(Part, &str); 6] = [
    (Part::Path, "path"),
    (Part::Query, "query"),
    (Part::Header, "header"),
    (Part::Body, "body"),
    (Part::Response, "response"),
    (Part::Failure, "failure"),
];

impl Part {
    pub fn name(self) -> &'static str {
        let known = PARTS.iter().find(|(part, _)| *part == self);
        known.map_or("", |(_, name)| name)
    }

    /// Whether what stands there is a parameter, with a name instead of a path.
    pub fn is_parameter(self) -> bool {
        matches!(self, Self::Path | Self::Query | Self::Header)
    }
}

/// A step from a value into it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    Field(String),
    /// The entries of a list.
    Entry,
    /// The values of an object whose keys are data.
    Value,
}

/// Where something stands; without steps, the whole of a part.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Path {
    pub part: Part,
    pub steps: Vec<Step>,
}

impl Path {
    pub fn whole(part: Part) -> Self {
        Self {
            part,
            steps: Vec::new(),
        }
    }

    pub fn parameter(part: Part, name: &str) -> Self {
        Self::whole(part).to(Step::Field(name.to_owned()))
    }

    /// The place one step further.
    #[must_use]
    pub fn to(&self, step: Step) -> Self {
        let mut further = self.clone();
        further.steps.push(step);
        further
    }

    /// What it is within.
    pub fn parent(&self) -> Option<(Self, &Step)> {
        let (last, steps) = self.steps.split_last()?;
        let parent = Self {
            part: self.part,
            steps: steps.to_vec(),
        };
        Some((parent, last))
    }

    /// Whether it is within another place.
    pub fn is_within(&self, other: &Self) -> bool {
        self.part == other.part
            && self.steps.len() > other.steps.len()
            && self.steps.starts_with(&other.steps)
    }

    /// The name of the last field on the way.
    pub fn key(&self) -> &str {
        let mut steps = self.steps.iter().rev();
        let name = steps.find_map(|step| match step {
            Step::Field(name) => Some(&**name),
            _ => None,
        });
        name.unwrap_or_default()
    }

    /// The path within the part, as tables of the collection write it.
    pub fn field(&self) -> String {
        let mut text = String::new();
        for step in &self.steps {
            match step {
                Step::Entry => text.push_str("[]"),
                Step::Field(name) => {
                    text.push_str(if text.is_empty() { "" } else { "." });
                    text.push_str(&name.replace('.', "\\."));
                }
                Step::Value => text.push_str(if text.is_empty() { "*" } else { ".*" }),
            }
        }
        text
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.steps.is_empty() {
            true => f.write_str(self.part.name()),
            false => write!(f, "{} {}", self.part.name(), self.field()),
        }
    }
}

impl FromStr for Path {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (part, field) = text.split_once(' ').unwrap_or((text, ""));
        let known = PARTS.iter().find(|(_, name)| *name == part);
        let (part, _) = known.ok_or_else(|| format!("`{text}` is no place in an operation"))?;
        let mut path = Self::whole(*part);
        if part.is_parameter() && !field.is_empty() {
            let name = unescaped(field);
            return Ok(path.to(Step::Field(name)));
        }
        let mut rest = field;
        while !rest.is_empty() {
            if let Some(after) = rest.strip_prefix("[]") {
                path.steps.push(Step::Entry);
                rest = after;
                continue;
            }
            rest = rest.strip_prefix('.').unwrap_or(rest);
            let end = end_of_name(rest);
            let name = unescaped(&rest[..end]);
            path.steps.push(match &*name {
                "*" => Step::Value,
                _ => Step::Field(name),
            });
            rest = &rest[end..];
        }
        Ok(path)
    }
}

fn end_of_name(text: &str) -> usize {
    let dot = text
        .match_indices('.')
        .find(|(index, _)| !text[..*index].ends_with('\\'));
    let dot = dot.map_or(text.len(), |(index, _)| index);
    text[..dot].find("[]").unwrap_or(dot)
}

fn unescaped(text: &str) -> String {
    text.replace("\\.", ".")
}

impl Serialize for Path {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Path {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// Whether a key or name says what something is, rather than being data: somebody's number, name or address.
pub fn is_name(text: &str) -> bool {
    const LONGEST: usize = 64;
    let starts = |c: char| c.is_ascii_alphanumeric() || "_$@".contains(c);
    let goes_on = |c: char| c.is_ascii_alphanumeric() || "_$-:.[]".contains(c);
    let mut letters = text.chars();
    text.len() <= LONGEST
        && text.chars().any(|c| c.is_ascii_alphabetic())
        && letters.next().is_some_and(starts)
        && letters.all(goes_on)
        && !is_opaque(text)
}

/// Whether a key of JSON is the name of a field.
pub fn is_field(key: &str) -> bool {
    is_name(key) && !key.contains(['[', ']'])
}

/// The step to what is under a key.
pub fn step(key: &str) -> Step {
    match is_field(key) {
        true => Step::Field(key.to_owned()),
        false => Step::Value,
    }
}

/// Whether a text is a word of a program, such as the values of enums are: `from_client`.
pub fn is_code(text: &str) -> bool {
    const LONGEST: usize = 32;
    let mut letters = text.chars();
    text.len() <= LONGEST
        && letters.next().is_some_and(|c| c.is_ascii_lowercase())
        && letters.all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        && !is_opaque(text)
}

#[cfg(test)]
mod tests {
    use super::{Part, Path, Step, is_code, is_name};

    #[test]
    fn places_are_written_and_read() {
        let whole = Path::whole(Part::Response);
        let data = whole.to(Step::Field("data".into()));
        for (path, text) in [
            (
                Path::parameter(Part::Query, "custom_field[id]"),
                "query custom_field[id]",
            ),
            (Path::parameter(Part::Query, "a.b"), "query a\\.b"),
            (whole.clone(), "response"),
            (
                whole.to(Step::Entry).to(Step::Field("id".into())),
                "response [].id",
            ),
            (data.to(Step::Entry).to(Step::Entry), "response data[][]"),
            (
                data.to(Step::Value).to(Step::Field("x.y".into())),
                "response data.*.x\\.y",
            ),
            (
                data.to(Step::Field("a-b".into())).to(Step::Entry),
                "response data.a-b[]",
            ),
        ] {
            assert_eq!(path.to_string(), text);
            assert_eq!(text.parse(), Ok(path));
        }
        assert!("cookie a".parse::<Path>().is_err());
    }

    #[test]
    fn names_are_told_from_data() {
        for name in [
            "id",
            "custom_field[id]",
            "X-Request-Id",
            "extra_comment_1",
            "$ref",
            "isNew",
            "24hInfo",
        ] {
            assert!(is_name(name), "{name}");
        }
        for data in [
            "",
            "15550100118",
            "client_15550100118",
            "a@example.com",
            "Anna Example",
            "2026-05-04",
            "1",
            "0.0011",
        ] {
            assert!(!is_name(data), "{data}");
        }
        assert!(is_code("from_client") && is_code("wa2") && !is_code("Anna") && !is_code("a b"));
    }
}
