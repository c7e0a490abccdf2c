//! [`Clock`]: the sandbox's time. It runs as real time does, and can be moved forward.

use chrono::{DateTime, TimeDelta, Utc};
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;
use tokio::time::Instant;

const CENTURY: i64 = 100 * 365 * 24 * 3600 * 1000;

pub(super) struct Clock {
    start: DateTime<Utc>,
    since: Instant,
    /// The milliseconds that the clock was moved forward by.
    ahead: AtomicI64,
}

impl Clock {
    pub(super) fn start(at: DateTime<Utc>) -> Self {
        Self {
            start: at,
            since: Instant::now(),
            ahead: AtomicI64::new(0),
        }
    }

    pub(super) fn now(&self) -> DateTime<Utc> {
        let elapsed = TimeDelta::from_std(self.since.elapsed()).unwrap_or_default();
        self.start + elapsed + TimeDelta::milliseconds(self.ahead.load(Ordering::SeqCst))
    }

    /// Moves the clock forward, by a hundred years in all: later dates could not be represented.
    pub(super) fn advance(&self, by: Duration) {
        let by = i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
        let further = |ahead: i64| Some(ahead.saturating_add(by).min(CENTURY));
        let _ = self
            .ahead
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, further);
    }

    /// Returns how long it is until `time`, unless the clock is moved.
    pub(super) fn until(&self, time: DateTime<Utc>) -> Duration {
        (time - self.now()).to_std().unwrap_or_default()
    }
}
