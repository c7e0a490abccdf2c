//! [`Timestamp`], a point in time, in every format that the API uses.

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use serde::de::Visitor;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

/// A point in time, as the server wrote it. [`to_utc`](Self::to_utc) converts it.
///
/// The API was seen to use five formats: `2025-04-14T09:05:12 UTC` (most responses), ISO 8601 with `Z` (tickets),
/// `14.04.2025 09:05:12` (older servers), unix seconds (messages of a request) and `2025-04-14T12:05:12 MSK`,
/// Moscow time (the webhook event `outbox_status`).
///
/// It retains the original text and serializes it, so a record with an empty or unknown time can still be read.
///
/// ```
/// use chat2desk::wire::Timestamp;
///
/// let time: Timestamp = "2025-04-14T09:05:12 UTC".parse()?;
/// assert_eq!(time.to_utc().unwrap().timestamp(), 1_744_621_512);
/// # Ok::<(), std::convert::Infallible>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Timestamp(Spelling);

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Spelling {
    Text(String),
    UnixSeconds(i64),
}

/// The zones that the API writes after a time, with their hours east of UTC. A time in any other zone is not read:
/// to assume UTC would be wrong.
const ZONES: [(&str, i64); 2] = [(" UTC", 0), (" MSK", 3)];

impl Timestamp {
    /// Returns the point in time; `None` for an empty text, which means "not yet", and for an unknown format or zone.
    pub fn to_utc(&self) -> Option<DateTime<Utc>> {
        let text = match &self.0 {
            Spelling::UnixSeconds(seconds) => return DateTime::from_timestamp(*seconds, 0),
            Spelling::Text(text) => text.trim(),
        };
        if let Ok(time) = DateTime::parse_from_rfc3339(text) {
            return Some(time.to_utc());
        }
        let zoned = ZONES
            .iter()
            .find_map(|(zone, east)| Some((text.strip_suffix(zone)?, *east)));
        let (plain, east) = zoned.unwrap_or((text, 0));
        let local = ["%Y-%m-%dT%H:%M:%S%.f", "%d.%m.%Y %H:%M:%S"]
            .iter()
            .find_map(|format| NaiveDateTime::parse_from_str(plain, format).ok())?;
        let utc = local.checked_sub_signed(TimeDelta::hours(east))?;
        Some(utc.and_utc())
    }
}

impl From<DateTime<Utc>> for Timestamp {
    fn from(time: DateTime<Utc>) -> Self {
        Self(Spelling::Text(
            time.format("%Y-%m-%dT%H:%M:%S UTC").to_string(),
        ))
    }
}

impl FromStr for Timestamp {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(Self(Spelling::Text(text.to_owned())))
    }
}

/// Writes the time as the server wrote it.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Spelling::Text(text) => f.write_str(text),
            Spelling::UnixSeconds(seconds) => seconds.fmt(f),
        }
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            Spelling::Text(text) => serializer.serialize_str(text),
            Spelling::UnixSeconds(seconds) => serializer.serialize_i64(*seconds),
        }
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct AnySpelling;

        impl Visitor<'_> for AnySpelling {
            type Value = Timestamp;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a timestamp, as text or unix seconds")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Timestamp, E> {
                Ok(Timestamp(Spelling::Text(text.to_owned())))
            }

            fn visit_i64<E: serde::de::Error>(self, seconds: i64) -> Result<Timestamp, E> {
                Ok(Timestamp(Spelling::UnixSeconds(seconds)))
            }

            fn visit_u64<E: serde::de::Error>(self, seconds: u64) -> Result<Timestamp, E> {
                let signed = i64::try_from(seconds);
                self.visit_i64(signed.map_err(|_| E::custom("unix seconds beyond all time"))?)
            }
        }

        deserializer.deserialize_any(AnySpelling)
    }
}

#[cfg(test)]
mod tests {
    use super::Timestamp;

    #[test]
    fn every_spelling_is_read_and_written_back() {
        for (json, utc) in [
            (
                "\"2025-04-14T09:05:12 UTC\"",
                Some("2025-04-14T09:05:12+00:00"),
            ),
            (
                "\"2026-05-04T07:31:20.150Z\"",
                Some("2026-05-04T07:31:20.150+00:00"),
            ),
            (
                "\"2026-05-04T07:31:20Z\"",
                Some("2026-05-04T07:31:20+00:00"),
            ),
            ("\"14.04.2025 09:05:12\"", Some("2025-04-14T09:05:12+00:00")),
            ("\"14.04.2025 9:05:12\"", Some("2025-04-14T09:05:12+00:00")),
            ("1777885965", Some("2026-05-04T09:12:45+00:00")),
            ("9223372036854775807", None),
            ("\"\"", None),
            ("\"yesterday\"", None),
        ] {
            let timestamp: Timestamp = serde_json::from_str(json).unwrap();
            assert_eq!(
                timestamp.to_utc().map(|time| time.to_rfc3339()).as_deref(),
                utc,
                "{json}"
            );
            assert_eq!(serde_json::to_string(&timestamp).unwrap(), json);
        }
        for json in ["true", "18446744073709551615", "{}"] {
            serde_json::from_str::<Timestamp>(json).unwrap_err();
        }
    }

    #[test]
    fn the_clock_of_moscow_is_three_hours_ahead() {
        for (text, utc) in [
            ("2026-01-15T13:20:30 MSK", Some("2026-01-15T10:20:30+00:00")),
            ("2026-07-15T13:20:30 MSK", Some("2026-07-15T10:20:30+00:00")),
            ("2026-01-01T02:59:59 MSK", Some("2025-12-31T23:59:59+00:00")),
            (
                "2026-01-15T13:20:30.250 MSK",
                Some("2026-01-15T10:20:30.250+00:00"),
            ),
            (
                " 2026-01-15T13:20:30 MSK ",
                Some("2026-01-15T10:20:30+00:00"),
            ),
            ("15.01.2026 13:20:30 MSK", Some("2026-01-15T10:20:30+00:00")),
            ("2026-01-15T13:20:30 UTC", Some("2026-01-15T13:20:30+00:00")),
            // Zones that nobody has seen are not guessed.
            ("2026-01-15T13:20:30 CET", None),
            ("2026-01-15T13:20:30 MSD", None),
            ("2026-01-15T13:20:30 msk", None),
            ("2026-01-15T13:20:30MSK", None),
            ("2026-01-15T13:20:30 MSK UTC", None),
            ("2026-01-15T13:20:30 +0300", None),
            ("-262143-01-01T00:00:00 MSK", None),
            ("MSK", None),
        ] {
            let timestamp: Timestamp = text.parse().unwrap();
            let read = timestamp.to_utc().map(|time| time.to_rfc3339());
            assert_eq!(read.as_deref(), utc, "{text}");
            assert_eq!(timestamp.to_string(), text);
        }
    }
}
