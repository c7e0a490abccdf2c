//! [`Descending`], the strategy for lists that are paginated by id, newest first.
//!
//! Newest first, the server returns the newest page of the ids from `start` on, and has no parameter for the ids
//! below a page. So everything below the first page is read in windows of ids: the lowest ids from `start` on,
//! oldest first, with `start` chosen so that the page reaches what was read already. A page that does not reach it
//! is dropped and a narrower window is requested; the width follows the density of the ids. The read ends at the
//! `start` of the call, or at the oldest record.

use super::accepted::AcceptedPage;
use super::position::{Cursor, RecordCursor};
use super::request::{PageRequest, Start};
use super::summary::{IncompleteReason, Key, PageSummary, length};
use std::collections::HashSet;

#[derive(Debug)]
pub(super) struct Descending {
    limit: i64,
    dated: bool,
    step: Step,
    /// Every id from this one on was read.
    below: i64,
    /// The lowest id to read, once it is known.
    floor: Option<i64>,
    /// The number of ids that the next window spans.
    width: i64,
    /// The number of records on a page: as requested, until a full page shows otherwise.
    room: i64,
    /// Records whose ids cannot be read: those at the edge of a window are repeated by the next one.
    unnumbered: HashSet<Key>,
    /// Whether the last response was empty, which counts only if it happens twice.
    empty: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Newest,
    /// The oldest record, which is the end.
    Oldest,
    Window,
    End,
}

impl Descending {
    pub(super) fn new(limit: i64, start: Option<i64>, dated: bool, cursor: Option<Cursor>) -> Self {
        let mut strategy = Self {
            limit,
            dated,
            step: Step::Newest,
            below: i64::MAX,
            floor: start,
            width: limit,
            room: limit,
            unnumbered: HashSet::new(),
            empty: false,
        };
        if let Some(Cursor::Descending { below, floor }) = cursor {
            (strategy.below, strategy.floor) = (below, floor.or(start));
            strategy.go_on();
        }
        strategy
    }

    pub(super) fn next_request(&self) -> Option<PageRequest> {
        let (limit, start, descending, dated) = match self.step {
            Step::Newest => (self.limit, self.floor, true, self.dated),
            Step::Oldest => (1, None, false, self.dated),
            Step::Window => (self.limit, Some(self.window()), false, false),
            Step::End => return None,
        };
        let at = Start::Ids {
            start,
            descending,
            dated,
        };
        Some(PageRequest { limit, start: at })
    }

    fn window(&self) -> i64 {
        let start = self.below.saturating_sub(self.width);
        self.floor.map_or(start, |floor| start.max(floor))
    }

    fn go_on(&mut self) {
        self.step = match self.floor {
            None => Step::Oldest,
            Some(floor) if self.below <= floor => Step::End,
            Some(_) => Step::Window,
        };
    }

    pub(super) fn accept(
        &mut self,
        summary: &PageSummary,
    ) -> Result<AcceptedPage, IncompleteReason> {
        let ids = summary.ids()?;
        if ids.is_empty() && !self.empty && summary.total != Some(0) {
            self.empty = true;
            return Ok(AcceptedPage::default());
        }
        self.empty = false;
        match self.step {
            Step::Newest => self.accept_newest(summary, &ids),
            Step::Oldest => {
                self.floor = Some(ids.first().map_or(self.below, |first| *first));
                self.go_on();
                Ok(AcceptedPage::default())
            }
            Step::Window | Step::End => self.accept_window(summary, &ids),
        }
    }

    fn accept_newest(
        &mut self,
        summary: &PageSummary,
        ids: &[i64],
    ) -> Result<AcceptedPage, IncompleteReason> {
        if !ids.is_sorted_by(|newer, older| newer >= older) {
            return Err("its ids are not sorted".into());
        }
        let Some((newest, oldest)) = ids.first().zip(ids.last()) else {
            self.step = Step::End;
            return Ok(AcceptedPage::default());
        };
        if self.floor.is_some_and(|floor| *oldest < floor) {
            return Err("the server ignores `start_id`".into());
        }
        let is_whole = summary.has_room(self.limit, 0) && summary.total == Some(length(ids));
        let accepted = self.given(summary, ids.iter().copied().enumerate());
        self.below = *oldest;
        // A little less than the page spans; the next ids are likely to be as dense.
        let span = newest.saturating_sub(*oldest);
        self.width = (span / 5).saturating_mul(4).max(1);
        if is_whole {
            self.step = Step::End;
        } else {
            self.go_on();
        }
        Ok(accepted)
    }

    fn accept_window(
        &mut self,
        summary: &PageSummary,
        ids: &[i64],
    ) -> Result<AcceptedPage, IncompleteReason> {
        let start = self.window();
        if !ids.is_sorted() {
            return Err("its ids are not sorted".into());
        }
        if ids.first().is_some_and(|first| *first < start) {
            return Err("the server ignores `start_id`".into());
        }
        let reached = ids
            .last()
            .is_none_or(|last| *last >= self.below.saturating_sub(1));
        if !reached {
            // The window has more records than a page, which ended before what was read. A window of one id has not.
            self.room = length(ids);
            self.width = (self.below.saturating_sub(start) / 2).max(1);
            return Ok(AcceptedPage::default());
        }
        let below = ids
            .iter()
            .copied()
            .enumerate()
            .filter(|(place, id)| *id < self.below || !summary.keys[*place].is_id());
        let below: Vec<(usize, i64)> = below.collect();
        let accepted = self.given(summary, below.into_iter().rev());
        self.widen(length(&accepted.new_records));
        self.below = start;
        self.go_on();
        Ok(accepted)
    }

    fn given(
        &mut self,
        summary: &PageSummary,
        ids: impl Iterator<Item = (usize, i64)>,
    ) -> AcceptedPage {
        let mut accepted = AcceptedPage::default();
        let mut after = None;
        for (place, id) in ids {
            let key = summary.keys[place];
            let is_given = if key.is_id() {
                after.replace(id) == Some(id)
            } else {
                !self.unnumbered.insert(key)
            };
            if is_given {
                continue;
            }
            accepted.new_records.push(place);
            let floor = self.floor;
            accepted
                .cursors
                .push(RecordCursor::Known(Cursor::Descending { below: id, floor }));
        }
        accepted
    }

    /// Chooses the width of the next window so that it has about four fifths of a page of records.
    fn widen(&mut self, found: i64) {
        let aim = i128::from(self.room).saturating_mul(4).div_euclid(5).max(1);
        let width = i128::from(self.width);
        let wider = match i128::from(found) {
            found if found <= 0 => width.saturating_mul(16),
            found => width
                .saturating_mul(aim)
                .checked_div(found)
                .unwrap_or(width),
        };
        self.width = i64::try_from(wider.max(1)).unwrap_or(i64::MAX);
    }
}
