//! [`RateLimit`]: how many calls are sent in a time.

use crate::error::Error;
use std::time::Duration;

/// How many calls are sent in a time, so that the server has no reason to refuse any.
///
/// It holds for each token on its own, and for all clones of a client together. Calls that are too many
/// wait for their permit, first come, first served. After a 429 all of them wait as long as the server asks, but no
/// longer than [`max_pause`](Self::max_pause).
/// For messages the vendor documents a rate, [`messages`](Self::messages). For other calls it publishes no
/// figure; programs that are known to work keep to 5 to 10 calls a second.
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
    /// Up to `calls` calls a second, evenly spread. Zero is refused when the client is built.
    pub fn per_second(calls: u32) -> Self {
        Self {
            calls,
            period: Duration::from_secs(1),
            burst: 1,
            max_pause: Duration::from_secs(300),
        }
    }

    /// The documented rate of [`send_message`](crate::Chat2Desk::send_message): 15 calls a second, evenly spread.
    ///
    /// The server takes about 15 to 20 messages a second, which may vary, and refuses more with 429
    /// ([`RateLimited`](crate::ErrorKind::RateLimited)). The limit holds for all calls of the client, reads
    /// included, and not for messages alone. Other programs of the company are not counted.
    ///
    /// ```
    /// # use chat2desk::{Chat2Desk, transport::RateLimit};
    /// let chat = Chat2Desk::builder("token").rate_limit(RateLimit::messages()).build()?;
    /// # Ok::<(), chat2desk::Error>(())
    /// ```
    pub fn messages() -> Self {
        Self::per_second(15)
    }

    /// Up to `calls` calls a minute, evenly spread. Zero is refused when the client is built.
    pub fn per_minute(calls: u32) -> Self {
        Self {
            period: Duration::from_secs(60),
            ..Self::per_second(calls)
        }
    }

    /// How many calls may go at once after a pause; one unless set.
    pub fn burst(mut self, calls: u32) -> Self {
        self.burst = calls;
        self
    }

    /// The longest time for which a server may stop all calls of a token by a 429. Five minutes unless set: a
    /// server that asks for a year is wrong, or does not mean it.
    pub fn max_pause(mut self, pause: Duration) -> Self {
        self.max_pause = pause;
        self
    }

    pub(super) fn longest_pause(self) -> Duration {
        self.max_pause
    }

    /// The time between two calls, and how much earlier than that a burst may be.
    ///
    /// # Errors
    /// Limits that let nothing through.
    pub(super) fn spacing(self) -> Result<(Duration, Duration), Error> {
        let interval = self.period.checked_div(self.calls);
        let more = self.burst.checked_sub(1);
        let spacing = interval.zip(more);
        let spacing = spacing.map(|(interval, more)| (interval, interval.saturating_mul(more)));
        spacing.ok_or_else(|| Error::config("the rate limit lets no call through"))
    }
}
