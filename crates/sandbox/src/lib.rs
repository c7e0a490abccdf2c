//! A Chat2Desk in your process: for trials, tests and demonstrations, without an account.
//!
//! The server has a state: what you send is in the list of messages, opens a dialog, and goes to the
//! webhooks that you registered. It behaves as the API is known to, its envelopes, page caps, ignored
//! parameters and errors included. Operations whose behaviour nobody has published answer with the
//! specification's example, and say so in the header `x-sandbox-answer: example`.
//!
//! ```
//! use chat2desk::List;
//! use chat2desk_sandbox::Sandbox;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let sandbox = Sandbox::start().await?;
//! let clients = sandbox.client().list_clients().items().collect_all().await?;
//! assert_eq!(clients.len(), 321);
//! assert_eq!(sandbox.calls_of("list_clients").len(), 2);
//! # Ok(()) }
//! ```
//!
//! [`Sandbox::builder`] makes larger accounts, several of them and other limits, [`Sandbox::inject`] makes calls fail,
//! [`Sandbox::calls`] tells what was called, and [`Sandbox::advance`] moves the clock, which the retries of
//! webhooks wait for.
//!
//! # Sent messages
//!
//! A message to a customer is `pending` at first, `sent` after one second, `delivered` after two seconds and `seen`
//! after 60 seconds. Each state shows in the message and raises `outbox_status`. [`Sandbox::advance`] moves on to later
//! states at once. [`Fault::NotDelivered`] makes a message end as `failed`, [`Fault::NotSeen`] as `delivered`.
//!
//! In WhatsApp only templates reach a customer who has been silent for 24 hours; other messages end as `failed`. The
//! clock starts right after the last invented message, which is of the first customer, 94000001. Why a message fails is
//! in [`ReceivedCall::note`], on the page, and in the event `outbox_status`; the API's records have no field for it. In an
//! external channel a message stays `pending` until `set_message_status` changes it.
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
//! Some operations have a documented effect and an unknown response, such as `delete_outbox`. They have the effect,
//! and respond with `{}` and the header above. Events that no operation causes, such as `device_updated`, can be raised
//! by [`Sandbox::post_event`]. What is not done: the old webhooks (`set_legacy_web_hook`) are remembered and never posted to.
//!
//! Requests for other hosts than this machine get status 421, unless [`Builder::host`] names the host.
//!
//! # The program
//!
//! `cargo install chat2desk-sandbox` installs the sandbox as a program, with a page for people at its address:
//! `chat2desk-sandbox --port 8080 --token demo`.

#![warn(missing_docs)]
#![cfg_attr(not(test), warn(clippy::unwrap_used))]

mod account;
mod answer;
mod api;
mod builder;
mod call;
mod clock;
mod connection;
mod delivery;
mod document;
mod faults;
mod host;
mod journal;
mod limits;
mod page;
mod response;
mod server;
mod settings;
pub mod simulator;
mod site;
mod watch;

pub use builder::Builder;
pub use faults::{Fault, Rule};
pub use journal::{Delivery, ReceivedCall, Said};
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

/// The token that the sandbox accepts, unless it is told another.
pub const TOKEN: &str = "sandbox-token";

/// An account of a running server, which stops when the last of its accounts is dropped, and forgets all that happened.
pub struct Sandbox {
    url: String,
    client: Chat2Desk,
    server: Arc<Server>,
    running: Arc<Running>,
}

/// What all accounts of a server have in common.
struct Running {
    root: String,
    /// The usual account's.
    client: Chat2Desk,
    site: Arc<Site>,
    task: AbortHandle,
}

impl Sandbox {
    /// Starts the usual server on a free port of the loopback interface.
    ///
    /// # Errors
    /// If no port can be bound, or the TLS library cannot be set up.
    ///
    /// # Panics
    /// Outside of a tokio runtime, or in one without I/O and time.
    pub async fn start() -> io::Result<Self> {
        Self::builder().start().await
    }

    /// Makes another one than the usual.
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
        // A token that cannot be a header is one of an account that nobody could call.
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

    /// The account of this token; `None` if there is none.
    ///
    /// What it returns is a sandbox of its own kind: its customers, faults, calls and deliveries are those of that
    /// account. The clock is the same.
    pub fn account(&self, token: &str) -> Option<Self> {
        let mut servers = self.running.site.servers.iter();
        let server = servers.find(|server| server.token == token)?;
        Self::of(&self.running, server).ok()
    }

    /// The company's id, by which the journal says whose a call is: 1001 for the usual account, then 1002 and so on.
    pub fn company(&self) -> i64 {
        self.server.company
    }

    /// The base URL of the account, such as `http://127.0.0.1:40123`.
    pub fn url(&self) -> String {
        self.url.clone()
    }

    /// A client of it. Those of accounts in one region share a connection pool.
    pub fn client(&self) -> &Chat2Desk {
        &self.client
    }

    /// Has things go wrong from now on. Rules add up; of those that give an answer of their own, the
    /// first that happens to a call does.
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

    /// Has nothing go wrong from now on.
    pub fn clear_faults(&self) {
        lock(&self.server.faults).clear();
    }

    /// The calls that came, in the order in which they were answered: those of the account, and those without a token
    /// that is known.
    pub fn calls(&self) -> Vec<ReceivedCall> {
        self.running.site.calls_of(self.server.company, 0)
    }

    /// The calls of one operation, such as `send_message`.
    pub fn calls_of(&self, operation: &str) -> Vec<ReceivedCall> {
        let mut calls = self.calls();
        calls.retain(|call| call.operation == Some(operation));
        calls
    }

    /// The attempts to deliver to webhooks, in the order in which they ended.
    pub fn deliveries(&self) -> Vec<Delivery> {
        lock(&self.server.deliveries).since(0, |_| true)
    }

    /// Writes to the company as this customer, and gives the message's id; none if there is no such
    /// customer.
    ///
    /// Raises the event `inbox`, and `new_request` if no dialog was open.
    pub fn write_as(&self, client: i64, text: &str) -> Option<i64> {
        let draft = Draft::new(Kind::FromClient, client, Some(text.into()));
        self.server.change(|account| Some(account.write(draft)?.id))
    }

    /// Takes a message out of the list of messages for `delay`, a year at most, and says whether there is such a
    /// message. It shows everywhere else. [`Fault::ListedAfter`] does so for messages as they are written.
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

    /// Logs an operator in or out, in the browser. Returns `false` if there is no such operator.
    ///
    /// Raises the event `operator_authentication_updated`.
    pub fn set_online(&self, operator: i64, online: bool) -> bool {
        self.server
            .change(|account| account.set_online(operator, online))
    }

    /// Raises an event with `payload`. Use it for events that no operation of the sandbox causes.
    ///
    /// `hook_type` and `event_time` are set. If the payload has a `channel_id`, only webhooks for that channel get it.
    /// `chat2desk_sandbox::simulator::sample` returns a payload of every event.
    ///
    /// # Panics
    /// If the payload is not a JSON object.
    pub fn post_event(&self, event: WebhookEvent, payload: Value) {
        assert!(payload.is_object(), "a payload is an object");
        let channel = payload["channel_id"].as_i64();
        self.server
            .change(|account| account.raise(event, channel, |_| payload));
    }

    /// What time it is in the sandbox.
    pub fn now(&self) -> DateTime<Utc> {
        self.server.clock.now()
    }

    /// Moves the clock on, by a hundred years altogether at most. What waits for it, such as the next state of a
    /// sent message or the retries of webhooks, happens at once; [`settle`](Self::settle) waits until it has.
    pub fn advance(&self, by: Duration) {
        self.running.site.advance(by);
    }

    /// Waits until everything is delivered to webhooks that is to be by now.
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

/// Where this machine reaches a listener, which may listen at all addresses.
fn reached_at(mut address: SocketAddr) -> SocketAddr {
    if address.ip().is_unspecified() {
        address.set_ip(match address {
            SocketAddr::V4(_) => IpAddr::from(Ipv4Addr::LOCALHOST),
            SocketAddr::V6(_) => IpAddr::from(Ipv6Addr::LOCALHOST),
        });
    }
    address
}

/// A client of an account with a pool of its own.
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

/// The example of the README is run.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
