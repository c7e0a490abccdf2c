//! Reading: sends what the walk asks for, several pages at once if wanted, and gives what is new.

use super::page::{InvalidRecord, Page, RawPage};
use super::position::{Mark, Position};
use super::task::Fetch;
use super::walk::{Ask, Plan, Taken, Walk};
use super::{LEAST_PAGE_SIZE, List, Listing};
use crate::response::work;
use crate::{Error, ErrorKind, response};
use chrono::{DateTime, Utc};
use futures_core::Stream;
use futures_util::stream::{self, TryStreamExt};
use std::collections::VecDeque;
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::SystemTime;

/// A record counts as so many bytes where work on a page is foreseen.
const RECORD: usize = 128;

pub(super) type Callback = Box<dyn FnMut(InvalidRecord) + Send>;

/// A list that is being read.
pub(super) struct Reader<L: List> {
    listing: Listing<L>,
    /// Made at the first page, so that what is wrong with the call is the stream's first error.
    walk: Option<Walk>,
    /// The requests that were sent, in order.
    sent: VecDeque<(Ask, Fetch<L::Item>)>,
    left: u64,
    filters: u64,
    /// Records that were made later are held back.
    youngest: Option<DateTime<Utc>>,
}

impl<L: List> Reader<L> {
    pub(super) fn new(listing: Listing<L>) -> Self {
        Self {
            left: listing.max_items.unwrap_or(u64::MAX),
            listing,
            walk: None,
            sent: VecDeque::new(),
            filters: 0,
            youngest: None,
        }
    }

    async fn next(&mut self) -> Result<Option<Page<L::Item>>, Error> {
        let operation = L::OPERATION;
        if self.walk.is_none() {
            self.walk = Some(self.begin()?);
        }
        while self.left > 0 {
            let Some(walk) = &mut self.walk else { break };
            let Some(ask) = walk.ask() else { break };
            // No more pages than the records that are still wanted can fill.
            let page = u64::try_from(self.listing.page_size).unwrap_or(1);
            let wanted = self.left.div_ceil(page.saturating_sub(1).max(1));
            let wanted = usize::try_from(wanted).unwrap_or(usize::MAX);
            let ahead = walk.ahead(wanted.min(self.listing.prefetch).saturating_sub(1));
            self.send(std::iter::once(ask).chain(ahead))
                .map_err(|error| error.at(operation))?;
            let Some((_, fetch)) = self.sent.pop_front() else {
                break;
            };
            let answer = fetch.await;
            let mut answer = self.decoded(answer).map_err(|error| error.at(operation))?;
            let too_young = |record: &L::Item| L::created(record) > self.youngest;
            if self.youngest.is_some() && answer.end_before(too_young) {
                // It ends with this page.
                self.left = self
                    .left
                    .min(u64::try_from(answer.items.len()).unwrap_or(u64::MAX));
            }
            let Some(mut walk) = self.walk.take() else {
                break;
            };
            let bytes = answer.sheet.keys.len().saturating_mul(RECORD);
            let (walk, taken, answer) = work(bytes, move || {
                let taken = walk.take(&answer.sheet);
                (walk, taken, answer)
            })
            .await
            .map_err(|error| error.at(operation))?;
            self.walk = Some(walk);
            let taken = taken.map_err(|reason| Error::incomplete(operation, &reason))?;
            let page = self.page(answer, taken);
            if !page.items.is_empty() {
                return Ok(Some(page));
            }
        }
        Ok(None)
    }

    fn begin(&mut self) -> Result<Walk, Error> {
        let operation = L::OPERATION;
        let call = &self.listing.call;
        let filters = call.filters().map_err(|error| error.at(operation))?;
        self.filters = filters.number();
        let place = self.listing.position.clone();
        let place = place
            .map(|position| position.place_in(operation, self.filters))
            .transpose()?;
        let plan = call.plan().map_err(|error| error.at(operation))?;
        let is_ascending = matches!(
            plan,
            Plan::Ids {
                descending: false,
                ..
            }
        );
        let age = Some(self.listing.hold_back).filter(|age| is_ascending && !age.is_zero());
        let youngest = age.and_then(|age| SystemTime::now().checked_sub(age));
        self.youngest = youngest.map(DateTime::from);
        let wanted = i64::try_from(self.left).unwrap_or(i64::MAX);
        let limit = self.listing.page_size.min(wanted.max(LEAST_PAGE_SIZE));
        Walk::new(plan, limit, place).map_err(|reason| Error::incomplete(operation, &reason))
    }

    /// Sends these requests, as far as they are not on their way; others that are, are given up.
    fn send(&mut self, asks: impl Iterator<Item = Ask>) -> Result<(), Error> {
        for (place, ask) in asks.enumerate() {
            if self.sent.get(place).is_some_and(|(sent, _)| *sent != ask) {
                self.sent.clear();
            }
            if self.sent.len() <= place {
                let call = self.listing.call.clone().seek(ask);
                self.sent.push_back((ask, Fetch::of(call)?));
            }
        }
        Ok(())
    }

    /// The page, read again record by record if one of them cannot be decoded and that is allowed.
    fn decoded(&self, answer: Result<RawPage<L::Item>, Error>) -> Result<RawPage<L::Item>, Error> {
        let Err(error) = &answer else {
            return answer;
        };
        if error.kind() != ErrorKind::Decode || self.listing.report.is_none() {
            return answer;
        }
        match RawPage::salvage(error.bytes(), L::decode, L::key) {
            None => answer,
            Some(page) => {
                let handler = self.listing.call.on_drift();
                response::report(L::OPERATION, &page.drift, handler.as_ref());
                Ok(page)
            }
        }
    }

    fn page(&mut self, answer: RawPage<L::Item>, taken: Taken) -> Page<L::Item> {
        // Where pages overlap, a record is on both.
        let mut fresh: Vec<usize> = taken.fresh.clone();
        fresh.sort_unstable();
        if let Some(report) = &mut self.listing.report {
            let invalid = answer.invalid.into_iter();
            let new = invalid.filter(|(place, _)| fresh.binary_search(place).is_ok());
            new.for_each(|(_, record)| report(record));
        }
        let mut records = answer.items;
        let mut page = Page {
            items: Vec::with_capacity(taken.fresh.len()),
            total: answer
                .sheet
                .total
                .and_then(|total| u64::try_from(total).ok()),
            meta: answer.meta,
            drift: answer.drift,
            marks: Vec::with_capacity(taken.fresh.len()),
        };
        for (place, after) in taken.fresh.into_iter().zip(taken.marks) {
            if self.left == 0 {
                break;
            }
            if let Some(record) = records.get_mut(place).and_then(Option::take) {
                page.items.push(record);
                let list = L::OPERATION.id;
                let filters = self.filters;
                page.marks.push(Mark {
                    list,
                    filters,
                    after,
                });
                self.left = self.left.saturating_sub(1);
            }
        }
        page
    }
}

/// The pages of a list, as they arrive: a [`Stream`], with a `next` of its own.
#[must_use = "nothing is read until the stream is polled"]
pub struct Pages<T>(Pin<Box<dyn Stream<Item = Result<Page<T>, Error>> + Send>>);

impl<T: Send + 'static> Pages<T> {
    pub(super) fn new<L: List<Item = T>>(reader: Reader<L>) -> Self {
        let pages = stream::try_unfold(reader, |mut reader| async move {
            Ok(reader.next().await?.map(|page| (page, reader)))
        });
        Self(Box::pin(pages))
    }
}

impl<T> Pages<T> {
    /// The next one; `None` after the last. After an error there is no next one.
    ///
    /// # Errors
    /// Those of the call, and [`Incomplete`](crate::ErrorKind::Incomplete).
    pub async fn next(&mut self) -> Option<Result<Page<T>, Error>> {
        poll_fn(|context| self.0.as_mut().poll_next(context)).await
    }
}

impl<T> Stream for Pages<T> {
    type Item = Result<Page<T>, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.as_mut().poll_next(context)
    }
}

impl<T> fmt::Debug for Pages<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages").finish_non_exhaustive()
    }
}

/// The records of a list, as they arrive: a [`Stream`], with a `next` of its own.
#[must_use = "nothing is read until the stream is polled"]
pub struct Items<T> {
    pages: Pages<T>,
    items: std::vec::IntoIter<T>,
    marks: std::vec::IntoIter<Mark>,
    total: Option<u64>,
    /// The last record that was given; before it, where reading began.
    last: Option<Mark>,
    position: Option<Position>,
}

impl<T> Items<T> {
    pub(super) fn new(pages: Pages<T>, position: Option<Position>) -> Self {
        Self {
            pages,
            items: Vec::new().into_iter(),
            marks: Vec::new().into_iter(),
            total: None,
            last: None,
            position,
        }
    }

    /// The next one; `None` after the last. After an error there is no next one.
    ///
    /// # Errors
    /// Those of the call, and [`Incomplete`](crate::ErrorKind::Incomplete).
    pub async fn next(&mut self) -> Option<Result<T, Error>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// All of them, in memory.
    ///
    /// # Errors
    /// The first error; nothing is returned of a list that was not read to its end.
    pub async fn collect_all(self) -> Result<Vec<T>, Error> {
        self.try_collect().await
    }

    /// How many records the server counted with the first page; for progress bars, not for arithmetic: the
    /// list may grow while it is read, and some lists have no count.
    pub fn total(&self) -> Option<u64> {
        self.total
    }

    /// Where another reading goes on after the record that came last: see
    /// [`Listing::resume_from`](crate::Listing::resume_from). `None` before the first.
    pub fn position(&self) -> Option<Position> {
        let last = self.last.as_ref().map(Mark::position);
        last.or_else(|| self.position.clone())
    }
}

/// No record is pinned.
impl<T> Unpin for Items<T> {}

impl<T> Stream for Items<T> {
    type Item = Result<T, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if let Some(item) = self.items.next() {
                self.last = self.marks.next();
                return Poll::Ready(Some(Ok(item)));
            }
            match ready!(self.pages.0.as_mut().poll_next(context)) {
                None => return Poll::Ready(None),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                Some(Ok(page)) => {
                    self.total = self.total.or(page.total);
                    self.items = page.items.into_iter();
                    self.marks = page.marks.into_iter();
                }
            }
        }
    }

    /// At least those that have arrived already.
    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.items.len(), None)
    }
}

impl<T> fmt::Debug for Items<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items")
            .field("total", &self.total)
            .finish_non_exhaustive()
    }
}
