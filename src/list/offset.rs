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
//! of every page. A quiet list of `n` records costs `(n - 1) / (page - 1)` calls, rounded up, since fewer
//! pages could not share a record each; and one more if the last page is full.
//!
//! **The end** has two witnesses: the total is reached and the page has room left. If only one of them
//! says so, the next page is asked for, and the list ends if it brings nothing. A total below what came
//! witnesses nothing. What the server counts and does not give makes the list incomplete.
//!
//! **Records that are moved** from behind the position to before it are missed by every such reading.
//! They betray themselves by the count: as many records as the server counted, and as many as it has
//! places for, must have been seen. If not, the list is read once more for what is missing. Only a
//! record that moves away while another one goes and a third one comes between the same two answers
//! stays unseen: no reading by offset can tell this from a quiet list.

use super::ascending::short;
use super::memory::{Memory, places};
use super::page::{Key, Sheet};
use super::position::Place;
use super::walk::{Ask, At, Stop, Taken};

/// Records of a page that the next one asks for again.
const OVERLAP: i64 = 1;

/// After so many answers in a row that bring nothing new, the list is given up.
const PATIENCE: u8 = 6;

const MOVED: &str = "records changed places while they were read";

#[derive(Debug, Default)]
pub(super) struct Offsets {
    limit: i64,
    /// Whether the list comes whole in one answer.
    single: bool,
    done: bool,
    /// Where the next request begins.
    next: i64,
    read: Memory,
    /// What the server counts now, and at most in this reading.
    total: Option<i64>,
    most: i64,
    /// Its count when the overlap was last in sight.
    settled: Option<i64>,
    /// How many records there must be by the count of the first reading.
    wanted: i64,
    /// The first record of the list.
    head: Option<Key>,
    /// The longest page so far.
    longest: i64,
    /// How many half pages to go back if the overlap is out of sight.
    back: i64,
    /// Answers in a row that brought nothing new, and those that say that there is no more.
    stalled: u8,
    repeated: u8,
}

impl Offsets {
    pub(super) fn new(limit: i64, single: bool, place: Option<Place>) -> Result<Self, Stop> {
        let mut walk = Self {
            limit,
            single,
            back: 1,
            ..Self::default()
        };
        match place {
            Some(Place::Moved) => return Err(MOVED.into()),
            Some(Place::Offset { at, total, tail }) if at > 0 => {
                walk.read = Memory::of(at, tail);
                walk.settled = total;
                walk.next = if single { 0 } else { before(at) };
            }
            _ => {}
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
        let step = before(self.longest);
        let Some(total) = self.total.filter(|_| step > 0 && self.stalled == 0) else {
            return Vec::new();
        };
        let mut asks = Vec::new();
        let mut offset = self.next;
        while asks.len() < count && offset.saturating_add(self.longest) < total {
            offset = offset.saturating_add(step);
            asks.push(self.ask_at(offset));
        }
        asks
    }

    /// By how much the list grew since the overlap was last in sight.
    fn grown(&self) -> i64 {
        let grown = self.total.zip(self.settled);
        grown.map_or(0, |(now, then)| now.saturating_sub(then))
    }

    pub(super) fn take(&mut self, sheet: &Sheet) -> Result<Taken, Stop> {
        let all = self.next > 0 && self.read.is_in_all(sheet);
        let offset = if all { 0 } else { self.next };
        let length = places(sheet.keys.len());
        self.total = sheet.total;
        self.most = self.most.max(sheet.total.unwrap_or_default());
        if offset == 0 && self.head.is_none() {
            self.head = sheet.keys.first().copied();
        }
        let whole = self.single || sheet.bare;
        if length == 0 && offset == self.read.end && self.total.is_none() && !whole {
            // Nothing at all and no count of it: only if it says so twice.
            self.done = self.stalled > 0;
            self.stalled = self.stalled.saturating_add(1);
            return Ok(Taken::default());
        }
        let Some(taken) = self.read.take(sheet, offset, self.grown()) else {
            self.longest = self.longest.max(length);
            self.step_back()?;
            return Ok(Taken::default());
        };
        if whole {
            self.done = true;
            return match self.total {
                Some(total) if total > length => Err(format!("{length} of {total} records came")),
                _ => Ok(taken),
            };
        }
        self.join(sheet, offset, &taken)?;
        Ok(taken)
    }

    /// Drops a page that does not join what was read, and goes to where the join may be.
    fn step_back(&mut self) -> Result<(), Stop> {
        self.stall()?;
        let grown = self.grown();
        self.settled = None;
        let from = before(self.read.end);
        let moved = from.saturating_add(grown);
        if grown != 0 && moved > 0 && !self.single {
            self.next = moved;
            return Ok(());
        }
        if self.next == 0 {
            return Err("the records at the position are gone".into());
        }
        let back = self.back.saturating_mul((self.longest / 2).max(1));
        self.next = from.saturating_sub(back).max(0);
        self.back = self.back.saturating_add(1);
        Ok(())
    }

    fn stall(&mut self) -> Result<(), Stop> {
        self.stalled = self.stalled.saturating_add(1);
        if self.stalled <= PATIENCE {
            return Ok(());
        }
        Err(self.fewer("then nothing new"))
    }

    fn fewer(&self, why: &str) -> Stop {
        let total = self.total.map_or("more".into(), |total| total.to_string());
        format!("{} of {total} records came, {why}", self.read.seen())
    }

    /// Adds a page to what was read, and decides what is next.
    fn join(&mut self, sheet: &Sheet, offset: i64, taken: &Taken) -> Result<(), Stop> {
        let end_before = self.read.end;
        let pushed = self.read.partial && self.read.is_pushed(sheet, offset, self.grown());
        let progress = self.read.add(sheet, offset, taken);
        let end = self.read.end;
        let has_room = short(sheet, self.limit, self.longest);
        self.longest = self.longest.max(end.saturating_sub(offset));
        (self.back, self.settled) = (1, self.total);
        self.next = before(end).max(0);
        if self.total == Some(end) && has_room && !pushed {
            return self.finish();
        }
        if self.longest == OVERLAP {
            // Of one record alone nothing more can be known without a count.
            self.next = end;
            if offset > 0 || self.total.is_some() {
                return Err("pages of one record do not join".into());
            }
        }
        if progress {
            (self.stalled, self.repeated) = (0, 0);
        } else if offset > 0 && end > offset && sheet.keys.first().copied() == self.head {
            // The list's first page: the position is ignored, or as many records came in front.
            return self.repeat("then the same again: the server ignores the position");
        } else if offset >= before(end_before) && end <= end_before {
            return self.nothing_beyond();
        } else {
            self.stall()?;
        }
        // The second reading ends as soon as the first one's count comes out.
        self.done = self.read.reading > 0 && self.read.seen() >= self.wanted.max(self.most);
        Ok(())
    }

    /// The page shows that nothing lies beyond what was read. If the server counts more, it may say so
    /// again.
    fn nothing_beyond(&mut self) -> Result<(), Stop> {
        if self.total.is_none_or(|total| total <= self.read.end) {
            return self.finish();
        }
        self.repeat("then nothing new")
    }

    /// An answer that ends the list if it comes twice.
    fn repeat(&mut self, why: &str) -> Result<(), Stop> {
        self.repeated = self.repeated.saturating_add(1);
        if self.repeated < 2 {
            return Ok(());
        }
        Err(self.fewer(why))
    }

    /// At the end of the list: whether the count comes out.
    fn finish(&mut self) -> Result<(), Stop> {
        let counted = self.most.max(self.read.end);
        let required = counted.saturating_sub(self.read.doubled);
        if self.read.different >= required || self.read.unkeyed || self.read.partial {
            self.done = true;
            return Ok(());
        }
        if self.read.reading > 0 {
            return Err(MOVED.into());
        }
        self.read.read_again();
        self.wanted = required;
        (self.next, self.most, self.settled) = (0, 0, None);
        (self.stalled, self.repeated) = (0, 0);
        Ok(())
    }
}

/// Where a page begins that shares a record with what ends here.
fn before(end: i64) -> i64 {
    end.saturating_sub(OVERLAP)
}
