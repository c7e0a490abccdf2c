//! [`Account`]: what one company of a sandbox has.

use super::account::Size;
use chat2desk::Region;
use chrono::{FixedOffset, NaiveDate, Offset, TimeDelta, Utc};
use std::fmt;
use std::time::Duration;

/// A company with a token, records and limits of its own, for [`Builder::account`](super::Builder::account).
///
/// Accounts share nothing but the clock. Their invented records have the same ids.
#[derive(Clone)]
#[must_use = "an account is there once a sandbox is started with it"]
pub struct Account {
    pub(super) token: String,
    pub(super) region: Region,
    pub(super) size: Size,
    pub(super) page_cap: usize,
    pub(super) monthly_calls: Option<u64>,
    pub(super) rate: Option<(u32, Duration)>,
    pub(super) zone: FixedOffset,
    pub(super) listed_after: TimeDelta,
}

/// The longest delay, which keeps all times far from the end of the calendar.
pub(super) fn delay(delay: Duration) -> TimeDelta {
    let longest = TimeDelta::days(366);
    TimeDelta::from_std(delay).map_or(longest, |delay| delay.min(longest))
}

impl Account {
    /// The account that this API token belongs to.
    pub fn new(token: impl Into<String>) -> Self {
        Self {
            token: token.into(),
            region: Region::Main,
            size: Size {
                clients: 321,
                messages: 1207,
                seed: 0,
                first_day: NaiveDate::from_ymd_opt(2026, 5, 4).unwrap_or_default(),
            },
            page_cap: 200,
            monthly_calls: None,
            rate: None,
            zone: Utc.fix(),
            listed_after: TimeDelta::zero(),
        }
    }

    /// The region that the account lives in: the main one unless set. Each other region has a base URL of its own,
    /// which [`Sandbox::url`](super::Sandbox::url) returns; the token is unknown everywhere else.
    pub fn region(mut self, region: Region) -> Self {
        self.region = region;
        self
    }

    /// How many customers there are; 321 unless set.
    pub fn clients(mut self, clients: usize) -> Self {
        self.size.clients = clients;
        self
    }

    /// How many messages they and the company wrote; 1207 unless set. A million takes some 300 MB.
    pub fn messages(mut self, messages: usize) -> Self {
        self.size.messages = messages;
        self
    }

    /// What the invented account and random faults are made from: the same seed makes the same.
    pub fn seed(mut self, seed: u64) -> Self {
        self.size.seed = seed;
        self
    }

    /// The day of the first message; 4 May 2026 unless set.
    pub fn first_day(mut self, day: NaiveDate) -> Self {
        self.size.first_day = day;
        self
    }

    /// The company's own time, by which the days of messages and the reports go; UTC unless set.
    pub fn time_zone(mut self, zone: FixedOffset) -> Self {
        self.zone = zone;
        self
    }

    /// After how long a new message is in the list of messages, a year at most; at once unless set. A minute was
    /// seen on the server: a program that reads back what it sent meets that. [`Fault::ListedAfter`] and
    /// [`Sandbox::list_after`] set it for single messages.
    ///
    /// [`Fault::ListedAfter`]: super::Fault::ListedAfter
    /// [`Sandbox::list_after`]: super::Sandbox::list_after
    pub fn listed_after(mut self, time: Duration) -> Self {
        self.listed_after = delay(time);
        self
    }

    /// The most records of a page, whatever is asked for; 200 unless set. 20 was seen, too.
    pub fn page_cap(mut self, records: usize) -> Self {
        self.page_cap = records.max(1);
        self
    }

    /// The quota: how many calls are let in in each month of the sandbox's clock; any number unless set.
    pub fn monthly_calls(mut self, calls: u64) -> Self {
        self.monthly_calls = Some(calls);
        self
    }

    /// How many calls are let in in each period, of a year at most; any number unless set.
    pub fn calls_per(mut self, calls: u32, period: Duration) -> Self {
        self.rate = Some((calls, period));
        self
    }
}

/// Without the token.
impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Account")
            .field("region", &self.region)
            .field("size", &self.size)
            .field("page_cap", &self.page_cap)
            .field("monthly_calls", &self.monthly_calls)
            .field("rate", &self.rate)
            .finish_non_exhaustive()
    }
}
