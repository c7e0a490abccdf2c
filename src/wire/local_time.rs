//! [`LocalDateTime`], a time of the statistics, in the company's time zone.

use chrono::NaiveDateTime;
use serde::{Deserialize, Serialize};
use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

/// A local time in the company's time zone, which the API does not name: `2026-05-04 14:10:02`.
///
/// It keeps the text as the server wrote it, which is empty if there is no time.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LocalDateTime(String);

impl LocalDateTime {
    /// Returns the local time; `None` for an empty text or an unknown format.
    pub fn to_naive(&self) -> Option<NaiveDateTime> {
        NaiveDateTime::parse_from_str(self.0.trim(), "%Y-%m-%d %H:%M:%S").ok()
    }
}

impl FromStr for LocalDateTime {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(Self(text.to_owned()))
    }
}

/// Writes the text as the server wrote it.
impl fmt::Display for LocalDateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::LocalDateTime;

    #[test]
    fn none_is_an_empty_text() {
        for (json, moment) in [
            ("\"2026-05-04 14:10:02\"", Some("2026-05-04 14:10:02")),
            ("\"\"", None),
            ("\"2026-05-04T14:10:02Z\"", None),
        ] {
            let time: LocalDateTime = serde_json::from_str(json).unwrap();
            assert_eq!(
                time.to_naive().map(|naive| naive.to_string()).as_deref(),
                moment
            );
            assert_eq!(serde_json::to_string(&time).unwrap(), json);
        }
    }
}
