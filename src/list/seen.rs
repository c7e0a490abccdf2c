//! [`SeenRecords`], the records of a list by offset so far, and whether a page overlaps with them.

use super::accepted::AcceptedPage;
use super::position::{PageCursors, RecordCursor};
use super::summary::{Key, PageSummary};
use std::collections::HashSet;
use std::sync::Arc;

#[derive(Debug, Default)]
pub(super) struct SeenRecords {
    /// The offset at which the part that was read ends.
    pub(super) end: i64,
    /// The last page of that part.
    tail: Vec<Key>,
    /// The last record that was read; pages further back end before it.
    front: Option<Key>,
    /// The fingerprints of all records that were seen. Long lists are remembered whole, so they are short.
    seen: HashSet<u64>,
    /// Those of them that were seen in the second reading.
    again: HashSet<u64>,
    /// The reading of the list: 0 for the first, 1 for the second.
    pub(super) reading: u8,
    /// Whether only the end of what was read is known, because an earlier read reached it.
    pub(super) partial: bool,
    /// Whether some of the records have no ids.
    pub(super) unkeyed: bool,
    /// The number of different records in this reading.
    pub(super) different: i64,
    /// The number of places with a record that its page has twice.
    pub(super) doubled: i64,
}

impl SeenRecords {
    /// Continues after an earlier read that ended with these records.
    pub(super) fn of(end: i64, tail: Vec<Key>) -> Self {
        Self {
            end,
            seen: tail.iter().map(Key::fingerprint).collect(),
            front: tail.last().copied(),
            tail,
            partial: true,
            ..Self::default()
        }
    }

    /// Starts the second reading, which knows every record but begins at the start of the list.
    pub(super) fn read_again(&mut self) {
        *self = Self {
            seen: std::mem::take(&mut self.seen),
            reading: 1,
            ..Self::default()
        };
    }

    /// Returns the number of different records in all readings.
    pub(super) fn seen(&self) -> i64 {
        places(self.seen.len())
    }

    /// Returns whether the page is the whole list, though only its end was requested: it has as many records as
    /// the total, and the last one that was read has the same place in it.
    pub(super) fn is_in_all(&self, summary: &PageSummary) -> bool {
        let last = usize::try_from(self.end.saturating_sub(1)).ok();
        let last = last.and_then(|place| summary.keys.get(place));
        let is_all = summary.total == Some(summary.length());
        is_all && last.is_some() && last == self.front.as_ref()
    }

    /// Returns the new records; `None` if the page does not overlap with what was read. `grown` is by how much
    /// the list grew since the last page.
    pub(super) fn accept(
        &mut self,
        summary: &PageSummary,
        offset: i64,
        grown: i64,
    ) -> Option<AcceptedPage> {
        self.unkeyed |= summary.keys.iter().any(Key::is_content);
        let new_records = if self.unkeyed {
            self.new_by_content(&summary.keys, offset, grown)?
        } else {
            self.new_by_id(&summary.keys, offset)?
        };
        Some(self.page(summary, offset, new_records, self.reading > 0))
    }

    /// Returns the new records of a page with one record, which overlaps with no other. Only positions within the
    /// first reading can be continued from.
    pub(super) fn accept_one(
        &self,
        summary: &PageSummary,
        offset: i64,
        is_first_reading: bool,
    ) -> AcceptedPage {
        let known = |key: &Key| self.is_known(key);
        let new_records = (0..1).filter(|_| !summary.keys.iter().any(known));
        self.page(summary, offset, new_records.collect(), !is_first_reading)
    }

    fn page(
        &self,
        summary: &PageSummary,
        offset: i64,
        new_records: Vec<usize>,
        moved: bool,
    ) -> AcceptedPage {
        let page = Arc::new(PageCursors {
            offset,
            keys: summary.keys.clone(),
            total: summary.total,
            last_known: summary.keys.iter().rposition(|key| self.is_known(key)),
            moved,
        });
        let cursors = new_records
            .iter()
            .map(|place| RecordCursor::InPage(page.clone(), *place));
        AcceptedPage {
            cursors: cursors.collect(),
            new_records,
            day: None,
        }
    }

    /// Returns whether a record was seen in any reading.
    fn is_known(&self, key: &Key) -> bool {
        self.seen.contains(&key.fingerprint())
    }

    /// Returns whether a record was seen in this reading.
    fn is_read(&self, key: &Key) -> bool {
        let read = if self.reading > 0 {
            &self.again
        } else {
            &self.seen
        };
        read.contains(&key.fingerprint())
    }

    fn new_by_id(&self, keys: &[Key], offset: i64) -> Option<Vec<usize>> {
        let first = keys.iter().position(|key| self.is_read(key));
        if first.is_none() && (offset > 0 || self.partial) {
            return None;
        }
        let reaches = self.front.is_none_or(|front| keys.contains(&front));
        let from = match first {
            // Everything before the end of the earlier read's part was read by it.
            Some(first) if self.partial => first,
            // New records among those that were read were created since. They are left to the second reading,
            // so that every position has all records before it that were yielded.
            Some(_) if !reaches => {
                let last = keys.iter().rposition(|key| self.is_read(key));
                last.unwrap_or_default()
            }
            _ => 0,
        };
        let mut on_page = HashSet::with_capacity(keys.len());
        let is_new = |(place, key): &(usize, &Key)| {
            let is_first = on_page.insert(**key);
            is_first && *place >= from && !self.is_known(key)
        };
        let new_records = keys.iter().enumerate().filter(is_new);
        Some(new_records.map(|(place, _)| place).collect())
    }

    /// Returns the records after the place at which the page repeats the last records that were read.
    fn new_by_content(&self, keys: &[Key], offset: i64, grown: i64) -> Option<Vec<usize>> {
        if offset == 0 && self.tail.is_empty() {
            return Some((0..keys.len()).collect());
        }
        let common = common_ends(&self.tail, keys);
        let fits = |known: &usize| common[*known] == self.tail.len().min(*known);
        let expected = self.end.saturating_sub(offset);
        let likely = [expected.saturating_add(grown), expected].map(usize::try_from);
        let likely = likely.into_iter().filter_map(Result::ok);
        let mut ends = likely.chain(1..=keys.len());
        let known = ends.find(|known| (1..=keys.len()).contains(known) && fits(known))?;
        Some((known..keys.len()).collect())
    }

    /// Returns whether the last record that was read lies further on than growth can explain: the server returned
    /// another page than the requested one.
    pub(super) fn is_pushed(&self, summary: &PageSummary, offset: i64, grown: i64) -> bool {
        let is_front = |key: &Key| Some(*key) == self.front;
        let place = summary.keys.iter().position(is_front);
        let end = |place| offset.saturating_add(places(place)).saturating_add(1);
        place.is_some_and(|place| end(place) > self.end.saturating_add(grown.max(0)))
    }

    /// Adds a page that overlaps, and returns whether it has records that are new in this reading.
    pub(super) fn add(
        &mut self,
        summary: &PageSummary,
        offset: i64,
        accepted: &AcceptedPage,
    ) -> bool {
        let mut progress = !accepted.new_records.is_empty();
        let mut new_records = accepted.new_records.iter().copied().peekable();
        let mut on_page = HashSet::with_capacity(summary.keys.len());
        for (place, key) in summary.keys.iter().enumerate() {
            let is_new = new_records.next_if_eq(&place).is_some();
            if key.is_content() {
                continue;
            }
            if !on_page.insert(*key) {
                let is_beyond = offset.saturating_add(places(place)) >= self.end;
                self.doubled = self.doubled.saturating_add(i64::from(is_beyond));
            } else if is_new || self.is_known(key) {
                let is_first = self.seen.insert(key.fingerprint());
                let is_first = match self.reading {
                    0 => is_first,
                    _ => self.again.insert(key.fingerprint()),
                };
                self.different = self.different.saturating_add(i64::from(is_first));
                progress |= is_first;
            }
        }
        let last = summary.keys.len().checked_sub(1);
        let beyond = last.is_some() && accepted.new_records.last().copied() == last;
        if beyond || self.front.is_none_or(|front| summary.keys.contains(&front)) {
            self.front = summary.keys.last().copied();
        }
        self.tail.clone_from(&summary.keys);
        self.end = offset.saturating_add(summary.length());
        progress
    }
}

fn places(places: usize) -> i64 {
    i64::try_from(places).unwrap_or(i64::MAX)
}

/// Returns, for each prefix of a page, how many of its last records equal the last ones that were read, one by one.
/// It takes time proportional to both (the Z function of the two, read backwards).
fn common_ends(read: &[Key], page: &[Key]) -> Vec<usize> {
    let backwards: Vec<Key> = read
        .iter()
        .rev()
        .chain(page.iter().rev())
        .copied()
        .collect();
    let mut common = vec![0; backwards.len()];
    let (mut from, mut to) = (0_usize, 0_usize);
    for place in 1..backwards.len() {
        let mut length = to.saturating_sub(place).min(common[place.abs_diff(from)]);
        while let (Some(one), Some(other)) = (
            backwards.get(length),
            backwards.get(place.saturating_add(length)),
        ) {
            if one != other {
                break;
            }
            length = length.saturating_add(1);
        }
        common[place] = length;
        if place.saturating_add(length) > to {
            (from, to) = (place, place.saturating_add(length));
        }
    }
    // The end of the prefix of this length, read backwards.
    let ends = (0..=page.len()).map(|length| {
        let place = backwards.len().saturating_sub(length);
        let found = common.get(place).copied().unwrap_or_default();
        found.min(read.len()).min(length)
    });
    ends.collect()
}

#[cfg(test)]
mod tests {
    use super::{Key, common_ends};
    use proptest::prelude::*;
    use std::time::{Duration, Instant};

    proptest! {
        #[test]
        fn ends_are_compared_as_one_by_one(
            read in prop::collection::vec(0..3_i64, 0..12),
            page in prop::collection::vec(0..3_i64, 0..12),
        ) {
            let keys = |ids: &[i64]| ids.iter().copied().map(Key::Id).collect::<Vec<_>>();
            let expected: Vec<usize> = (0..=page.len()).map(|length| {
                let backwards = page[..length].iter().rev().zip(read.iter().rev());
                backwards.take_while(|(one, other)| one == other).count()
            }).collect();
            prop_assert_eq!(common_ends(&keys(&read), &keys(&page)), expected);
        }
    }

    /// A page of equal records takes time proportional to its length: with its square, it would take minutes.
    #[test]
    fn equal_records_are_compared_once() {
        let keys = vec![Key::Content(7); 50_000];
        let start = Instant::now();
        let common = common_ends(&keys, &keys);
        assert_eq!(common, (0..=keys.len()).collect::<Vec<_>>());
        assert!(
            start.elapsed() < Duration::from_secs(10),
            "{:?}",
            start.elapsed()
        );
    }
}
