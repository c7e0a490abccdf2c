//! The table under `### Body` in the description of a request: rows are added and their types changed; words
//! are not.

use super::lock::{Kind, Place};
use super::place::{Path, Step};
use std::collections::BTreeSet;

const HEADING: &str = "### Body";
const HEAD: &str = "| Field | Type | Required | Description |\n|---|---|---|---|";

/// What stands in place of a description until a person has written one.
pub const NOT_DESCRIBED: &str = "Not described yet.";

/// Adds the row of a field, unless there is one.
pub fn add_row(description: &mut String, path: &Path, kinds: &str, place: &Place) {
    let field = path.field();
    if row(description, &field).is_some() {
        return;
    }
    let required = if place.required { "yes" } else { "no" };
    let new = format!("| `{field}` | {kinds} | {required} | {NOT_DESCRIBED} |");
    let rows = description.find(HEADING).map(|start| {
        let lines = description[start..].split_inclusive('\n');
        let mut end = start;
        let mut last = None;
        for line in lines {
            end += line.len();
            if line.trim_start().starts_with('|') {
                last = Some(end);
            } else if last.is_some() {
                break;
            }
        }
        last.unwrap_or(end)
    });
    match rows {
        Some(end) => {
            let (before, after) = description.split_at(end);
            let before = before.trim_end_matches('\n');
            let end = if after.is_empty() { "" } else { "\n" };
            *description = format!("{before}\n{new}{end}{after}");
        }
        None => {
            let gap = if description.is_empty() { "" } else { "\n\n" };
            description.push_str(&format!("{gap}{HEADING}\n\n{HEAD}\n{new}"));
        }
    }
}

/// Changes the type of a field. Returns whether it has a row.
pub fn set_kinds(description: &mut String, path: &Path, kinds: &str) -> bool {
    let Some((start, end)) = row(description, &path.field()) else {
        return false;
    };
    let line = &description[start..end];
    let Some((name, rest)) = line.trim_start().trim_start_matches('|').split_once('|') else {
        return false;
    };
    let rest = rest.split_once('|').map_or("", |(_, rest)| rest);
    let line = format!("|{name}| {kinds} |{rest}");
    description.replace_range(start..end, &line);
    true
}

/// Where the row of a field stands.
fn row(description: &str, field: &str) -> Option<(usize, usize)> {
    let mut start = description.find(HEADING)?;
    for line in description[start..].split_inclusive('\n') {
        let end = start + line.trim_end_matches('\n').len();
        let cell = line
            .trim_start()
            .strip_prefix('|')
            .and_then(|line| line.split('|').next());
        if cell.is_some_and(|cell| cell.trim().trim_matches('`') == field) {
            return Some((start, end));
        }
        start += line.len();
    }
    None
}

/// Kinds as tables write them: `string or integer`, `array of strings`.
pub fn kinds(place: &Place, entries: Option<&Place>) -> String {
    let of = |kinds: &BTreeSet<Kind>| -> Vec<String> {
        kinds.iter().map(|kind| kind.name().to_owned()).collect()
    };
    let mut names = of(&place.kinds);
    let entry = entries
        .map(|entries| of(&entries.kinds))
        .unwrap_or_default();
    for name in &mut names {
        if let (Kind::Array, [entry]) = (
            super::lock::kind_named(name).unwrap_or(Kind::Any),
            &entry[..],
        ) {
            *name = format!("array of {entry}");
        }
    }
    // What is null only, or never shown, is JSON of which nothing is known.
    match names.iter().all(|name| name == "null") {
        true => "json".into(),
        false => names.join(" or "),
    }
}

/// Whether a place has a row of its own: what is in a list is said by the list.
pub fn has_row(path: &Path) -> bool {
    matches!(path.steps.last(), Some(Step::Field(_))) && !path.steps.contains(&Step::Value)
}

#[cfg(test)]
mod tests {
    use super::{add_row, set_kinds};
    use crate::update::lock::Place;

    #[test]
    fn rows_are_added_and_changed_and_words_stay() {
        let mut text = "Sends it.".to_owned();
        let field = |text: &str| format!("body {text}").parse().unwrap();
        add_row(&mut text, &field("id"), "integer", &Place::default());
        add_row(
            &mut text,
            &field("to.name"),
            "string",
            &Place {
                required: true,
                ..Place::default()
            },
        );
        add_row(&mut text, &field("id"), "string", &Place::default());
        let table = "Sends it.\n\n### Body\n\n| Field | Type | Required | Description |\n|---|---|---|---|\n\
             | `id` | integer | no | Not described yet. |\n| `to.name` | string | yes | Not described yet. |";
        assert_eq!(text, table);
        let mut text = format!(
            "{}\n\nMore.",
            table.replace("Not described yet.", "By hand, | and so on.")
        );
        assert!(set_kinds(&mut text, &field("id"), "string"));
        assert!(!set_kinds(&mut text, &field("other"), "string"));
        add_row(
            &mut text,
            &field("tags"),
            "array of string",
            &Place::default(),
        );
        assert!(
            text.contains("| `id` | string | no | By hand, | and so on. |"),
            "{text}"
        );
        assert!(
            text.ends_with("| `tags` | array of string | no | Not described yet. |\n\nMore."),
            "{text}"
        );
    }
}
