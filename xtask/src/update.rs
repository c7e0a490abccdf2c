//! Taking in what the vendor changed in the documentation: compared with `spec/upstream.lock`, brought into the
//! collection, converted and checked, and reported.

mod actions;
mod adopt;
mod bodies;
mod calls;
mod changes;
mod decide;
mod decide_places;
mod edits;
mod found;
mod invent;
mod item;
mod known;
mod lock;
mod names;
mod place;
mod project;
mod report;
mod samples;
mod shown;
mod snapshot;
mod table;
mod taking;
mod theirs;
mod words;

use crate::config::Config;
use crate::convert::{Conversion, Source, convert};
use crate::diff;
use changes::{Change, What, changes};
use decide::Outcome;
use known::Known;
use lock::Lock;
use snapshot::{Snapshot, snapshot};
use std::collections::{BTreeMap, BTreeSet};
use taking::Taking;

/// The files that an update reads: names, for messages, and texts.
#[derive(Debug, Clone, Copy)]
pub struct Inputs<'a> {
    /// What the vendor publishes now.
    pub upstream: (&'a str, &'a [u8]),
    /// What was taken in last; none before the first time.
    pub lock: Option<Source<'a>>,
    pub collection: Source<'a>,
    pub overlay: Source<'a>,
    pub config: Source<'a>,
    /// Places that a person has decided on: they are taken for known as they are.
    pub settled: &'a [String],
}

/// What comes of an update; texts that stay as they are are none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Update {
    pub verdict: Verdict,
    /// Markdown for a pull request.
    pub report: String,
    pub collection: Option<String>,
    pub overlay: Option<String>,
    pub config: Option<String>,
    /// The document that comes of collection, overlay and settings now.
    pub document: String,
    pub lock: String,
}

/// What an update means for users of the crate, or for the project.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The documentation is as it was.
    Unchanged,
    /// The first lock was made.
    Adopted,
    /// Only words changed.
    Docs,
    Additive,
    Breaking,
    /// A person must decide on something.
    Undecided,
}

impl Verdict {
    /// The exit code of the program.
    pub fn code(self) -> u8 {
        match self {
            Self::Unchanged | Self::Adopted | Self::Docs => 0,
            Self::Additive => 10,
            Self::Breaking => 20,
            Self::Undecided => 30,
        }
    }
}

/// Compares, brings in, converts and checks. Nothing is written: that is the caller's.
///
/// # Errors
/// What cannot be read, or sources of the project that do not convert as they are.
pub fn update(inputs: Inputs<'_>) -> Result<Update, String> {
    /// Enough for what waits for something that waits for something else.
    const PASSES: usize = 4;
    let (mut all, mut outcomes) = pass(inputs)?;
    for _ in 1..PASSES {
        let is_changed = all.collection.is_some() || all.overlay.is_some() || all.config.is_some();
        if all.verdict != Verdict::Undecided || !is_changed {
            break;
        }
        // What was refused may be possible with what was brought in.
        let of = |source: Source<'_>, text: &Option<String>| {
            text.clone().unwrap_or_else(|| source.text.to_owned())
        };
        let collection = of(inputs.collection, &all.collection);
        let overlay = of(inputs.overlay, &all.overlay);
        let config = of(inputs.config, &all.config);
        let file = inputs.lock.map_or("", |lock| lock.file);
        let next = Inputs {
            lock: Some(Source {
                file,
                text: &all.lock,
            }),
            collection: Source {
                text: &collection,
                ..inputs.collection
            },
            overlay: Source {
                text: &overlay,
                ..inputs.overlay
            },
            config: Source {
                text: &config,
                ..inputs.config
            },
            ..inputs
        };
        let (next, more) = pass(next)?;
        if next.lock == all.lock {
            break;
        }
        outcomes.retain(|(_, outcome)| !matches!(outcome, Outcome::Open(_)));
        outcomes.extend(more);
        all = Update {
            collection: next.collection.or(all.collection),
            overlay: next.overlay.or(all.overlay),
            config: next.config.or(all.config),
            ..next
        };
        let before = converted_as_it_is(inputs)?;
        let after = serde_json::from_str(&all.document).map_err(|error| error.to_string())?;
        let changes = diff::diff(before.document(), &after);
        all.verdict = verdict(&outcomes, &changes);
        all.report = report::report(all.verdict, &outcomes, &changes);
    }
    Ok(all)
}

/// Changes, and what became of them.
type Outcomes = Vec<(Change, Outcome)>;

/// What changes and outcomes amount to.
fn verdict(outcomes: &[(Change, Outcome)], changes: &[diff::Change]) -> Verdict {
    let is_open = outcomes
        .iter()
        .any(|(_, outcome)| matches!(outcome, Outcome::Open(_)));
    match (is_open, diff::worst(changes)) {
        (true, _) => Verdict::Undecided,
        (_, Some(diff::Class::Breaking)) => Verdict::Breaking,
        (_, Some(diff::Class::Additive)) => Verdict::Additive,
        (_, Some(diff::Class::Docs)) => Verdict::Docs,
        (_, None) if outcomes.is_empty() => Verdict::Unchanged,
        (_, None) => Verdict::Docs,
    }
}

/// Brings in what can be brought in at once.
fn pass(inputs: Inputs<'_>) -> Result<(Update, Outcomes), String> {
    let before = converted_as_it_is(inputs)?;
    let maps = maps(inputs)?;
    let known = Known::new(before.document(), &maps);
    let (file, bytes) = inputs.upstream;
    let new = snapshot(file, bytes, &known)?;
    let Some(lock) = inputs.lock else {
        return Err(
            "there is no spec/upstream.lock to compare with: make it by `cargo xtask update --adopt`".into(),
        );
    };
    let mut old = Lock::read(lock.file, lock.text)?;
    for (call, operation) in &mut old.operations {
        known.collapse(call, &mut operation.places);
    }
    let found = all_changes(&old, &new, &known);
    if let Some(reason) = another(&old, &new) {
        let refused = Update {
            verdict: Verdict::Undecided,
            report: report::refused(&reason),
            collection: None,
            overlay: None,
            config: None,
            document: before.text.clone(),
            lock: lock.text.to_owned(),
        };
        return Ok((refused, Vec::new()));
    }
    let mut taking = Taking {
        inputs,
        maps,
        before: before.document(),
        known: &known,
        old: &old,
        new: &new,
        open: BTreeMap::new(),
        values: BTreeMap::new(),
    };
    if let Some(reason) = another(&old, &new) {
        taking
            .open
            .extend(found.iter().map(|change| (change.clone(), reason.clone())));
    }
    let taken = taking.run(&found)?;
    let mut lock = taken.lock;
    for (change, outcome) in &taken.outcomes {
        if matches!(outcome, Outcome::Open(_)) && !is_settled(change, inputs.settled) {
            change.undo(&mut lock, &old);
        }
    }
    let outcomes: Vec<(Change, Outcome)> = taken
        .outcomes
        .into_iter()
        .map(|(change, outcome)| match outcome {
            Outcome::Open(reason) if is_settled(&change, inputs.settled) => {
                (change, Outcome::Noted(format!("settled by hand: {reason}")))
            }
            outcome => (change, outcome),
        })
        .collect();
    let changes = diff::diff(before.document(), taken.conversion.document());
    let verdict = verdict(&outcomes, &changes);
    let overlay = taken.project.actions.text();
    let update = Update {
        verdict,
        report: report::report(verdict, &outcomes, &changes),
        collection: taken.project.text(),
        overlay: (overlay != inputs.overlay.text).then(|| overlay.to_owned()),
        config: taken.config,
        document: taken.conversion.text.clone(),
        lock: lock.write()?,
    };
    Ok((update, outcomes))
}

/// Makes the first lock: what the vendor documents now is taken for known. Reports what the project lacks of it,
/// and what the project has beside it.
///
/// # Errors
/// What cannot be read.
pub fn adopt(inputs: Inputs<'_>) -> Result<Update, String> {
    let before = converted_as_it_is(inputs)?;
    let maps = maps(inputs)?;
    let known = Known::new(before.document(), &maps);
    let (file, bytes) = inputs.upstream;
    let new = snapshot(file, bytes, &known)?;
    let collection = inputs.collection;
    let ours = snapshot(collection.file, collection.text.as_bytes(), &known)?;
    Ok(Update {
        verdict: Verdict::Adopted,
        report: adopt::report(&new.lock, &ours.lock, &known),
        collection: None,
        overlay: None,
        config: None,
        document: before.text.clone(),
        lock: new.lock.write()?,
    })
}

/// Converts the project's own files, before anything is taken in.
fn converted_as_it_is(inputs: Inputs<'_>) -> Result<Conversion, String> {
    let [collection, overlay, config] = [inputs.collection, inputs.overlay, inputs.config];
    converted(inputs, collection.text, overlay.text, config.text)
}

fn converted(
    inputs: Inputs<'_>,
    collection: &str,
    overlay: &str,
    config: &str,
) -> Result<Conversion, String> {
    let overlay = Source {
        text: overlay,
        ..inputs.overlay
    };
    let config = Source {
        text: config,
        ..inputs.config
    };
    let collection = (inputs.collection.file, collection.as_bytes());
    convert(collection, Some(overlay), Some(config)).map_err(|error| error.to_string())
}

fn maps(inputs: Inputs<'_>) -> Result<BTreeSet<String>, String> {
    let Source { file, text } = inputs.config;
    let settings = Config::read(file, text).map_err(|error| error.to_string())?;
    Ok(settings.maps)
}

fn is_settled(change: &Change, settled: &[String]) -> bool {
    settled.iter().any(|place| change.is_at(place))
}

/// The changes; where a new operation is one that the project has, all that is new in it.
fn all_changes(old: &Lock, new: &Snapshot, known: &Known<'_>) -> Vec<Change> {
    let mut all = changes(old, &new.lock);
    let mut within = Vec::new();
    for change in all
        .iter()
        .filter(|change| change.what == What::Added && change.path.is_none())
    {
        let Some(call) = change
            .call
            .as_ref()
            .filter(|call| known.call(call).is_some())
        else {
            continue;
        };
        let places = new.lock.operations[call].places.keys();
        within.extend(places.map(|path| Change {
            path: Some(path.clone()),
            ..change.clone()
        }));
    }
    all.extend(within);
    all.sort();
    all
}

/// Why what was read is hardly a later state of the same documentation.
fn another(old: &Lock, new: &Snapshot) -> Option<String> {
    const FEW: usize = 10;
    let known = old.operations.keys();
    let gone = known
        .filter(|call| !new.lock.operations.contains_key(*call))
        .count();
    (gone >= FEW && gone * 2 > old.operations.len()).then(|| {
        format!(
            "{gone} of {} operations are gone: is it another documentation? If not, `--adopt` takes it for known",
            old.operations.len()
        )
    })
}
