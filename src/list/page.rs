//! A page of a list as it came: its records, what tells them apart, and what the server says of them.

use super::position::{Mark, Position};
use crate::wire::lenient;
use crate::{Error, types};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;
use std::fmt;

/// One page of a list.
#[derive(Clone)]
#[non_exhaustive]
pub struct Page<T> {
    /// The records that no page before it had.
    pub items: Vec<T>,
    /// What the server says of the whole list; only paged lists have it.
    pub meta: Option<types::Meta>,
    pub(super) marks: Vec<Mark>,
    pub(super) total: Option<u64>,
}

impl<T> Page<T> {
    /// Where reading goes on after this page: see [`Listing::resume_from`](crate::Listing::resume_from).
    pub fn position(&self) -> Option<Position> {
        self.marks.last().map(Mark::position)
    }
}

/// Without the records, which may be anything.
impl<T> fmt::Debug for Page<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Page")
            .field("items", &self.items.len())
            .field("meta", &self.meta)
            .finish_non_exhaustive()
    }
}

/// What tells a record from the others of its list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[doc(hidden)]
pub enum Key {
    Id(i64),
    /// The hash of an id that is a text.
    Name(u64),
    /// The hash of a record that has no id. Two records may be equal.
    Content(u64),
}

impl Key {
    pub(crate) fn name(id: &str) -> Self {
        Self::Name(hash(id.as_bytes()))
    }

    pub(super) fn is_content(&self) -> bool {
        matches!(self, Self::Content(_))
    }

    pub(crate) fn content(record: &impl Serialize) -> Self {
        Self::Content(hash(&serde_json::to_vec(record).unwrap_or_default()))
    }

    /// The key of a record of which no more than that it is JSON is known.
    pub(crate) fn of_json(record: &Value) -> Self {
        match &record["id"] {
            Value::String(id) => Self::name(id),
            Value::Number(id) if id.is_i64() => Self::Id(id.as_i64().unwrap_or_default()),
            _ => Self::content(record),
        }
    }
}

/// FNV-1a: the same in every build, as a saved position needs it.
fn hash(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// An answer before anything was made of it: every record in its place.
#[doc(hidden)]
#[allow(
    missing_debug_implementations,
    reason = "it holds records, and nobody outside sees one"
)]
pub struct RawPage<T> {
    /// `None` where a record could not be decoded.
    pub(super) items: Vec<Option<T>>,
    pub(super) invalid: Vec<InvalidRecord>,
    pub(super) sheet: Sheet,
    pub(super) meta: Option<types::Meta>,
}

/// What a page says without its records' content: all that decides how to go on.
#[derive(Debug, Clone, Default)]
pub(super) struct Sheet {
    pub(super) keys: Vec<Key>,
    pub(super) total: Option<i64>,
    pub(super) limit: Option<i64>,
    /// Whether it came as an array without an envelope: such lists have no pages.
    pub(super) bare: bool,
}

impl<T> RawPage<T> {
    pub(crate) fn new(
        items: Vec<T>,
        meta: Option<types::Meta>,
        bare: bool,
        key: fn(&T) -> Key,
    ) -> Self {
        let keys = items.iter().map(key).collect();
        Self::from_parts(items.into_iter().map(Some).collect(), keys, meta, bare)
    }

    fn from_parts(
        items: Vec<Option<T>>,
        keys: Vec<Key>,
        meta: Option<types::Meta>,
        bare: bool,
    ) -> Self {
        let sheet = Sheet {
            keys,
            total: meta.as_ref().and_then(|meta| meta.total),
            limit: meta.as_ref().and_then(|meta| meta.limit),
            bare,
        };
        Self {
            items,
            invalid: Vec::new(),
            sheet,
            meta,
        }
    }

    /// A page of the body of an answer, record by record, so that one that cannot be decoded does not
    /// take the others with it.
    pub(super) fn salvage(
        body: &[u8],
        decode: impl Fn(&[u8]) -> Result<T, String>,
        key: fn(&T) -> Key,
    ) -> Option<Self> {
        #[derive(Deserialize)]
        struct Envelope<'a> {
            #[serde(borrow)]
            data: Vec<&'a RawValue>,
            #[serde(borrow)]
            meta: Option<&'a RawValue>,
        }
        let (records, meta, bare) = match serde_json::from_slice::<Envelope<'_>>(body) {
            Ok(envelope) => (envelope.data, envelope.meta, false),
            Err(_) => (serde_json::from_slice(body).ok()?, None, true),
        };
        let meta = meta.and_then(|meta| lenient::from_slice(meta.get().as_bytes()).ok());
        let (mut items, mut keys, mut invalid) = (Vec::new(), Vec::new(), Vec::new());
        for record in records {
            match decode(record.get().as_bytes()) {
                Ok(item) => {
                    keys.push(key(&item));
                    items.push(Some(item));
                }
                Err(reason) => {
                    let json = record.get().to_owned();
                    keys.push(Key::of_json(
                        &serde_json::from_str(&json).unwrap_or_default(),
                    ));
                    items.push(None);
                    invalid.push(InvalidRecord { json, reason });
                }
            }
        }
        let mut page = Self::from_parts(items, keys, meta, bare);
        page.invalid = invalid;
        Some(page)
    }
}

impl RawPage<Value> {
    /// A page of an answer that nobody has published: the array, or the array under `data`.
    pub(crate) fn of_free_json(answer: Value) -> Result<Self, Error> {
        let (data, meta, bare) = match answer {
            Value::Object(mut envelope) => {
                let meta = envelope
                    .remove("meta")
                    .and_then(|meta| serde_json::from_value(meta).ok());
                let data = envelope.remove("data").unwrap_or(Value::Null);
                (data, meta, false)
            }
            other => (other, None, true),
        };
        let items = match data {
            Value::Array(items) => items,
            Value::Null => Vec::new(),
            _ => {
                return Err(Error::undecodable(
                    "it holds no list; `send` returns it as it is",
                ));
            }
        };
        Ok(Self::new(items, meta, bare, Key::of_json))
    }
}

/// A record that could not be decoded: see [`List::skip_invalid`](crate::List::skip_invalid).
#[derive(Clone)]
#[non_exhaustive]
pub struct InvalidRecord {
    json: String,
    reason: String,
}

impl InvalidRecord {
    /// The record as it came. Holds personal data: do not log it blindly.
    pub fn json(&self) -> &str {
        &self.json
    }

    /// What is wrong with it and where; without the value that was found there.
    pub fn reason(&self) -> &str {
        &self.reason
    }
}

impl fmt::Debug for InvalidRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InvalidRecord")
            .field("reason", &self.reason)
            .finish_non_exhaustive()
    }
}
