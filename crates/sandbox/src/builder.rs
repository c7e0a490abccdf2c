//! [`Builder`]: the settings of a sandbox, and its start.

use super::{Account, Sandbox, TOKEN};
use chrono::{DateTime, FixedOffset, NaiveDate, Utc};
use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;
use std::{fmt, io};

/// The settings of a sandbox, from [`Sandbox::builder`].
///
/// [`token`](Self::token), [`clients`](Self::clients) and all settings below them are those of the first account.
/// [`account`](Self::account) adds further ones.
#[derive(Clone)]
#[must_use = "no server runs until `start`"]
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

    /// Sets the port to listen on. Default: any free port.
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// Sets the address to listen on. Default: `127.0.0.1`. In a container, use `0.0.0.0`.
    ///
    /// Anybody who can reach the address can see the page, which shows all tokens.
    pub fn address(mut self, address: impl Into<IpAddr>) -> Self {
        self.address = address.into();
        self
    }

    /// Serves requests for one more `host`, such as the name of a docker compose service. Can be called several times.
    ///
    /// By default, only requests for this machine are served: for `localhost`, for a loopback address, and for the
    /// address that the request was received at. Others get status 421. Otherwise a web page could read the account by
    /// DNS rebinding.
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

    /// Adds another account, with its own token. [`Sandbox::account`] returns a handle to it.
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

    /// Sets the time at which the sandbox's clock starts. It must be after the last invented message and before the
    /// year 3000. Default: right after the last message, so that the customer who wrote it can be written to.
    pub fn clock(mut self, time: DateTime<Utc>) -> Self {
        self.clock = Some(time);
        self
    }

    /// Sets how many of the latest calls, and how many of the latest deliveries, are retained. Default: 10 000 each.
    pub fn journal(mut self, entries: usize) -> Self {
        self.journal = entries;
        self
    }

    /// Delivers webhooks to other machines, too.
    ///
    /// By default, deliveries to other machines fail, because tests register invented addresses.
    pub fn deliver_anywhere(mut self) -> Self {
        self.deliver_anywhere = true;
        self
    }

    /// Starts the server.
    ///
    /// # Errors
    /// Returns an error if
    ///
    /// * the port is in use,
    /// * a token cannot be sent in a header, or two accounts have the same one,
    /// * a host is not a host name or an address,
    /// * the clock would start before the last message or after the year 3000,
    /// * the TLS library cannot be set up.
    ///
    /// # Panics
    /// Panics outside of a tokio runtime, or in a runtime without I/O and time. Panics if the first day is so late that
    /// the dates of the messages cannot be represented.
    pub async fn start(self) -> io::Result<Sandbox> {
        Sandbox::run(&self).await
    }
}

/// Settings of the first account.
impl Builder {
    fn first(mut self, change: impl FnOnce(Account) -> Account) -> Self {
        self.first = change(self.first);
        self
    }

    /// Sets the API token that the account accepts. Default: [`TOKEN`].
    pub fn token(mut self, token: impl Into<String>) -> Self {
        self.first.token = token.into();
        self
    }

    /// Sets the number of customers. See [`Account::clients`].
    pub fn clients(self, clients: usize) -> Self {
        self.first(|account| account.clients(clients))
    }

    /// Sets the number of messages. See [`Account::messages`].
    pub fn messages(self, messages: usize) -> Self {
        self.first(|account| account.messages(messages))
    }

    /// Sets the seed of the invented records. See [`Account::seed`].
    pub fn seed(self, seed: u64) -> Self {
        self.first(|account| account.seed(seed))
    }

    /// Sets the day of the first message. See [`Account::first_day`].
    pub fn first_day(self, day: NaiveDate) -> Self {
        self.first(|account| account.first_day(day))
    }

    /// Sets the company's time zone. See [`Account::time_zone`].
    pub fn time_zone(self, zone: FixedOffset) -> Self {
        self.first(|account| account.time_zone(zone))
    }

    /// Sets the delay until new messages are listed. See [`Account::listed_after`].
    pub fn listed_after(self, delay: Duration) -> Self {
        self.first(|account| account.listed_after(delay))
    }

    /// Sets the maximum number of records per page. See [`Account::page_cap`].
    pub fn page_cap(self, records: usize) -> Self {
        self.first(|account| account.page_cap(records))
    }

    /// Sets the monthly quota. See [`Account::monthly_calls`].
    pub fn monthly_calls(self, calls: u64) -> Self {
        self.first(|account| account.monthly_calls(calls))
    }

    /// Sets the rate limit. See [`Account::calls_per`].
    pub fn calls_per(self, calls: u32, period: Duration) -> Self {
        self.first(|account| account.calls_per(calls, period))
    }
}

/// Shows no tokens.
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
