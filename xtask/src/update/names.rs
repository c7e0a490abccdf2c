//! Names of types stay what they are: an operation whose sample got another shape than its kin keeps its type by an
//! entry in `spec/convert.toml`.

use super::known::Known;
use crate::lower::operations;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// The record that an operation responds with, by operation id.
pub fn records(document: &Value) -> BTreeMap<&str, &str> {
    let found = operations(document).filter_map(|(_, _, operation)| {
        let id = operation["operationId"].as_str()?;
        Some((id, record(document, operation)?))
    });
    found.collect()
}

fn record<'d>(document: &'d Value, operation: &'d Value) -> Option<&'d str> {
    let mut responses = operation["responses"].as_object()?.iter();
    let (_, success) = responses.find(|(status, _)| status.starts_with('2'))?;
    let envelope = name(&success["content"]["application/json"]["schema"])?;
    let data = &document["components"]["schemas"][envelope]["properties"]["data"];
    name(data).or_else(|| name(&data["items"]))
}

fn name(schema: &Value) -> Option<&str> {
    let reference = schema["$ref"]
        .as_str()
        .or_else(|| schema["allOf"][0]["$ref"].as_str())?;
    reference.strip_prefix("#/components/schemas/")
}

/// Why the result of a conversion is of no use.
#[derive(Debug, Clone, Default)]
pub struct Refusal {
    pub reason: String,
    /// The types that would be called otherwise.
    pub types: BTreeSet<String>,
}

impl From<String> for Refusal {
    fn from(reason: String) -> Self {
        Self {
            reason,
            ..Self::default()
        }
    }
}

/// What of the names is lost in a new document.
///
/// # Errors
/// The types, and what is to be done.
pub fn kept(old: &Value, new: &Value) -> Result<(), Refusal> {
    let after = records(new);
    for (id, record) in records(old) {
        if after.get(id) != Some(&record) {
            let reason = format!(
                "`{id}` would no longer respond with `{record}`: name its type in spec/convert.toml"
            );
            return Err(reason.into());
        }
    }
    let types = |document: &Value| -> BTreeSet<String> {
        schemas(document).map(|(name, _)| name.clone()).collect()
    };
    let gone: BTreeSet<String> = types(old).difference(&types(new)).cloned().collect();
    if gone.is_empty() {
        return Ok(());
    }
    let names: Vec<&str> = gone.iter().map(String::as_str).collect();
    Err(Refusal {
        reason: format!(
            "the types `{}` would be renamed: name them in spec/convert.toml",
            names.join("`, `")
        ),
        types: gone,
    })
}

fn schemas(document: &Value) -> impl Iterator<Item = (&String, &Value)> {
    let schemas = document["components"]["schemas"].as_object();
    schemas.into_iter().flatten()
}

/// Settings by which types keep their names: those of the records that some calls respond with, for all operations
/// that respond with them, and some others wherever they are held.
pub fn pinned(
    settings: &str,
    document: &Value,
    known: &Known<'_>,
    calls: &BTreeSet<&str>,
    types: &BTreeSet<String>,
) -> Option<String> {
    let records = records(document);
    let id = |call: &str| known.call(call)?.operation["operationId"].as_str();
    let changed: BTreeSet<&str> = calls
        .iter()
        .filter_map(|call| records.get(id(call)?).copied())
        .collect();
    let parsed: toml::Table = settings.parse().ok()?;
    let has = |table: &str, key: &str| {
        parsed
            .get(table)
            .is_some_and(|table| table.get(key).is_some())
    };
    let answers = records
        .iter()
        .filter(|(id, record)| changed.contains(*record) && !has("answers", id));
    let answers: Vec<String> = answers
        .map(|(id, record)| format!("{id} = \"{record}\""))
        .collect();
    let mut properties = Vec::new();
    for (component, schema) in schemas(document) {
        for (property, held) in schema["properties"].as_object().into_iter().flatten() {
            let held = name(held).or_else(|| name(&held["items"]));
            let key = format!("{component}.{property}");
            if let Some(held) =
                held.filter(|held| types.contains(*held) && !has("properties", &key))
            {
                properties.push(format!("\"{key}\" = \"{held}\""));
            }
        }
    }
    if answers.is_empty() && properties.is_empty() {
        return None;
    }
    let text = inserted(settings, "[answers]", &answers);
    let text = inserted(&text, "[properties]", &properties);
    text.parse::<toml::Table>().ok()?;
    Some(text)
}

/// The settings with lines at the end of a table.
fn inserted(settings: &str, table: &str, lines: &[String]) -> String {
    if lines.is_empty() {
        return settings.to_owned();
    }
    let mut out: Vec<&str> = settings.lines().collect();
    let start = out.iter().position(|line| line.trim() == table);
    let start = start.unwrap_or_else(|| {
        out.extend(["", table]);
        out.len() - 1
    });
    let is_entry = |line: &&str| line.contains('=') && !line.starts_with(['#', '[']);
    let count = out[start + 1..]
        .iter()
        .take_while(|line| is_entry(line))
        .count();
    let end = start + 1 + count;
    let lines = lines.iter().map(String::as_str);
    out.splice(end..end, lines);
    out.join("\n") + "\n"
}

#[cfg(test)]
mod tests {
    use super::inserted;

    #[test]
    fn lines_go_to_the_end_of_the_table() {
        let lines = ["b = \"B\"".to_owned()];
        let cases = [
            (
                "maps = []\n\n[answers]\na = \"A\"\n\n# More.\n[properties]\n",
                "maps = []\n\n[answers]\na = \"A\"\nb = \"B\"\n\n# More.\n[properties]\n",
            ),
            ("maps = []\n", "maps = []\n\n[answers]\nb = \"B\"\n"),
        ];
        for (settings, expected) in cases {
            assert_eq!(inserted(settings, "[answers]", &lines), expected);
        }
    }
}
