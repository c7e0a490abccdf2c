//! [`Account`]: the settings of one account of a sandbox.

use chat2desk::Region;
use chrono::{FixedOffset, NaiveDate, Offset, TimeDelta, Utc};
use std::fmt;
use std::time::Duration;

/// The settings of an account: one company, with its own token, records and limits.
///
/// Pass it to [`Builder::account`](super::Builder::account). Accounts of one server share only the clock. The ids of
/// their invented records are the same.
#[derive(Clone)]
#[must_use = "an account exists only once a sandbox is started with it"]
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

/// The size of an account.
#[derive(Debug, Clone)]
pub(crate) struct Size {
    pub(crate) clients: usize,
    pub(crate) messages: usize,
    pub(crate) seed: u64,
    pub(crate) first_day: NaiveDate,
}

/// Limits a delay to a year, which keeps all times far from the end of the calendar.
pub(super) fn delay(delay: Duration) -> TimeDelta {
    let longest = TimeDelta::days(366);
    TimeDelta::from_std(delay).map_or(longest, |delay| delay.min(longest))
}

impl Account {
    /// Creates the settings of an account with this API `token`.
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

    /// Sets the region of the account. Default: the main region.
    ///
    /// Each region has its own base URL, which [`Sandbox::url`](super::Sandbox::url) returns. The token is accepted
    /// only there.
    pub fn region(mut self, region: Region) -> Self {
        self.region = region;
        self
    }

    /// Sets the number of customers. Default: 321.
    pub fn clients(mut self, clients: usize) -> Self {
        self.size.clients = clients;
        self
    }

    /// Sets the number of messages, from and to customers. Default: 1207. A million messages take about 300 MB of
    /// memory.
    pub fn messages(mut self, messages: usize) -> Self {
        self.size.messages = messages;
        self
    }

    /// Sets the seed of the invented records and of random faults. The same seed gives the same account. Default: 0.
    pub fn seed(mut self, seed: u64) -> Self {
        self.size.seed = seed;
        self
    }

    /// Sets the day of the first message. Default: 4 May 2026.
    pub fn first_day(mut self, day: NaiveDate) -> Self {
        self.size.first_day = day;
        self
    }

    /// Sets the company's time zone, which decides where a day begins in message filters and reports. Default: UTC.
    pub fn time_zone(mut self, zone: FixedOffset) -> Self {
        self.zone = zone;
        self
    }

    /// Sets the delay until a new message is in the list of messages, at most a year. Default: no delay.
    ///
    /// On the real server a delay of a minute was seen. It matters to programs that read back what they sent.
    /// [`Fault::ListedAfter`] and [`Sandbox::list_after`] delay single messages.
    ///
    /// [`Fault::ListedAfter`]: super::Fault::ListedAfter
    /// [`Sandbox::list_after`]: super::Sandbox::list_after
    pub fn listed_after(mut self, time: Duration) -> Self {
        self.listed_after = delay(time);
        self
    }

    /// Sets the maximum number of records per page, whatever `limit` a call asks for. Default: 200. On the real server
    /// a maximum of 20 was seen, too. At least 1.
    pub fn page_cap(mut self, records: usize) -> Self {
        self.page_cap = records.max(1);
        self
    }

    /// Sets the quota: how many calls are accepted in each month of the sandbox's clock. Default: unlimited. Further
    /// calls get status 429.
    pub fn monthly_calls(mut self, calls: u64) -> Self {
        self.monthly_calls = Some(calls);
        self
    }

    /// Sets the rate limit: how many calls are accepted in each `period`, which is at most a year. Default: unlimited.
    /// Further calls get status 429.
    pub fn calls_per(mut self, calls: u32, period: Duration) -> Self {
        self.rate = Some((calls, period));
        self
    }
}

/// Shows no token.
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
