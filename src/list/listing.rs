//! [`List`], which every list operation implements, and [`Listing`], a list with the options of its reading.

use super::call::ListCall;
use super::page::InvalidRecord;
use super::position::Position;
use super::raw::{RawList, RawRecord};
use super::reader::{LEAST_PAGE_SIZE, Options, Reader};
use super::stream::{Items, Pages};
use crate::error::Error;
use std::fmt;
use std::time::Duration;

/// The most records that the server puts on a page, unless it reports a smaller limit.
const PAGE_SIZE: i64 = 200;

/// The most pages that are fetched at the same time, whatever total the server reports.
const PREFETCH: usize = 200;

/// A call whose response is a list, which can be read to its end. The builders of all list operations implement
/// it, and so does [`Report`](crate::statistics::Report).
///
/// Import this trait to use its methods. [`items`](Self::items) yields the records one by one,
/// [`pages`](Self::pages) page by page, and [`collect_all`](Self::collect_all) returns all of them. The other
/// methods set how the list is read; they return a [`Listing`], which has the same methods and
/// [`hold_back`](Listing::hold_back).
///
/// ```no_run
/// # use chat2desk::{Chat2Desk, Error, List};
/// # async fn run(chat: &Chat2Desk) -> Result<(), Error> {
/// let mut clients = chat.list_clients().prefetch(8).items();
/// while let Some(client) = clients.next().await {
///     println!("{}", client?.id);
/// }
///
/// let operators = chat.list_operators().collect_all().await?;
/// # Ok(()) }
/// ```
///
/// # Guarantees and limits
/// * A list that was read to its end yielded every record that existed for the whole duration of the read
///   exactly once, whatever was added, removed or moved meanwhile. A list that cannot be read so ends with an
///   [`Incomplete`](crate::ErrorKind::Incomplete) error; it is never short without one.
/// * A record that was created or deleted during the read may be yielded or not. None is yielded twice.
/// * **The one exception** concerns lists paginated by `offset`: a record that moves from behind the position
///   of the read to before it is missed if, between the same two responses, another record is deleted and a
///   third one is created. The responses are then the same as if the record had been deleted, so no reading by
///   `offset` can detect it. Any other move is detected by the total, and the list is read once more for the
///   record; if that does not find it, the list is `Incomplete`. Lists that go on by id, such as messages, are
///   not affected.
/// * All of this relies on the server's total and ids. If the total is missing or wrong, moves are detected only
///   while no record is created or deleted; if the total is wrong and a page is short as well, the list may end
///   there. Records without an id are compared by content, and equal ones are all yielded; their moves are not
///   detected.
/// * A read that [resumes](Self::resume_from) knows only the end of what was read before. It continues after the
///   position without a gap, but does not detect moves.
/// * [`max_items`](Self::max_items) ends the list early, [`hold_back`](Listing::hold_back) and
///   [`resume_from`](Self::resume_from) leave out the newest messages, and [`skip_invalid`](Self::skip_invalid)
///   leaves out records without a readable id.
///
/// # How lists are read
/// The read sets `limit` and `offset` itself. It requests pages of 200 records, and follows the page size that
/// the server reports. A list of `n` records costs about `n / 199` calls, since each page repeats one record of
/// the page before it. If the server puts one record on each page, the list is read twice, which costs `2n` calls.
///
/// Messages are read by id, from `start_id` on and oldest first, or with `order("desc")` newest first down to
/// `start_id`. Dates may be set on the call. The server does not accept them together with `start_id`, so they are
/// sent with some of the requests only.
///
/// Operations without pagination yield a single page.
///
/// A list by `offset` remembers a number for each record: ten million records take 230 MB. A list by id remembers
/// nothing of what it yielded.
pub trait List: ListCall<Record = <Self as List>::Item> {
    /// The type of the records.
    type Item: Send + 'static;

    /// Returns a stream of the records. Pages are fetched as it is polled.
    fn items(self) -> Items<Self::Item> {
        Listing::new(self).items()
    }

    /// Returns a stream of the pages. A page without new records is left out.
    fn pages(self) -> Pages<Self::Item> {
        Listing::new(self).pages()
    }

    /// Reads the whole list and returns its records.
    ///
    /// # Errors
    /// The first error. No records are returned of a list that was not read to its end.
    fn collect_all(self) -> impl Future<Output = Result<Vec<Self::Item>, Error>> + Send {
        async move { self.items().collect_all().await }
    }

    /// Sets the number of `records` to request for each page, from 2 to 200. 200 unless set, which costs the
    /// fewest calls.
    fn page_size(self, records: u32) -> Listing<Self> {
        Listing::new(self).page_size(records)
    }

    /// Yields at most `records` records, and requests no more pages than they need.
    fn max_items(self, records: u64) -> Listing<Self> {
        Listing::new(self).max_items(records)
    }

    /// Fetches up to `pages` pages at the same time: see [`Listing::prefetch`].
    fn prefetch(self, pages: usize) -> Listing<Self> {
        Listing::new(self).prefetch(pages)
    }

    /// Continues after the position at which an earlier read of this list stopped, even if the program was killed:
    /// see [`Listing::resume_from`].
    fn resume_from(self, position: impl Into<Option<Position>>) -> Listing<Self> {
        Listing::new(self).resume_from(position)
    }

    /// Yields each record as the server's own JSON: every field, known or not, in the server's order.
    ///
    /// Use it for archives and exports, so that fields unknown to this crate are not lost. It yields the same
    /// records as the typed list, and their positions are interchangeable.
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

    /// Leaves out records that cannot be decoded, instead of failing: see [`Listing::skip_invalid`].
    fn skip_invalid(self, report: impl FnMut(InvalidRecord) + Send + 'static) -> Listing<Self> {
        Listing::new(self).skip_invalid(report)
    }
}

impl<L: List> List for RawList<L> {
    type Item = RawRecord;
}

/// A [`List`] with the options of its reading. Nothing is sent until a stream of it is polled, or
/// [`collect_all`](Self::collect_all) is awaited.
///
/// ```no_run
/// # use chat2desk::{Chat2Desk, Error, List, Position};
/// # async fn run(chat: &Chat2Desk, saved: Option<Position>) -> Result<(), Error> {
/// let mut clients = chat.list_clients().prefetch(8).resume_from(saved).items();
/// while let Some(client) = clients.next().await {
///     println!("{} of {:?}", client?.id, clients.total());
/// }
/// let saved = clients.position(); // serialize it, and resume from it tomorrow
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
                hold_back: None,
                is_resumable: false,
                report: None,
            },
        }
    }

    /// Sets the number of `records` to request for each page, from 2 to 200. 200 unless set, which costs the
    /// fewest calls.
    pub fn page_size(mut self, records: u32) -> Self {
        self.options.page_size = i64::from(records).clamp(LEAST_PAGE_SIZE, PAGE_SIZE);
        self
    }

    /// Yields at most `records` records, and requests no more pages than they need.
    pub fn max_items(mut self, records: u64) -> Self {
        self.options.max_items = Some(records);
        self
    }

    /// Fetches up to `pages` pages at the same time, at most 200. 1 unless set.
    ///
    /// It only speeds up lists that are paginated by offset and report a total. For others it has no effect: the
    /// next page of messages is requested by the last id of the page before.
    ///
    /// The order of the records does not change, no pages are requested beyond the total, and up to `pages` pages
    /// are held in memory. Each page is fetched by a task of its own, which ends with the stream.
    pub fn prefetch(mut self, pages: usize) -> Self {
        self.options.prefetch = pages.clamp(1, PREFETCH);
        self
    }

    /// Continues after `position`, which an earlier read of this list with the same filters returned from
    /// [`Items::position`] or [`Page::position`](super::Page::position). `None` starts at the beginning.
    ///
    /// Records that were created or deleted since then do not shift the position. The list ends with
    /// [`Incomplete`](crate::ErrorKind::Incomplete) if the last 20 records before the position are all gone, and
    /// with [`InvalidRequest`](crate::ErrorKind::InvalidRequest) if the position belongs to another list, other
    /// filters or another order.
    ///
    /// A list of messages that is read with `resume_from`, even from `None`, ends with the messages of two minutes
    /// ago: see [`hold_back`](Self::hold_back). The next read yields the newer ones.
    ///
    /// # An export that may be killed
    /// The position and the records must be saved together. A program that writes to a file saves the length of
    /// the file with the position. At its next start it cuts off whatever was written after that, so that no
    /// record is lost or repeated:
    ///
    /// ```no_run
    /// # use chat2desk::{Chat2Desk, List, Position};
    /// # async fn run(chat: &Chat2Desk) -> Result<(), Box<dyn std::error::Error>> {
    /// use std::fs::{self, File};
    /// use std::io::{ErrorKind, Write};
    ///
    /// let (position, length): (Option<Position>, u64) = match fs::read("export.json") {
    ///     Ok(json) => serde_json::from_slice(&json)?,
    ///     Err(error) if error.kind() == ErrorKind::NotFound => (None, 0),
    ///     Err(error) => return Err(error.into()),
    /// };
    /// let mut file = File::options().append(true).create(true).open("export.ndjson")?;
    /// file.set_len(length)?;
    ///
    /// let mut pages = chat.list_messages().raw().resume_from(position).pages();
    /// while let Some(page) = pages.next().await {
    ///     let page = page?;
    ///     for message in &page.items {
    ///         writeln!(file, "{}", message.to_line())?;
    ///     }
    ///     let state = (page.position(), file.metadata()?.len());
    ///     fs::write("export.json.new", serde_json::to_vec(&state)?)?;
    ///     fs::rename("export.json.new", "export.json")?; // replaces the file at once
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// To survive a power failure too, call `sync_all` on each file before the rename.
    pub fn resume_from(mut self, position: impl Into<Option<Position>>) -> Self {
        self.options.position = position.into();
        self.options.is_resumable = true;
        self
    }

    /// Ends the list before the first record that is younger than `age`, by the clock of this machine. Affects only
    /// messages that are read oldest first.
    ///
    /// Messages were seen to appear in their list about a minute after they were created. A later read that
    /// starts after the highest id would miss a message that appears late with a lower id. Records that are held
    /// back are yielded by the next read. A record without a readable time is as young as the one after it.
    ///
    /// Unless set, it is two minutes with [`resume_from`](Self::resume_from), and otherwise zero, which holds
    /// nothing back.
    pub fn hold_back(mut self, age: Duration) -> Self {
        self.options.hold_back = Some(age);
        self
    }

    /// Leaves out records that cannot be decoded and calls `report` with each, instead of failing with
    /// [`Decode`](crate::ErrorKind::Decode).
    ///
    /// A record cannot be decoded if its id cannot be read. Any other value of an unexpected type only costs its
    /// own field: see [`Page::drift`](super::Page::drift).
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

    /// Returns a stream of the records. Pages are fetched as it is polled.
    pub fn items(self) -> Items<L::Item> {
        let position = self.options.position.clone();
        Items::new(self.pages(), position)
    }

    /// Returns a stream of the pages. A page without new records is left out.
    pub fn pages(self) -> Pages<L::Item> {
        Pages::new(Reader::new(self.call, self.options))
    }

    /// Reads the whole list and returns its records.
    ///
    /// # Errors
    /// The first error. No records are returned of a list that was not read to its end.
    pub async fn collect_all(self) -> Result<Vec<L::Item>, Error> {
        self.items().collect_all().await
    }
}

impl<L: List> fmt::Debug for Listing<L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Listing")
            .field("operation", &self.call.operation().id)
            .finish_non_exhaustive()
    }
}
