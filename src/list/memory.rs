//! What a list by offset has brought so far: which records are known, and whether a page joins them.

use super::page::{Key, Sheet};
use super::position::{After, Slots};
use super::walk::Taken;
use std::collections::HashMap;
use std::sync::Arc;

#[derive(Debug, Default)]
pub(super) struct Memory {
    /// Where the part that was read ends.
    pub(super) end: i64,
    /// The last records of that part: a page of them.
    tail: Vec<Key>,
    /// The record that reading is at; pages further back end before it.
    front: Option<Key>,
    /// Every record that was seen, by the reading in which it was last seen.
    seen: HashMap<Key, u8>,
    /// Which reading of the list it is: 0, or 1 for what the first one missed.
    pub(super) reading: u8,
    /// Whether only the end of what was read is known, because another walk read it.
    pub(super) partial: bool,
    /// Whether some of the records have no ids.
    pub(super) unkeyed: bool,
    /// Different records seen in this reading.
    pub(super) different: i64,
    /// Places taken by a record that its page has twice.
    pub(super) doubled: i64,
}

impl Memory {
    /// What a walk that ended with these records left.
    pub(super) fn of(end: i64, tail: Vec<Key>) -> Self {
        Self {
            end,
            seen: tail.iter().map(|key| (*key, 0)).collect(),
            front: tail.last().copied(),
            tail,
            partial: true,
            ..Self::default()
        }
    }

    /// Begins another reading, which knows every record and has been nowhere.
    pub(super) fn read_again(&mut self) {
        *self = Self {
            seen: std::mem::take(&mut self.seen),
            reading: self.reading + 1,
            unkeyed: self.unkeyed,
            ..Self::default()
        };
    }

    /// How many different records were seen in all.
    pub(super) fn seen(&self) -> i64 {
        places(self.seen.len())
    }

    /// Whether the page is the whole list, though its end only was asked for: it has as many records as
    /// the server counts, and the last one that was read has that place in it.
    pub(super) fn is_in_all(&self, sheet: &Sheet) -> bool {
        let last = usize::try_from(self.end - 1).ok();
        let last = last.and_then(|place| sheet.keys.get(place));
        let is_all = sheet.total == Some(places(sheet.keys.len()));
        is_all && last.is_some() && last == self.front.as_ref()
    }

    /// The records that are new; `None` if the page does not join what was read. `grown` is by how much the
    /// list grew since the last page.
    pub(super) fn take(&mut self, sheet: &Sheet, offset: i64, grown: i64) -> Option<Taken> {
        self.unkeyed |= sheet.keys.iter().any(Key::is_content);
        let fresh = if self.unkeyed {
            self.fresh_by_content(&sheet.keys, offset, grown)?
        } else {
            self.fresh_by_id(&sheet.keys, offset)?
        };
        let known = |place: &usize| self.seen.contains_key(&sheet.keys[*place]);
        let slots = Arc::new(Slots {
            offset,
            keys: sheet.keys.clone(),
            total: sheet.total,
            last_known: (0..sheet.keys.len()).rev().find(known),
            moved: self.reading > 0,
        });
        let marks = fresh.iter().map(|place| After::Slot(slots.clone(), *place));
        Some(Taken {
            marks: marks.collect(),
            fresh,
        })
    }

    fn fresh_by_id(&self, keys: &[Key], offset: i64) -> Option<Vec<usize>> {
        let known = |key: &Key| self.seen.get(key) == Some(&self.reading);
        let first = keys.iter().position(known);
        if first.is_none() && (offset > 0 || self.partial) {
            return None;
        }
        let reaches = self.front.is_none_or(|front| keys.contains(&front));
        let from = match first {
            // What comes before the end of another walk's part was read.
            Some(first) if self.partial => first,
            // Short of where reading is, what is new among what was read came since; it is left to a
            // second reading, so that every position has all that was given before it.
            Some(_) if !reaches => keys.iter().rposition(known).unwrap_or_default(),
            _ => 0,
        };
        let fresh = keys.iter().enumerate().skip(from);
        let fresh = fresh
            .filter(|(place, key)| !self.seen.contains_key(key) && !keys[..*place].contains(key));
        Some(fresh.map(|(place, _)| place).collect())
    }

    /// Those after the place at which the page says what the last records that were read said.
    fn fresh_by_content(&self, keys: &[Key], offset: i64, grown: i64) -> Option<Vec<usize>> {
        if offset == 0 && self.tail.is_empty() {
            return Some((0..keys.len()).collect());
        }
        let fits = |known: &usize| {
            let (read, page) = (self.tail.iter().rev(), keys[..*known].iter().rev());
            read.zip(page).all(|(read, page)| read == page)
        };
        let expected = self.end - offset;
        let likely = [expected + grown, expected].map(usize::try_from);
        let likely = likely.into_iter().filter_map(Result::ok);
        let mut ends = likely.chain(1..=keys.len());
        let known = ends.find(|known| (1..=keys.len()).contains(known) && fits(known))?;
        Some((known..keys.len()).collect())
    }

    /// Whether the last record that was read lies further on than growth can have pushed it: the server
    /// gave another page than it was asked for.
    pub(super) fn is_pushed(&self, sheet: &Sheet, offset: i64, grown: i64) -> bool {
        let is_front = |key: &Key| Some(*key) == self.front;
        let place = sheet.keys.iter().position(is_front);
        place.is_some_and(|place| offset + places(place) + 1 > self.end + grown.max(0))
    }

    /// Adds a page that joins, and says whether it brought anything, in this reading.
    pub(super) fn add(&mut self, sheet: &Sheet, offset: i64, taken: &Taken) -> bool {
        let mut progress = !taken.fresh.is_empty();
        for (place, key) in sheet.keys.iter().enumerate() {
            if key.is_content() {
                continue;
            }
            if sheet.keys[..place].contains(key) {
                self.doubled += i64::from(offset + places(place) >= self.end);
            } else if (self.seen.contains_key(key) || taken.fresh.contains(&place))
                && self.seen.insert(*key, self.reading) != Some(self.reading)
            {
                self.different += 1;
                progress = true;
            }
        }
        let beyond = taken.fresh.last().map(|place| place + 1) == Some(sheet.keys.len());
        if beyond || self.front.is_none_or(|front| sheet.keys.contains(&front)) {
            self.front = sheet.keys.last().copied();
        }
        self.tail.clone_from(&sheet.keys);
        self.end = offset + places(sheet.keys.len());
        progress
    }
}

pub(super) fn places(places: usize) -> i64 {
    i64::try_from(places).unwrap_or(i64::MAX)
}
