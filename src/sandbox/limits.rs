//! How many calls are let in: the quota of the month, and a rate.

use super::response::too_many;
use axum::response::Response;
use chrono::{DateTime, TimeDelta, Utc};
use std::time::Duration;

pub(super) const QUOTA_USED_UP: &str = "API calls exceeded API limit per month";

pub(super) struct Limits {
    left: Option<u64>,
    rate: Option<(u32, TimeDelta)>,
    window: DateTime<Utc>,
    used: u32,
}

impl Limits {
    pub(super) fn new(monthly_calls: Option<u64>, rate: Option<(u32, Duration)>) -> Self {
        let rate =
            rate.map(|(calls, per)| (calls, TimeDelta::from_std(per).unwrap_or(TimeDelta::MAX)));
        Self {
            left: monthly_calls,
            rate,
            window: DateTime::UNIX_EPOCH,
            used: 0,
        }
    }

    /// What a call is answered with that is one too many.
    pub(super) fn refusal(&mut self, now: DateTime<Utc>) -> Option<Response> {
        if self.left == Some(0) {
            return Some(too_many(QUOTA_USED_UP, None));
        }
        if let Some((calls, per)) = self.rate {
            if now - self.window >= per {
                (self.window, self.used) = (now, 0);
            }
            if self.used >= calls {
                let left = (self.window + per - now).num_milliseconds();
                let seconds = u64::try_from(left).unwrap_or_default().div_ceil(1000);
                return Some(too_many("Number of API requests exceeded", Some(seconds)));
            }
            self.used += 1;
        }
        self.left = self.left.map(|left| left - 1);
        None
    }
}
