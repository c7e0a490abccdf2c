//! Lists that go on by the lowest id of a page, oldest first.
//!
//! A page holds the lowest ids from `start` on, so the next one starts at the highest id plus one. Nothing
//! that comes or goes moves anything, and no record can be missed: `offset`, which the server ignores
//! here, is never sent. The end is a page with room left that the server's count agrees with, be it a
//! count of the whole list or of what is left of it; without such a count, an empty page that comes twice.
//!
//! The server takes dates only without a `start`. So the first page of a period is asked for by its dates,
//! then the newest record of the period, then ids up to that one.

use super::page::{Key, Sheet};
use super::position::{After, Place};
use super::walk::{Ask, At, Stop, Taken};

#[derive(Debug)]
pub(super) struct Ascending {
    limit: i64,
    step: Step,
    dated: bool,
    /// The lowest id to ask for.
    start: Option<i64>,
    /// The last id of the period.
    until: Option<i64>,
    count: i64,
    longest: i64,
    /// Whether the last answer held nothing.
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
    pub(super) fn new(limit: i64, start: Option<i64>, dated: bool, place: Option<Place>) -> Self {
        let (mut step, mut next, mut last) = (Step::Page, start, None);
        if let Some(Place::Up { next: from, until }) = place {
            next = Some(from);
            if dated {
                // Of a period, more may have come since it was read last.
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

    pub(super) fn ask(&self) -> Option<Ask> {
        match self.step {
            Step::Page => Some(Ask {
                limit: self.limit,
                at: At::Ids {
                    start: self.start,
                    descending: false,
                    dated: self.dated && self.start.is_none(),
                },
            }),
            Step::Last => Some(last_of_period()),
            Step::End => None,
        }
    }

    pub(super) fn take(&mut self, sheet: &Sheet) -> Result<Taken, Stop> {
        let ids = match ids(sheet) {
            // Nothing has to go on from the end, and they lie after the last record that was read.
            Err(_) if self.step == Step::Page && self.would_end(sheet) => {
                vec![self.start.unwrap_or_default(); sheet.keys.len()]
            }
            ids => ids?,
        };
        if ids.is_empty() && sheet.total != Some(0) && !std::mem::replace(&mut self.empty, true) {
            return Ok(Taken::default());
        }
        if self.step == Step::Last {
            let last = *ids
                .first()
                .ok_or("the newest record of the period is gone")?;
            self.until = Some(last);
            let more = self.start.is_none_or(|start| start <= last);
            self.step = if more { Step::Page } else { Step::End };
            return Ok(Taken::default());
        }
        if !ids.is_sorted() {
            return Err("its ids are not in order".into());
        }
        if self
            .start
            .zip(ids.first().copied())
            .is_some_and(|(start, first)| first < start)
        {
            return Err("the server ignores the position".into());
        }
        let mut taken = Taken::default();
        let mut before = None;
        for (place, id) in ids.iter().copied().enumerate() {
            let known = sheet.keys[place].is_id().then_some(id);
            let is_double = known.is_some() && known == before;
            if is_double || self.until.is_some_and(|until| id > until) {
                continue;
            }
            before = known.or(before);
            taken.fresh.push(place);
            let next = id.saturating_add(1);
            taken.marks.push(After::Place(Place::Up {
                next,
                until: self.until,
            }));
        }
        self.count = self.count.saturating_add(length(&taken.fresh));
        self.empty = ids.is_empty();
        let whole_period = self.dated && self.start.is_none();
        self.step = match ids.last() {
            None => Step::End,
            Some(_) if self.is_last(sheet) => Step::End,
            Some(last) if self.until.is_some_and(|until| *last >= until) => Step::End,
            Some(_) if whole_period => Step::Last,
            Some(_) => Step::Page,
        };
        // What has no id at the end of a page begins the next one too.
        while self.step != Step::End
            && taken
                .fresh
                .pop_if(|place| !sheet.keys[*place].is_id())
                .is_some()
        {
            taken.marks.pop();
            self.count = self.count.saturating_sub(1);
        }
        self.start = ids.last().map(|last| last.saturating_add(1)).or(self.start);
        Ok(taken)
    }

    fn is_last(&mut self, sheet: &Sheet) -> bool {
        let last = short(sheet, self.limit, self.longest) && self.agrees(sheet);
        self.longest = self.longest.max(length(&sheet.keys));
        last
    }

    /// Whether the list ends with a page of which nothing was counted yet.
    fn would_end(&self, sheet: &Sheet) -> bool {
        let length = length(&sheet.keys);
        let counts = [self.count.saturating_add(length), length];
        let is_all = sheet.total.is_some_and(|total| counts.contains(&total));
        is_all && short(sheet, self.limit, self.longest)
    }

    /// Whether the server counts no more than came: in all, or from the position on.
    fn agrees(&self, sheet: &Sheet) -> bool {
        let counts = [self.count, length(&sheet.keys)];
        sheet.total.is_some_and(|total| counts.contains(&total))
    }
}

/// The request for the newest record of the call's period.
fn last_of_period() -> Ask {
    Ask {
        limit: 1,
        at: At::Ids {
            start: None,
            descending: true,
            dated: true,
        },
    }
}

/// Whether the page has room left: by what was asked for, what the server says, and what it gave.
pub(super) fn short(sheet: &Sheet, asked: i64, longest: i64) -> bool {
    let limit = sheet.limit.filter(|limit| *limit > 0).unwrap_or(asked);
    let length = length(&sheet.keys);
    length < limit.min(asked) && (longest == 0 || length < longest)
}

/// The ids of a page. A record whose own cannot be read has that of the record before it, or after it if it is
/// the first: it lies between them.
pub(super) fn ids(sheet: &Sheet) -> Result<Vec<i64>, Stop> {
    let id = |key: &Key| match key {
        Key::Id(id) => Some(*id),
        Key::Name(_) | Key::Content(_) => None,
    };
    let mut known = sheet.keys.iter().filter_map(id).peekable();
    let first = known.peek().copied();
    if first.is_none() && !sheet.keys.is_empty() {
        return Err("its records have no ids to go on from".to_owned());
    }
    let mut last = first.unwrap_or_default();
    let each = sheet.keys.iter().map(|key| {
        last = id(key).unwrap_or(last);
        last
    });
    Ok(each.collect())
}

pub(super) fn length<T>(items: &[T]) -> i64 {
    i64::try_from(items.len()).unwrap_or(i64::MAX)
}
