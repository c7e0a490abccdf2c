//! [`Builder`]: a sandbox other than the usual one.

use super::{Account, Sandbox, TOKEN};
use chrono::{DateTime, FixedOffset, NaiveDate, Utc};
use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;
use std::{fmt, io};

/// How a sandbox is made, from [`Sandbox::builder`].
#[derive(Clone)]
#[must_use = "nothing runs until `start`"]
pub struct Builder {
    pub(super) address: IpAddr,
    pub(super) port: u16,
    pub(super) hosts: Vec<String>,
    pub(super) first: Account,
    pub(super) others: Vec<Account>,
    pub(super) clock: Option<DateTime<Utc>>,
    pub(super) journal: usize,
    pub(super) deliver_anywhere: bool,
}

impl Builder {
    pub(super) fn new() -> Self {
        Self {
            address: Ipv4Addr::LOCALHOST.into(),
            port: 0,
            hosts: Vec::new(),
            first: Account::new(TOKEN),
            others: Vec::new(),
            clock: None,
            journal: 10_000,
            deliver_anywhere: false,
        }
    }

    /// The port to listen at; any that is free unless set.
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// The address to listen at; `127.0.0.1` unless set. In a container it is `0.0.0.0`. Whoever can reach the address
    /// can see the page, which shows all tokens.
    pub fn address(mut self, address: impl Into<IpAddr>) -> Self {
        self.address = address.into();
        self
    }

    /// Serves requests for one more `host`, such as the name of a service in docker compose. Can be called again.
    ///
    /// Unless set, only requests for this machine are served: for `localhost`, a loopback address, or the address that
    /// they came in at. Others get status 421, since a web page could otherwise read the account by DNS rebinding.
    ///
    /// ```no_run
    /// # async fn run() -> std::io::Result<()> {
    /// use chat2desk_sandbox::Sandbox;
    /// use std::net::Ipv4Addr;
    ///
    /// let sandbox = Sandbox::builder().address(Ipv4Addr::UNSPECIFIED).port(8080).host("sandbox");
    /// let sandbox = sandbox.start().await?; // reached at http://sandbox:8080 by the other containers
    /// # Ok(()) }
    /// ```
    pub fn host(mut self, host: impl Into<String>) -> Self {
        self.hosts.push(host.into());
        self
    }

    /// Adds another account, with a token of its own. [`Sandbox::account`] returns it.
    ///
    /// ```
    /// use chat2desk_sandbox::{Account, Sandbox};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let second = Account::new("second-token").clients(5).monthly_calls(1);
    /// let sandbox = Sandbox::builder().account(second).start().await?;
    /// let tenant = sandbox.client().with_token("second-token")?;
    /// tenant.get_api_info().send().await?;
    /// assert!(tenant.get_api_info().send().await.unwrap_err().is_quota_exceeded());
    /// sandbox.client().get_api_info().send().await?;
    /// # Ok(()) }
    /// ```
    pub fn account(mut self, account: Account) -> Self {
        self.others.push(account);
        self
    }

    /// What time it is in the sandbox when it starts: a time after the last message. Right after it unless set, so
    /// that the customers who wrote last can be written to.
    pub fn clock(mut self, time: DateTime<Utc>) -> Self {
        self.clock = Some(time);
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

    /// Starts the server.
    ///
    /// # Errors
    /// If the port is taken, a token impossible or of two accounts, a host impossible, the clock before the last
    /// message or beyond the year 3000, or the TLS library cannot be set up.
    ///
    /// # Panics
    /// Outside of a tokio runtime, or in one without I/O and time; if the first day is so late that there are no
    /// dates for the messages.
    pub async fn start(self) -> io::Result<Sandbox> {
        Sandbox::run(&self).await
    }
}

/// The usual account.
impl Builder {
    fn first(mut self, change: impl FnOnce(Account) -> Account) -> Self {
        self.first = change(self.first);
        self
    }

    /// The API token that it accepts; [`TOKEN`] unless set.
    pub fn token(mut self, token: impl Into<String>) -> Self {
        self.first.token = token.into();
        self
    }

    /// As [`Account::clients`].
    pub fn clients(self, clients: usize) -> Self {
        self.first(|account| account.clients(clients))
    }

    /// As [`Account::messages`].
    pub fn messages(self, messages: usize) -> Self {
        self.first(|account| account.messages(messages))
    }

    /// As [`Account::seed`].
    pub fn seed(self, seed: u64) -> Self {
        self.first(|account| account.seed(seed))
    }

    /// As [`Account::first_day`].
    pub fn first_day(self, day: NaiveDate) -> Self {
        self.first(|account| account.first_day(day))
    }

    /// As [`Account::time_zone`].
    pub fn time_zone(self, zone: FixedOffset) -> Self {
        self.first(|account| account.time_zone(zone))
    }

    /// As [`Account::listed_after`].
    pub fn listed_after(self, delay: Duration) -> Self {
        self.first(|account| account.listed_after(delay))
    }

    /// As [`Account::page_cap`].
    pub fn page_cap(self, records: usize) -> Self {
        self.first(|account| account.page_cap(records))
    }

    /// As [`Account::monthly_calls`].
    pub fn monthly_calls(self, calls: u64) -> Self {
        self.first(|account| account.monthly_calls(calls))
    }

    /// As [`Account::calls_per`].
    pub fn calls_per(self, calls: u32, period: Duration) -> Self {
        self.first(|account| account.calls_per(calls, period))
    }
}

/// Without tokens.
impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder")
            .field("address", &self.address)
            .field("port", &self.port)
            .field("hosts", &self.hosts)
            .field("first", &self.first)
            .field("others", &self.others)
            .finish_non_exhaustive()
    }
}
