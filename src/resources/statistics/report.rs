//! [`Report`], a statistics report as a list of typed rows.

use super::column::Columns;
use super::row::ReportRow;
use crate::client::Chat2Desk;
use crate::days::Days;
use crate::error::{Error, ErrorKind};
use crate::list::{Filters, Key, List, ListCall, PageRequest, RawPage, Start, Traversal};
use crate::operation::{Operation, known};
use crate::raw_response::OnDrift;
use crate::response::{report, work_on};
use crate::runtime::ClientInfo;
use crate::transport::BoxFuture;
use crate::wire::decode::{DecodeError, Decoded, decode};
use std::fmt;
use std::marker::PhantomData;

const OPERATION: &Operation = known("get_statistics");

/// The number of rows at which the server was seen to truncate a day of one account.
const ROW_CAP: u64 = 20_000;

/// ## statistics: helpers
impl Chat2Desk {
    /// Returns a statistics report over `days` as a list of typed rows: oldest day first, and each day's rows in the
    /// server's order. The type `R` selects the report: see [`statistics`](crate::statistics).
    ///
    /// The days and the times in the rows are in the company's time zone. Today's rows of
    /// [`RequestStats`](super::RequestStats) and [`OperatorEvents`](super::OperatorEvents) are live; the other
    /// reports are refreshed once a day, at night. A response may take minutes: see
    /// [`Builder::read_timeout`](crate::Builder::read_timeout). The company needs the paid option of aggregated
    /// statistics.
    ///
    /// ```no_run
    /// # use chat2desk::{Chat2Desk, Error, List, statistics::RequestStats};
    /// # async fn run(chat: &Chat2Desk, monday: chrono::NaiveDate, sunday: chrono::NaiveDate) -> Result<(), Error> {
    /// let mut rows = chat.report::<RequestStats>(monday..=sunday).items();
    /// while let Some(row) = rows.next().await {
    ///     let row = row?;
    ///     println!("request {:?}: reply after {:?} s", row.request_id, row.reaction_time);
    /// }
    /// # Ok(()) }
    /// ```
    pub fn report<R: ReportRow>(&self, days: impl Into<Days>) -> Report<R> {
        Report {
            chat: self.clone(),
            days: days.into(),
            row_cap: ROW_CAP,
            page: None,
            row: PhantomData,
        }
    }
}

/// A statistics report over some days, from [`Chat2Desk::report`]. It is a [`List`] of rows of the type `R`.
///
/// [`Items::total`](crate::Items::total) is `None`, since the server reports only the total of each day.
#[must_use = "nothing is read until the stream is polled"]
pub struct Report<R> {
    chat: Chat2Desk,
    days: Days,
    row_cap: u64,
    page: Option<PageRequest>,
    row: PhantomData<fn() -> R>,
}

impl<R: ReportRow> Report<R> {
    /// Sets the number of `rows` of a day from which the day counts as truncated by the server.
    ///
    /// Truncation loses the day's oldest rows, so the list ends with [`Incomplete`](ErrorKind::Incomplete) after
    /// the rows of such a day. 20 000 unless set: one account was seen to be truncated there.
    pub fn row_cap(mut self, rows: u64) -> Self {
        self.row_cap = rows;
        self
    }

    async fn read_page(self) -> Result<RawPage<R>, Error> {
        let (day, offset) = match self.page.map(|page| page.start) {
            Some(Start::Day { day, offset }) => (day, offset),
            _ => (self.days.first(), 0),
        };
        let mut call = self.chat.get_statistics(R::name(), day).offset(offset);
        if let Some(page) = self.page {
            call = call.limit(page.limit);
        }
        // The types of the specification do not have the older columns, so the rows are read again here.
        let body = match call.send().await {
            Ok(response) => response.body().clone(),
            Err(error) if error.kind() == ErrorKind::Decode => error.bytes().clone(),
            Err(error) => return Err(error),
        };
        let page = work_on(body, |body| RawPage::all_of(body, Self::decode, Self::key)).await??;
        report(OPERATION, &page.drift, self.on_drift().as_ref());
        Ok(page)
    }
}

impl<R> Clone for Report<R> {
    fn clone(&self) -> Self {
        Self {
            chat: self.chat.clone(),
            ..*self
        }
    }
}

impl<R> fmt::Debug for Report<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Report")
            .field("days", &self.days)
            .finish_non_exhaustive()
    }
}

impl<R: ReportRow> List for Report<R> {
    type Item = R;
}

impl<R: ReportRow> ListCall for Report<R> {
    type Record = R;

    fn operation(&self) -> &'static Operation {
        OPERATION
    }

    fn traversal(&self) -> Result<Traversal, Error> {
        let days = self.days.checked();
        Ok(Traversal::Daily {
            days: days.map_err(|reason| Error::invalid_request(&reason))?,
            row_cap: self.row_cap,
        })
    }

    fn with_page(self, request: PageRequest) -> Self {
        Self {
            page: Some(request),
            ..self
        }
    }

    fn fetch(self) -> BoxFuture<'static, Result<RawPage<R>, Error>> {
        Box::pin(self.read_page())
    }

    fn decode(record: &[u8]) -> Result<Decoded<R>, DecodeError> {
        let Decoded { value, mut drift } = decode(record)?;
        let row = R::from_columns(Columns::new(value));
        drift.extend(row.drift);
        Ok(Decoded {
            value: row.value,
            drift,
        })
    }

    fn filters(&self) -> Result<Filters, Error> {
        // The days are no filter: a position continues with those that are left.
        Ok(Filters::default().add("report", &R::name()))
    }

    fn on_drift(&self) -> Option<OnDrift> {
        self.chat.api().inner().on_drift().cloned()
    }

    fn key(record: &R) -> Key {
        record.key()
    }
}
