//! [`Days`]: a range of days, both ends included.

use chrono::{Days as Count, NaiveDate};
use std::ops::RangeInclusive;

/// A day or a range of days, both ends included. Made from a [`NaiveDate`] or from `first..=last`.
///
/// A day begins at midnight in the company's time zone, which is set in the panel and which the API does not
/// report. The filters of the server exclude their last day; methods that take `Days` add one.
///
/// ```
/// use chat2desk::Days;
/// use chrono::NaiveDate;
///
/// let day = |day| NaiveDate::from_ymd_opt(2026, 5, day).unwrap();
/// assert_eq!(Days::from(day(1)..=day(31)).count(), 31);
/// assert_eq!(Days::from(day(4)).first(), Days::from(day(4)).last());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Days {
    first: NaiveDate,
    last: NaiveDate,
}

impl Days {
    /// Returns the first day.
    pub fn first(&self) -> NaiveDate {
        self.first
    }

    /// Returns the last day.
    ///
    /// A range whose last day is before its first is empty. A call with an empty range fails with
    /// [`InvalidRequest`](crate::ErrorKind::InvalidRequest).
    pub fn last(&self) -> NaiveDate {
        self.last
    }

    /// Returns the number of days.
    pub fn count(&self) -> usize {
        usize::try_from((self.last - self.first).num_days() + 1).unwrap_or(0)
    }

    /// Returns the day after the last: the bound of filters that exclude their end.
    pub(crate) fn end(&self) -> NaiveDate {
        next(self.last)
    }

    /// Returns the same days.
    ///
    /// # Errors
    /// If the last day is before the first.
    pub(crate) fn checked(self) -> Result<Self, String> {
        let Self { first, last } = self;
        if last < first {
            return Err(format!(
                "the range of days is reversed: from {first} to {last}"
            ));
        }
        Ok(self)
    }

    /// Returns the days of the range from `day` on.
    pub(crate) fn since(self, day: NaiveDate) -> Self {
        Self {
            first: day.max(self.first),
            ..self
        }
    }
}

pub(crate) fn next(day: NaiveDate) -> NaiveDate {
    day.checked_add_days(Count::new(1)).unwrap_or(day)
}

impl From<NaiveDate> for Days {
    fn from(day: NaiveDate) -> Self {
        Self {
            first: day,
            last: day,
        }
    }
}

impl From<RangeInclusive<NaiveDate>> for Days {
    fn from(days: RangeInclusive<NaiveDate>) -> Self {
        let (first, last) = days.into_inner();
        Self { first, last }
    }
}
