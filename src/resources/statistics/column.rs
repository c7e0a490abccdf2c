//! [`Columns`], the columns of a row by their current and older names, and how their values are read.

use crate::wire::Drift;
use crate::wire::slices::kind;
use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeZone, Utc};
use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

/// The columns of a row that were not taken yet.
#[derive(Debug, Default)]
#[doc(hidden)]
pub struct Columns {
    pub(super) values: Map<String, Value>,
    /// The columns that could not be read.
    pub(super) drift: Vec<Drift>,
}

impl Columns {
    pub(super) fn new(values: Map<String, Value>) -> Self {
        Self {
            values,
            drift: Vec::new(),
        }
    }

    /// Returns the value of the first of these columns that has one, and removes all of them. A column that cannot
    /// be read is not removed.
    pub(super) fn take<T: FromColumn>(&mut self, names: &[&str]) -> Option<T> {
        let mut found = None;
        for name in names {
            let Some(value) = self.values.get(*name) else {
                continue;
            };
            let cell = match value {
                value if is_empty(value) => Cell::Empty,
                value => T::from_column(value),
            };
            match cell {
                Cell::Value(value) => found = found.or(Some(value)),
                Cell::Empty => {}
                Cell::Unknown => {
                    self.drift.push(Drift {
                        rule: "type".into(),
                        pointer: format!("/{name}"),
                        expected: T::EXPECTED.into(),
                        found: kind(value.to_string().as_bytes()),
                    });
                    continue;
                }
            }
            self.values.remove(*name);
        }
        found
    }
}

/// Returns whether a value stands for no value: null or an empty text.
fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        _ => false,
    }
}

/// The content of a column.
#[derive(Debug)]
pub(super) enum Cell<T> {
    Value(T),
    /// A value that stands for none.
    Empty,
    /// A value that cannot be read.
    Unknown,
}

impl<T> From<Option<T>> for Cell<T> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Unknown, Self::Value)
    }
}

/// A type of column.
pub(super) trait FromColumn: Sized {
    /// The expected type, as a drift reports it.
    const EXPECTED: &'static str;

    fn from_column(value: &Value) -> Cell<Self>;
}

impl FromColumn for i64 {
    const EXPECTED: &'static str = "integer";

    fn from_column(value: &Value) -> Cell<Self> {
        // Beyond 2^53 a float cannot distinguish neighbouring integers.
        let whole = |number: f64| {
            (number.fract() == 0.0 && number.abs() <= 9_007_199_254_740_992.0)
                .then_some(number as i64)
        };
        let number = match value {
            Value::String(text) => {
                let text = text.trim();
                let number = text.parse().ok();
                number.or_else(|| whole(text.parse().ok()?))
            }
            number => number.as_i64().or_else(|| whole(number.as_f64()?)),
        };
        number.into()
    }
}

impl FromColumn for f64 {
    const EXPECTED: &'static str = "number";

    fn from_column(value: &Value) -> Cell<Self> {
        let number = match value {
            Value::String(text) => {
                let number = text.trim().parse().ok();
                // Rust also parses `nan` and `inf`, which no report contains.
                number.filter(|number: &f64| number.is_finite())
            }
            number => number.as_f64(),
        };
        number.into()
    }
}

/// A score from 1; 0 stands for none.
#[derive(Debug)]
pub(super) struct Score(pub(super) f64);

impl FromColumn for Score {
    const EXPECTED: &'static str = "number";

    fn from_column(value: &Value) -> Cell<Self> {
        match f64::from_column(value) {
            Cell::Value(0.0) => Cell::Empty,
            Cell::Value(score) => Cell::Value(Self(score)),
            Cell::Empty => Cell::Empty,
            Cell::Unknown => Cell::Unknown,
        }
    }
}

impl FromColumn for String {
    const EXPECTED: &'static str = "string";

    fn from_column(value: &Value) -> Cell<Self> {
        match value {
            Value::String(text) => Cell::Value(text.clone()),
            Value::Number(number) => Cell::Value(number.to_string()),
            _ => Cell::Unknown,
        }
    }
}

impl FromColumn for NaiveDate {
    const EXPECTED: &'static str = "day";

    fn from_column(value: &Value) -> Cell<Self> {
        let day = value.as_str().and_then(|text| text.trim().parse().ok());
        day.into()
    }
}

/// A point in time in a report.
///
/// Current reports write it as local time in the company's time zone, which they do not name; older ones as unix
/// seconds. To convert it, provide the zone: see [`in_zone`](Self::in_zone).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ReportTime {
    /// A local time in the company's time zone, in current reports.
    Local(NaiveDateTime),
    /// A time in UTC, in older reports.
    Utc(DateTime<Utc>),
}

impl ReportTime {
    /// Returns the local time in the company's time zone; `None` in older reports.
    pub fn local(&self) -> Option<NaiveDateTime> {
        match self {
            Self::Local(local) => Some(*local),
            Self::Utc(_) => None,
        }
    }

    /// Returns the time with the company's time zone `zone`: a [`FixedOffset`](chrono::FixedOffset), or a zone of
    /// the crate `chrono-tz`.
    ///
    /// A local time that exists twice, because the clock was set back, is the earlier one. A time that the clock
    /// skipped is `None`.
    ///
    /// ```
    /// use chat2desk::statistics::ReportTime;
    /// use chrono::{FixedOffset, NaiveDate};
    ///
    /// let noon = NaiveDate::from_ymd_opt(2026, 5, 4).unwrap().and_hms_opt(12, 0, 0).unwrap();
    /// let almaty = FixedOffset::east_opt(5 * 3600).unwrap();
    /// let time = ReportTime::Local(noon).in_zone(&almaty).unwrap();
    /// assert_eq!(time.to_rfc3339(), "2026-05-04T12:00:00+05:00");
    /// ```
    pub fn in_zone<Z: TimeZone>(&self, zone: &Z) -> Option<DateTime<Z>> {
        match self {
            Self::Local(local) => zone.from_local_datetime(local).earliest(),
            Self::Utc(time) => Some(time.with_timezone(zone)),
        }
    }
}

/// Serializes as the report writes it: without a zone, or with `Z`.
impl Serialize for ReportTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Local(local) => serializer.collect_str(local),
            Self::Utc(time) => time.serialize(serializer),
        }
    }
}

impl FromColumn for ReportTime {
    const EXPECTED: &'static str = "time";

    fn from_column(value: &Value) -> Cell<Self> {
        let local = |text: &str| {
            ["%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S"]
                .iter()
                .find_map(|format| NaiveDateTime::parse_from_str(text.trim(), format).ok())
        };
        if let Some(local) = value.as_str().and_then(local) {
            return Cell::Value(Self::Local(local));
        }
        let Cell::Value(seconds) = i64::from_column(value) else {
            return Cell::Unknown;
        };
        DateTime::from_timestamp(seconds, 0).map(Self::Utc).into()
    }
}

#[cfg(test)]
mod tests {
    use super::{Columns, FromColumn, ReportTime, Score};
    use serde_json::{Value, json};

    fn take<T: FromColumn>(row: Value, names: &[&str]) -> (Option<T>, Value) {
        let Value::Object(row) = row else {
            panic!("not a row")
        };
        let mut columns = Columns::new(row);
        (columns.take(names), Value::Object(columns.values))
    }

    #[test]
    fn every_form_of_a_number() {
        for (value, integer, float) in [
            (json!(7), Some(7), Some(7.0)),
            (json!("7"), Some(7), Some(7.0)),
            (json!("7.0"), Some(7), Some(7.0)),
            (json!(4.5), None, Some(4.5)),
            (json!(""), None, None),
            (json!(null), None, None),
            (json!("soon"), None, None),
            (json!("inf"), None, None),
        ] {
            let row = json!({ "n": value });
            assert_eq!(take::<i64>(row.clone(), &["n"]).0, integer, "{row}");
            assert_eq!(take::<f64>(row.clone(), &["n"]).0, float, "{row}");
        }
        let scores = ["4.0", "0", ""].map(|score| take::<Score>(json!({ "s": score }), &["s"]).0);
        assert_eq!(
            scores.map(|score| score.map(|score| score.0)),
            [Some(4.0), None, None]
        );
    }

    #[test]
    fn old_names_stand_in_and_what_is_not_understood_stays() {
        let names = ["new", "old"];
        for (row, value, rest) in [
            (
                json!({ "new": 1, "old": 2, "x": 3 }),
                Some(1),
                json!({ "x": 3 }),
            ),
            (json!({ "new": "", "old": 2 }), Some(2), json!({})),
            (json!({ "old": "2" }), Some(2), json!({})),
            (json!({ "new": "soon" }), None, json!({ "new": "soon" })),
            (
                json!({ "new": [1], "old": 2 }),
                Some(2),
                json!({ "new": [1] }),
            ),
            (json!({}), None, json!({})),
        ] {
            assert_eq!(take::<i64>(row.clone(), &names), (value, rest), "{row}");
        }
    }

    #[test]
    fn moments_of_today_and_of_before() {
        for (value, written) in [
            (json!("2026-05-04 14:10:02"), json!("2026-05-04 14:10:02")),
            (json!(1_609_495_200), json!("2021-01-01T10:00:00Z")),
            (json!("1609495200"), json!("2021-01-01T10:00:00Z")),
            (json!(""), json!(null)),
            (json!("yesterday"), json!(null)),
        ] {
            let (time, _) = take::<ReportTime>(json!({ "t": value }), &["t"]);
            assert_eq!(json!(time), written, "{value}");
        }
    }
}
