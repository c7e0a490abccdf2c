//! [`PageRequest`], a request for a page, and [`Traversal`], the way through a list.

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
    /// The page after this number of records.
    Offset(i64),
    /// The page after `offset` rows of a day.
    Day { day: NaiveDate, offset: i64 },
    /// The page of the lowest ids from `start` on, or of the highest.
    Ids {
        start: Option<i64>,
        descending: bool,
        /// Whether the call's own dates apply; the server accepts them only without a `start`.
        dated: bool,
    },
}

/// How the list of a call is traversed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[doc(hidden)]
pub enum Traversal {
    Single,
    Offset,
    /// Day by day, each by offset. The server truncated a day with `row_cap` rows or more.
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
