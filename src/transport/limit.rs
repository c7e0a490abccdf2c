//! [`RateLimit`], the rate at which calls are sent.

use crate::error::Error;
use std::time::Duration;

/// The rate at which calls are sent, to stay below the rate that the server permits.
///
/// Each token has its own limit, which all clones of a client share. Calls beyond the limit wait for a permit,
/// first come, first served. After a 429 all calls of the token wait for as long as the server asks, but no
/// longer than [`max_pause`](Self::max_pause).
///
/// The vendor documents a rate for messages, [`messages`](Self::messages). For other calls it publishes none;
/// published programs make 5 to 10 calls a second.
///
/// ```
/// # use chat2desk::{Chat2Desk, transport::RateLimit};
/// let limit = RateLimit::per_second(5).burst(10);
/// let chat = Chat2Desk::builder("token").rate_limit(limit).build()?;
/// # Ok::<(), chat2desk::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub struct RateLimit {
    calls: u32,
    period: Duration,
    burst: u32,
    max_pause: Duration,
}

impl RateLimit {
    /// Permits up to `calls` calls a second, evenly spread. Building a client with zero calls fails.
    pub fn per_second(calls: u32) -> Self {
        Self {
            calls,
            period: Duration::from_secs(1),
            burst: 1,
            max_pause: Duration::from_secs(300),
        }
    }

    /// Permits the documented rate of [`send_message`](crate::Chat2Desk::send_message): 15 calls a second,
    /// evenly spread.
    ///
    /// According to the vendor the server accepts about 15 to 20 messages a second and refuses more with 429
    /// ([`RateLimited`](crate::ErrorKind::RateLimited)). The limit applies to all calls of the client, not only
    /// to messages. It does not know of other programs that use the token.
    ///
    /// ```
    /// # use chat2desk::{Chat2Desk, transport::RateLimit};
    /// let chat = Chat2Desk::builder("token").rate_limit(RateLimit::messages()).build()?;
    /// # Ok::<(), chat2desk::Error>(())
    /// ```
    pub fn messages() -> Self {
        Self::per_second(15)
    }

    /// Permits up to `calls` calls a minute, evenly spread. Building a client with zero calls fails.
    pub fn per_minute(calls: u32) -> Self {
        Self {
            period: Duration::from_secs(60),
            ..Self::per_second(calls)
        }
    }

    /// Sets the number of `calls` that may be sent at once after a time without calls. 1 unless set.
    pub fn burst(mut self, calls: u32) -> Self {
        self.burst = calls;
        self
    }

    /// Sets the longest time for which a 429 of the server pauses all calls of a token. Five minutes unless
    /// set: a server that asks for a year is mistaken.
    pub fn max_pause(mut self, pause: Duration) -> Self {
        self.max_pause = pause;
        self
    }

    pub(super) fn longest_pause(self) -> Duration {
        self.max_pause
    }

    /// Returns the time between two calls, and by how much a burst may be earlier than that.
    ///
    /// # Errors
    /// [`Config`](crate::ErrorKind::Config) if the limit permits no call.
    pub(super) fn spacing(self) -> Result<(Duration, Duration), Error> {
        let interval = self.period.checked_div(self.calls);
        let more = self.burst.checked_sub(1);
        let spacing = interval.zip(more);
        let spacing = spacing.map(|(interval, more)| (interval, interval.saturating_mul(more)));
        spacing.ok_or_else(|| {
            Error::config("the rate limit permits no calls; set a rate and a burst of 1 or more")
        })
    }
}
