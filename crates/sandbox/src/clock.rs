//! The sandbox's time: it runs as real time does, and can be moved on.

use chrono::{DateTime, TimeDelta, Utc};
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;
use tokio::time::Instant;

const CENTURY: i64 = 100 * 365 * 24 * 3600 * 1000;

pub(super) struct Clock {
    start: DateTime<Utc>,
    since: Instant,
    /// Milliseconds that it was moved on by.
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

    /// Moves it on, by a hundred years altogether at most: beyond that there are no dates to write.
    pub(super) fn advance(&self, by: Duration) {
        let by = i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
        let further = |ahead: i64| Some(ahead.saturating_add(by).min(CENTURY));
        let _ = self
            .ahead
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, further);
    }

    /// How long it is until this time, unless it is moved on.
    pub(super) fn until(&self, time: DateTime<Utc>) -> Duration {
        (time - self.now()).to_std().unwrap_or_default()
    }
}
