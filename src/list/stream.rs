//! [`Pages`] and [`Items`], the streams of a list.

use super::call::ListCall;
use super::page::Page;
use super::position::{Position, RecordPosition};
use super::reader::Reader;
use crate::error::Error;
use futures_core::Stream;
use futures_util::stream::{self, TryStreamExt};
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

/// The pages of a list, as they arrive: a [`Stream`], with a `next` of its own.
#[must_use = "nothing is read until the stream is polled"]
pub struct Pages<T>(Pin<Box<dyn Stream<Item = Result<Page<T>, Error>> + Send>>);

impl<T: Send + 'static> Pages<T> {
    pub(super) fn new<L: ListCall<Record = T>>(reader: Reader<L>) -> Self {
        let pages = stream::try_unfold(reader, |mut reader| async move {
            Ok(reader.next().await?.map(|page| (page, reader)))
        });
        Self(Box::pin(pages))
    }
}

impl<T> Pages<T> {
    /// The next one; `None` after the last. RecordCursor an error there is no next one.
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
    positions: std::vec::IntoIter<RecordPosition>,
    total: Option<u64>,
    /// The last record that was given; before it, where reading began.
    last: Option<RecordPosition>,
    position: Option<Position>,
}

impl<T> Items<T> {
    pub(super) fn new(pages: Pages<T>, position: Option<Position>) -> Self {
        Self {
            pages,
            items: Vec::new().into_iter(),
            positions: Vec::new().into_iter(),
            total: None,
            last: None,
            position,
        }
    }

    /// The next one; `None` after the last. RecordCursor an error there is no next one.
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
        let last = self.last.as_ref().map(RecordPosition::position);
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
                self.last = self.positions.next();
                return Poll::Ready(Some(Ok(item)));
            }
            match ready!(self.pages.0.as_mut().poll_next(context)) {
                None => return Poll::Ready(None),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                Some(Ok(page)) => {
                    self.total = self.total.or(page.total);
                    self.items = page.items.into_iter();
                    self.positions = page.positions.into_iter();
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
