//! [`Strategy`], which chooses the next page request and finds the new records of its response. It does no I/O.

use super::accepted::AcceptedPage;
use super::ascending::Ascending;
use super::daily::Daily;
use super::descending::Descending;
use super::offset::ByOffset;
use super::position::Position;
use super::request::{PageRequest, Traversal};
use super::summary::{IncompleteReason, PageSummary};

/// How a list is read, one variant for each kind of pagination.
#[derive(Debug)]
pub(super) enum Strategy {
    Offset(Box<ByOffset>),
    Ascending(Ascending),
    Descending(Descending),
    Daily(Box<Daily>),
}

impl Strategy {
    /// Returns the strategy for a traversal, from `position` on.
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

    /// Returns the next request; `None` at the end of the list.
    pub(super) fn next_request(&self) -> Result<Option<PageRequest>, IncompleteReason> {
        match self {
            Self::Offset(list) => Ok(list.next_request()),
            Self::Ascending(list) => Ok(list.next_request()),
            Self::Descending(list) => Ok(list.next_request()),
            Self::Daily(list) => list.next_request(),
        }
    }

    /// Returns up to `count` requests after the next one, as far as they can be predicted.
    pub(super) fn requests_ahead(&self, count: usize) -> Vec<PageRequest> {
        match self {
            Self::Offset(list) => list.requests_ahead(count),
            Self::Daily(list) => list.requests_ahead(count),
            Self::Ascending(_) | Self::Descending(_) => Vec::new(),
        }
    }

    /// Processes the response to [`next_request`](Self::next_request), and returns its new records.
    pub(super) fn accept(&mut self, page: &PageSummary) -> Result<AcceptedPage, IncompleteReason> {
        match self {
            Self::Offset(list) => list.accept(page),
            Self::Ascending(list) => list.accept(page),
            Self::Descending(list) => list.accept(page),
            Self::Daily(list) => list.accept(page),
        }
    }
}
