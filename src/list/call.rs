//! [`ListCall`], what reading needs of a call whose response is a list.

use super::page::RawPage;
use super::position::Filters;
use super::summary::Key;
use crate::days::Days;
use crate::error::Error;
use crate::operation::Operation;
use crate::raw_response::OnDrift;
use crate::wire::decode::{DecodeError, Decoded};
use chrono::{DateTime, NaiveDate, Utc};

/// A call that is read as a list. Not public, so that nothing outside can be a list or take part in reading one.
pub trait ListCall: Clone + Send + Sized + 'static {
    type Record: Send + 'static;

    const OPERATION: &'static Operation;

    fn traversal(&self) -> Result<Traversal, Error>;

    /// The call for this page.
    fn with_page(self, request: PageRequest) -> Self;

    fn fetch(self) -> impl Future<Output = Result<RawPage<Self::Record>, Error>> + Send;

    fn decode(record: &[u8]) -> Result<Decoded<Self::Record>, DecodeError>;

    fn on_drift(&self) -> Option<OnDrift>;

    fn key(record: &Self::Record) -> Key;

    fn filters(&self) -> Result<Filters, Error>;

    /// When the record was made, if the list goes on by ids and its records say so.
    fn created(record: &Self::Record) -> Option<DateTime<Utc>> {
        let _ = record;
        None
    }
}

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
