//! Lists that go on by the number of records before a page.
//!
//! Records come and go while such a list is read, and every one of those before the position moves the
//! rest. The argument for exactness is this. Records that are not moved on purpose keep their order, so
//! a page is an interval of that order which holds every record of it that lives throughout. Two
//! intervals that share a record are one interval, whatever happened between the two answers and in
//! whichever order they were given. So each request begins [`OVERLAP`] records before the end of what was
//! read: if the page holds a record that was read, nothing lies between. Insertions only bring records
//! again, which are known by their ids. Deletions bring the overlap out of sight; such a page is dropped
//! and another is asked for: first where the total says that the records went, then half a page back and
//! further. The first interval begins at the list's beginning, the last is shown to reach its end.
//!
//! One record is enough of an overlap: more would spare the page that a deletion costs and cost records
//! of every page. A quiet list of `n` records costs `(n - 1) / (page - 1)` calls, rounded up; fewer could
//! not share a record each.
//!
//! **The end** has two witnesses: the total is reached and the page has room left. If only one of them
//! says so, the next page is asked for, and the list ends if it brings nothing. A total below what came
//! is a lie and no witness any more. What the server counts and does not give makes the list incomplete.
//!
//! **Records that are moved** from behind the position to before it are missed by every such reading.
//! They betray themselves by the count: as many records as the server counted, and as many as it has
//! places for, must have been seen. If not, the list is read once more for what is missing. Only a
//! record that moves away while another one goes and a third one comes between the same two answers
//! stays unseen: no reading by offset can tell this from a quiet list.

use super::page::{Key, Sheet};
use super::position::{After, Place, Slots};
use super::walk::{Ask, At, Stop, Taken};
use std::collections::HashMap;
use std::sync::Arc;

/// Records of a page that the next one asks for again.
const OVERLAP: i64 = 1;

/// After so many answers in a row that bring nothing new, the list is given up.
const PATIENCE: u8 = 6;

const MOVED: &str = "records changed places while they were read";

#[derive(Debug)]
pub(super) struct Offsets {
    limit: i64,
    /// Whether the list comes whole in one answer.
    single: bool,
    done: bool,
    /// Where the next request begins.
    next: i64,
    /// Where the part that was read ends.
    end: i64,
    /// The last records of that part: a page of them.
    tail: Vec<Key>,
    /// The record that reading is at; pages further back end before it.
    front: Option<Key>,
    /// Every record that was seen, by the reading in which it was last seen.
    seen: HashMap<Key, u8>,
    /// Which reading of the list it is: 0, or 1 for what the first one missed.
    reading: u8,
    /// Whether everything before the position was seen by this walk, not by one that it goes on from.
    whole: bool,
    /// Whether some of the records have no ids.
    unkeyed: bool,
    /// Different records seen in this reading, and places taken by one that its page has twice.
    count: i64,
    doubled: i64,
    /// What the server counts now, and at most in this reading; and whether it was caught lying.
    total: Option<i64>,
    most: i64,
    lies: bool,
    /// Of the first reading: how many records there must be, and where it ended.
    wanted: i64,
    stay: Option<Place>,
    /// The first record of the list.
    head: Option<Key>,
    /// The longest page so far.
    longest: i64,
    /// Half pages to go back if the overlap is out of sight; the total when it was last in sight.
    back: i64,
    settled: Option<i64>,
    stalled: u8,
    repeated: u8,
}

impl Offsets {
    pub(super) fn new(limit: i64, single: bool, place: Option<Place>) -> Result<Self, Stop> {
        let mut walk = Self {
            limit,
            single,
            done: false,
            next: 0,
            end: 0,
            tail: Vec::new(),
            front: None,
            seen: HashMap::new(),
            reading: 0,
            whole: true,
            unkeyed: false,
            count: 0,
            doubled: 0,
            total: None,
            most: 0,
            lies: false,
            wanted: 0,
            stay: None,
            head: None,
            longest: 0,
            back: 1,
            settled: None,
            stalled: 0,
            repeated: 0,
        };
        if let Some(Place::Offset {
            at,
            total,
            tail,
            moved,
        }) = place
            && at > 0
        {
            if moved {
                return Err(MOVED.into());
            }
            walk.seen = tail.iter().map(|key| (*key, 0)).collect();
            walk.whole = false;
            walk.front = tail.last().copied();
            (walk.end, walk.settled, walk.tail) = (at, total, tail);
            walk.next = if single { 0 } else { at - OVERLAP };
        }
        Ok(walk)
    }

    pub(super) fn ask(&self) -> Option<Ask> {
        (!self.done).then(|| self.ask_at(self.next))
    }

    fn ask_at(&self, offset: i64) -> Ask {
        Ask {
            limit: self.limit,
            at: At::Offset(offset),
        }
    }

    /// Pages of the length of the longest so far, up to the total and no further.
    pub(super) fn ahead(&self, count: usize) -> Vec<Ask> {
        let step = self.longest - OVERLAP;
        let Some(total) = self.counted().filter(|_| step > 0 && self.stalled == 0) else {
            return Vec::new();
        };
        let mut asks = Vec::new();
        let mut offset = self.next;
        while asks.len() < count && offset + self.longest < total {
            offset += step;
            asks.push(self.ask_at(offset));
        }
        asks
    }

    /// How many records the server counts, if it is to be believed.
    fn counted(&self) -> Option<i64> {
        self.total.filter(|_| !self.lies)
    }

    pub(super) fn take(&mut self, sheet: &Sheet) -> Result<Taken, Stop> {
        let offset = if self.is_all(sheet) { 0 } else { self.next };
        let length = length(&sheet.keys);
        self.total = sheet.total;
        let least = if length > 0 { offset + length } else { 0 };
        self.lies |= sheet.total.is_some_and(|total| total < least);
        if let Some(total) = self.counted() {
            self.most = self.most.max(total);
        }
        if offset == 0 && self.head.is_none() {
            self.head = sheet.keys.first().copied();
        }
        self.unkeyed |= sheet.keys.iter().any(|key| matches!(key, Key::Content(_)));
        if length == 0 && offset == self.end && self.counted().is_none() {
            // Nothing at all and no count of it: only if it says so twice.
            self.done = self.stalled > 0;
            self.stalled += 1;
            return Ok(Taken::default());
        }
        let Some(fresh) = self.fresh(sheet, offset) else {
            self.longest = self.longest.max(length);
            self.step_back()?;
            return Ok(Taken::default());
        };
        let taken = self.marked(sheet, offset, fresh);
        self.join(sheet, offset, length, &taken)?;
        Ok(taken)
    }

    /// Whether the page is the whole list, though its end only was asked for: it has as many records as
    /// the server counts, and the last one that was read has that place in it.
    fn is_all(&self, sheet: &Sheet) -> bool {
        let read = usize::try_from(self.end)
            .ok()
            .and_then(|end| end.checked_sub(1));
        let last = read.and_then(|place| sheet.keys.get(place));
        self.next > 0
            && sheet.total == Some(length(&sheet.keys))
            && last.is_some()
            && last == self.front.as_ref()
    }

    /// The places of the records that are new; `None` if the page does not join what was read.
    fn fresh(&self, sheet: &Sheet, offset: i64) -> Option<Vec<usize>> {
        let keys = &sheet.keys;
        if self.unkeyed {
            let known = if offset == 0 && self.tail.is_empty() {
                0
            } else {
                self.align(keys, offset)?
            };
            return Some((known..keys.len()).collect());
        }
        let known = |key: &Key| self.seen.get(key) == Some(&self.reading);
        let first = keys.iter().position(known);
        if first.is_none() && !(offset == 0 && self.whole) {
            return None;
        }
        let reaches = self.front.is_none_or(|front| keys.contains(&front));
        let from = match first {
            // Of a reading that another one began only the end is known: what comes before it was read.
            Some(first) if !self.whole => first,
            // Short of where reading is, what is new among what was read came since; it is left to a
            // second reading, so that every position has all that was given before it.
            Some(_) if !reaches => keys.iter().rposition(known).unwrap_or_default(),
            _ => 0,
        };
        let mut fresh: Vec<usize> = Vec::new();
        for (place, key) in keys.iter().enumerate().skip(from) {
            if !self.seen.contains_key(key) && !keys[..place].contains(key) {
                fresh.push(place);
            }
        }
        Some(fresh)
    }

    /// How many records of the page were read, by what they say: those that end with the last one read.
    fn align(&self, keys: &[Key], offset: i64) -> Option<usize> {
        let fits = |known: &usize| {
            let (read, page) = (self.tail.iter().rev(), keys[..*known].iter().rev());
            read.zip(page).all(|(read, page)| read == page)
        };
        let expected = self.end - offset;
        let grown = match (self.total, self.settled) {
            (Some(now), Some(then)) => now - then,
            _ => 0,
        };
        let likely = [expected + grown, expected].map(usize::try_from);
        let likely = likely.into_iter().filter_map(Result::ok);
        let mut places = likely.chain(1..=keys.len());
        places.find(|known| (1..=keys.len()).contains(known) && fits(known))
    }

    /// Whether the last record that was read lies further on than the growth of the list can have pushed
    /// it: the server gave another page than it was asked for.
    fn is_pushed(&self, sheet: &Sheet, offset: i64) -> bool {
        let place = self
            .front
            .and_then(|front| sheet.keys.iter().position(|key| *key == front));
        let grown = match (self.total, self.settled) {
            (Some(now), Some(then)) => (now - then).max(0),
            _ => 0,
        };
        place.is_some_and(|place| offset + length_of(place) + 1 > self.end + grown)
    }

    fn marked(&self, sheet: &Sheet, offset: i64, fresh: Vec<usize>) -> Taken {
        let last_known = (0..sheet.keys.len())
            .rev()
            .find(|place| self.seen.contains_key(&sheet.keys[*place]));
        let slots = Arc::new(Slots {
            offset,
            keys: sheet.keys.clone(),
            total: sheet.total,
            last_known,
            stay: self.stay.clone(),
        });
        let marks = fresh.iter().map(|place| After::Slot(slots.clone(), *place));
        Taken {
            marks: marks.collect(),
            fresh,
        }
    }

    /// Drops a page that does not join what was read, and goes to where the join may be.
    fn step_back(&mut self) -> Result<(), Stop> {
        self.stall()?;
        let grown = match (self.counted(), self.settled.take()) {
            (Some(now), Some(then)) => now - then,
            _ => 0,
        };
        let from = self.end - OVERLAP;
        if grown != 0 && from + grown > 0 && !self.single {
            self.next = from + grown;
            return Ok(());
        }
        if self.next == 0 || self.single {
            return Err("the records at the position are gone".into());
        }
        self.next = (from - self.back * (self.longest / 2).max(1)).max(0);
        self.back += 1;
        Ok(())
    }

    fn stall(&mut self) -> Result<(), Stop> {
        self.stalled += 1;
        if self.stalled <= PATIENCE {
            return Ok(());
        }
        Err(self.fewer("then nothing new"))
    }

    fn fewer(&self, why: &str) -> Stop {
        let total = self
            .counted()
            .map_or("more".into(), |total| total.to_string());
        format!("{} of {total} records came, {why}", self.seen.len())
    }

    /// Adds a page to what was read, and decides what is next.
    fn join(&mut self, sheet: &Sheet, offset: i64, length: i64, taken: &Taken) -> Result<(), Stop> {
        let end = offset + length;
        let pushed = !self.whole && self.is_pushed(sheet, offset);
        let mut progress = !taken.fresh.is_empty();
        for (place, key) in sheet.keys.iter().enumerate() {
            if matches!(key, Key::Content(_)) {
                continue;
            }
            if sheet.keys[..place].contains(key) {
                self.doubled += i64::from(offset + length_of(place) >= self.end);
            } else if (self.seen.contains_key(key) || taken.fresh.contains(&place))
                && self.seen.insert(*key, self.reading) != Some(self.reading)
            {
                self.count += 1;
                progress = true;
            }
        }
        let last = length_of(sheet.keys.len()) - 1;
        let beyond = taken
            .fresh
            .last()
            .is_some_and(|place| length_of(*place) == last);
        if beyond || self.front.is_none_or(|front| sheet.keys.contains(&front)) {
            self.front = sheet.keys.last().copied();
        }
        let reached = self.counted() == Some(end);
        let asked = sheet
            .limit
            .filter(|limit| *limit > 0)
            .map_or(self.limit, |limit| limit.min(self.limit));
        let short = length < asked && (self.longest == 0 || length < self.longest);
        let ended = self.end;
        (self.end, self.longest) = (end, self.longest.max(length));
        (self.back, self.settled) = (1, self.total);
        self.tail.clone_from(&sheet.keys);
        self.next = (end - OVERLAP).max(0);

        if self.single || sheet.bare {
            self.done = true;
            return match self.counted() {
                Some(total) if total > length => Err(format!("{length} of {total} records came")),
                _ => Ok(()),
            };
        }
        if reached && short && !pushed {
            return self.finish();
        }
        if self.longest == OVERLAP {
            // Of one record alone nothing more can be known without a count.
            self.next = end;
            if offset > 0 || self.counted().is_some() {
                return Err("pages of one record do not join".into());
            }
        }
        if progress {
            self.stalled = 0;
            self.repeated = 0;
        } else {
            if offset > 0 && length > 0 && sheet.keys.first().copied() == self.head {
                return self.repeat(length);
            }
            if offset >= ended - OVERLAP && end <= ended {
                return self.nothing_beyond();
            }
            self.stall()?;
        }
        self.found_what_was_missing();
        Ok(())
    }

    /// The page shows that nothing lies beyond what was read. If the server counts more, it may say so
    /// again.
    fn nothing_beyond(&mut self) -> Result<(), Stop> {
        if self.counted().is_none_or(|total| total <= self.end) {
            return self.finish();
        }
        self.repeated += 1;
        if self.repeated < 2 {
            return Ok(());
        }
        Err(self.fewer("then nothing new"))
    }

    /// The list's first page came under another offset: the server ignores it, or as many records were
    /// added in front.
    fn repeat(&mut self, length: i64) -> Result<(), Stop> {
        self.repeated += 1;
        if self.counted() == Some(length) {
            self.done = true;
            return Ok(());
        }
        if self.repeated < 2 {
            return Ok(());
        }
        Err(self.fewer("then the same again: the server ignores the position"))
    }

    /// At the end of the list: whether the count comes out.
    fn finish(&mut self) -> Result<(), Stop> {
        let most = if self.lies { 0 } else { self.most };
        let required = most.max(self.end) - self.doubled;
        let counts = self.count >= required || self.unkeyed;
        if self.whole && !counts && self.reading > 0 {
            return Err(MOVED.into());
        }
        if counts || !self.whole {
            self.done = true;
            return Ok(());
        }
        self.stay = Some(self.stay_here());
        self.wanted = required;
        self.reading = 1;
        (self.count, self.doubled, self.most) = (0, 0, 0);
        (self.next, self.end, self.stalled, self.repeated) = (0, 0, 0, 0);
        self.tail.clear();
        (self.front, self.settled) = (None, None);
        Ok(())
    }

    fn stay_here(&self) -> Place {
        let slots = Slots {
            offset: self.end - length(&self.tail),
            keys: self.tail.clone(),
            total: self.total,
            last_known: None,
            stay: None,
        };
        match slots.place_at(usize::MAX - 1) {
            Place::Offset {
                at, total, tail, ..
            } => Place::Offset {
                at,
                total,
                tail,
                moved: true,
            },
            other => other,
        }
    }

    /// Ends the second reading as soon as the first one's count comes out.
    fn found_what_was_missing(&mut self) {
        if self.reading == 0 {
            return;
        }
        let seen = i64::try_from(self.seen.len()).unwrap_or(i64::MAX);
        if seen >= self.wanted.max(self.most) {
            self.done = true;
        }
    }
}

fn length(keys: &[Key]) -> i64 {
    length_of(keys.len())
}

fn length_of(places: usize) -> i64 {
    i64::try_from(places).unwrap_or(i64::MAX)
}
