//! Reading a report day by day.

use super::Report;
use super::column::Columns;
use crate::days::{Days, next};
use crate::list::{Ask, At, Filters, Key, List, Plan, RawPage, sealed};
use crate::operation::{Operation, known};
use crate::raw_response::OnDrift;
use crate::response::{report, work_on};
use crate::runtime::ClientInfo;
use crate::wire::decode::{DecodeError, Decoded, decode};
use crate::{Chat2Desk, Error, ErrorKind, Items, Position};
use chrono::NaiveDate;
use futures_core::Stream;
use futures_util::stream::TryStreamExt;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::future::poll_fn;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

const OPERATION: &Operation = known("get_statistics");

/// Where one account was seen to cut a day's rows.
const ROW_CAP: u64 = 20_000;

impl Chat2Desk {
    /// A statistics report over days, as typed rows: oldest day first, each day's rows in the server's
    /// order.
    ///
    /// The days are the company's own, and so are the times in the rows. Today's rows of
    /// [`RequestStats`](super::RequestStats) and [`OperatorEvents`](super::OperatorEvents) are live, the
    /// rest is made once a day, at night. An answer may take minutes: see
    /// [`Builder::timeout`](crate::Builder::timeout).
    ///
    /// ```no_run
    /// # use chat2desk::{Chat2Desk, Error, statistics::RequestStats};
    /// # async fn run(chat: &Chat2Desk, monday: chrono::NaiveDate, sunday: chrono::NaiveDate) -> Result<(), Error> {
    /// let mut rows = chat.report::<RequestStats>(monday..=sunday).rows();
    /// while let Some(row) = rows.next().await {
    ///     let row = row?;
    ///     println!("{:?} was answered after {:?} s", row.request_id, row.reaction_time);
    /// }
    /// # Ok(()) }
    /// ```
    pub fn report<R: Report>(&self, days: impl Into<Days>) -> ReportReading<R> {
        ReportReading {
            chat: self.clone(),
            days: days.into(),
            prefetch: 1,
            row_cap: ROW_CAP,
            position: None,
            row: PhantomData,
        }
    }
}

/// A report and how it is to be read; nothing is sent before [`rows`](Self::rows) is read.
#[must_use = "nothing is read until the stream is polled"]
pub struct ReportReading<R> {
    chat: Chat2Desk,
    days: Days,
    prefetch: usize,
    row_cap: u64,
    position: Option<ReportPosition>,
    row: PhantomData<fn() -> R>,
}

impl<R: Report> ReportReading<R> {
    /// Asks for so many pages of a day at once: see [`Listing::prefetch`](crate::Listing::prefetch).
    pub fn prefetch(mut self, pages: usize) -> Self {
        self.prefetch = pages;
        self
    }

    /// At how many rows of a day the server is taken to have cut it, which loses the day's oldest. Such a
    /// day ends in [`Incomplete`](ErrorKind::Incomplete). 20 000 unless set: where one account was cut.
    pub fn row_cap(mut self, rows: u64) -> Self {
        self.row_cap = rows;
        self
    }

    /// Goes on where another reading of this report stopped: after the row that [`Rows::position`] was
    /// asked for at. `None` begins at the beginning.
    pub fn resume_from(mut self, position: impl Into<Option<ReportPosition>>) -> Self {
        self.position = position.into();
        self
    }

    /// Reads the rows, day after day.
    pub fn rows(self) -> Rows<R> {
        let days = match &self.position {
            Some(position) => self.days.since(position.day),
            None => self.days,
        };
        Rows {
            today: self
                .position
                .clone()
                .filter(|position| position.day == days.first()),
            items: None,
            days,
            last: self.position.clone(),
            reading: self,
        }
    }

    /// Reads all rows into memory.
    ///
    /// # Errors
    /// The first error; nothing is returned of a report that was not read to its end.
    pub async fn collect_all(self) -> Result<Vec<R>, Error> {
        self.rows().collect_all().await
    }
}

impl<R> fmt::Debug for ReportReading<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReportReading")
            .field("days", &self.days)
            .finish_non_exhaustive()
    }
}

/// How far a report was read: a day, and how far in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportPosition {
    day: NaiveDate,
    /// Rows of that day before the position.
    rows: u64,
    in_day: Option<Position>,
}

/// The rows of a report, as they arrive: a [`Stream`], with a `next` of its own.
#[must_use = "nothing is read until the stream is polled"]
pub struct Rows<R> {
    reading: ReportReading<R>,
    /// The day that is being read and those after it.
    days: Days,
    items: Option<Items<R>>,
    today: Option<ReportPosition>,
    last: Option<ReportPosition>,
}

impl<R: Report> Rows<R> {
    /// The next one; `None` after the last. After an error there is no next one.
    ///
    /// # Errors
    /// Those of the call, and [`Incomplete`](ErrorKind::Incomplete).
    pub async fn next(&mut self) -> Option<Result<R, Error>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// All of them, in memory.
    ///
    /// # Errors
    /// The first error; nothing is returned of a report that was not read to its end.
    pub async fn collect_all(self) -> Result<Vec<R>, Error> {
        self.try_collect().await
    }

    /// Where another reading goes on after the row that came last: see [`ReportReading::resume_from`].
    /// `None` before the first.
    pub fn position(&self) -> Option<ReportPosition> {
        let (Some(today), Some(items)) = (&self.today, &self.items) else {
            return self.last.clone();
        };
        Some(ReportPosition {
            in_day: items.position(),
            ..today.clone()
        })
    }

    /// The day that is being read.
    pub fn day(&self) -> NaiveDate {
        self.days.first()
    }

    fn begin(&mut self) -> Items<R> {
        let day = self.days.first();
        let today = self.today.get_or_insert(ReportPosition {
            day,
            rows: 0,
            in_day: None,
        });
        let day = Day {
            chat: self.reading.chat.clone(),
            day,
            ask: None,
            row: PhantomData,
        };
        let list = day.resume_from(today.in_day.clone());
        list.prefetch(self.reading.prefetch).items()
    }

    /// At the end of a day: whether the server seems to have cut it.
    fn end(&mut self) -> Result<(), Error> {
        let position = self.position();
        let read = self.today.take().map_or(0, |today| today.rows);
        self.last = position;
        self.items = None;
        self.days = self.days.since(next(self.days.first()));
        if read < self.reading.row_cap {
            return Ok(());
        }
        self.days = Days::from(next(self.days.last())..=self.days.last());
        let reason =
            format!("{read} rows of a day came, where the server is known to cut its oldest");
        Err(Error::incomplete(OPERATION, &reason))
    }
}

impl<R: Report> Stream for Rows<R> {
    type Item = Result<R, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        if let Err(reason) = this.reading.days.checked() {
            this.reading.days = Days::from(this.reading.days.first());
            let error = Error::invalid_request(&reason).at(OPERATION);
            return Poll::Ready(Some(Err(error)));
        }
        while this.days.count() > 0 {
            if this.items.is_none() {
                this.items = Some(this.begin());
            }
            let Some(items) = &mut this.items else { break };
            match ready!(Pin::new(items).poll_next(context)) {
                Some(Ok(row)) => {
                    if let Some(today) = &mut this.today {
                        today.rows += 1;
                    }
                    return Poll::Ready(Some(Ok(row)));
                }
                Some(Err(error)) => {
                    this.days = Days::from(next(this.days.last())..=this.days.last());
                    return Poll::Ready(Some(Err(error)));
                }
                None => {
                    if let Err(error) = this.end() {
                        return Poll::Ready(Some(Err(error)));
                    }
                }
            }
        }
        Poll::Ready(None)
    }
}

impl<R> fmt::Debug for Rows<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rows")
            .field("days", &self.days)
            .finish_non_exhaustive()
    }
}

/// The list of one day's rows.
struct Day<R> {
    chat: Chat2Desk,
    day: NaiveDate,
    ask: Option<Ask>,
    row: PhantomData<fn() -> R>,
}

impl<R> Clone for Day<R> {
    fn clone(&self) -> Self {
        Self {
            chat: self.chat.clone(),
            ..*self
        }
    }
}

impl<R: Report> sealed::Sealed for Day<R> {}

impl<R: Report> List for Day<R> {
    type Item = R;

    const OPERATION: &'static Operation = OPERATION;

    fn plan(&self) -> Result<Plan, Error> {
        Ok(Plan::Offset)
    }

    fn seek(self, ask: Ask) -> Self {
        Self {
            ask: Some(ask),
            ..self
        }
    }

    async fn fetch(self) -> Result<RawPage<R>, Error> {
        let mut call = self.chat.get_statistics(R::name(), self.day);
        if let Some(Ask {
            limit,
            at: At::Offset(offset),
        }) = self.ask
        {
            call = call.limit(limit).offset(offset);
        }
        // The types of the specification do not know the columns of before, so the rows are read anew.
        let body = match call.send().await {
            Ok(response) => response.body().clone(),
            Err(error) if error.kind() == ErrorKind::Decode => error.bytes().clone(),
            Err(error) => return Err(error),
        };
        let page = work_on(body, |body| RawPage::all_of(body, Self::decode, Self::key)).await??;
        report(OPERATION, &page.drift, self.on_drift().as_ref());
        Ok(page)
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
        Ok(Filters::default()
            .add("report", &R::name())
            .add("date", &self.day))
    }

    fn on_drift(&self) -> Option<OnDrift> {
        self.chat.api().inner().on_drift().cloned()
    }

    fn key(record: &R) -> Key {
        record.key()
    }
}
