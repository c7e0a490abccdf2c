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

use super::accepted::AcceptedPage;
use super::call::{PageRequest, Start};
use super::position::Cursor;
use super::seen::SeenRecords;
use super::summary::{IncompleteReason, Key, PageSummary};

/// Records of a page that the next one asks for again.
const OVERLAP: i64 = 1;

/// RecordCursor so many answers in a row that bring nothing new, the list is given up.
const PATIENCE: u8 = 6;

const MOVED: &str = "records changed places while they were read";

#[derive(Debug, Default)]
pub(super) struct ByOffset {
    limit: i64,
    /// Whether the list comes whole in one answer.
    single: bool,
    done: bool,
    /// Where the next request begins.
    next: i64,
    seen: SeenRecords,
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

impl ByOffset {
    pub(super) fn new(
        limit: i64,
        single: bool,
        cursor: Option<Cursor>,
    ) -> Result<Self, IncompleteReason> {
        let mut strategy = Self {
            limit,
            single,
            back: 1,
            ..Self::default()
        };
        match cursor {
            Some(Cursor::Moved) => return Err(MOVED.into()),
            Some(Cursor::Offset { at, total, tail }) if at > 0 => {
                strategy.seen = SeenRecords::of(at, tail);
                strategy.settled = total;
                strategy.next = if single { 0 } else { before(at) };
            }
            _ => {}
        }
        Ok(strategy)
    }

    pub(super) fn next_request(&self) -> Option<PageRequest> {
        (!self.done).then(|| self.request_at(self.next))
    }

    fn request_at(&self, offset: i64) -> PageRequest {
        PageRequest {
            limit: self.limit,
            start: Start::Offset(offset),
        }
    }

    /// Pages of the length of the longest so far, up to the total and no further.
    pub(super) fn requests_ahead(&self, count: usize) -> Vec<PageRequest> {
        let step = before(self.longest);
        let Some(total) = self.total.filter(|_| step > 0 && self.stalled == 0) else {
            return Vec::new();
        };
        let mut requests = Vec::new();
        let mut offset = self.next;
        while requests.len() < count && offset.saturating_add(self.longest) < total {
            offset = offset.saturating_add(step);
            requests.push(self.request_at(offset));
        }
        requests
    }

    /// How many records lie before where reading is.
    pub(super) fn read(&self) -> i64 {
        self.seen.end
    }

    /// By how much the list grew since the overlap was last in sight.
    fn grown(&self) -> i64 {
        let grown = self.total.zip(self.settled);
        grown.map_or(0, |(now, then)| now.saturating_sub(then))
    }

    pub(super) fn accept(
        &mut self,
        summary: &PageSummary,
    ) -> Result<AcceptedPage, IncompleteReason> {
        let all = self.next > 0 && self.seen.is_in_all(summary);
        let offset = if all { 0 } else { self.next };
        let length = summary.length();
        self.total = summary.total;
        self.most = self.most.max(summary.total.unwrap_or_default());
        if offset == 0 && self.head.is_none() {
            self.head = summary.keys.first().copied();
        }
        let whole = self.single || summary.bare;
        if length == 0 && offset == self.seen.end && self.total.is_none() && !whole {
            // Nothing at all and no count of it: only if it says so twice.
            self.done = self.stalled > 0;
            self.stalled = self.stalled.saturating_add(1);
            return Ok(AcceptedPage::default());
        }
        let Some(accepted) = self.seen.accept(summary, offset, self.grown()) else {
            self.longest = self.longest.max(length);
            self.step_back()?;
            return Ok(AcceptedPage::default());
        };
        if whole {
            self.done = true;
            return match self.total {
                Some(total) if total > length => Err(format!("{length} of {total} records came")),
                _ => Ok(accepted),
            };
        }
        self.join(summary, offset, &accepted)?;
        Ok(accepted)
    }

    /// Drops a page that does not join what was read, and goes to where the join may be.
    fn step_back(&mut self) -> Result<(), IncompleteReason> {
        self.stall()?;
        let grown = self.grown();
        self.settled = None;
        let from = before(self.seen.end);
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

    fn stall(&mut self) -> Result<(), IncompleteReason> {
        self.stalled = self.stalled.saturating_add(1);
        if self.stalled <= PATIENCE {
            return Ok(());
        }
        Err(self.fewer("then nothing new"))
    }

    fn fewer(&self, why: &str) -> IncompleteReason {
        let total = self.total.map_or("more".into(), |total| total.to_string());
        format!("{} of {total} records came, {why}", self.seen.seen())
    }

    /// Adds a page to what was read, and decides what is next.
    fn join(
        &mut self,
        summary: &PageSummary,
        offset: i64,
        accepted: &AcceptedPage,
    ) -> Result<(), IncompleteReason> {
        let end_before = self.seen.end;
        let pushed = self.seen.partial && self.seen.is_pushed(summary, offset, self.grown());
        let progress = self.seen.add(summary, offset, accepted);
        let end = self.seen.end;
        let has_room = summary.has_room(self.limit, self.longest);
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
        } else if offset > 0 && end > offset && summary.keys.first().copied() == self.head {
            // The list's first page: the position is ignored, or as many records came in front.
            return self.repeat("then the same again: the server ignores the position");
        } else if offset >= before(end_before) && end <= end_before {
            return self.nothing_beyond();
        } else {
            self.stall()?;
        }
        // The second reading ends as soon as the first one's count comes out.
        self.done = self.seen.reading > 0 && self.seen.seen() >= self.wanted.max(self.most);
        Ok(())
    }

    /// The page shows that nothing lies beyond what was read. If the server counts more, it may say so
    /// again.
    fn nothing_beyond(&mut self) -> Result<(), IncompleteReason> {
        if self.total.is_none_or(|total| total <= self.seen.end) {
            return self.finish();
        }
        self.repeat("then nothing new")
    }

    /// An answer that ends the list if it comes twice.
    fn repeat(&mut self, why: &str) -> Result<(), IncompleteReason> {
        self.repeated = self.repeated.saturating_add(1);
        if self.repeated < 2 {
            return Ok(());
        }
        Err(self.fewer(why))
    }

    /// At the end of the list: whether the count comes out.
    fn finish(&mut self) -> Result<(), IncompleteReason> {
        let counted = self.most.max(self.seen.end);
        let required = counted.saturating_sub(self.seen.doubled);
        if self.seen.different >= required || self.seen.unkeyed || self.seen.partial {
            self.done = true;
            return Ok(());
        }
        if self.seen.reading > 0 {
            return Err(MOVED.into());
        }
        self.seen.read_again();
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
