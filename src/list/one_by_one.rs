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

#[cfg(test)]
mod tests {
    use super::{Key, OneByOne};

    /// Reads records one by one, and returns whether the list is complete.
    fn read(list: &mut OneByOne, ids: &[i64]) -> Result<bool, String> {
        ids.iter().for_each(|id| list.add(Key::Id(*id)));
        list.end()
    }

    #[test]
    fn two_readings_agree_if_they_saw_the_same_records_in_the_same_order() {
        let pairs = (0..64).flat_map(|first| (0..64).map(move |second| (first, second)));
        for (first, second) in pairs {
            let mut list = OneByOne::default();
            assert!(!read(&mut list, &[100, first]).unwrap());
            let agree = read(&mut list, &[100, second]).unwrap();
            assert_eq!(agree, first == second, "{first} {second}");
        }
        let mut list = OneByOne::default();
        assert!(!read(&mut list, &[1, 2, 3]).unwrap());
        assert!(!read(&mut list, &[3, 2, 1]).unwrap());
        assert!(read(&mut list, &[3, 2, 1]).unwrap());
    }

    #[test]
    fn a_record_at_two_offsets_proves_a_change() {
        let mut list = OneByOne::default();
        for _ in 0..6 {
            assert!(!read(&mut list, &[1, 2, 2]).unwrap());
        }
        read(&mut list, &[1, 2, 2]).unwrap_err();
    }

    #[test]
    fn a_reading_is_longer_with_one_record_more_than_the_one_before() {
        let mut list = OneByOne::default();
        read(&mut list, &[1]).unwrap();
        for longer in [false, false, true] {
            assert_eq!(list.is_longer(), longer);
            list.add(Key::Id(1));
        }
    }
}
