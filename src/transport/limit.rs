//! What one token may use: calls in a time, and calls in all.

use crate::Error;
use crate::token::Token;
use governor::clock::Clock;
use governor::middleware::NoOpMiddleware;
use governor::state::{InMemoryState, NotKeyed};
use governor::{Quota, RateLimiter};
use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;
use tokio::time::{Instant, sleep, sleep_until};

/// How many calls are sent in a time, so that the server has no reason to refuse any.
///
/// It holds for each token on its own, and for all clones of a client together. Calls that are too many
/// wait for their turn, first come, first served. After a 429 all of them wait as long as the server asks.
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
}

impl RateLimit {
    /// So many calls a second, evenly spread. Zero is refused when the client is built.
    pub fn per_second(calls: u32) -> Self {
        Self {
            calls,
            period: Duration::from_secs(1),
            burst: 1,
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

    /// So many calls a minute, evenly spread. Zero is refused when the client is built.
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

    /// # Errors
    /// Limits that let nothing through.
    pub(crate) fn quota(self) -> Result<Quota, Error> {
        let quota = self.period.checked_div(self.calls).and_then(|each| {
            let quota = Quota::with_period(each)?;
            Some(quota.allow_burst(NonZeroU32::new(self.burst)?))
        });
        quota.ok_or_else(|| Error::config("the rate limit lets no call through"))
    }
}

/// The limits that each token gets a measure of its own for.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Limits {
    pub(crate) rate: Option<Quota>,
    /// Calls in all.
    pub(crate) calls: Option<u64>,
}

/// The accounts of all tokens that clients with one pool use.
#[derive(Debug)]
pub(crate) struct Accounts {
    limits: Limits,
    open: Mutex<HashMap<Token, Weak<Account>>>,
}

impl Accounts {
    pub(crate) fn new(limits: Limits) -> Self {
        Self {
            limits,
            open: Mutex::default(),
        }
    }

    /// The account of a token: the same one for as long as any client uses it.
    pub(crate) fn of(&self, token: &Token) -> Arc<Account> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(account) = open.get(token).and_then(Weak::upgrade) {
            return account;
        }
        open.retain(|_, account| account.strong_count() > 0);
        let account = Arc::new(Account::new(self.limits));
        open.insert(token.clone(), Arc::downgrade(&account));
        account
    }
}

/// What one token has used.
#[derive(Debug)]
pub(crate) struct Account {
    calls: AtomicU64,
    most: Option<u64>,
    lane: Option<Lane>,
}

impl Account {
    fn new(limits: Limits) -> Self {
        Self {
            calls: AtomicU64::new(0),
            most: limits.calls,
            lane: limits.rate.map(Lane::new),
        }
    }

    /// Waits for a turn under the rate limit.
    ///
    /// # Errors
    /// At once if the server has asked for a wait beyond the deadline.
    pub(crate) async fn turn(&self, deadline: Instant) -> Result<(), Error> {
        match &self.lane {
            Some(lane) => lane.turn(deadline).await,
            None => Ok(()),
        }
    }

    /// Lets nobody have a turn for as long as the server asks.
    pub(crate) fn freeze(&self, wait: Duration) {
        if let Some(lane) = &self.lane {
            lane.freeze(wait);
        }
    }

    /// Counts a call.
    ///
    /// # Errors
    /// If it would be one too many.
    pub(crate) fn take(&self) -> Result<(), Error> {
        let most = self.most.unwrap_or(u64::MAX);
        let more = |calls: u64| (calls < most).then(|| calls + 1);
        let taken = self.calls.fetch_update(Relaxed, Relaxed, more);
        taken.map(drop).map_err(|_| Error::out_of_calls(most))
    }

    /// Takes back what was counted for a call that was not sent.
    pub(crate) fn give_back(&self) {
        self.calls.fetch_sub(1, Relaxed);
    }

    pub(crate) fn calls_made(&self) -> u64 {
        self.calls.load(Relaxed)
    }
}

/// One call after the other, at the pace of the limit.
#[derive(Debug)]
struct Lane {
    /// Held by the call whose turn is next; tokio's mutex is fair.
    gate: tokio::sync::Mutex<()>,
    pace: RateLimiter<NotKeyed, InMemoryState, Stopwatch, NoOpMiddleware<Duration>>,
    frozen_until: Mutex<Option<Instant>>,
}

impl Lane {
    fn new(quota: Quota) -> Self {
        Self {
            gate: tokio::sync::Mutex::new(()),
            pace: RateLimiter::direct_with_clock(quota, Stopwatch(Instant::now())),
            frozen_until: Mutex::new(None),
        }
    }

    async fn turn(&self, deadline: Instant) -> Result<(), Error> {
        // Whoever is in front may wait for longer than this call can.
        self.thaw(deadline)?;
        let _gate = self.gate.lock().await;
        loop {
            if let Some(end) = self.thaw(deadline)? {
                sleep_until(end).await;
                continue;
            }
            match self.pace.check() {
                Ok(()) => return Ok(()),
                Err(early) => sleep(early.wait_time_from(self.pace.clock().now())).await,
            }
        }
    }

    /// When turns are given again, if none are now.
    ///
    /// # Errors
    /// If that is beyond the deadline.
    fn thaw(&self, deadline: Instant) -> Result<Option<Instant>, Error> {
        let now = Instant::now();
        match *self.frozen() {
            Some(end) if end > deadline => Err(Error::frozen(end.saturating_duration_since(now))),
            end => Ok(end.filter(|end| *end > now)),
        }
    }

    fn freeze(&self, wait: Duration) {
        let end = Instant::now().checked_add(wait);
        let mut frozen_until = self.frozen();
        *frozen_until = (*frozen_until).max(end);
    }

    fn frozen(&self) -> std::sync::MutexGuard<'_, Option<Instant>> {
        self.frozen_until
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// tokio's clock, which tests can stop, as governor reads clocks.
#[derive(Debug, Clone)]
struct Stopwatch(Instant);

impl Clock for Stopwatch {
    type Instant = Duration;

    fn now(&self) -> Duration {
        self.0.elapsed()
    }
}
