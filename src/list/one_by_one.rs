//! [`OneByOne`], how a list by offset is read if its pages have one record each, so that none overlaps with another.
//!
//! Such a list is read from its start to an empty page, and then again. If two readings in a row saw the same
//! records at the same offsets, the first of them missed nothing. Each of its records existed until the second
//! reading saw it again, so none of them was deleted during the first. A record between two of them, or after the
//! last one, would have moved those behind it to higher offsets than they were seen at.
//!
//! That costs two calls for each record, which no other reading by offset can avoid and stay exact.

use super::summary::{IncompleteReason, Key};
use std::collections::HashSet;

/// The list is incomplete after more than this many readings that differ from the one before.
const PATIENCE: u8 = 6;

#[derive(Debug, Default)]
pub(super) struct OneByOne {
    this: Reading,
    /// The records of this reading.
    records: HashSet<u64>,
    last: Option<Reading>,
    differing: u8,
    /// Whether the last response was empty.
    empty: bool,
}

/// What one reading from start to end saw.
#[derive(Debug, Default, PartialEq)]
struct Reading {
    length: i64,
    /// A hash of the records in their order.
    hash: u64,
    /// Whether a record was seen at two offsets.
    repeats: bool,
}

impl OneByOne {
    /// Adds the next record of this reading.
    pub(super) fn add(&mut self, key: Key) {
        let record = key.fingerprint();
        self.empty = false;
        self.this.length = self.this.length.saturating_add(1);
        self.this.hash = (self.this.hash ^ record)
            .wrapping_mul(0x9e37_79b9_7f4a_7c15)
            .rotate_left(29);
        self.this.repeats |= !self.records.insert(record);
    }

    /// Returns whether the list is being read for the first time.
    pub(super) fn is_first(&self) -> bool {
        self.last.is_none()
    }

    /// Returns whether this reading is longer than the one before.
    pub(super) fn is_longer(&self) -> bool {
        let last = self.last.as_ref().map_or(0, |last| last.length);
        self.this.length > last
    }

    /// Notes an empty page, and returns whether the page before was empty, too. A single one is no proof of an end.
    pub(super) fn is_empty_again(&mut self) -> bool {
        std::mem::replace(&mut self.empty, true)
    }

    /// Ends a reading, and returns whether the list is complete. If not, it is to be read again.
    pub(super) fn end(&mut self) -> Result<bool, IncompleteReason> {
        self.records.clear();
        self.empty = false;
        let this = std::mem::take(&mut self.this);
        if !this.repeats && self.last.as_ref() == Some(&this) {
            return Ok(true);
        }
        self.differing = self.differing.saturating_add(1);
        if self.differing > PATIENCE {
            return Err("the list changed during every reading, one record a page".into());
        }
        self.last = Some(this);
        Ok(false)
    }
}
