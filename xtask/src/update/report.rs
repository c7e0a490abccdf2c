//! The report of an update, as Markdown for the person who reads the pull request or the issue.

use super::Verdict;
use super::changes::{Change, What};
use super::decide::Outcome;
use crate::diff::{self, Class};
use std::fmt::Write;

/// Says what an update means, what was brought in, and what is left to do.
pub fn report(
    verdict: Verdict,
    outcomes: &[(Change, Outcome)],
    changes: &[diff::Change],
) -> String {
    if outcomes.is_empty() {
        return "# The documentation is as it was\n\nNothing new since it was last taken in.\n"
            .into();
    }
    let mut text = format!(
        "# The documentation changed: {}\n\n{}\n",
        title(verdict),
        meaning(verdict)
    );
    let lines = |wanted: fn(&Outcome) -> Option<&str>| -> Vec<String> {
        let found = outcomes
            .iter()
            .filter_map(|(change, outcome)| Some(format!("{change}: {}", wanted(outcome)?)));
        found.collect()
    };
    let open = open(outcomes);
    if !open.is_empty() {
        text.push_str(
            "\n## To decide\n\nEdit the collection or the overlay so that they say what the documentation says; or take \
             a place for settled as it is. Until then it is listed again.\n",
        );
        list(&mut text, open);
    }
    text.push_str("\n## For users of the crate\n\n");
    let effect = diff::markdown(changes);
    text.push_str(effect.trim_end());
    text.push('\n');
    section(
        &mut text,
        "Brought in",
        lines(|outcome| match outcome {
            Outcome::Taken(line) => Some(line),
            _ => None,
        }),
    );
    section(&mut text, "To write by hand", to_write(outcomes));
    section(
        &mut text,
        "Known already",
        lines(|outcome| match outcome {
            Outcome::Known(line) => Some(line),
            _ => None,
        }),
    );
    section(
        &mut text,
        "Noted, and nothing to do",
        lines(|outcome| match outcome {
            Outcome::Noted(line) => Some(line),
            _ => None,
        }),
    );
    section(&mut text, "Other words", words(outcomes));
    let entries = changelog(changes);
    if !entries.is_empty() {
        let _ = write!(text, "\n## Lines for CHANGELOG.md\n{entries}");
    }
    text
}

/// What a person must decide; what is within another such place for the same reason goes without saying.
fn open(outcomes: &[(Change, Outcome)]) -> Vec<String> {
    let open = || {
        outcomes
            .iter()
            .filter_map(|(change, outcome)| match outcome {
                Outcome::Open(reason) => Some((change, reason)),
                _ => None,
            })
    };
    let is_said = |(change, reason): &(&Change, &String)| {
        open().any(|(other, why)| {
            other != *change
                && why == *reason
                && change.is_at(&other.name())
                && !other.is_at(&change.name())
        })
    };
    let lines = open().filter(|one| !is_said(one));
    lines
        .map(|(change, reason)| {
            format!(
                "{change}: {reason}. Settled by `--settle '{}'`",
                change.name()
            )
        })
        .collect()
}

/// Says why nothing was taken in.
pub fn refused(reason: &str) -> String {
    format!(
        "# The documentation changed: needs a decision\n\nNothing was taken in.\n\n## To decide\n\n- {reason}\n"
    )
}

fn title(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Unchanged => "nothing",
        Verdict::Adopted => "adopted",
        Verdict::Docs => "docs",
        Verdict::Additive => "additive",
        Verdict::Breaking => "breaking",
        Verdict::Undecided => "needs a decision",
    }
}

fn meaning(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Unchanged | Verdict::Adopted => "",
        Verdict::Docs => {
            "Nothing changes in Rust: read what they say now, and say it in own words where it matters."
        }
        Verdict::Additive => {
            "Programs that use the crate still compile, and there is more for them: a minor version."
        }
        Verdict::Breaking => {
            "Programs that use the crate may not compile: a major version, or a minor one before 1.0."
        }
        Verdict::Undecided => {
            "Something cannot be decided without a person. The rest was brought in."
        }
    }
}

/// What has no words of the project's own yet.
fn to_write(outcomes: &[(Change, Outcome)]) -> Vec<String> {
    let new = outcomes.iter().filter_map(|(change, outcome)| {
        let is_new = matches!(outcome, Outcome::Taken(_)) && change.what == What::Added;
        let part = change.path.as_ref().map(|path| path.part);
        let is_described = part != Some(super::place::Part::Response);
        (is_new && is_described).then(|| match change.path {
            Some(_) => format!("{change}: its description"),
            None => format!("{change}: descriptions, how well it is known (`x-evidence`) and, of a list, how it goes on"),
        })
    });
    new.collect()
}

/// Where the vendor's texts changed.
fn words(outcomes: &[(Change, Outcome)]) -> Vec<String> {
    let words = outcomes
        .iter()
        .filter(|(_, outcome)| *outcome == Outcome::Words);
    words.map(|(change, _)| change.to_string()).collect()
}

fn section(text: &mut String, title: &str, lines: Vec<String>) {
    if !lines.is_empty() {
        let _ = writeln!(text, "\n## {title}");
        list(text, lines);
    }
}

fn list(text: &mut String, lines: Vec<String>) {
    text.push('\n');
    for line in lines {
        let _ = writeln!(text, "- {line}");
    }
}

/// What changed for users, in the form of the changelog.
fn changelog(changes: &[diff::Change]) -> String {
    let kind = |change: &diff::Change| match change.class {
        Class::Docs => None,
        Class::Breaking => Some("Changed"),
        Class::Additive if change.what == "deprecated" || change.what.ends_with(" deprecated") => {
            Some("Deprecated")
        }
        Class::Additive => Some("Added"),
    };
    let mut text = String::new();
    for title in ["Added", "Changed", "Deprecated"] {
        let mut lines = changes
            .iter()
            .filter(|change| kind(change) == Some(title))
            .peekable();
        if lines.peek().is_none() {
            continue;
        }
        let _ = writeln!(text, "\n### {title}\n");
        for diff::Change { class, place, what } in lines {
            let breaking = if *class == Class::Breaking {
                "**Breaking.** "
            } else {
                ""
            };
            let _ = writeln!(text, "- {breaking}`{place}`: {what}.");
        }
    }
    text
}
