//! [`Daily`], the strategy for reports: a list by offset for each day, oldest day first.
//!
//! The server was seen to truncate the rows of a day at a number, which loses the day's oldest rows. So a day with
//! that many rows makes the list incomplete after them.

use super::accepted::AcceptedPage;
use super::offset::ByOffset;
use super::position::Cursor;
use super::request::{PageRequest, Start};
use super::summary::{IncompleteReason, PageSummary};
use crate::days::{Days, next};
use chrono::NaiveDate;

#[derive(Debug)]
pub(super) struct Daily {
    limit: i64,
    row_cap: u64,
    /// The day that is being read and those after it; `None` at the end.
    days: Option<Days>,
    day: ByOffset,
    /// The number of rows of a day that the server truncated.
    cut: Option<i64>,
}

impl Daily {
    pub(super) fn new(
        limit: i64,
        days: Days,
        row_cap: u64,
        from: Option<(NaiveDate, Cursor)>,
    ) -> Result<Self, IncompleteReason> {
        let days = from.as_ref().map_or(days, |(day, _)| days.since(*day));
        let cursor = from.filter(|(day, _)| *day == days.first());
        Ok(Self {
            limit,
            row_cap,
            days: Some(days).filter(|days| days.count() > 0),
            day: ByOffset::new(limit, false, cursor.map(|(_, cursor)| cursor))?,
            cut: None,
        })
    }

    pub(super) fn next_request(&self) -> Result<Option<PageRequest>, IncompleteReason> {
        if let Some(rows) = self.cut {
            return Err(format!(
                "received {rows} rows for one day, a number at which the server truncates the oldest rows"
            ));
        }
        let request = self.days.and_then(|_| self.day.next_request());
        Ok(request.map(|request| self.of_day(request)))
    }

    pub(super) fn requests_ahead(&self, count: usize) -> Vec<PageRequest> {
        let requests = self.day.requests_ahead(count).into_iter();
        requests.map(|request| self.of_day(request)).collect()
    }

    fn of_day(&self, request: PageRequest) -> PageRequest {
        match (self.days, request.start) {
            (Some(days), Start::Offset(offset)) => PageRequest {
                start: Start::Day {
                    day: days.first(),
                    offset,
                },
                ..request
            },
            _ => request,
        }
    }

    pub(super) fn accept(&mut self, page: &PageSummary) -> Result<AcceptedPage, IncompleteReason> {
        let Some(days) = self.days else {
            return Ok(AcceptedPage::default());
        };
        let day = days.first();
        let accepted = self.day.accept(page)?;
        if self.day.next_request().is_none() {
            let rows = self.day.read();
            let is_cut = u64::try_from(rows).is_ok_and(|rows| rows >= self.row_cap);
            self.cut = is_cut.then_some(rows);
            let later = next(day);
            let is_left = later > day && later <= days.last();
            self.days = is_left.then(|| days.since(later));
            self.day = ByOffset::new(self.limit, false, None)?;
        }
        Ok(AcceptedPage {
            day: Some(day),
            ..accepted
        })
    }
}
