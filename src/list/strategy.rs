//! [`Strategy`], how a list is read: which request is next, and which records of its response are new. No I/O.

use super::ascending::Ascending;
use super::daily::Daily;
use super::descending::Descending;
use super::offset::ByOffset;
use super::page::PageSummary;
use super::position::{Position, RecordCursor};
use crate::days::Days;
use chrono::NaiveDate;

/// A request for a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[doc(hidden)]
pub struct PageRequest {
    pub limit: i64,
    pub start: Start,
}

/// Which page of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[doc(hidden)]
pub enum Start {
    /// The page after so many records.
    Offset(i64),
    /// The page after so many rows of a day.
    Day { day: NaiveDate, offset: i64 },
    /// The page of the lowest ids from `start` on, or of the highest.
    Ids {
        start: Option<i64>,
        descending: bool,
        /// Whether the call's own dates apply; the server takes them only without a `start`.
        dated: bool,
    },
}

/// How the list of a call is to be traversed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[doc(hidden)]
pub enum Traversal {
    Single,
    Offset,
    /// Day by day, each by offset; a day of `row_cap` rows or more was cut by the server.
    Daily {
        days: Days,
        row_cap: u64,
    },
    Ids {
        start: Option<i64>,
        descending: bool,
        dated: bool,
    },
}

/// What a page brought.
#[derive(Debug, Default)]
pub(super) struct AcceptedPage {
    /// The places of the records that are new, in the order in which to give them.
    pub(super) new_records: Vec<usize>,
    /// The cursor after each of them.
    pub(super) cursors: Vec<RecordCursor>,
    /// Of a report, the day of the page.
    pub(super) day: Option<NaiveDate>,
}

/// Why a list cannot be read to its end.
pub(super) type IncompleteReason = String;

/// How a list is read, one for each way in which lists go on.
#[derive(Debug)]
pub(super) enum Strategy {
    Offset(Box<ByOffset>),
    Ascending(Ascending),
    Descending(Descending),
    Daily(Box<Daily>),
}

impl Strategy {
    /// The strategy for a call, from `position` on.
    pub(super) fn new(
        traversal: Traversal,
        limit: i64,
        position: Option<Position>,
    ) -> Result<Self, IncompleteReason> {
        let day = position.as_ref().and_then(|position| position.day);
        let cursor = position.map(|position| position.cursor);
        Ok(match traversal {
            Traversal::Single => Self::Offset(Box::new(ByOffset::new(limit, true, cursor)?)),
            Traversal::Offset => Self::Offset(Box::new(ByOffset::new(limit, false, cursor)?)),
            Traversal::Daily { days, row_cap } => {
                Self::Daily(Box::new(Daily::new(limit, days, row_cap, day.zip(cursor))?))
            }
            Traversal::Ids {
                start,
                descending: false,
                dated,
            } => Self::Ascending(Ascending::new(limit, start, dated, cursor)),
            Traversal::Ids {
                start,
                descending: true,
                dated,
            } => Self::Descending(Descending::new(limit, start, dated, cursor)),
        })
    }

    /// The next request; `None` at the end.
    pub(super) fn next_request(&self) -> Result<Option<PageRequest>, IncompleteReason> {
        match self {
            Self::Offset(list) => Ok(list.next_request()),
            Self::Ascending(list) => Ok(list.next_request()),
            Self::Descending(list) => Ok(list.next_request()),
            Self::Daily(list) => list.next_request(),
        }
    }

    /// The requests after the next one, as far as they can be foreseen.
    pub(super) fn requests_ahead(&self, count: usize) -> Vec<PageRequest> {
        match self {
            Self::Offset(list) => list.requests_ahead(count),
            Self::Daily(list) => list.requests_ahead(count),
            Self::Ascending(_) | Self::Descending(_) => Vec::new(),
        }
    }

    /// Takes in the response to [`next_request`](Self::next_request).
    pub(super) fn accept(&mut self, page: &PageSummary) -> Result<AcceptedPage, IncompleteReason> {
        match self {
            Self::Offset(list) => list.accept(page),
            Self::Ascending(list) => list.accept(page),
            Self::Descending(list) => list.accept(page),
            Self::Daily(list) => list.accept(page),
        }
    }
}
