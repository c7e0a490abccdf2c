//! [`DayMonthYear`], a day in the format of the filters of lists.

use chrono::NaiveDate;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::str::FromStr;

const FORMAT: &str = "%d-%m-%Y";

/// A day in the format of the filters `start_date` and `finish_date`, `dd-mm-yyyy`: `04-05-2026` is the 4th of May.
///
/// The server rejects every other order. Setters also accept a [`NaiveDate`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DayMonthYear(pub NaiveDate);

/// The error for a text that is not a day in the format `dd-mm-yyyy`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a day in the format dd-mm-yyyy")]
pub struct DayMonthYearError(());

impl From<NaiveDate> for DayMonthYear {
    fn from(day: NaiveDate) -> Self {
        Self(day)
    }
}

impl FromStr for DayMonthYear {
    type Err = DayMonthYearError;

    fn from_str(text: &str) -> Result<Self, DayMonthYearError> {
        NaiveDate::parse_from_str(text, FORMAT)
            .map(Self)
            .map_err(|_| DayMonthYearError(()))
    }
}

impl TryFrom<&str> for DayMonthYear {
    type Error = DayMonthYearError;

    fn try_from(text: &str) -> Result<Self, DayMonthYearError> {
        text.parse()
    }
}

impl fmt::Display for DayMonthYear {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.format(FORMAT))
    }
}

impl Serialize for DayMonthYear {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for DayMonthYear {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::DayMonthYear;

    #[test]
    fn the_order_is_day_month_year() {
        let day: DayMonthYear = "04-05-2026".parse().unwrap();
        assert_eq!(
            (day.0.to_string().as_str(), day.to_string().as_str()),
            ("2026-05-04", "04-05-2026")
        );
        for text in ["2026-05-04", "05-31-2026", "04.05.2026", ""] {
            text.parse::<DayMonthYear>().unwrap_err();
        }
    }
}
