//! [`Reader`], which sends the requests of a strategy, several at once if wanted, and makes pages of what is new.

use super::fetch::FetchTask;
use super::page::{InvalidRecord, Page, RawPage};
use super::position::RecordPosition;
use super::strategy::{AcceptedPage, PageRequest, Strategy, Traversal};
use super::{LEAST_PAGE_SIZE, List, Listing};
use crate::error::{Error, ErrorKind};
use crate::response::{report, work};
use chrono::{DateTime, Utc};
use std::collections::VecDeque;
use std::time::SystemTime;

/// A record counts as so many bytes where work on a page is foreseen.
const RECORD: usize = 128;

pub(super) type Callback = Box<dyn FnMut(InvalidRecord) + Send>;

/// A list that is being read.
pub(super) struct Reader<L: List> {
    listing: Listing<L>,
    /// Made at the first page, so that what is wrong with the call is the stream's first error.
    strategy: Option<Strategy>,
    /// The requests that were sent, in order.
    sent: VecDeque<(PageRequest, FetchTask<L::Item>)>,
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
            strategy: None,
            sent: VecDeque::new(),
            filters: 0,
            youngest: None,
        }
    }

    pub(super) async fn next(&mut self) -> Result<Option<Page<L::Item>>, Error> {
        let operation = L::OPERATION;
        if self.strategy.is_none() {
            self.strategy = Some(self.begin()?);
        }
        while self.left > 0 {
            let Some(strategy) = &mut self.strategy else {
                break;
            };
            let next = strategy.next_request();
            let next = next.map_err(|reason| Error::incomplete(operation, &reason))?;
            let Some(request) = next else { break };
            // No more pages than the records that are still wanted can fill.
            let page = u64::try_from(self.listing.page_size).unwrap_or(1);
            let wanted = self.left.div_ceil(page.saturating_sub(1).max(1));
            let wanted = usize::try_from(wanted).unwrap_or(usize::MAX);
            let ahead =
                strategy.requests_ahead(wanted.min(self.listing.prefetch).saturating_sub(1));
            self.send(std::iter::once(request).chain(ahead))
                .map_err(|error| error.at(operation))?;
            let Some((_, fetch)) = self.sent.pop_front() else {
                break;
            };
            let page = fetch.await;
            let mut page = self.decoded(page).map_err(|error| error.at(operation))?;
            let too_young = |record: &L::Item| L::created(record) > self.youngest;
            if self.youngest.is_some() && page.end_before(too_young) {
                // It ends with this page.
                self.left = self
                    .left
                    .min(u64::try_from(page.items.len()).unwrap_or(u64::MAX));
            }
            let Some(mut strategy) = self.strategy.take() else {
                break;
            };
            let bytes = page.summary.keys.len().saturating_mul(RECORD);
            let (strategy, accepted, page) = work(bytes, move || {
                let accepted = strategy.accept(&page.summary);
                (strategy, accepted, page)
            })
            .await
            .map_err(|error| error.at(operation))?;
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
        let operation = L::OPERATION;
        let call = &self.listing.call;
        let filters = call.filters().map_err(|error| error.at(operation))?;
        self.filters = filters.number();
        let position = self.listing.position.clone();
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
        let age = Some(self.listing.hold_back).filter(|age| is_ascending && !age.is_zero());
        let youngest = age.and_then(|age| SystemTime::now().checked_sub(age));
        self.youngest = youngest.map(DateTime::from);
        let wanted = i64::try_from(self.left).unwrap_or(i64::MAX);
        let limit = self.listing.page_size.min(wanted.max(LEAST_PAGE_SIZE));
        Strategy::new(traversal, limit, position)
            .map_err(|reason| Error::incomplete(operation, &reason))
    }

    /// Sends these requests, as far as they are not on their way; others that are, are given up.
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
                let call = self.listing.call.clone().with_page(request);
                self.sent.push_back((request, FetchTask::of(call)?));
            }
        }
        Ok(())
    }

    /// The page, read again record by record if one of them cannot be decoded and that is allowed.
    fn decoded(&self, page: Result<RawPage<L::Item>, Error>) -> Result<RawPage<L::Item>, Error> {
        let Err(error) = &page else {
            return page;
        };
        if error.kind() != ErrorKind::Decode || self.listing.report.is_none() {
            return page;
        }
        match RawPage::salvage(error.bytes(), L::decode, L::key) {
            None => page,
            Some(page) => {
                let handler = self.listing.call.on_drift();
                report(L::OPERATION, &page.drift, handler.as_ref());
                Ok(page)
            }
        }
    }

    fn page(&mut self, came: RawPage<L::Item>, accepted: AcceptedPage) -> Page<L::Item> {
        // Where pages overlap, a record is on both.
        let mut new_records: Vec<usize> = accepted.new_records.clone();
        new_records.sort_unstable();
        if let Some(report) = &mut self.listing.report {
            let invalid = came.invalid.into_iter();
            let new = invalid.filter(|(place, _)| new_records.binary_search(place).is_ok());
            new.for_each(|(_, record)| report(record));
        }
        let mut records = came.items;
        let mut page = Page {
            items: Vec::with_capacity(accepted.new_records.len()),
            // Of a report the server counts one day alone.
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
                    list: L::OPERATION.id,
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
