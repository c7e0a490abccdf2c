//! What fields do in a second reading: one that cannot be read is left out and reported.
//!
//! serde gives a field no way back once its value turned out to be of another type. So every optional field is
//! read by [`field`] (`deserialize_with`; the generated types are adapted to it). In the first reading it passes
//! the error on. In the second, which a thread does from beginning to end without waiting,
//! it reports the error that was made last, and gives the field its default.

use super::drift::Drift;
use super::raw::Step;
use super::slices;
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};
use std::cell::RefCell;
use std::collections::HashMap;
use std::fmt;
use std::marker::PhantomData;

/// The most that is reported of one body, so that a body full of drift does not fill the memory.
const MOST: usize = 1_000;

/// A second reading: where it is, and what it found.
struct Reading {
    /// The way to the value that is being read, from the whole body on.
    path: Vec<Place>,
    /// What was wrong with the value that could not be read last.
    last: Option<Drift>,
    drift: Vec<Drift>,
}

/// A value on the way.
struct Place {
    /// How it is reached from the one before; `None` for the whole body.
    step: Option<Step>,
    /// Its type.
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

/// Makes a second reading of a body, and returns what it reported.
pub(super) fn reading<T>(body: &[u8], read: impl FnOnce() -> T) -> (T, Vec<Drift>) {
    /// Puts back what was there, also when a type's own code panics.
    struct Restore(Option<Reading>);

    impl Drop for Restore {
        fn drop(&mut self) {
            READING.set(self.0.take());
        }
    }

    let reading = Reading {
        path: vec![Place::new(None, body)],
        last: None,
        drift: Vec::new(),
    };
    let restore = Restore(READING.replace(Some(reading)));
    let result = read();
    let drift = READING.take().map(|reading| reading.drift);
    drop(restore);
    (result, drift.unwrap_or_default())
}

fn with<T>(act: impl FnOnce(&mut Reading) -> T) -> Option<T> {
    READING.with_borrow_mut(|reading| reading.as_mut().map(act))
}

/// Reads a value a step further on the way.
pub(super) fn below<T>(step: Step, value: &[u8], read: impl FnOnce() -> T) -> T {
    with(|reading| reading.path.push(Place::new(Some(step), value)));
    let result = read();
    with(|reading| reading.path.pop());
    result
}

/// What is wrong with the value that is being read. It may be passed over: see [`pass_over`].
pub(super) fn mismatch(expected: String, missing: Option<&'static str>) -> Drift {
    let made = with(|reading| {
        let drift = reading.here(expected.clone(), missing);
        reading.last = Some(drift.clone());
        drift
    });
    made.unwrap_or_else(|| drift(String::new(), expected, "nothing"))
}

/// Reports what is odd about the keys of the object that is being read.
pub(super) fn report_keys(expected: &str) {
    with(|reading| {
        let drift = reading.here(expected.to_owned(), None);
        reading.push(drift);
    });
}

/// Reports the value that is being read, which is used as far as it can be. If it is left out in the end, that
/// is no second drift.
pub(super) fn report(expected: &str) {
    with(|reading| {
        let drift = reading.here(expected.to_owned(), None);
        reading.push_once(drift);
    });
}

/// Reports the value that could not be read and is left out. `false` in a first reading, which leaves nothing
/// out.
fn pass_over() -> bool {
    let passed = with(|reading| {
        let last = reading.last.take();
        let last = last.unwrap_or_else(|| reading.here("another value".into(), None));
        let mut here = reading.here(last.expected, None);
        // It is left out for something within it, such as its id.
        if let Some(below) = last.pointer.strip_prefix(&here.pointer)
            && !below.is_empty()
        {
            here.expected = format!("{} with {} at `{below}`", here.found, here.expected);
        }
        reading.push_once(here);
    });
    passed.is_some()
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

    /// For the value that is being read, unless it was reported before.
    fn push_once(&mut self, drift: Drift) {
        let place = self.path.last_mut();
        let was_reported = place.map(|place| std::mem::replace(&mut place.is_reported, true));
        if was_reported != Some(true) {
            self.push(drift);
        }
    }
}

/// A type of optional fields: it has a value for a field that is left out.
pub(crate) trait Optional<'de>: Default {
    /// Reads a value, of a list or map without the parts that cannot be read.
    fn read<D: Deserializer<'de>>(value: D) -> Result<Self, D::Error>;
}

/// Reads an optional field.
pub(crate) fn field<'de, D, T>(value: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Optional<'de>,
{
    match T::read(value) {
        Err(_) if pass_over() => Ok(T::default()),
        read => read,
    }
}

/// Reads a map that a record cannot do without, though it can do without each of its entries.
#[allow(dead_code, reason = "not every version of the API has one")]
pub(crate) fn entries<'de, D, T>(value: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Optional<'de>,
{
    T::read(value)
}

impl<'de, T: Deserialize<'de>> Optional<'de> for Option<T> {
    fn read<D: Deserializer<'de>>(value: D) -> Result<Self, D::Error> {
        Self::deserialize(value)
    }
}

impl<'de> Optional<'de> for Value {
    fn read<D: Deserializer<'de>>(value: D) -> Result<Self, D::Error> {
        Self::deserialize(value)
    }
}

impl<'de> Optional<'de> for Map<String, Value> {
    fn read<D: Deserializer<'de>>(value: D) -> Result<Self, D::Error> {
        Self::deserialize(value)
    }
}

/// An element or entry, unless it was passed over.
struct Part<T>(Option<T>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Part<T> {
    fn deserialize<D: Deserializer<'de>>(value: D) -> Result<Self, D::Error> {
        match T::deserialize(value) {
            Ok(part) => Ok(Self(Some(part))),
            Err(_) if pass_over() => Ok(Self(None)),
            Err(error) => Err(error),
        }
    }
}

impl<'de, T: Deserialize<'de>> Optional<'de> for Vec<T> {
    fn read<D: Deserializer<'de>>(value: D) -> Result<Self, D::Error> {
        value.deserialize_seq(List(PhantomData))
    }
}

/// A list without the elements that cannot be read, for fields that are not of the type [`Optional`].
#[cfg(feature = "webhooks")]
pub(crate) struct Listed<T>(pub(crate) Vec<T>);

#[cfg(feature = "webhooks")]
impl<'de, T: Deserialize<'de>> Deserialize<'de> for Listed<T> {
    fn deserialize<D: Deserializer<'de>>(value: D) -> Result<Self, D::Error> {
        Vec::read(value).map(Self)
    }
}

struct List<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for List<T> {
    type Value = Vec<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a sequence")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut parts: A) -> Result<Vec<T>, A::Error> {
        let mut list = Vec::new();
        while let Some(Part(part)) = parts.next_element()? {
            list.extend(part);
        }
        Ok(list)
    }
}

impl<'de, T: Deserialize<'de>> Optional<'de> for HashMap<String, T> {
    fn read<D: Deserializer<'de>>(value: D) -> Result<Self, D::Error> {
        value.deserialize_map(Entries(PhantomData))
    }
}

struct Entries<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for Entries<T> {
    type Value = HashMap<String, T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut parts: A) -> Result<Self::Value, A::Error> {
        let mut entries = HashMap::new();
        while let Some((key, Part(part))) = parts.next_entry()? {
            entries.extend(part.map(|part| (key, part)));
        }
        Ok(entries)
    }
}
