//! The difference between this machine's clock and the server's.

use http::HeaderMap;
use http::header::DATE;
use std::time::{Duration, SystemTime};

/// A call that was begun.
pub struct Clock(SystemTime);

impl Clock {
    pub fn start() -> Self {
        Self(SystemTime::now())
    }

    /// Returns by how many seconds this machine's clock is ahead of the server's, whose response arrived at `end`. It is
    /// zero if the response can have been made at the time that it says. `None` if it does not say its time.
    pub fn ahead_of(&self, headers: &HeaderMap, end: SystemTime) -> Option<i64> {
        let date = headers.get(DATE)?.to_str().ok()?;
        let date = httpdate::parse_http_date(date).ok()?;
        let seconds = |time: Duration| i64::try_from(time.as_secs()).unwrap_or(i64::MAX);
        // The date has no fractions of a second.
        let last = date + Duration::from_secs(1);
        if let Ok(ahead) = self.0.duration_since(last) {
            return Some(seconds(ahead));
        }
        let behind = date.duration_since(end).unwrap_or_default();
        Some(-seconds(behind))
    }
}

#[cfg(test)]
mod tests {
    use super::{Clock, DATE, HeaderMap};
    use std::time::{Duration, SystemTime};

    #[test]
    fn a_date_within_the_call_is_right() {
        let time = |seconds| SystemTime::UNIX_EPOCH + Duration::from_millis(seconds);
        let date = "Mon, 04 May 2026 09:12:45 GMT".parse().unwrap();
        let headers = HeaderMap::from_iter([(DATE, date)]);
        let at = 1_777_885_965_000;
        for (start, end, ahead) in [
            (at, at, 0),
            (at + 999, at + 2_000, 0),
            (at + 1_500, at + 2_000, 0),
            (at - 2_000, at - 500, 0),
            (at - 9_000, at - 7_000, -7),
            (at + 9_000, at + 9_100, 8),
            (at - 60_000, at + 60_000, 0),
        ] {
            let found = Clock(time(start)).ahead_of(&headers, time(end));
            assert_eq!(found, Some(ahead), "{start} {end}");
        }
        assert_eq!(Clock::start().ahead_of(&HeaderMap::new(), time(at)), None);
    }
}
