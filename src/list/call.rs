//! [`ListCall`], what a reader needs of a call whose response is a list, and [`PageRequest`], a request for a page.

use super::page::RawPage;
use super::position::Filters;
use super::summary::Key;
use crate::days::Days;
use crate::error::Error;
use crate::operation::Operation;
use crate::raw_response::OnDrift;
use crate::response::Response;
use crate::transport::BoxFuture;
use crate::wire::decode::{DecodeError, Decoded};
use chrono::{DateTime, NaiveDate, Utc};

/// A call that can be read as a list. Not public, so that nothing outside of the crate can implement it or use its
/// methods.
pub trait ListCall: Clone + Send + Sized + 'static {
    type Record: Send + 'static;

    fn operation(&self) -> &'static Operation;

    fn traversal(&self) -> Result<Traversal, Error>;

    /// Returns the call that requests this page.
    fn with_page(self, request: PageRequest) -> Self;

    fn fetch(self) -> BoxFuture<'static, Result<RawPage<Self::Record>, Error>>;

    fn decode(record: &[u8]) -> Result<Decoded<Self::Record>, DecodeError>;

    fn on_drift(&self) -> Option<OnDrift>;

    fn key(record: &Self::Record) -> Key;

    fn filters(&self) -> Result<Filters, Error>;

    /// Returns the time at which the record was created, if the list is read by id and its records have one.
    fn created(&self, record: &Self::Record) -> Option<DateTime<Utc>> {
        let _ = record;
        None
    }
}

/// Sends a call, and takes the page out of its response.
pub(super) fn fetched<T: Send + 'static, R: Send + 'static>(
    call: impl IntoFuture<Output = Result<Response<T>, Error>, IntoFuture: Send + 'static>,
    page: fn(Response<T>) -> Result<RawPage<R>, Error>,
) -> BoxFuture<'static, Result<RawPage<R>, Error>> {
    let response = call.into_future();
    Box::pin(async move { page(response.await?) })
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
