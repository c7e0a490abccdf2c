//! [`Builder`]: a sandbox other than the usual one.

use super::account::Size;
use super::{Sandbox, TOKEN};
use chrono::{DateTime, FixedOffset, NaiveDate, Offset, TimeDelta, Utc};
use std::time::Duration;
use std::{fmt, io};

/// How a sandbox is made, from [`Sandbox::builder`].
#[derive(Clone)]
#[must_use = "nothing runs until `start`"]
pub struct Builder {
    pub(super) port: u16,
    pub(super) token: String,
    pub(super) size: Size,
    pub(super) clock: Option<DateTime<Utc>>,
    pub(super) page_cap: usize,
    pub(super) monthly_calls: Option<u64>,
    pub(super) rate: Option<(u32, Duration)>,
    pub(super) journal: usize,
    pub(super) zone: FixedOffset,
    pub(super) listed_after: TimeDelta,
    pub(super) deliver_anywhere: bool,
}

impl Builder {
    pub(super) fn new() -> Self {
        Self {
            port: 0,
            token: TOKEN.to_owned(),
            size: Size {
                clients: 321,
                messages: 1207,
                seed: 0,
                first_day: NaiveDate::from_ymd_opt(2026, 5, 4).unwrap_or_default(),
            },
            clock: None,
            page_cap: 200,
            monthly_calls: None,
            rate: None,
            journal: 10_000,
            zone: Utc.fix(),
            listed_after: TimeDelta::zero(),
            deliver_anywhere: false,
        }
    }

    /// The port to listen at; any that is free unless set.
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// The API token that it accepts; [`TOKEN`] unless set.
    pub fn token(mut self, token: impl Into<String>) -> Self {
        self.token = token.into();
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

    /// What time it is in the sandbox when it starts: a time after the last message; the real time unless
    /// set.
    pub fn clock(mut self, time: DateTime<Utc>) -> Self {
        self.clock = Some(time);
        self
    }

    /// The company's own time, by which the days of messages and the reports go; UTC unless set.
    pub fn time_zone(mut self, zone: FixedOffset) -> Self {
        self.zone = zone;
        self
    }

    /// After how long a new message is in the list of messages, a year at most; at once unless set. A minute was
    /// seen on the server: a program that reads back what it sent meets that.
    pub fn listed_after(mut self, delay: Duration) -> Self {
        let longest = TimeDelta::days(366);
        self.listed_after = TimeDelta::from_std(delay).map_or(longest, |delay| delay.min(longest));
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

    /// How many calls and deliveries are remembered with their bodies, the latest; 10 000 each unless set.
    pub fn journal(mut self, entries: usize) -> Self {
        self.journal = entries;
        self
    }

    /// Delivers webhooks to other machines, too. Unless set, whatever is not on this one fails: tests
    /// register invented addresses.
    pub fn deliver_anywhere(mut self) -> Self {
        self.deliver_anywhere = true;
        self
    }

    /// Starts the server on the loopback interface.
    ///
    /// # Errors
    /// If the port is taken, the token impossible, the clock before the last message or beyond the year 3000,
    /// or the TLS library cannot be set up.
    ///
    /// # Panics
    /// Outside of a tokio runtime, or in one without I/O and time; if the first day is so late that there are no
    /// dates for the messages.
    pub async fn start(self) -> io::Result<Sandbox> {
        Sandbox::run(&self).await
    }
}

/// Without the token.
impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder")
            .field("port", &self.port)
            .field("size", &self.size)
            .field("page_cap", &self.page_cap)
            .field("monthly_calls", &self.monthly_calls)
            .field("rate", &self.rate)
            .finish_non_exhaustive()
    }
}
