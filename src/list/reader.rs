//! [`Reader`], which sends the requests of a strategy, up to `prefetch` at once, and makes pages of new records.

use super::accepted::AcceptedPage;
use super::call::ListCall;
use super::page::{InvalidRecord, Page, RawPage};
use super::position::{Position, RecordPosition};
use super::request::{PageRequest, Start, Traversal};
use super::strategy::Strategy;
use crate::error::{Error, ErrorKind};
use crate::response::{AnyBody, report, work, work_on};
use crate::transport::{BoxFuture, in_current_span};
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::VecDeque;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::{Duration, SystemTime};
use tokio::runtime::Handle;
use tokio::task::JoinHandle;

/// The smallest page size: the next page repeats one record of it.
pub(super) const LEAST_PAGE_SIZE: i64 = 2;

/// How late a message may appear in its list: twice the time that was seen.
const LATENESS: Duration = Duration::from_secs(120);

/// The size of a record in bytes that is assumed to estimate the work on a page.
const RECORD: usize = 128;

pub(super) type Callback = Box<dyn FnMut(InvalidRecord) + Send>;

/// The options of reading a list.
pub(super) struct Options {
    pub(super) page_size: i64,
    pub(super) max_items: Option<u64>,
    pub(super) prefetch: usize,
    pub(super) position: Option<Position>,
    /// The age from which messages are yielded, if it was set.
    pub(super) hold_back: Option<Duration>,
    /// Whether the read continues an earlier one, or will be continued.
    pub(super) is_resumable: bool,
    pub(super) report: Option<Callback>,
}

/// A list that is being read.
pub(super) struct Reader<L: ListCall> {
    call: L,
    options: Options,
    /// Created at the first page, so that an invalid call is the stream's first error.
    strategy: Option<Strategy>,
    /// The requests that were sent, in order.
    sent: VecDeque<(PageRequest, FetchTask<L::Record>)>,
    left: u64,
    filters: u64,
    /// Records that were created later are held back.
    youngest: Option<DateTime<Utc>>,
}

impl<L: ListCall> Reader<L> {
    pub(super) fn new(call: L, options: Options) -> Self {
        Self {
            left: options.max_items.unwrap_or(u64::MAX),
            call,
            options,
            strategy: None,
            sent: VecDeque::new(),
            filters: 0,
            youngest: None,
        }
    }

    pub(super) async fn next(&mut self) -> Result<Option<Page<L::Record>>, Error> {
        let operation = self.call.operation();
        if self.strategy.is_none() {
            self.strategy = Some(self.begin()?);
        }
        let mut lost = 0_usize;
        while self.left > 0 {
            let Some(strategy) = &mut self.strategy else {
                break;
            };
            let next = strategy.next_request();
            let next = next.map_err(|reason| Error::incomplete(operation, &reason))?;
            let Some(request) = next else { break };
            // No more pages than the remaining records can fill.
            let page = u64::try_from(self.options.page_size).unwrap_or(1);
            let wanted = self.left.div_ceil(page.saturating_sub(1).max(1));
            let wanted = usize::try_from(wanted).unwrap_or(usize::MAX);
            let ahead =
                strategy.requests_ahead(wanted.min(self.options.prefetch).saturating_sub(1));
            self.send(std::iter::once(request).chain(ahead))
                .map_err(|error| error.at(operation))?;
            let Some((_, fetch)) = self.sent.pop_front() else {
                break;
            };
            let Some(page) = fetch.await else {
                // The stream was moved to another runtime. Nothing was yielded of the page, so it is read again.
                self.sent.clear();
                lost = lost.saturating_add(1);
                if lost > self.options.prefetch {
                    return Err(Error::shut_down().at(operation));
                }
                continue;
            };
            let page = self.decoded(page).await;
            let mut page = page.map_err(|error| error.at(operation))?;
            let Some(mut strategy) = self.strategy.take() else {
                break;
            };
            // Other requests of an ascending list only ask where it ends.
            let is_ascending = matches!(
                request.start,
                Start::Ids {
                    descending: false,
                    ..
                }
            );
            let youngest = self.youngest.filter(|_| is_ascending);
            let bytes = page.summary.keys.len().saturating_mul(RECORD);
            let bytes = youngest.map_or(bytes, |_| bytes.max(page.body.len()));
            let call = self.call.clone();
            let (strategy, accepted, is_end, page) = work(bytes, move || {
                let created = |record: &L::Record| call.created(record);
                let is_end =
                    youngest.is_some_and(|youngest| page.end_at_younger(youngest, created));
                let accepted = strategy.accept(&page.summary);
                (strategy, accepted, is_end, page)
            })
            .await
            .map_err(|error| error.at(operation))?;
            if is_end {
                // The list ends with this page.
                let records = u64::try_from(page.items.len()).unwrap_or(u64::MAX);
                self.left = self.left.min(records);
            }
            self.strategy = Some(strategy);
            let accepted = accepted.map_err(|reason| Error::incomplete(operation, &reason))?;
            let page = self.page(page, accepted);
            if !page.items.is_empty() {
                return Ok(Some(page));
            }
        }
        Ok(None)
    }

    fn begin(&mut self) -> Result<Strategy, Error> {
        let operation = self.call.operation();
        let call = &self.call;
        let filters = call.filters().map_err(|error| error.at(operation))?;
        self.filters = filters.number();
        let position = self.options.position.clone();
        if let Some(position) = &position {
            position.check(operation, self.filters)?;
        }
        let traversal = call.traversal().map_err(|error| error.at(operation))?;
        let is_ascending = matches!(
            traversal,
            Traversal::Ids {
                descending: false,
                ..
            }
        );
        let default = self.options.is_resumable.then_some(LATENESS);
        let age = self.options.hold_back.or(default);
        let age = age.filter(|age| is_ascending && !age.is_zero());
        self.youngest = age.map(|age| {
            let age = TimeDelta::from_std(age).unwrap_or(TimeDelta::MAX);
            let youngest = DateTime::<Utc>::from(SystemTime::now()).checked_sub_signed(age);
            youngest.unwrap_or(DateTime::<Utc>::MIN_UTC)
        });
        let wanted = i64::try_from(self.left).unwrap_or(i64::MAX);
        let limit = self.options.page_size.min(wanted.max(LEAST_PAGE_SIZE));
        if let Some(position) = &position {
            position.check_cursor(operation, traversal)?;
        }
        Strategy::new(traversal, limit, position)
            .map_err(|reason| Error::incomplete(operation, &reason))
    }

    /// Sends those of these requests that were not sent yet, and cancels sent ones that are not among them.
    fn send(&mut self, requests: impl Iterator<Item = PageRequest>) -> Result<(), Error> {
        for (place, request) in requests.enumerate() {
            if self
                .sent
                .get(place)
                .is_some_and(|(sent, _)| *sent != request)
            {
                self.sent.clear();
            }
            if self.sent.len() <= place {
                let call = self.call.clone().with_page(request);
                self.sent.push_back((request, FetchTask::of(call)?));
            }
        }
        Ok(())
    }

    /// Returns the page. If a record cannot be decoded and may be skipped, the page is read again record by record.
    async fn decoded(
        &mut self,
        page: Result<RawPage<L::Record>, Error>,
    ) -> Result<RawPage<L::Record>, Error> {
        let error = match page {
            Err(error) if error.kind() == ErrorKind::Decode && self.options.report.is_some() => {
                error
            }
            page => return page,
        };
        let salvage = |body: &_| RawPage::salvage(body, L::decode, L::key);
        let page = work_on(error.bytes().clone(), salvage).await?;
        let page = page.ok_or(error)?;
        let handler = self.call.on_drift();
        report(self.call.operation(), &page.drift, handler.as_ref());
        Ok(page)
    }

    fn page(&mut self, came: RawPage<L::Record>, accepted: AcceptedPage) -> Page<L::Record> {
        // Pages overlap: an invalid record is reported only where it is new.
        let mut new_records: Vec<usize> = accepted.new_records.clone();
        new_records.sort_unstable();
        if let Some(report) = &mut self.options.report {
            let invalid = came.invalid.into_iter();
            let new = invalid.filter(|(place, _)| new_records.binary_search(place).is_ok());
            new.for_each(|(_, record)| report(record));
        }
        let mut records = came.items;
        let mut page = Page {
            items: Vec::with_capacity(accepted.new_records.len()),
            // The total of a report is that of a single day.
            total: came
                .summary
                .total
                .filter(|_| accepted.day.is_none())
                .and_then(|total| u64::try_from(total).ok()),
            meta: came.meta,
            drift: came.drift,
            positions: Vec::with_capacity(accepted.new_records.len()),
        };
        for (place, cursor) in accepted.new_records.into_iter().zip(accepted.cursors) {
            if self.left == 0 {
                break;
            }
            if let Some(record) = records.get_mut(place).and_then(Option::take) {
                page.items.push(record);
                page.positions.push(RecordPosition {
                    list: self.call.operation().id,
                    filters: self.filters,
                    day: accepted.day,
                    cursor,
                });
                self.left = self.left.saturating_sub(1);
            }
        }
        page
    }
}

/// A task that fetches a page. It runs even while the stream is not polled, so its timeouts hold and it delays no
/// other call. Dropping this aborts it.
///
/// The type of the page is erased meanwhile, since tokio's tasks would be compiled once for every list.
pub(super) struct FetchTask<T> {
    page: JoinHandle<Result<AnyBody, Error>>,
    records: PhantomData<fn() -> T>,
}

impl<T: Send + 'static> FetchTask<T> {
    /// Starts to fetch the page of a call.
    ///
    /// # Errors
    /// [`Config`](crate::ErrorKind::Config) outside of a tokio runtime.
    pub(super) fn of(call: impl ListCall<Record = T>) -> Result<Self, Error> {
        let runtime = Handle::try_current().map_err(|_| Error::no_runtime())?;
        let page = call.fetch();
        let page: BoxFuture<'static, Result<AnyBody, Error>> =
            Box::pin(async move { Ok(Box::new(page.await?) as AnyBody) });
        Ok(Self {
            page: runtime.spawn(in_current_span(page)),
            records: PhantomData,
        })
    }
}

/// Returns the page; `None` if the runtime of the task was shut down.
impl<T: 'static> Future for FetchTask<T> {
    type Output = Option<Result<RawPage<T>, Error>>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        match ready!(Pin::new(&mut self.page).poll(context)) {
            Ok(page) => Poll::Ready(Some(page.map(|page| {
                *page
                    .downcast()
                    .expect("the task returns a page of these records")
            }))),
            Err(error) if error.is_cancelled() => Poll::Ready(None),
            Err(error) => Poll::Ready(Some(Err(Error::of_task(error)))),
        }
    }
}

impl<T> Drop for FetchTask<T> {
    fn drop(&mut self) {
        self.page.abort();
    }
}
