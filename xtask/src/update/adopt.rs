//! The report of the first time: what the vendor documents and the project lacks, and the reverse.

use super::decide_places::refused;
use super::known::Known;
use super::lock::{Lock, words};
use super::place::{Part, Path, Step};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// Markdown, by operation.
pub fn report(theirs: &Lock, ours: &Lock, known: &Known<'_>) -> String {
    let mut text = format!(
        "# The documentation was adopted\n\n{} operations; the lock says what they document. Nothing else was changed.\n",
        theirs.operations.len()
    );
    let mut lacking: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let mut differing: Vec<String> = Vec::new();
    let mut lacking_calls = Vec::new();
    for (call, operation) in &theirs.operations {
        if known.call(call).is_none() {
            lacking_calls.push(format!("`{call}`"));
            continue;
        }
        for (path, place) in &operation.places {
            if path.part == Part::Failure || path.steps.is_empty() {
                continue;
            }
            let found = known.find(call, path);
            if !found.is_there() {
                lacking.entry(call).or_default().push(format!(
                    "{} `{}`",
                    path.part.name(),
                    path.field()
                ));
            } else if refused(&found, &place.kinds).is_some() {
                let (is, was) = (words(&place.kinds), words(&found.kinds()));
                differing.push(format!(
                    "`{call}`, {} `{}`: {is}, ours {was}",
                    path.part.name(),
                    path.field()
                ));
            }
        }
    }
    section(
        &mut text,
        "Operations that the project lacks",
        lacking_calls,
    );
    section(
        &mut text,
        "Parameters and fields that the project lacks",
        by_call(lacking),
    );
    section(&mut text, "Other types than the project's", differing);

    let mut more: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let mut more_calls = Vec::new();
    let mut documented: BTreeSet<String> = BTreeSet::new();
    for (call, operation) in &theirs.operations {
        for path in operation.places.keys() {
            documented.extend(known.find(call, path).targets());
        }
    }
    for (call, operation) in &ours.operations {
        let Some(other) = theirs.operations.get(call) else {
            more_calls.push(format!("`{call}`"));
            continue;
        };
        let is_named = |path: &&Path| matches!(path.steps.last(), Some(Step::Field(_)));
        for path in operation.places.keys().filter(is_named) {
            let found = known.find(call, path);
            let is_documented = other.places.contains_key(path)
                || found.targets().any(|target| documented.contains(&target));
            if path.part != Part::Failure && !is_documented {
                more.entry(call).or_default().push(format!(
                    "{} `{}`",
                    path.part.name(),
                    path.field()
                ));
            }
        }
    }
    section(
        &mut text,
        "Operations that the vendor does not document",
        more_calls,
    );
    section(
        &mut text,
        "Parameters and fields that the vendor does not document",
        by_call(more),
    );
    text
}

fn by_call(places: BTreeMap<&str, Vec<String>>) -> Vec<String> {
    let lines = places.into_iter();
    lines
        .map(|(call, places)| format!("`{call}`: {}", places.join(", ")))
        .collect()
}

fn section(text: &mut String, title: &str, lines: Vec<String>) {
    let _ = writeln!(text, "\n## {title}\n");
    if lines.is_empty() {
        text.push_str("None.\n");
    }
    for line in lines {
        let _ = writeln!(text, "- {line}");
    }
}
