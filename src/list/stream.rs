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

/// A stream of the pages of a list, from [`List::pages`](crate::List::pages).
///
/// A loop needs only [`next`](Self::next). For combinators, it implements `futures_core::Stream`.
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
    /// Returns the next page; `None` after the last one and after an error.
    ///
    /// # Errors
    /// Those of the call, and [`Incomplete`](crate::ErrorKind::Incomplete) if the list cannot be read to its end.
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

/// A stream of the records of a list, from [`List::items`](crate::List::items).
///
/// A loop needs only [`next`](Self::next). For combinators, it implements `futures_core::Stream`.
#[must_use = "nothing is read until the stream is polled"]
pub struct Items<T> {
    pages: Pages<T>,
    items: std::vec::IntoIter<T>,
    positions: std::vec::IntoIter<RecordPosition>,
    total: Option<u64>,
    /// The position after the last record that was yielded.
    last: Option<RecordPosition>,
    /// The position at which the read started.
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

    /// Returns the next record; `None` after the last one and after an error.
    ///
    /// # Errors
    /// Those of the call, and [`Incomplete`](crate::ErrorKind::Incomplete) if the list cannot be read to its end.
    pub async fn next(&mut self) -> Option<Result<T, Error>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// Returns all remaining records.
    ///
    /// # Errors
    /// The first error. No records are returned of a list that was not read to its end.
    pub async fn collect_all(self) -> Result<Vec<T>, Error> {
        self.try_collect().await
    }

    /// Returns the total that the server reported with the first page; `None` before that, and for lists without
    /// a total. Use it for progress bars only: the list may grow while it is read.
    pub fn total(&self) -> Option<u64> {
        self.total
    }

    /// Returns the position after the record that was yielded last, for
    /// [`Listing::resume_from`](crate::Listing::resume_from). Before the first record it is the position at which
    /// this read started: `None` for the beginning.
    pub fn position(&self) -> Option<Position> {
        let last = self.last.as_ref().map(RecordPosition::position);
        last.or_else(|| self.position.clone())
    }
}

/// Records are never pinned.
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

    /// Returns the number of records that have arrived already as the lower bound.
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
