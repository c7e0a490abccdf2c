//! [`Ascending`], the strategy for lists that are paginated by id, oldest first.
//!
//! A page contains the lowest ids from `start` on, so the next one starts at the highest id plus one. Records that
//! are created or deleted shift nothing, so none can be missed: `offset`, which the server ignores here, is never
//! sent. The end is a page that is not full and agrees with the server's total, which counts the whole list or the
//! rest of it; without a total, it is an empty page that is received twice.
//!
//! The server accepts dates only without a `start`. So the first page of a period is requested by its dates, then
//! the newest record of the period, then ids up to that one.

use super::accepted::AcceptedPage;
use super::position::{Cursor, RecordCursor};
use super::request::{PageRequest, Start};
use super::summary::{IncompleteReason, PageSummary, length};

#[derive(Debug)]
pub(super) struct Ascending {
    limit: i64,
    step: Step,
    dated: bool,
    /// The lowest id to request.
    start: Option<i64>,
    /// The last id of the period.
    until: Option<i64>,
    count: i64,
    longest: i64,
    /// Whether the last response was empty.
    empty: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Page,
    /// The newest record of the period.
    Last,
    End,
}

impl Ascending {
    pub(super) fn new(limit: i64, start: Option<i64>, dated: bool, cursor: Option<Cursor>) -> Self {
        let (mut step, mut next, mut last) = (Step::Page, start, None);
        if let Some(Cursor::Ascending { next: from, until }) = cursor {
            next = Some(from);
            if dated {
                // The period may have more records than when it was last read.
                step = Step::Last;
            } else {
                last = until;
            }
        }
        Self {
            limit,
            step,
            dated,
            start: next,
            until: last,
            count: 0,
            longest: 0,
            empty: false,
        }
    }

    pub(super) fn next_request(&self) -> Option<PageRequest> {
        match self.step {
            Step::Page => Some(PageRequest {
                limit: self.limit,
                start: Start::Ids {
                    start: self.start,
                    descending: false,
                    dated: self.dated && self.start.is_none(),
                },
            }),
            Step::Last => Some(last_of_period()),
            Step::End => None,
        }
    }

    pub(super) fn accept(
        &mut self,
        summary: &PageSummary,
    ) -> Result<AcceptedPage, IncompleteReason> {
        let ids = match summary.ids() {
            // No page follows this one, and its records lie after the last one that was read.
            Err(_) if self.step == Step::Page && self.would_end(summary) => {
                vec![self.start.unwrap_or_default(); summary.keys.len()]
            }
            ids => ids?,
        };
        if ids.is_empty() && summary.total != Some(0) && !std::mem::replace(&mut self.empty, true) {
            return Ok(AcceptedPage::default());
        }
        if self.step == Step::Last {
            let last = *ids
                .first()
                .ok_or("the newest record of the period no longer exists")?;
            self.until = Some(last);
            let more = self.start.is_none_or(|start| start <= last);
            self.step = if more { Step::Page } else { Step::End };
            return Ok(AcceptedPage::default());
        }
        if !ids.is_sorted() {
            return Err("its ids are not sorted".into());
        }
        if self
            .start
            .zip(ids.first().copied())
            .is_some_and(|(start, first)| first < start)
        {
            return Err("the server ignores `start_id`".into());
        }
        let mut accepted = AcceptedPage::default();
        let mut before = None;
        for (place, id) in ids.iter().copied().enumerate() {
            let known = summary.keys[place].is_id().then_some(id);
            let is_double = known.is_some() && known == before;
            if is_double || self.until.is_some_and(|until| id > until) {
                continue;
            }
            before = known.or(before);
            accepted.new_records.push(place);
            let next = id.saturating_add(1);
            accepted
                .cursors
                .push(RecordCursor::Known(Cursor::Ascending {
                    next,
                    until: self.until,
                }));
        }
        self.count = self.count.saturating_add(length(&accepted.new_records));
        self.empty = ids.is_empty();
        let whole_period = self.dated && self.start.is_none();
        self.step = match ids.last() {
            None => Step::End,
            Some(_) if self.is_last(summary) => Step::End,
            Some(last) if self.until.is_some_and(|until| *last >= until) => Step::End,
            // No id is higher.
            Some(&i64::MAX) => Step::End,
            Some(_) if whole_period => Step::Last,
            Some(_) => Step::Page,
        };
        // Records without an id at the end of a page are repeated by the next one.
        while self.step != Step::End
            && accepted
                .new_records
                .pop_if(|place| !summary.keys[*place].is_id())
                .is_some()
        {
            accepted.cursors.pop();
            self.count = self.count.saturating_sub(1);
        }
        self.start = ids.last().map(|last| last.saturating_add(1)).or(self.start);
        Ok(accepted)
    }

    fn is_last(&mut self, summary: &PageSummary) -> bool {
        let last = summary.has_room(self.limit, self.longest) && self.agrees(summary);
        self.longest = self.longest.max(summary.length());
        last
    }

    /// Returns whether the list ends with this page, which was not counted yet.
    fn would_end(&self, summary: &PageSummary) -> bool {
        let length = summary.length();
        let counts = [self.count.saturating_add(length), length];
        let is_all = summary.total.is_some_and(|total| counts.contains(&total));
        is_all && summary.has_room(self.limit, self.longest)
    }

    /// Returns whether the server's total agrees with what was received: in all, or from the position on.
    fn agrees(&self, summary: &PageSummary) -> bool {
        let counts = [self.count, summary.length()];
        summary.total.is_some_and(|total| counts.contains(&total))
    }
}

/// Returns the request for the newest record of the call's period.
fn last_of_period() -> PageRequest {
    PageRequest {
        limit: 1,
        start: Start::Ids {
            start: None,
            descending: true,
            dated: true,
        },
    }
}
