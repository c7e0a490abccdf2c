//! [`Page`], a page of a list as users see it, and [`RawPage`], a page as it was received.

use super::position::{Position, RecordPosition};
use super::summary::{Key, PageSummary};
use crate::error::Error;
use crate::generated::types;
use crate::wire::Drift;
use crate::wire::decode::{DecodeError, Decoded, decode};
use crate::wire::slices::{check, elements, kind, member};
use bytes::Bytes;
use chrono::{DateTime, Utc};
use serde_json::Value;
use std::fmt;

/// One page of a list, from [`List::pages`](crate::List::pages).
#[derive(Clone)]
#[non_exhaustive]
pub struct Page<T> {
    /// The records that no earlier page had.
    pub items: Vec<T>,
    /// The server's data about the whole list, such as its total; `None` for lists without pagination.
    pub meta: Option<types::Meta>,
    pub(super) drift: Vec<Drift>,
    pub(super) positions: Vec<RecordPosition>,
    pub(super) total: Option<u64>,
}

impl<T> Page<T> {
    /// Returns the position after this page, for [`Listing::resume_from`](crate::Listing::resume_from).
    pub fn position(&self) -> Option<Position> {
        self.positions.last().map(RecordPosition::position)
    }

    /// Returns the places where this page deviates from the specification; see [`Drift`] for what that costs.
    ///
    /// Pointers are relative to the whole response, such as `/data/3/phone`. Their indices also count records
    /// that are not in `items` because an earlier page had them.
    pub fn drift(&self) -> &[Drift] {
        &self.drift
    }
}

/// Shows the number of records, but not the records, which contain personal data.
impl<T> fmt::Debug for Page<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Page")
            .field("items", &self.items.len())
            .field("meta", &self.meta)
            .finish_non_exhaustive()
    }
}

/// A page as it was received, with every record at its index.
#[doc(hidden)]
#[allow(
    missing_debug_implementations,
    reason = "contains record contents; not part of the public API"
)]
pub struct RawPage<T> {
    /// `None` where a record could not be decoded.
    pub(super) items: Vec<Option<T>>,
    /// The records that could not be decoded, with their indices.
    pub(super) invalid: Vec<(usize, InvalidRecord)>,
    pub(super) summary: PageSummary,
    pub(super) meta: Option<types::Meta>,
    pub(crate) drift: Vec<Drift>,
    /// The body that it was decoded from.
    pub(super) body: Bytes,
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
        let summary = PageSummary {
            keys,
            // A total below zero means nothing.
            total: meta
                .as_ref()
                .and_then(|meta| meta.total)
                .filter(|total| *total >= 0),
            limit: meta.as_ref().and_then(|meta| meta.limit),
            bare,
        };
        Self {
            items,
            invalid: Vec::new(),
            summary,
            meta,
            drift: Vec::new(),
            body: Bytes::new(),
        }
    }

    /// Sets the body that it was decoded from, and the drift that decoding found.
    pub(crate) fn decoded_from(mut self, body: Bytes, drift: Vec<Drift>) -> Self {
        self.body = body;
        self.drift = drift;
        self
    }

    /// Reads a page from the body of a response, record by record, so that the others are kept if one cannot be
    /// decoded. `None` if the body contains no list.
    pub(super) fn salvage(
        body: &Bytes,
        decode_record: fn(&[u8]) -> Result<Decoded<T>, DecodeError>,
        key: fn(&T) -> Key,
    ) -> Option<Self> {
        let records = Records::of(body)?;
        let meta = decode::<Option<types::Meta>>(records.meta.unwrap_or(b"null"));
        let (meta, of_meta) = match meta {
            Ok(decoded) => (decoded.value, decoded.drift),
            Err(error) => (None, Vec::from_iter(error.into_drift())),
        };
        let (mut items, mut keys) = (Vec::new(), Vec::new());
        let (mut invalid, mut drift) = (Vec::new(), Vec::new());
        for (index, record) in elements(records.list).enumerate() {
            match decode_record(record) {
                Ok(decoded) => {
                    keys.push(key(&decoded.value));
                    items.push(Some(decoded.value));
                    drift.extend(decoded.drift.into_iter().map(|drift| Drift {
                        pointer: format!("{}/{index}{}", records.pointer, drift.pointer),
                        ..drift
                    }));
                }
                Err(reason) => {
                    let json = decode(record).map(|decoded| decoded.value);
                    keys.push(Key::of_json(&json.unwrap_or_default()));
                    items.push(None);
                    let record = InvalidRecord {
                        json: String::from_utf8_lossy(record).into_owned(),
                        reason: reason.to_string(),
                    };
                    invalid.push((index, record));
                }
            }
        }
        drift.extend(of_meta.into_iter().map(|drift| Drift {
            pointer: format!("/meta{}", drift.pointer),
            ..drift
        }));
        let is_bare = records.pointer.is_empty();
        let mut page = Self::from_parts(items, keys, meta, is_bare);
        page.invalid = invalid;
        Some(page.decoded_from(body.clone(), drift))
    }

    /// Reads a page from the body of a response, of which every record must be decoded.
    ///
    /// # Errors
    /// [`Decode`](crate::ErrorKind::Decode), with what is wrong with the first record that cannot be decoded.
    pub(crate) fn all_of(
        body: &Bytes,
        decode_record: fn(&[u8]) -> Result<Decoded<T>, DecodeError>,
        key: fn(&T) -> Key,
    ) -> Result<Self, Error> {
        let page = Self::salvage(body, decode_record, key);
        let page = page.ok_or_else(|| Error::undecodable("the body contains no list"))?;
        match page.invalid.first() {
            Some((_, record)) => Err(Error::undecodable(&record.reason)),
            None => Ok(page),
        }
    }

    /// Returns the same page with the JSON text of each record in its place.
    pub(super) fn into_texts(self) -> Option<RawPage<String>> {
        let text = |record: &[u8]| Some(String::from_utf8_lossy(record).into_owned());
        let list = check(&self.body).ok()?;
        // As decoding does: an envelope may be in a list of one, and a record may stand in place of a list.
        let envelope = match kind(list) {
            "array" if !self.summary.bare => elements(list).next()?,
            _ => list,
        };
        let list = member(envelope, b"data").unwrap_or(envelope);
        let texts: Vec<_> = match kind(list) {
            "array" => elements(list).map(text).collect(),
            "null" => Vec::new(),
            _ => vec![text(list)],
        };
        // With another number of records, each would get the text of another one.
        (texts.len() == self.summary.keys.len()).then_some(RawPage {
            items: texts,
            invalid: Vec::new(),
            summary: self.summary,
            meta: self.meta,
            drift: Vec::new(),
            body: self.body,
        })
    }
}

impl<T> RawPage<T> {
    /// Ends the page before the first record that was created after `youngest`, and returns whether there is one. A
    /// record without a time is as young as the next one that has one.
    pub(super) fn end_at_younger(
        &mut self,
        youngest: DateTime<Utc>,
        created: impl Fn(&T) -> Option<DateTime<Utc>>,
    ) -> bool {
        let times = self
            .items
            .iter()
            .map(|record| record.as_ref().and_then(&created));
        let times: Vec<_> = times.collect();
        let is_younger = |time: &Option<DateTime<Utc>>| *time > Some(youngest);
        let Some(first) = times.iter().position(is_younger) else {
            return false;
        };
        let end = times[..first].iter().rposition(Option::is_some);
        let end = end.map_or(0, |last| last.saturating_add(1));
        self.items.truncate(end);
        self.summary.keys.truncate(end);
        true
    }

    /// Converts each record in its place.
    pub(super) fn map<U>(self, record: impl Fn(T) -> U) -> RawPage<U> {
        RawPage {
            items: self
                .items
                .into_iter()
                .map(|item| item.map(&record))
                .collect(),
            invalid: self.invalid,
            summary: self.summary,
            meta: self.meta,
            drift: self.drift,
            body: self.body,
        }
    }
}

/// The parts of the body of a list's response.
struct Records<'a> {
    list: &'a [u8],
    meta: Option<&'a [u8]>,
    /// The JSON Pointer of the list.
    pointer: &'static str,
}

impl<'a> Records<'a> {
    /// Finds the array, or the array under `data`, which may be null. `None` if there is neither.
    fn of(body: &'a Bytes) -> Option<Self> {
        let body = check(body).ok()?;
        let records = match kind(body) {
            "object" => Self {
                list: member(body, b"data")?,
                meta: member(body, b"meta"),
                pointer: "/data",
            },
            _ => Self {
                list: body,
                meta: None,
                pointer: "",
            },
        };
        match kind(records.list) {
            "array" => Some(records),
            "null" => Some(Self {
                list: b"[]",
                ..records
            }),
            _ => None,
        }
    }
}

impl RawPage<Value> {
    /// Reads a page from free JSON: the array, or the array under `data`.
    pub(crate) fn of_free_json(body: Value) -> Result<Self, Error> {
        let (data, meta, bare) = match body {
            Value::Object(mut envelope) => {
                let meta = envelope
                    .remove("meta")
                    .and_then(|meta| serde_json::from_value(meta).ok());
                // Without `data` there is no list, which is not the same as an empty one.
                let data = envelope.remove("data").unwrap_or(false.into());
                (data, meta, false)
            }
            other => (other, None, true),
        };
        let items = match data {
            Value::Array(items) => items,
            Value::Null => Vec::new(),
            _ => {
                return Err(Error::undecodable(
                    "the body contains no list; `send` returns it unchanged",
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
    /// Returns the record as the server wrote it. It contains personal data: do not log it.
    pub fn json(&self) -> &str {
        &self.json
    }

    /// Returns what is wrong with it and where, without any value: safe to log.
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
