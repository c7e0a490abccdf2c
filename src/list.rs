//! Lists: reading the pages of an operation to its end, without losing or repeating a record.
//!
//! A [`Strategy`](strategy::Strategy), one for each kind of pagination, chooses the next request from the pages
//! so far and does no I/O. A [`Reader`](reader::Reader) sends the requests, and the streams yield the new records.

// Counts, ids and positions come from the server: no value of it may overflow.
#![deny(clippy::arithmetic_side_effects)]

mod accepted;
mod ascending;
mod call;
pub(crate) mod calls;
mod daily;
mod descending;
mod listing;
#[cfg(test)]
mod model;
mod offset;
mod one_by_one;
mod page;
mod position;
mod raw;
mod reader;
mod request;
mod seen;
mod strategy;
mod stream;
mod summary;

pub use listing::{List, Listing};
pub use page::{InvalidRecord, Page};
pub use position::Position;
pub use raw::{RawList, RawRecord};
pub use stream::{Items, Pages};

pub(crate) use call::ListCall;
pub(crate) use page::RawPage;
pub(crate) use position::Filters;
pub(crate) use request::{PageRequest, Start, Traversal};
pub(crate) use summary::Key;
