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

/// What of the names is lost in a new document.
pub fn lost(old: &Value, new: &Value) -> Option<String> {
    let after = records(new);
    for (id, record) in records(old) {
        if after.get(id) != Some(&record) {
            return Some(format!(
                "`{id}` would no longer respond with `{record}`: name its type in spec/convert.toml"
            ));
        }
    }
    let schemas = |document: &Value| -> BTreeSet<String> {
        let schemas = document["components"]["schemas"].as_object();
        schemas
            .into_iter()
            .flatten()
            .map(|(name, _)| name.clone())
            .collect()
    };
    let gone: Vec<String> = schemas(old).difference(&schemas(new)).cloned().collect();
    (!gone.is_empty()).then(|| {
        format!(
            "the types `{}` would be renamed: name them in spec/convert.toml",
            gone.join("`, `")
        )
    })
}

/// Settings by which all operations that respond with the records of some calls keep the names of these records.
pub fn pinned(
    settings: &str,
    document: &Value,
    known: &Known<'_>,
    calls: &BTreeSet<&str>,
) -> Option<String> {
    let records = records(document);
    let id = |call: &str| known.call(call)?.operation["operationId"].as_str();
    let changed: BTreeSet<&str> = calls
        .iter()
        .filter_map(|call| records.get(id(call)?).copied())
        .collect();
    let parsed: toml::Table = settings.parse().ok()?;
    let has = |id: &str| {
        parsed
            .get("answers")
            .is_some_and(|answers| answers.get(id).is_some())
    };
    let new = records
        .iter()
        .filter(|(id, record)| changed.contains(*record) && !has(id));
    let lines: Vec<String> = new
        .map(|(id, record)| format!("{id} = \"{record}\""))
        .collect();
    if lines.is_empty() {
        return None;
    }
    let text = inserted(settings, &lines);
    text.parse::<toml::Table>().ok()?;
    Some(text)
}

/// The settings with lines at the end of the table of answers.
fn inserted(settings: &str, lines: &[String]) -> String {
    const TABLE: &str = "[answers]";
    let mut out: Vec<&str> = settings.lines().collect();
    let start = out.iter().position(|line| line.trim() == TABLE);
    let start = start.unwrap_or_else(|| {
        out.extend(["", TABLE]);
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
            assert_eq!(inserted(settings, &lines), expected);
        }
    }
}
