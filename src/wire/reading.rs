//! The state of a second reading: the current place in the body, and the drift found so far.
//!
//! It is thread-local, since one thread does the whole reading without waiting. Nothing here is generic: whatever is
//! would be compiled once for every type of the document.

use super::drift::Drift;
use super::slices;
use serde_json::{Map, Value};
use std::cell::RefCell;
use std::fmt;

/// The most drift that is reported of one body, so that it cannot exhaust the memory.
const MOST: usize = 1_000;

/// The state of a second reading.
pub(super) struct Reading {
    /// The path from the whole body to the value that is being read.
    path: Vec<Place>,
    /// The last value that could not be read.
    last: Option<Drift>,
    drift: Vec<Drift>,
}

/// A value on the path.
struct Place {
    /// The step to it from the value before; `None` for the whole body.
    step: Option<Step>,
    /// The value's type.
    kind: &'static str,
    is_reported: bool,
}

impl Place {
    fn new(step: Option<Step>, value: &[u8]) -> Self {
        Self {
            step,
            kind: slices::kind(value),
            is_reported: false,
        }
    }
}

thread_local! {
    static READING: RefCell<Option<Reading>> = const { RefCell::new(None) };
}

/// A second reading, from the beginning to its end. When dropped, it restores the reading before, even if a type's
/// own code panics.
pub(super) struct Begun(Option<Reading>);

/// Begins a second reading of a body.
pub(super) fn begin(body: &[u8]) -> Begun {
    Begun(READING.replace(Some(Reading {
        path: vec![Place::new(None, body)],
        last: None,
        drift: Vec::new(),
    })))
}

impl Begun {
    /// Ends the reading, and returns the drift that it reported.
    pub(super) fn end(self) -> Vec<Drift> {
        let ended = READING.take();
        ended.map(|reading| reading.drift).unwrap_or_default()
    }
}

impl Drop for Begun {
    fn drop(&mut self) {
        READING.set(self.0.take());
    }
}

fn with<T>(act: impl FnOnce(&mut Reading) -> T) -> Option<T> {
    READING.with_borrow_mut(|reading| reading.as_mut().map(act))
}

/// Goes one step further down the path, to `value`.
pub(super) fn enter(step: Step, value: &[u8]) {
    with(|reading| reading.path.push(Place::new(Some(step), value)));
}

/// Goes one step back.
pub(super) fn leave() {
    with(|reading| reading.path.pop());
}

/// Returns whether the value that is being read is the id of a record.
pub(super) fn is_id() -> bool {
    let last = |reading: &mut Reading| match reading.path.last()?.step.as_ref()? {
        Step::Key(key) => Some(key == "id"),
        Step::Index(_) | Step::Entry => None,
    };
    with(last).flatten().unwrap_or_default()
}

/// Returns the mismatch of the value that is being read, which [`pass_over`] may report later.
pub(super) fn mismatch(expected: String, missing: Option<&'static str>) -> Drift {
    let made = with(|reading| {
        let drift = reading.here(expected.clone(), missing);
        reading.last = Some(drift.clone());
        drift
    });
    made.unwrap_or_else(|| drift(String::new(), expected, "nothing"))
}

/// Reports unexpected keys of the object that is being read.
pub(super) fn report_keys(expected: &str) {
    with(|reading| {
        let drift = reading.here(expected.to_owned(), None);
        reading.push(drift);
    });
}

/// Reports the value that is being read, which is used if possible. If it is left out later, it is not reported a
/// second time.
pub(super) fn report(expected: &str) {
    with(|reading| {
        let drift = reading.here(expected.to_owned(), None);
        reading.push_once(drift);
    });
}

/// Reports the value that could not be read and is left out. Returns `false` in a first reading, which leaves
/// nothing out.
pub(super) fn pass_over() -> bool {
    let passed = with(|reading| {
        let last = reading.last.take();
        let last = last.unwrap_or_else(|| reading.here("another value".into(), None));
        let mut here = reading.here(last.expected, None);
        // It is left out because of a value within it, such as its id.
        if let Some(below) = last.pointer.strip_prefix(&here.pointer)
            && !below.is_empty()
        {
            here.expected = format!("{} with {} at `{below}`", here.found, here.expected);
        }
        reading.push_once(here);
    });
    passed.is_some()
}

/// Replaces these keys of the object that is being read by `*` in what was reported: they are not names of fields.
pub(crate) fn hide_keys(keys: &Map<String, Value>) {
    with(|reading| {
        let here = reading.here(String::new(), None).pointer;
        for drift in &mut reading.drift {
            let below = drift.pointer.strip_prefix(&here);
            let Some(below) = below.and_then(|below| below.strip_prefix('/')) else {
                continue;
            };
            let (key, rest) = below.split_at(below.find('/').unwrap_or(below.len()));
            if keys.contains_key(key) {
                drift.pointer = format!("{here}/*{rest}");
            }
        }
    });
}

fn drift(pointer: String, expected: String, found: &'static str) -> Drift {
    Drift {
        rule: "type".into(),
        pointer,
        expected,
        found,
    }
}

impl Reading {
    fn here(&self, expected: String, missing: Option<&'static str>) -> Drift {
        let steps = self.path.iter().filter_map(|place| place.step.as_ref());
        let steps = steps.map(Step::to_string);
        let missing_step = missing.map(|name| format!("/{name}"));
        let found = match (missing, self.path.last()) {
            (None, Some(place)) => place.kind,
            _ => "nothing",
        };
        drift(steps.chain(missing_step).collect(), expected, found)
    }

    fn push(&mut self, drift: Drift) {
        if self.drift.len() < MOST {
            self.drift.push(drift);
        }
    }

    /// Adds drift of the value that is being read, unless it was reported before.
    fn push_once(&mut self, drift: Drift) {
        let place = self.path.last_mut();
        let was_reported = place.map(|place| std::mem::replace(&mut place.is_reported, true));
        if was_reported != Some(true) {
            self.push(drift);
        }
    }
}

/// One step of the path to a value.
pub(super) enum Step {
    Key(String),
    Index(usize),
    /// A key that is data: it may be anything, even a person's name.
    Entry,
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Key(key) => write!(f, "/{key}"),
            Self::Index(index) => write!(f, "/{index}"),
            Self::Entry => f.write_str("/*"),
        }
    }
}
