//! [`ByOffset`], the strategy for lists that are paginated by the number of records before a page.
//!
//! While such a list is read, records are created and deleted, and each of those before the position shifts the
//! rest. The argument for exactness is this. Records that are not moved keep their order, so a page is an interval
//! of that order which contains every record of the interval that exists for the whole read. Two intervals that
//! share a record form one interval, whatever happened between the two responses. So each request begins
//! [`OVERLAP`] records before the end of what was read: if its page contains a record that was read, there is no
//! gap. Insertions only repeat records, which are recognized by their ids. Deletions shift the overlap off the
//! page; such a page is dropped and another one is requested: first where the total says that the records went,
//! then half a page back and further. The first interval begins at the beginning of the list, and the last is
//! shown to reach its end.
//!
//! An overlap of one record is enough: a longer one would save the page that a deletion costs, and cost records
//! of every page. An unchanged list of `n` records costs `(n - 1) / (page - 1)` calls, rounded up, since fewer
//! pages could not share a record each; and one more if the last page is full.
//!
//! **The end** needs two signs: the total is reached, and the page is not full. With only one of them, the next
//! page is requested, and the list ends if it contains nothing new. A total below the number of records received
//! is no sign. If the server's total is never reached, the list is incomplete.
//!
//! **Pages of one record** cannot overlap: see `one_by_one.rs`.
//!
//! **Records that are moved** from behind the position to before it are missed by every reading by offset. They
//! are detected by counting: the number of different records must reach the total that the server reported, and
//! the number of places. If it does not, the list is read once more for the missing records. Only one case stays
//! undetected: a record moves to before the position while, between the same two responses, another record is
//! deleted and a third one is created. No reading by offset can distinguish this from an unchanged list.

use super::accepted::AcceptedPage;
use super::one_by_one::OneByOne;
use super::position::Cursor;
use super::request::{PageRequest, Start};
use super::seen::SeenRecords;
use super::summary::{IncompleteReason, Key, PageSummary};

/// The number of records that the next page repeats.
const OVERLAP: i64 = 1;

/// The list is incomplete after more than this many consecutive responses without a new record.
const PATIENCE: u8 = 6;

const MOVED: &str = "records changed places while they were read";

#[derive(Debug, Default)]
pub(super) struct ByOffset {
    limit: i64,
    /// Whether one response contains the whole list.
    single: bool,
    done: bool,
    /// The offset of the next request.
    next: i64,
    seen: SeenRecords,
    /// The server's latest total.
    total: Option<i64>,
    /// The server's highest total in this reading.
    most: i64,
    /// The server's total when the overlap was last found.
    settled: Option<i64>,
    /// The number of records that must exist, by the first reading.
    wanted: i64,
    /// The first record of the list.
    head: Option<Key>,
    /// The length of the longest page so far.
    longest: i64,
    /// The number of half pages to go back if the overlap is not found.
    back: i64,
    /// The number of consecutive responses without a new record.
    stalled: u8,
    /// The number of consecutive responses that show the end of the list, against the total.
    repeated: u8,
    /// Set while the pages have one record each.
    one_by_one: Option<OneByOne>,
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

    /// Returns up to `count` requests for pages of the longest length so far, up to the total and no further.
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

    /// Returns the number of records read so far.
    pub(super) fn read(&self) -> i64 {
        self.seen.end
    }

    /// Returns by how much the list grew since the overlap was last found.
    fn grown(&self) -> i64 {
        let grown = self.total.zip(self.settled);
        grown.map_or(0, |(now, then)| now.saturating_sub(then))
    }

    pub(super) fn accept(
        &mut self,
        summary: &PageSummary,
    ) -> Result<AcceptedPage, IncompleteReason> {
        let offset = match self.seen.is_in_all(summary) {
            true => 0,
            false => self.next,
        };
        let length = summary.length();
        self.total = summary.total;
        self.most = self.most.max(summary.total.unwrap_or_default());
        if offset == 0 {
            self.head = summary.keys.first().copied();
        }
        let whole = self.single || summary.bare;
        if let Some(list) = self.one_by_one.take() {
            if length <= 1 && !summary.bare {
                return self.accept_one(list, summary);
            }
            if self.seen.end > 1 {
                // The pages became longer. What was read so far may have gaps.
                self.read_again();
                return self.stall().map(|()| AcceptedPage::default());
            }
        }
        if length == 0 && offset == self.seen.end && self.total.is_none() && !whole {
            // An empty page without a total ends the list only if it is received twice.
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
                Some(total) if total > length => {
                    Err(format!("received {length} of {total} records"))
                }
                _ => Ok(accepted),
            };
        }
        self.join(summary, offset, &accepted)?;
        Ok(accepted)
    }

    /// Drops a page that does not overlap with what was read, and chooses an offset where one may.
    fn step_back(&mut self) -> Result<(), IncompleteReason> {
        self.stall()?;
        let grown = self.grown();
        self.settled = None;
        let from = before(self.seen.end);
        let moved = from.saturating_add(grown);
        if grown != 0 && moved >= 0 && !self.single {
            self.next = moved;
            return Ok(());
        }
        if self.next == 0 {
            return Err("the records at the position no longer exist".into());
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
        Err(self.fewer("then no new ones"))
    }

    fn fewer(&self, why: &str) -> IncompleteReason {
        let total = self.total.map_or("more".into(), |total| total.to_string());
        format!("received {} of {total} records, {why}", self.seen.seen())
    }

    /// Adds a page to what was read, and chooses the next request.
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
            return self.begin_one_by_one(summary);
        }
        if progress {
            (self.stalled, self.repeated) = (0, 0);
        } else if offset > 0 && summary.keys.first().copied() == self.head {
            // The list's first page: the offset is ignored, or a page of records was inserted before it.
            return self.repeat("then the same ones again: the server ignores `offset`");
        } else if offset >= before(end_before) && end <= end_before {
            return self.nothing_beyond();
        } else {
            self.stall()?;
        }
        // The second reading ends as soon as the first one's total is reached.
        self.done = self.seen.reading > 0 && self.seen.seen() >= self.wanted.max(self.most);
        Ok(())
    }

    /// Ends the list, since the page shows that nothing lies beyond what was read. If the total says otherwise,
    /// this must happen twice.
    fn nothing_beyond(&mut self) -> Result<(), IncompleteReason> {
        if self.total.is_none_or(|total| total <= self.seen.end) {
            return self.finish();
        }
        self.repeat("then no new ones")
    }

    /// Fails if the same sign of an end is received a second time in a row.
    fn repeat(&mut self, why: &str) -> Result<(), IncompleteReason> {
        self.repeated = self.repeated.saturating_add(1);
        if self.repeated < 2 {
            return Ok(());
        }
        Err(self.fewer(why))
    }

    /// Ends the list if as many different records were read as must exist, or starts the second reading.
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
        self.wanted = required;
        self.stalled = 0;
        self.read_again();
        Ok(())
    }

    /// Starts the second reading.
    fn read_again(&mut self) {
        self.seen.read_again();
        (self.next, self.most, self.settled) = (0, 0, None);
        self.repeated = 0;
    }

    /// Goes on record by record after the first page, which has one record.
    fn begin_one_by_one(&mut self, summary: &PageSummary) -> Result<(), IncompleteReason> {
        if self.seen.partial && self.total.is_none() {
            // The list may end with the last record that was read: an empty page would show it.
            self.next = self.seen.end;
            return self.stall();
        }
        let first = summary.keys.first().filter(|key| !key.is_content());
        let Some(first) = first.filter(|_| !self.seen.partial && self.seen.end == 1) else {
            return Err("pages of one record cannot be joined".into());
        };
        let mut list = OneByOne::default();
        list.add(*first);
        self.one_by_one = Some(list);
        self.next = self.seen.end;
        Ok(())
    }

    /// Adds a page with at most one record, which begins where the one before it ended.
    fn accept_one(
        &mut self,
        mut list: OneByOne,
        summary: &PageSummary,
    ) -> Result<AcceptedPage, IncompleteReason> {
        let mut accepted = AcceptedPage::default();
        if let Some(key) = summary.keys.first() {
            if key.is_content() {
                return Err("pages of one record cannot be joined".into());
            }
            accepted = self.seen.accept_one(summary, self.next, list.is_first());
            if self.seen.add(summary, self.next, &accepted) {
                self.stalled = 0;
            } else if list.is_longer() {
                self.stall()?;
            }
            list.add(*key);
            self.next = self.next.saturating_add(1);
        } else if self.total == Some(self.next) || list.is_empty_again() {
            self.next = 0;
            self.done = list.end()?;
            if self.done && self.total.is_some_and(|total| total > self.seen.seen()) {
                return Err(self.fewer("one by one, twice"));
            }
        }
        self.one_by_one = Some(list);
        Ok(accepted)
    }
}

/// Returns the offset of the page that overlaps with what ends at `end`.
fn before(end: i64) -> i64 {
    end.saturating_sub(OVERLAP)
}
