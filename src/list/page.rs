//! A page of a list as it came: its records, what tells them apart, and what the server says of them.

use super::position::{Position, RecordPosition};
use super::summary::{Key, PageSummary};
use crate::error::Error;
use crate::generated::types;
use crate::wire::Drift;
use crate::wire::decode::{DecodeError, Decoded, decode};
use crate::wire::slices::{check, elements, kind, member};
use bytes::Bytes;
use serde_json::Value;
use std::fmt;

/// One page of a list.
#[derive(Clone)]
#[non_exhaustive]
pub struct Page<T> {
    /// The records that no page before it had.
    pub items: Vec<T>,
    /// What the server says of the whole list; only paged lists have it.
    pub meta: Option<types::Meta>,
    pub(super) drift: Vec<Drift>,
    pub(super) positions: Vec<RecordPosition>,
    pub(super) total: Option<u64>,
}

impl<T> Page<T> {
    /// Where reading goes on after this page: see [`Listing::resume_from`](crate::Listing::resume_from).
    pub fn position(&self) -> Option<Position> {
        self.positions.last().map(RecordPosition::position)
    }

    /// The places where this page is not as documented; see [`Drift`] for what that costs.
    ///
    /// Pointers begin at the whole response, such as `/data/3/phone`. They also count records that are not in
    /// `items`, because an earlier page had them.
    pub fn drift(&self) -> &[Drift] {
        &self.drift
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

/// A page before anything was made of it: every record in its place.
#[doc(hidden)]
#[allow(
    missing_debug_implementations,
    reason = "it holds records, and nobody outside sees one"
)]
pub struct RawPage<T> {
    /// `None` where a record could not be decoded.
    pub(super) items: Vec<Option<T>>,
    /// Those, with their places.
    pub(super) invalid: Vec<(usize, InvalidRecord)>,
    pub(super) summary: PageSummary,
    pub(super) meta: Option<types::Meta>,
    pub(crate) drift: Vec<Drift>,
    /// What it was decoded from.
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
            // A count below zero is none.
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

    /// With what it was decoded from, and what decoding passed over.
    pub(crate) fn decoded_from(mut self, body: Bytes, drift: Vec<Drift>) -> Self {
        self.body = body;
        self.drift = drift;
        self
    }

    /// A page of the body of a response, record by record, so that one that cannot be decoded does not
    /// take the others with it. `None` if it holds no list.
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

    /// A page of the body of a response, of which every record must be decoded.
    ///
    /// # Errors
    /// [`Decode`](crate::ErrorKind::Decode), with what is wrong with the first record that cannot be.
    pub(crate) fn all_of(
        body: &Bytes,
        decode_record: fn(&[u8]) -> Result<Decoded<T>, DecodeError>,
        key: fn(&T) -> Key,
    ) -> Result<Self, Error> {
        let page = Self::salvage(body, decode_record, key);
        let page = page.ok_or_else(|| Error::undecodable("it holds no list"))?;
        match page.invalid.first() {
            Some((_, record)) => Err(Error::undecodable(&record.reason)),
            None => Ok(page),
        }
    }

    /// The same page, with the text of each record in its place.
    pub(super) fn into_texts(self) -> Option<RawPage<String>> {
        let text = |record: &[u8]| Some(String::from_utf8_lossy(record).into_owned());
        let list = check(&self.body).ok()?;
        // As decoding reads it: an envelope may come in a list of one, and a record in place of one.
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
        // Another number of records would give each the text of another one.
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
    /// Cuts the page before the first record of this kind, and returns whether there is one.
    pub(super) fn end_before(&mut self, is_beyond: impl Fn(&T) -> bool) -> bool {
        let beyond = |record: &Option<T>| record.as_ref().is_some_and(&is_beyond);
        let Some(end) = self.items.iter().position(beyond) else {
            return false;
        };
        self.items.truncate(end);
        self.summary.keys.truncate(end);
        true
    }

    /// The same page with other records in their places.
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

/// Where the records are in the body of a response.
struct Records<'a> {
    list: &'a [u8],
    meta: Option<&'a [u8]>,
    /// The JSON Pointer of the list.
    pointer: &'static str,
}

impl<'a> Records<'a> {
    /// The array, or the array under `data`, which may be null. `None` if there is neither.
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
    /// A page of an answer that nobody has published: the array, or the array under `data`.
    pub(crate) fn of_free_json(answer: Value) -> Result<Self, Error> {
        let (data, meta, bare) = match answer {
            Value::Object(mut envelope) => {
                let meta = envelope
                    .remove("meta")
                    .and_then(|meta| serde_json::from_value(meta).ok());
                // Without `data` it holds no list, and not an empty one.
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
    /// Returns the record as the server wrote it. Holds personal data: do not log it blindly.
    pub fn json(&self) -> &str {
        &self.json
    }

    /// Returns what is wrong with it and where, without the value that was found there.
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
