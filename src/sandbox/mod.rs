//! A Chat2Desk in your process: for trials, tests and demonstrations, without an account.
//!
//! The server has a state: what you send is in the list of messages, opens a dialog, and goes to the
//! webhooks that you registered. It behaves as the API is known to, its envelopes, page caps, ignored
//! parameters and errors included. Operations whose behaviour nobody has published answer with the
//! specification's example, and say so in the header `x-sandbox-answer: example`.
//!
//! ```
//! use chat2desk::{List, sandbox::Sandbox};
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
//! [`Sandbox::builder`] makes larger accounts and other limits, [`Sandbox::inject`] makes calls fail,
//! [`Sandbox::calls`] tells what was called, and [`Sandbox::advance`] moves the clock, which the retries of
//! webhooks wait for.
//!
//! # Sent messages
//!
//! A message to a customer is `pending` at first, `sent` after one second, `delivered` after two seconds and `seen`
//! after 60 seconds. Each state shows in the message and raises `outbox_status`. [`Sandbox::advance`] moves on to later
//! states at once. [`Fault::NotDelivered`] makes a message end as `failed`, [`Fault::NotSeen`] as `delivered`.
//!
//! In WhatsApp only templates reach a customer who has been silent for 24 hours; other messages end as `failed`. In an
//! external channel a message stays `pending` until `set_message_status` changes it.
//!
//! ```
//! use chat2desk::messages::Draft;
//! use chat2desk::sandbox::{Fault, Rule, Sandbox};
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
//! As a program, with a page for people at its address:
//! `cargo run --features sandbox --example sandbox -- --port 8080 --token demo`

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
mod journal;
mod limits;
mod page;
mod response;
mod server;
mod watch;

pub use builder::Builder;
pub use faults::{Fault, Rule};
pub use journal::{Delivery, ReceivedCall};

use crate::Chat2Desk;
use crate::wire::WebhookEvent;
use account::{Draft, Kind};
use chrono::{DateTime, Utc};
use serde_json::Value;
use server::{Server, lock};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use std::{fmt, io};
use tokio::net::TcpListener;
use tokio::task::AbortHandle;

/// The token that the sandbox accepts, unless it is told another.
pub const TOKEN: &str = "sandbox-token";

/// A running server; it stops when this is dropped, and forgets all that happened.
pub struct Sandbox {
    address: SocketAddr,
    client: Chat2Desk,
    server: Arc<Server>,
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
        let listener = TcpListener::bind(("127.0.0.1", settings.port)).await?;
        let address = listener.local_addr()?;
        let client = Chat2Desk::builder(settings.token.clone())
            .base_url(format!("http://{address}"))
            .build();
        let client = client.map_err(io::Error::other)?;
        let server = Arc::new(Server::new(settings)?);
        let router = connection::router(server.clone()).map_err(io::Error::other)?;
        let task = tokio::spawn(connection::serve(listener, router)).abort_handle();
        Ok(Self {
            address,
            client,
            server,
            task,
        })
    }

    /// Where it listens, such as `http://127.0.0.1:40123`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// A client of it.
    pub fn client(&self) -> &Chat2Desk {
        &self.client
    }

    /// Has things go wrong from now on. Rules add up; of those that give an answer of their own, the
    /// first that happens to a call does.
    ///
    /// ```
    /// use chat2desk::sandbox::{Fault, Rule, Sandbox};
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

    /// The calls that came, in the order in which they were answered.
    pub fn calls(&self) -> Vec<ReceivedCall> {
        lock(&self.server.calls).since(0)
    }

    /// The calls of one operation, such as `send_message`.
    pub fn calls_of(&self, operation: &str) -> Vec<ReceivedCall> {
        let mut calls = self.calls();
        calls.retain(|call| call.operation == Some(operation));
        calls
    }

    /// The attempts to deliver to webhooks, in the order in which they ended.
    pub fn deliveries(&self) -> Vec<Delivery> {
        lock(&self.server.deliveries).since(0)
    }

    /// Writes to the company as this customer, and gives the message's id; none if there is no such
    /// customer.
    ///
    /// Raises the event `inbox`, and `new_request` if no dialog was open.
    pub fn write_as(&self, client: i64, text: &str) -> Option<i64> {
        let draft = Draft::new(Kind::FromClient, client, Some(text.into()));
        self.server.change(|account| Some(account.write(draft)?.id))
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
    /// `chat2desk::webhook::testing::sample` returns a payload of every event.
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
        self.server.advance(by);
    }

    /// Waits until everything is delivered to webhooks that is to be by now.
    ///
    /// ```
    /// use chat2desk::sandbox::Sandbox;
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
        self.server.settle().await;
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.task.abort();
        lock(&self.server.tasks).abort_all();
    }
}

impl fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sandbox")
            .field("url", &self.url())
            .finish_non_exhaustive()
    }
}
