//! [`List`], which every list operation implements, and [`Listing`], a list with how it is to be read.

use super::call::ListCall;
use super::page::InvalidRecord;
use super::position::Position;
use super::raw::{RawList, RawRecord};
use super::reader::{LEAST_PAGE_SIZE, Options, Reader};
use super::stream::{Items, Pages};
use crate::error::Error;
use std::fmt;
use std::time::Duration;

/// The most records that the server puts on a page.
const PAGE_SIZE: i64 = 200;

/// How late a message may appear in the list: twice what was seen.
const LATENESS: Duration = Duration::from_secs(120);

/// An operation whose answer is a list; the builders of all such operations implement it.
///
/// Reading goes on to the last page, asks for the largest pages, believes the page size that the server
/// reports over the one that was asked for, and gives no record twice. Records that existed all the while
/// are given, whatever comes and goes meanwhile; of those that came or went, some. A list that cannot be
/// read so is an [`Incomplete`](crate::ErrorKind::Incomplete) error, never a short list.
///
/// `limit` and `offset` of the call are set by the reading. Messages are read from `start_id` on, oldest
/// first, or with `order("desc")` newest first, down to `start_id`; the dates of a call are kept.
///
/// Some operations put no page around their list, or give all of it whatever is asked: their lists are
/// one page. Records without ids are told apart by their content, which keeps equal ones.
pub trait List: ListCall<Record = <Self as List>::Item> {
    /// A record of the list.
    type Item: Send + 'static;

    /// Reads the list record by record, page after page.
    fn items(self) -> Items<Self::Item> {
        Listing::new(self).items()
    }

    /// Reads the list page by page.
    fn pages(self) -> Pages<Self::Item> {
        Listing::new(self).pages()
    }

    /// Reads the whole list into memory.
    ///
    /// # Errors
    /// The first error; nothing is returned of a list that was not read to its end.
    fn collect_all(self) -> impl Future<Output = Result<Vec<Self::Item>, Error>> + Send {
        async move { self.items().collect_all().await }
    }

    /// Sets how many `records` a page is asked for, from 2 to 200. 200 unless set, which costs the fewest calls.
    fn page_size(self, records: u32) -> Listing<Self> {
        Listing::new(self).page_size(records)
    }

    /// Yields at most `records` records, and asks for no more pages than they need.
    fn max_items(self, records: u64) -> Listing<Self> {
        Listing::new(self).max_items(records)
    }

    /// Fetches up to `pages` pages at the same time: see [`Listing::prefetch`].
    fn prefetch(self, pages: usize) -> Listing<Self> {
        Listing::new(self).prefetch(pages)
    }

    /// Goes on where another reading of this list stopped: see [`Listing::resume_from`].
    fn resume_from(self, position: impl Into<Option<Position>>) -> Listing<Self> {
        Listing::new(self).resume_from(position)
    }

    /// Yields each record as the server's own JSON: every field, known or not, in the server's order.
    ///
    /// For archives and exports, which should keep what this crate does not know. The reading is the same:
    /// what it yields, and where it can be resumed from, does not depend on it.
    ///
    /// ```no_run
    /// # use chat2desk::{Chat2Desk, Error, List};
    /// # async fn run(chat: &Chat2Desk) -> Result<(), Error> {
    /// let mut messages = chat.list_messages().raw().items();
    /// while let Some(message) = messages.next().await {
    ///     println!("{}", message?.to_line());
    /// }
    /// # Ok(()) }
    /// ```
    fn raw(self) -> RawList<Self> {
        RawList(self)
    }

    /// Leaves out records that cannot be decoded: see [`Listing::skip_invalid`].
    fn skip_invalid(self, report: impl FnMut(InvalidRecord) + Send + 'static) -> Listing<Self> {
        Listing::new(self).skip_invalid(report)
    }
}

impl<L: List> List for RawList<L> {
    type Item = RawRecord;
}

/// A list and how it is to be read; nothing is sent before [`items`](Self::items),
/// [`pages`](Self::pages) or [`collect_all`](Self::collect_all) is.
///
/// ```no_run
/// # use chat2desk::{Chat2Desk, Error, List, Position};
/// # async fn run(chat: &Chat2Desk, saved: Option<Position>) -> Result<(), Error> {
/// let mut clients = chat.list_clients().prefetch(8).resume_from(saved).items();
/// while let Some(client) = clients.next().await {
///     println!("{} of {:?}", client?.id, clients.total());
/// }
/// let done = clients.position(); // where to go on tomorrow
/// # Ok(()) }
/// ```
#[must_use = "nothing is read until the stream is polled"]
pub struct Listing<L> {
    call: L,
    options: Options,
}

impl<L: List> Listing<L> {
    fn new(call: L) -> Self {
        Self {
            call,
            options: Options {
                page_size: PAGE_SIZE,
                max_items: None,
                prefetch: 1,
                position: None,
                hold_back: Duration::ZERO,
                report: None,
            },
        }
    }

    /// Sets how many `records` a page is asked for, from 2 to 200. 200 unless set, which costs the fewest calls.
    pub fn page_size(mut self, records: u32) -> Self {
        self.options.page_size = i64::from(records).clamp(LEAST_PAGE_SIZE, PAGE_SIZE);
        self
    }

    /// Yields at most `records` records, and asks for no more pages than they need.
    pub fn max_items(mut self, records: u64) -> Self {
        self.options.max_items = Some(records);
        self
    }

    /// Fetches up to `pages` pages at the same time. 1 unless set.
    ///
    /// Only lists that go on by offset and report a total can be prefetched; for others this has no effect, since the
    /// next page of messages is asked for by the last id of the one before. Records come in the same order, no call is
    /// made for pages beyond the total, and up to `pages` pages are in memory. Each page is read by a task of its own,
    /// which ends with the stream.
    pub fn prefetch(mut self, pages: usize) -> Self {
        self.options.prefetch = pages.max(1);
        self
    }

    /// Goes on where another reading of this list stopped, with the same filters: after the record that
    /// [`Items::position`] or [`Page::position`] was asked for at. `None` begins at the beginning.
    ///
    /// What came or went meanwhile moves nothing out of sight, as within one reading. If nothing is left
    /// of the last records before the position, the list is
    /// [`Incomplete`](crate::ErrorKind::Incomplete); a position of another list, of other filters or of another
    /// order is an [`InvalidRequest`](crate::ErrorKind::InvalidRequest).
    ///
    /// Messages are [held back](Self::hold_back) for two minutes from then on, also from `None`.
    pub fn resume_from(mut self, position: impl Into<Option<Position>>) -> Self {
        self.options.position = position.into();
        self.options.hold_back = LATENESS;
        self
    }

    /// Ends the list before the first record that is younger than `age`, by the clock of this machine. For
    /// messages that are read oldest first; other lists do not go on by ids, and ignore it.
    ///
    /// Messages were seen to appear in the list about a minute after they were made. A reading that goes on after
    /// the highest id would pass over one that appears late, below that id. What is held back comes with the next
    /// reading. Call it after [`resume_from`](Self::resume_from), which sets two minutes; `Duration::ZERO` holds
    /// nothing back.
    pub fn hold_back(mut self, age: Duration) -> Self {
        self.options.hold_back = age;
        self
    }

    /// Leaves out records that cannot be decoded and calls `report` with each, instead of failing at its
    /// page.
    ///
    /// Such a record is one whose id cannot be read. Any other value of an unexpected type costs its own
    /// field and nothing more: see [`Page::drift`].
    ///
    /// ```no_run
    /// # use chat2desk::{Chat2Desk, Error, List};
    /// # async fn run(chat: &Chat2Desk) -> Result<(), Error> {
    /// let dialogs = chat.list_dialogs().skip_invalid(|record| eprintln!("{}", record.reason()));
    /// for dialog in dialogs.collect_all().await? {
    ///     println!("{}", dialog.id);
    /// }
    /// # Ok(()) }
    /// ```
    pub fn skip_invalid(mut self, report: impl FnMut(InvalidRecord) + Send + 'static) -> Self {
        self.options.report = Some(Box::new(report));
        self
    }

    /// Reads the list record by record, page after page.
    pub fn items(self) -> Items<L::Item> {
        let position = self.options.position.clone();
        Items::new(self.pages(), position)
    }

    /// Reads the list page by page. A page without new records is left out.
    pub fn pages(self) -> Pages<L::Item> {
        Pages::new(Reader::new(self.call, self.options))
    }

    /// Reads the whole list into memory.
    ///
    /// # Errors
    /// The first error; nothing is returned of a list that was not read to its end.
    pub async fn collect_all(self) -> Result<Vec<L::Item>, Error> {
        self.items().collect_all().await
    }
}

impl<L: List> fmt::Debug for Listing<L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Listing")
            .field("operation", &L::OPERATION.id)
            .finish_non_exhaustive()
    }
}
