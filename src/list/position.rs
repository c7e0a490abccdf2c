//! [`Position`], how far a list was read, from which a later read continues.

use super::request::Traversal;
use super::summary::{Key, hash};
use crate::error::Error;
use crate::operation::Operation;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The number of last records that a position remembers: any of them shows where the read stopped.
const REMEMBERED: usize = 20;

/// How far a list was read. [`List::resume_from`](crate::List::resume_from) continues from it, in another process
/// or on another day.
///
/// It comes from [`Items::position`](crate::Items::position) or [`Page::position`](crate::Page::position), and
/// serializes with serde to a few hundred bytes of JSON, which contain ids and no other data of the records. It
/// belongs to one list with its filters and its order; any other list rejects it. It does not name the account: keep
/// one for each. [`Listing::resume_from`](crate::Listing::resume_from) has an example of an export that continues
/// after it was killed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    list: String,
    /// The hash of the filters and the order.
    filters: u64,
    /// The day that the cursor of a report is in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) day: Option<NaiveDate>,
    pub(super) cursor: Cursor,
}

/// The filters and the order of a list, which distinguish it from other lists of the same operation.
#[derive(Debug, Default)]
#[doc(hidden)]
pub struct Filters(Vec<u8>);

impl Filters {
    /// Adds a parameter of the call. A list without an order has the ascending one.
    pub(crate) fn add(mut self, name: &str, value: &impl Serialize) -> Self {
        let value = serde_json::to_vec(value).unwrap_or_default();
        let is_default = name == "order" && value == br#""asc""#;
        self.0.extend_from_slice(name.as_bytes());
        self.0.push(b'=');
        self.0
            .extend(if is_default { b"null".to_vec() } else { value });
        self.0.push(b'\n');
        self
    }

    pub(super) fn number(&self) -> u64 {
        hash(&self.0)
    }
}

/// Where a read continues, in the terms of the list's strategy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Cursor {
    Offset {
        /// The number of records before the cursor at that time.
        at: i64,
        total: Option<i64>,
        /// The last records before the cursor, in order.
        tail: Vec<Key>,
    },
    /// A cursor within the second reading of a list, for records that had moved. No read can continue from it.
    Moved,
    /// Continues with the ids from `next` up to `until`.
    Ascending { next: i64, until: Option<i64> },
    /// Continues with the ids below `below` down to `floor`.
    Descending { below: i64, floor: Option<i64> },
}

impl Position {
    /// Returns the day of a report that the position is in; `None` for other lists.
    pub fn day(&self) -> Option<NaiveDate> {
        self.day
    }

    /// Checks that the position belongs to this list.
    ///
    /// # Errors
    /// [`InvalidRequest`](crate::ErrorKind::InvalidRequest) if it does not.
    pub(super) fn check(&self, operation: &'static Operation, filters: u64) -> Result<(), Error> {
        if self.list != operation.id {
            let reason = format!("the position belongs to the list {}", self.list);
            return Err(Error::invalid_request(&reason).at(operation));
        }
        if self.filters != filters {
            let reason = "the position belongs to this list with other filters or in another order";
            return Err(Error::invalid_request(reason).at(operation));
        }
        Ok(())
    }
}

impl Position {
    /// Checks that a list that is read like this can continue from here.
    ///
    /// # Errors
    /// [`InvalidRequest`](crate::ErrorKind::InvalidRequest) if the cursor is none of such a list, which only an edited
    /// position has, or if it is behind the days of a report.
    pub(super) fn check_cursor(
        &self,
        operation: &'static Operation,
        traversal: Traversal,
    ) -> Result<(), Error> {
        let fits = match (&self.cursor, traversal) {
            (Cursor::Ascending { .. }, Traversal::Ids { descending, .. }) => !descending,
            (Cursor::Descending { .. }, Traversal::Ids { descending, .. }) => descending,
            (Cursor::Ascending { .. } | Cursor::Descending { .. }, _) => false,
            (_, Traversal::Ids { .. }) => false,
            (Cursor::Offset { at, .. }, _) => *at > 0,
            (Cursor::Moved, _) => true,
        };
        let last = match traversal {
            Traversal::Daily { days, .. } => Some(days.last()),
            _ => None,
        };
        let reason = match (self.day, last) {
            (Some(day), Some(last)) if fits && day > last => format!(
                "the position is in a later day, {day}, than the last one of the report, {last}"
            ),
            (day, last) if fits && day.is_some() == last.is_some() => return Ok(()),
            _ => "the position was changed: no read of this list returned it".to_owned(),
        };
        Err(Error::invalid_request(&reason).at(operation))
    }
}

/// The position after one record, which is computed on demand from what its page shares.
#[derive(Debug, Clone)]
pub(super) struct RecordPosition {
    pub(super) list: &'static str,
    pub(super) filters: u64,
    pub(super) day: Option<NaiveDate>,
    pub(super) cursor: RecordCursor,
}

/// The cursor after one record.
#[derive(Debug, Clone)]
pub(super) enum RecordCursor {
    /// The cursor after the record at this index of a page.
    InPage(Arc<PageCursors>, usize),
    Known(Cursor),
}

/// What the cursors of a page share.
#[derive(Debug)]
pub(super) struct PageCursors {
    pub(super) offset: i64,
    pub(super) keys: Vec<Key>,
    pub(super) total: Option<i64>,
    /// The index of the last record that an earlier page had.
    pub(super) last_known: Option<usize>,
    /// Whether this is the second reading, for records that moved.
    pub(super) moved: bool,
}

impl RecordPosition {
    pub(super) fn position(&self) -> Position {
        let cursor = match &self.cursor {
            RecordCursor::Known(cursor) => cursor.clone(),
            RecordCursor::InPage(page, index) => page.cursor(*index),
        };
        Position {
            list: self.list.to_owned(),
            filters: self.filters,
            day: self.day,
            cursor,
        }
    }
}

impl PageCursors {
    fn cursor(&self, index: usize) -> Cursor {
        if self.moved {
            return Cursor::Moved;
        }
        // Records before one that was yielded already were created since, and are no loss.
        let index = self.last_known.map_or(index, |known| known.max(index));
        let read = &self.keys[..self.keys.len().min(index.saturating_add(1))];
        Cursor::Offset {
            at: i64::try_from(read.len())
                .unwrap_or(i64::MAX)
                .saturating_add(self.offset),
            total: self.total,
            tail: read[read.len().saturating_sub(REMEMBERED)..].to_vec(),
        }
    }
}
