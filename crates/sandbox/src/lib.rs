//! A Chat2Desk server that runs on this machine, with invented accounts. Use it to try programs, to test them and to
//! demonstrate them, without an account of your own.
//!
//! The server has state. A message that you send appears in the list of messages, opens a dialog, and is delivered to
//! the webhooks that you registered. Envelopes, page limits, ignored parameters and errors are those of the API, as far
//! as they are known. An operation whose behaviour nobody has published responds with the example of the
//! specification, and with the header `x-sandbox-response: example`.
//!
//! ```
//! use chat2desk::List;
//! use chat2desk_sandbox::{Fault, Rule, Sandbox};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let sandbox = Sandbox::start().await?;
//! sandbox.inject(Rule::new(Fault::BadGateway).on("list_clients").times(1));
//!
//! let clients = sandbox.client().list_clients().items().collect_all().await?;
//! assert_eq!(clients.len(), 321);
//! // Two pages, and the call that failed and was retried.
//! assert_eq!(sandbox.calls_of("list_clients").len(), 3);
//! # Ok(()) }
//! ```
//!
//! The server stops when the last [`Sandbox`] of it is dropped.
//!
//! # Jobs
//!
//! | job | item |
//! |---|---|
//! | start a server with one account | [`Sandbox::start`] |
//! | set the size, the token, the page limit, the quota or the rate | [`Sandbox::builder`] |
//! | serve several companies, tokens or regions | [`Builder::account`], [`Sandbox::account`] |
//! | call it with `chat2desk`, or with any HTTP client | [`Sandbox::client`], [`Sandbox::url`] |
//! | make calls fail, slow or incomplete | [`Sandbox::inject`], [`Rule`], [`Fault`] |
//! | see which calls were received | [`Sandbox::calls`], [`Sandbox::calls_of`] |
//! | write as a customer, log an operator in, raise an event | [`Sandbox::write_as`], [`Sandbox::set_online`], [`Sandbox::post_event`] |
//! | see which webhook deliveries were made | [`Sandbox::deliveries`] |
//! | pass retries and changes of state without waiting | [`Sandbox::advance`], [`Sandbox::settle`] |
//! | list messages late, or out of order | [`Sandbox::list_after`], [`Fault::ListedAfter`] |
//! | post signed events to a receiver, without a server | [`simulator`] |
//! | include the sandbox in a command of your own | [`program::Arguments`] (feature `program`) |
//!
//! # Sent messages
//!
//! A message to a customer is `pending` at first, `sent` after one second, `delivered` after two seconds and `seen`
//! after 60 seconds. Each state is set in the message and raises `outbox_status`. [`Sandbox::advance`] reaches later
//! states at once. [`Fault::NotDelivered`] makes a message end as `failed`, [`Fault::NotSeen`] as `delivered`.
//!
//! In WhatsApp only templates reach a customer who has been silent for 24 hours. Other messages end as `failed`. The
//! sandbox's clock starts right after the last invented message. It is from the first customer, 94000001, who can
//! therefore be written to. The reason of a failure is in [`ReceivedCall::note`], on the page, and in the event
//! `outbox_status`. The API's records have no field for it. In an external channel a message stays `pending` until
//! `set_message_status` changes it.
//!
//! ```
//! use chat2desk::messages::Draft;
//! use chat2desk_sandbox::{Fault, Rule, Sandbox};
//! use std::time::Duration;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let sandbox = Sandbox::start().await?;
//! let refused = Fault::NotDelivered("no such number".into());
//! sandbox.inject(Rule::new(refused).on("send_message").times(1));
//! let message = Draft::text(94_000_001, "Hello");
//! let sent = sandbox.client().send_message(message).send().await?.data.message_id;
//! sandbox.advance(Duration::from_secs(1));
//! let message = sandbox.client().get_message(sent).send().await?;
//! assert_eq!(message.data.status.as_deref(), Some("failed"));
//! # Ok(()) }
//! ```
//!
//! # Limits
//!
//! * State is in memory and is lost when the server stops.
//! * Some operations, such as `delete_outbox`, have a documented effect and an unknown response. They have the effect,
//!   and respond with `{}` and the header above.
//! * Some events, such as `device_updated`, have no operation that causes them. [`Sandbox::post_event`] raises them.
//! * Legacy webhooks (`set_legacy_web_hook`) are stored, but never delivered to.
//! * Webhooks on other machines are not delivered to, unless [`Builder::deliver_anywhere`] is set.
//! * Requests for other hosts than this machine get status 421, unless [`Builder::host`] names the host.
//!
//! # The program
//!
//! `cargo install chat2desk-sandbox` installs the sandbox as a program, for any language. Its address shows a page with
//! conversations, calls, webhook deliveries and faults: `chat2desk-sandbox --port 8080 --token demo`.
//!
//! A program calls it instead of the API if it uses `Chat2Desk::from_env` and is started with
//! `CHAT2DESK_URL=http://127.0.0.1:8080` and `CHAT2DESK_TOKEN=demo`.
//!
//! # Features
//!
//! | feature | default | adds |
//! |---|---|---|
//! | `program` | yes | the program, and [`program::Arguments`] |
//!
//! To use the sandbox in tests, depend on it with `default-features = false`, which leaves out the command line.
//!
// Without the feature, links to its items lead to the table of the features.
#![cfg_attr(
    feature = "program",
    doc = "[`program::Arguments`]: program::Arguments"
)]
#![cfg_attr(not(feature = "program"), doc = "[`program::Arguments`]: #features")]
#![warn(missing_docs)]
#![cfg_attr(not(test), warn(clippy::unwrap_used))]

mod account;
mod api;
mod api_response;
mod builder;
mod call;
mod clock;
mod connection;
mod delivery;
mod document;
mod faults;
mod handle;
mod host;
mod journal;
mod limits;
mod page;
mod paging;
#[cfg(feature = "program")]
pub mod program;
mod queue;
mod response;
mod server;
mod settings;
pub mod simulator;
mod site;
mod watch;

pub use builder::Builder;
pub use faults::{Fault, Rule};
pub use journal::{Delivery, ReceivedCall, RecordedBody};
pub use settings::Account;

use account::{Draft, Kind};
use chat2desk::Chat2Desk;
use chat2desk::wire::WebhookEvent;
use chrono::{DateTime, Utc};
use serde_json::Value;
use server::{Server, lock};
use site::{Site, path_of};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use std::{fmt, io};
use tokio::net::TcpListener;
use tokio::task::AbortHandle;

/// The API token that the sandbox accepts, unless [`Builder::token`] sets another one.
pub const TOKEN: &str = "sandbox-token";

/// A handle to one account of a running server.
///
/// The server stops when the last handle to any of its accounts is dropped. Its state is lost then.
pub struct Sandbox {
    url: String,
    client: Chat2Desk,
    server: Arc<Server>,
    running: Arc<Running>,
}

/// What the accounts of a server share.
struct Running {
    root: String,
    /// The client of the first account.
    client: Chat2Desk,
    site: Arc<Site>,
    task: AbortHandle,
}

impl Sandbox {
    /// Starts a server with the default account on a free port of the loopback interface.
    ///
    /// The account has 321 customers, 1207 messages and the token [`TOKEN`].
    ///
    /// # Errors
    /// Returns an error if no port can be bound, or if the TLS library cannot be set up.
    ///
    /// # Panics
    /// Panics outside of a tokio runtime, or in a runtime without I/O and time.
    pub async fn start() -> io::Result<Self> {
        Self::builder().start().await
    }

    /// Returns a builder, to start a server with other settings than the defaults.
    pub fn builder() -> Builder {
        Builder::new()
    }

    async fn run(settings: &Builder) -> io::Result<Self> {
        let site = Arc::new(Site::new(settings)?);
        let listener = TcpListener::bind((settings.address, settings.port)).await?;
        let root = format!("http://{}", reached_at(listener.local_addr()?));
        let first = site.servers[0].clone();
        let client = client(&root, &first)?;
        let router = connection::router(site.clone()).map_err(io::Error::other)?;
        let serve = connection::serve(listener, site.clone(), router);
        let running = Running {
            root,
            client,
            site,
            task: tokio::spawn(serve).abort_handle(),
        };
        let running = Arc::new(running);
        // A token that cannot be sent in a header would belong to an account that nobody could call.
        for server in &running.site.servers {
            Self::of(&running, server)?;
        }
        Self::of(&running, &first)
    }

    fn of(running: &Arc<Running>, server: &Arc<Server>) -> io::Result<Self> {
        let client = match server.region == running.site.servers[0].region {
            true => {
                let other = running.client.with_token(server.token.as_str());
                other.map_err(io::Error::other)?
            }
            false => client(&running.root, server)?,
        };
        Ok(Self {
            url: format!("{}{}", running.root, path_of(server.region)),
            client,
            server: server.clone(),
            running: running.clone(),
        })
    }

    /// Returns a handle to the account with this `token`, or `None` if there is no such account.
    ///
    /// Customers, faults, calls and deliveries of the handle are those of that account. All accounts share one clock.
    pub fn account(&self, token: &str) -> Option<Self> {
        let mut servers = self.running.site.servers.iter();
        let server = servers.find(|server| server.token == token)?;
        Self::of(&self.running, server).ok()
    }

    /// Returns the company's id: 1001 for the first account, 1002 for the next one, and so on.
    ///
    /// [`ReceivedCall::company`] and [`Delivery::company`] name an account by this id.
    pub fn company(&self) -> i64 {
        self.server.company
    }

    /// Returns the base URL of the account, such as `http://127.0.0.1:40123`.
    pub fn url(&self) -> String {
        self.url.clone()
    }

    /// Returns a client of the account. Clients of accounts in the same region share a connection pool.
    pub fn client(&self) -> &Chat2Desk {
        &self.client
    }

    /// Injects a fault, effective immediately.
    ///
    /// Rules are cumulative. If several rules would replace the response to a call, the one that was injected first
    /// does.
    ///
    /// ```
    /// use chat2desk_sandbox::{Fault, Rule, Sandbox};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let sandbox = Sandbox::start().await?;
    /// sandbox.inject(Rule::new(Fault::QuotaUsedUp).on("send_message"));
    /// let text = chat2desk::messages::Draft::text(94_000_001, "Hello");
    /// let error = sandbox.client().send_message(text).send().await.unwrap_err();
    /// assert!(error.is_quota_exceeded());
    /// # Ok(()) }
    /// ```
    pub fn inject(&self, rule: Rule) {
        lock(&self.server.faults).add(rule);
    }

    /// Removes all rules.
    pub fn clear_faults(&self) {
        lock(&self.server.faults).clear();
    }

    /// Returns the calls to this account, in the order in which they were responded to.
    ///
    /// Calls without a known token are included. The latest 10 000 calls are retained, unless [`Builder::journal`] sets
    /// another number.
    pub fn calls(&self) -> Vec<ReceivedCall> {
        self.running.site.calls_of(self.server.company, 0)
    }

    /// Returns the calls of one `operation`, such as `send_message`.
    pub fn calls_of(&self, operation: &str) -> Vec<ReceivedCall> {
        let mut calls = self.calls();
        calls.retain(|call| call.operation == Some(operation));
        calls
    }

    /// Returns the attempts to deliver events to webhooks, in the order in which they ended. Retries are included.
    pub fn deliveries(&self) -> Vec<Delivery> {
        lock(&self.server.deliveries).since(0, |_| true)
    }

    /// Writes `text` to the company as this customer. Returns the id of the message, or `None` if there is no such
    /// customer.
    ///
    /// Raises the event `inbox`, and `new_request` if no dialog was open.
    pub fn write_as(&self, client: i64, text: &str) -> Option<i64> {
        let draft = Draft::new(Kind::FromClient, client, Some(text.into()));
        self.server.change(|account| Some(account.write(draft)?.id))
    }

    /// Hides a message from the list of messages for `delay`, at most a year. Returns `false` if there is no such
    /// message.
    ///
    /// The message is still visible everywhere else. [`Fault::ListedAfter`] hides messages from the moment when they
    /// are written.
    ///
    /// ```
    /// use chat2desk::List;
    /// use chat2desk_sandbox::Sandbox;
    /// use std::time::Duration;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let sandbox = Sandbox::start().await?;
    /// let late = sandbox.write_as(94_000_001, "Hello?").unwrap();
    /// sandbox.list_after(late, Duration::from_secs(30));
    /// let early = sandbox.write_as(94_000_001, "Is anybody there?").unwrap();
    /// let listed = async || sandbox.client().list_messages().start_id(late).collect_all().await;
    /// assert_eq!(listed().await?[0].id, early);
    /// sandbox.advance(Duration::from_secs(30));
    /// assert_eq!(listed().await?.len(), 2);
    /// # Ok(()) }
    /// ```
    pub fn list_after(&self, message: i64, delay: Duration) -> bool {
        let delay = settings::delay(delay);
        self.server
            .change(|account| account.list_after(message, delay))
    }

    /// Logs an operator in or out, as if in the browser. Returns `false` if there is no such operator.
    ///
    /// Raises the event `operator_authentication_updated`.
    pub fn set_online(&self, operator: i64, online: bool) -> bool {
        self.server
            .change(|account| account.set_online(operator, online))
    }

    /// Raises an event with `payload`. Use it for events that no operation of the sandbox causes.
    ///
    /// `hook_type` and `event_time` are added to it. If the payload has a `channel_id`, only webhooks for that channel
    /// get it. [`simulator::sample`] returns a payload for each event.
    ///
    /// # Panics
    /// Panics if `payload` is not a JSON object.
    pub fn post_event(&self, event: WebhookEvent, payload: Value) {
        assert!(
            payload.is_object(),
            "the payload of an event must be a JSON object"
        );
        let channel = payload["channel_id"].as_i64();
        self.server
            .change(|account| account.raise(event, channel, |_| payload));
    }

    /// Returns the current time of the sandbox's clock.
    pub fn now(&self) -> DateTime<Utc> {
        self.server.clock.now()
    }

    /// Moves the clock forward, for all accounts. The total is limited to a hundred years.
    ///
    /// Whatever is due by the new time happens at once, such as the next state of a sent message or the retries of
    /// webhooks. [`settle`](Self::settle) waits until it has happened.
    pub fn advance(&self, by: Duration) {
        self.running.site.advance(by);
    }

    /// Waits until all webhook deliveries that are due by now have been attempted.
    ///
    /// ```
    /// use chat2desk_sandbox::Sandbox;
    /// use chat2desk::wire::WebhookEvent;
    /// use std::time::Duration;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let sandbox = Sandbox::start().await?;
    /// let nobody = "http://127.0.0.1:9/";
    /// sandbox.client().ensure_webhook(nobody, [WebhookEvent::Inbox]).send().await?;
    /// sandbox.write_as(94_000_001, "Hello?");
    /// sandbox.settle().await;
    /// sandbox.advance(Duration::from_secs(10));
    /// sandbox.settle().await;
    /// assert_eq!(sandbox.deliveries().len(), 2);
    /// # Ok(()) }
    /// ```
    pub async fn settle(&self) {
        for server in &self.running.site.servers {
            server.settle().await;
        }
    }
}

/// Returns the address at which this machine reaches a listener, which may listen at all addresses.
fn reached_at(mut address: SocketAddr) -> SocketAddr {
    if address.ip().is_unspecified() {
        address.set_ip(match address {
            SocketAddr::V4(_) => IpAddr::from(Ipv4Addr::LOCALHOST),
            SocketAddr::V6(_) => IpAddr::from(Ipv6Addr::LOCALHOST),
        });
    }
    address
}

/// Creates a client of an account, with a connection pool of its own.
fn client(root: &str, server: &Server) -> io::Result<Chat2Desk> {
    let client = Chat2Desk::builder(server.token.as_str())
        .base_url(format!("{root}{}", path_of(server.region)))
        .storage_url(format!("{root}{}", page::FILES))
        .allow_http(true);
    client.build().map_err(io::Error::other)
}

impl Drop for Running {
    fn drop(&mut self) {
        self.task.abort();
        for server in &self.site.servers {
            lock(&server.tasks).abort_all();
        }
    }
}

impl fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sandbox")
            .field("url", &self.url)
            .field("company", &self.server.company)
            .finish_non_exhaustive()
    }
}

/// Runs the example of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
