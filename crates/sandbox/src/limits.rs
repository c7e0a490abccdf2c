//! [`Limits`]: the monthly quota and the rate limit of an account.

use super::api_response::ApiResponse;
use super::settings::delay;
use axum::http::StatusCode;
use chrono::{DateTime, TimeDelta, Utc};
use std::time::Duration;

pub(super) const RATE_EXCEEDED: &str = "Number of API requests exceeded";
pub(super) const QUOTA_USED_UP: &str = "API calls exceeded API limit per month";

pub(super) struct Limits {
    monthly_calls: Option<u64>,
    rate: Option<(u32, TimeDelta)>,
    /// When the current period of the rate limit began.
    window: DateTime<Utc>,
    used: u32,
}

impl Limits {
    pub(super) fn new(monthly_calls: Option<u64>, rate: Option<(u32, Duration)>) -> Self {
        Self {
            monthly_calls,
            rate: rate.map(|(calls, per)| (calls, delay(per))),
            window: DateTime::UNIX_EPOCH,
            used: 0,
        }
    }

    /// Accepts one more call after `calls` of this month.
    ///
    /// # Errors
    /// Returns the response to a call that exceeds the quota or the rate limit.
    pub(super) fn let_in(&mut self, calls: u64, now: DateTime<Utc>) -> Result<(), ApiResponse> {
        if self.monthly_calls.is_some_and(|most| calls >= most) {
            return Err(too_many(QUOTA_USED_UP));
        }
        let Some((most, period)) = self.rate else {
            return Ok(());
        };
        if now - self.window >= period {
            (self.window, self.used) = (now, 0);
        }
        if self.used >= most {
            return Err(too_many(RATE_EXCEEDED));
        }
        self.used += 1;
        Ok(())
    }
}

pub(super) fn too_many(message: &str) -> ApiResponse {
    ApiResponse::error(StatusCode::TOO_MANY_REQUESTS, message)
}
