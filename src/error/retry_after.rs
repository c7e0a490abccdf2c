//! Reads `Retry-After` in both of its forms: seconds, and a date.

use chrono::DateTime;
use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};
use std::time::{Duration, SystemTime};

/// Returns how long the server asks to wait; `None` if the header is missing or cannot be read. If proxies added
/// headers of their own, it is the longest wait.
///
/// A date counts from the server's own `Date` if it sends one, since its clock may differ from `now`. A date
/// that has passed is zero.
pub(crate) fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let sent = headers.get(DATE).and_then(|sent| date(sent.to_str().ok()?));
    let sent = sent.unwrap_or(now);
    let wait = |text: &str| {
        let until = || Some(date(text)?.duration_since(sent).unwrap_or_default());
        seconds(text).or_else(until)
    };
    let asked = headers.get_all(RETRY_AFTER).iter();
    let asked = asked.filter_map(|asked| asked.to_str().ok());
    // A date contains a comma, and so does a list of waits.
    let waits =
        asked.filter_map(|asked| wait(asked).or_else(|| asked.split(',').filter_map(wait).max()));
    waits.max()
}

/// Reads a number of seconds. One that overflows is the longest wait.
fn seconds(text: &str) -> Option<Duration> {
    let text = text.trim().trim_start_matches('+');
    // Rust also parses `nan` and `inf`.
    let is_number = text.starts_with(|c: char| c.is_ascii_digit() || c == '.');
    let seconds = text.parse::<f64>().ok().filter(|_| is_number)?;
    Some(Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX))
}

/// Reads a date in the forms of HTTP, of e-mails and of RFC 3339.
fn date(text: &str) -> Option<SystemTime> {
    let text = text.trim();
    if let Ok(date) = httpdate::parse_http_date(text) {
        return Some(date);
    }
    let date = DateTime::parse_from_rfc2822(text);
    let date = date.or_else(|_| DateTime::parse_from_rfc3339(text)).ok()?;
    let since = u64::try_from(date.timestamp()).unwrap_or_default();
    SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(since))
}

#[cfg(test)]
mod tests {
    use super::retry_after;
    use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};
    use std::time::{Duration, SystemTime};

    #[test]
    fn both_forms() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_777);
        for (wait, date, seconds) in [
            ("7", None, Some(7)),
            (" 7 ", None, Some(7)),
            ("0", None, Some(0)),
            ("Sun, 06 Nov 1994 08:49:47 GMT", None, Some(10)),
            // The forms that HTTP has outgrown, and still asks to read.
            ("Sunday, 06-Nov-94 08:49:47 GMT", None, Some(10)),
            ("Sun Nov  6 08:49:47 1994", None, Some(10)),
            // The server's clock is five seconds ahead.
            (
                "Sun, 06 Nov 1994 08:49:47 GMT",
                Some("Sun, 06 Nov 1994 08:49:42 GMT"),
                Some(5),
            ),
            ("Sun, 06 Nov 1994 08:49:47 GMT", Some("yesterday"), Some(10)),
            ("Sun, 06 Nov 1994 08:00:00 GMT", None, Some(0)),
            ("-7", None, None),
            ("soon", None, None),
            ("", None, None),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(RETRY_AFTER, wait.parse().unwrap());
            if let Some(date) = date {
                headers.insert(DATE, date.parse().unwrap());
            }
            let expected = seconds.map(Duration::from_secs);
            assert_eq!(retry_after(&headers, now), expected, "{wait} {date:?}");
        }
        assert_eq!(retry_after(&HeaderMap::new(), now), None);
        let mut headers = HeaderMap::new();
        for (wait, expected) in [
            ("2.5", Duration::from_millis(2_500)),
            ("4000000000", Duration::from_secs(4_000_000_000)),
            ("99999999999999999999999", Duration::MAX),
        ] {
            headers.insert(RETRY_AFTER, wait.parse().unwrap());
            assert_eq!(retry_after(&headers, now), Some(expected), "{wait}");
        }
    }
}
