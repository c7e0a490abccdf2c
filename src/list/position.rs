//! [`Position`]: how far a list was read, for another day or process to go on from.

use super::summary::{Key, hash};
use crate::error::Error;
use crate::operation::Operation;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// How many of the last records a position remembers: any one of them shows where reading stopped.
const REMEMBERED: usize = 20;

/// How far a list was read: [`List::resume_from`](crate::List::resume_from) goes on from there.
///
/// It serializes to a few hundred bytes of JSON, which hold ids and nothing else of the records. It belongs to
/// one list with its filters and its order; another one refuses it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    list: String,
    /// The filters and the order, in a number.
    filters: u64,
    /// Of a report, the day that the cursor is in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) day: Option<NaiveDate>,
    pub(super) cursor: Cursor,
}

/// What tells a list from others of the same operation: its filters and its order, whatever they are.
#[derive(Debug, Default)]
#[doc(hidden)]
pub struct Filters(Vec<u8>);

impl Filters {
    /// Adds a parameter of the call.
    pub(crate) fn add(mut self, name: &str, value: &impl Serialize) -> Self {
        self.0.extend_from_slice(name.as_bytes());
        self.0.push(b'=');
        self.0.extend(serde_json::to_vec(value).unwrap_or_default());
        self.0.push(b'\n');
        self
    }

    pub(super) fn number(&self) -> u64 {
        hash(&self.0)
    }
}

/// Where reading goes on, in the terms of the list's strategy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Cursor {
    Offset {
        /// Records before the cursor, as the server counted them then.
        at: i64,
        total: Option<i64>,
        /// The last records before it, in order.
        tail: Vec<Key>,
    },
    /// At the end of a list of which some records had moved from behind to before, and were not found
    /// again yet: nothing can be read from here.
    Moved,
    /// Ids from `next` on, up to `until`.
    Ascending { next: i64, until: Option<i64> },
    /// Ids below `below`, down to `floor`.
    Descending { below: i64, floor: Option<i64> },
}

impl Position {
    /// Whether it is of this list.
    ///
    /// # Errors
    /// [`InvalidRequest`](crate::ErrorKind::InvalidRequest) if it is not.
    pub(super) fn check(&self, operation: &'static Operation, filters: u64) -> Result<(), Error> {
        if self.list != operation.id {
            let reason = format!("the position is of the list {}", self.list);
            return Err(Error::invalid_request(&reason).at(operation));
        }
        if self.filters != filters {
            let reason = "the position is of this list with other filters or in another order";
            return Err(Error::invalid_request(reason).at(operation));
        }
        Ok(())
    }
}

/// The position after one record: made of what its page shares only when it is asked for.
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
    /// The record in this place of a page.
    InPage(Arc<PageCursors>, usize),
    Known(Cursor),
}

/// What the cursors of a page share.
#[derive(Debug)]
pub(super) struct PageCursors {
    pub(super) offset: i64,
    pub(super) keys: Vec<Key>,
    pub(super) total: Option<i64>,
    /// The last place that holds a record of an earlier page.
    pub(super) last_known: Option<usize>,
    /// Whether the list is being read again for what moved.
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
        // What lies before a record that was given already came since, and is no loss.
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
