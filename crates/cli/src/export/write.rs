//! [`copy`], which reads a stream to its end into a [`Target`].

use super::stream::Way;
use crate::exit::Failure;
use chat2desk::{Error, Items, Position, RawRecord};
use chrono::NaiveDate;
use futures_core::Stream as _;
use serde::Deserialize;

/// A day, and the position before its first record.
pub type Day = (NaiveDate, Option<Position>);

/// Where the records of one stream go.
pub trait Target {
    /// The position to read from.
    fn position(&self) -> Option<Position>;

    /// Takes a record. `begins` is the day that it may be the first of, with the position before it.
    fn record(&mut self, record: &RawRecord, begins: Option<Day>) -> Result<(), Failure>;

    /// Takes note that a page ends at this position.
    fn page(&mut self, position: Option<Position>) -> Result<(), Failure>;

    /// Ends the stream: at the end of the list, at the most records, or with an error.
    fn end(self, position: Option<Position>, ended: Ended<'_>) -> Result<(), Failure>;
}

/// How a stream ended.
pub enum Ended<'a> {
    /// With the last record, of this total.
    Whole(Option<u64>),
    /// With the most records that this run may read.
    Enough,
    Failed(&'a Error),
}

/// Reads a stream to its end into a target. Returns the number of records.
pub async fn copy(
    mut items: Items<RawRecord>,
    mut target: impl Target,
    way: Way,
    most: Option<u64>,
    mut progress: impl FnMut(u64, Option<u64>),
) -> Result<u64, Failure> {
    let (mut records, mut is_first) = (0, true);
    loop {
        let before = match way {
            Way::ById => items.position(),
            // A page of a report is of one day.
            Way::ByDay if is_first => items.position(),
            Way::ByDay | Way::Whole => None,
        };
        match items.next().await {
            Some(Ok(record)) => {
                let day = match way {
                    Way::ById => created(&record),
                    Way::ByDay if is_first => items.position().and_then(|place| place.day()),
                    Way::ByDay | Way::Whole => None,
                };
                target.record(&record, day.map(|day| (day, before)))?;
                records += 1;
                // No other record has arrived.
                is_first = items.size_hint().0 == 0;
                if is_first {
                    target.page(items.position())?;
                    progress(records, items.total());
                }
            }
            Some(Err(error)) => {
                target.end(items.position(), Ended::Failed(&error))?;
                return Err(error.into());
            }
            None => {
                let ended = match most {
                    Some(most) if records >= most => Ended::Enough,
                    _ => Ended::Whole(items.total()),
                };
                target.end(items.position(), ended)?;
                return Ok(records);
            }
        }
    }
}

/// Returns the day at which a message was created.
fn created(record: &RawRecord) -> Option<NaiveDate> {
    #[derive(Deserialize)]
    struct Dated {
        created: Option<chat2desk::wire::Timestamp>,
    }
    let created = record.decode::<Dated>().ok()?.created?.to_utc()?;
    Some(created.date_naive())
}
