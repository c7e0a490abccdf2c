//! How a list is read: which request is next, and which records of its answer are new. No I/O.

use super::ascending::Ascending;
use super::descending::Descending;
use super::offset::Offsets;
use super::page::Sheet;
use super::position::{After, Place};

/// A request for a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[doc(hidden)]
pub struct Ask {
    pub limit: i64,
    pub at: At,
}

/// Which page of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[doc(hidden)]
pub enum At {
    /// The page after so many records.
    Offset(i64),
    /// The page of the lowest ids from `start` on, or of the highest.
    Ids {
        start: Option<i64>,
        descending: bool,
        /// Whether the call's own dates apply; the server takes them only without a `start`.
        dated: bool,
    },
}

/// How the list of a call wants to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[doc(hidden)]
pub enum Plan {
    Single,
    Offset,
    Ids {
        start: Option<i64>,
        descending: bool,
        dated: bool,
    },
}

/// What a page brought.
#[derive(Debug, Default)]
pub(super) struct Taken {
    /// The places of the records that are new, in the order in which to give them.
    pub(super) fresh: Vec<usize>,
    /// The position after each of them.
    pub(super) marks: Vec<After>,
}

/// Why a list cannot be read to its end.
pub(super) type Stop = String;

#[derive(Debug)]
pub(super) enum Walk {
    Offset(Box<Offsets>),
    Up(Ascending),
    Down(Descending),
}

impl Walk {
    pub(super) fn new(plan: Plan, limit: i64, place: Option<Place>) -> Result<Self, Stop> {
        Ok(match plan {
            Plan::Single => Self::Offset(Box::new(Offsets::new(limit, true, place)?)),
            Plan::Offset => Self::Offset(Box::new(Offsets::new(limit, false, place)?)),
            Plan::Ids {
                start,
                descending: false,
                dated,
            } => Self::Up(Ascending::new(limit, start, dated, place)),
            Plan::Ids {
                start,
                descending: true,
                dated,
            } => Self::Down(Descending::new(limit, start, dated, place)),
        })
    }

    /// The next request; `None` at the end.
    pub(super) fn ask(&self) -> Option<Ask> {
        match self {
            Self::Offset(walk) => walk.ask(),
            Self::Up(walk) => walk.ask(),
            Self::Down(walk) => walk.ask(),
        }
    }

    /// The requests after the next one, as far as they can be foreseen.
    pub(super) fn ahead(&self, count: usize) -> Vec<Ask> {
        match self {
            Self::Offset(walk) => walk.ahead(count),
            Self::Up(_) | Self::Down(_) => Vec::new(),
        }
    }

    /// Takes in the answer to [`ask`](Self::ask).
    pub(super) fn take(&mut self, sheet: &Sheet) -> Result<Taken, Stop> {
        match self {
            Self::Offset(walk) => walk.take(sheet),
            Self::Up(walk) => walk.take(sheet),
            Self::Down(walk) => walk.take(sheet),
        }
    }
}
