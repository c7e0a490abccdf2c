//! [`check`]: refuses a call for a period that ends before it begins, for which the server returns nothing.

use crate::error::Error;
use crate::operation::Operation;
use crate::wire::DayMonthYear;
use chrono::NaiveDate;
use reqwest::Url;

/// The parameters of periods: the first day, and the last.
const PERIODS: [(&str, &str); 2] = [("start_date", "finish_date"), ("date_from", "date_to")];

/// # Errors
/// [`InvalidRequest`](crate::ErrorKind::InvalidRequest) if the URL requests a reversed period.
pub(super) fn check(operation: &'static Operation, url: &Url) -> Result<(), Error> {
    let day = |name: &str| {
        let (_, text) = url.query_pairs().find(|(key, _)| key == name)?;
        let day: Result<DayMonthYear, _> = text.parse();
        day.map(|day| day.0)
            .or_else(|_| text.parse::<NaiveDate>())
            .ok()
    };
    for (first, last) in PERIODS {
        if let (Some(first), Some(last)) = (day(first), day(last))
            && last < first
        {
            let reason = format!("the range of days is reversed: from {first} to {last}");
            return Err(Error::invalid_request(&reason).at(operation));
        }
    }
    Ok(())
}
