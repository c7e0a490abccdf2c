//! The account of a conversion: what a collection holds, and what became of each part of it.

use serde::Serialize;
use std::fmt;

/// The parts of a collection that are accounted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// An item that is no folder.
    Request,
    /// A parameter of a path, a pair of a query or a header, of every request: the saved responses' too.
    Parameter,
    /// A body with a mode, of every request.
    Body,
    /// A saved response.
    Example,
    /// What is said of the collection, a folder, a request or a pair.
    Description,
}

/// How much of one kind there is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    pub found: usize,
    /// What has a place of its own in the document.
    pub kept: usize,
    /// What shares the place of another.
    pub merged: usize,
    pub left_out: usize,
}

/// What was merged, and where, or left out, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Entry {
    pub kind: Kind,
    pub place: String,
    pub count: usize,
    #[serde(flatten)]
    pub outcome: Outcome,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Into what.
    Merged(String),
    /// Why.
    LeftOut(String),
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Account {
    pub requests: Tally,
    pub parameters: Tally,
    pub bodies: Tally,
    pub examples: Tally,
    pub descriptions: Tally,
    /// Everything that has no place of its own.
    pub entries: Vec<Entry>,
}

/// What is said of a part of a conversion while it is made.
#[derive(Debug, Default)]
pub struct Notes {
    pub account: Account,
    pub warnings: Vec<String>,
}

impl Notes {
    pub fn add(&mut self, other: Self) {
        self.account.add(other.account);
        self.warnings.extend(other.warnings);
    }
}

impl Account {
    pub fn tally(&self, kind: Kind) -> Tally {
        match kind {
            Kind::Request => self.requests,
            Kind::Parameter => self.parameters,
            Kind::Body => self.bodies,
            Kind::Example => self.examples,
            Kind::Description => self.descriptions,
        }
    }

    fn of(&mut self, kind: Kind) -> &mut Tally {
        match kind {
            Kind::Request => &mut self.requests,
            Kind::Parameter => &mut self.parameters,
            Kind::Body => &mut self.bodies,
            Kind::Example => &mut self.examples,
            Kind::Description => &mut self.descriptions,
        }
    }

    pub fn keep(&mut self, kind: Kind, count: usize) {
        let tally = self.of(kind);
        tally.found += count;
        tally.kept += count;
    }

    pub fn merge(&mut self, kind: Kind, place: &str, into: &str) {
        let tally = self.of(kind);
        tally.found += 1;
        tally.merged += 1;
        self.enter(kind, place, Outcome::Merged(into.to_owned()));
    }

    pub fn leave_out(&mut self, kind: Kind, place: &str, why: &str) {
        let tally = self.of(kind);
        tally.found += 1;
        tally.left_out += 1;
        self.enter(kind, place, Outcome::LeftOut(why.to_owned()));
    }

    /// What goes the same way at the same place stands together: one request follows another.
    fn enter(&mut self, kind: Kind, place: &str, outcome: Outcome) {
        const NEAR: usize = 16;
        let mut near = self.entries.iter_mut().rev().take(NEAR);
        let same = near
            .find(|entry| entry.kind == kind && entry.outcome == outcome && entry.place == place);
        match same {
            Some(entry) => entry.count += 1,
            None => self.entries.push(Entry {
                kind,
                place: place.to_owned(),
                count: 1,
                outcome,
            }),
        }
    }

    pub fn add(&mut self, other: Self) {
        for kind in KINDS {
            let theirs = other.tally(kind);
            let tally = self.of(kind);
            tally.found += theirs.found;
            tally.kept += theirs.kept;
            tally.merged += theirs.merged;
            tally.left_out += theirs.left_out;
        }
        self.entries.extend(other.entries);
    }
}

pub const KINDS: [Kind; 5] = [
    Kind::Request,
    Kind::Parameter,
    Kind::Body,
    Kind::Example,
    Kind::Description,
];

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Request => "requests",
            Self::Parameter => "parameters",
            Self::Body => "bodies",
            Self::Example => "examples",
            Self::Description => "descriptions",
        })
    }
}

impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for kind in KINDS {
            let Tally {
                found,
                kept,
                merged,
                left_out,
            } = self.tally(kind);
            writeln!(
                f,
                "{kind}: {found} found, {kept} kept, {merged} merged, {left_out} left out"
            )?;
        }
        Ok(())
    }
}
