//! [`Simulator`] signs and posts webhook events as the vendor does, for tests of receivers.
//!
//! It needs no [`Sandbox`](crate::Sandbox). [`sample`] and [`samples`] return payloads to post.
//!
//! ```
//! use chat2desk_sandbox::simulator::{Simulator, sample};
//! use chat2desk_webhook_receiver::Receiver;
//! use chat2desk::webhook::Verifier;
//! use chat2desk::wire::WebhookEvent;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
//! let receiver = Receiver::builder(Verifier::new("token")?)
//!     .start(|delivery| async move {
//!         assert!(delivery.is_from_client());
//!         Ok::<_, std::io::Error>(())
//!     })
//!     .await?;
//! let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
//! let url = format!("http://{}/", listener.local_addr()?);
//! let app = receiver.router();
//! tokio::spawn(async move { axum::serve(listener, app).await });
//!
//! let vendor = Simulator::new(url, "token")?;
//! let message = sample(&WebhookEvent::Inbox).expect("inbox has a sample");
//! assert!(vendor.deliver(&message).await.is_delivered());
//! # Ok(()) }
//! ```

use chat2desk::webhook::sign;
use chat2desk::wire::WebhookEvent;
use futures_util::stream::{self, StreamExt};
use reqwest::redirect::Policy;
use serde_json::Value;
use std::fmt;
use std::io;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The delays after which the vendor retries a failed delivery: 10 seconds, 5 minutes and 2 hours. There is no fourth
/// retry.
pub const RETRIES: [Duration; 3] = [
    Duration::from_secs(10),
    Duration::from_secs(5 * 60),
    Duration::from_secs(2 * 3600),
];

macro_rules! samples {
    ($($file:literal),* $(,)?) => {
        [$(($file, include_str!(concat!("samples/", $file, ".json")))),*]
    };
}

/// The JSON of every event, by the event's name.
const SAMPLES: [(&str, &str); 26] = samples!(
    "inbox",
    "outbox",
    "outbox_status",
    "new_client",
    "client_updated",
    "client_added_to_blacklist",
    "new_tag",
    "add_tag_to_client",
    "delete_tag_from_client",
    "add_tag_to_request",
    "delete_tag_from_request",
    "new_request",
    "close_request",
    "close_dialog",
    "dialog_transferred",
    "comment",
    "system_message",
    "imported_message",
    "ai_hints_requested",
    "operator_status_changed",
    "operator_authentication_updated",
    "new_qr_code",
    "device_updated",
    "new_ticket",
    "ticket_updated",
    "ticket_deleted",
);

/// Returns the JSON of this event, with invented values, or `None` for an unknown event.
///
/// [`Payload`](chat2desk::webhook::Payload) says for each event how well its shape is known.
pub fn sample(event: &WebhookEvent) -> Option<Value> {
    samples()
        .into_iter()
        .find(|(known, _)| known == event)
        .map(|(_, post)| post)
}

/// Returns the JSON of every known event, with invented values.
pub fn samples() -> Vec<(WebhookEvent, Value)> {
    let sample = |(name, text): (&str, &str)| Some((name.into(), text.parse().ok()?));
    SAMPLES.into_iter().filter_map(sample).collect()
}

/// Posts events as the vendor does: signed, with [retries](RETRIES) after failures.
///
/// Retries wait by tokio's clock. In a test that pauses it, two hours pass at once.
#[derive(Clone)]
pub struct Simulator {
    url: String,
    token: String,
    http: reqwest::Client,
    sign_anew: bool,
    repeats: f64,
    shuffle: Option<u64>,
    at_once: usize,
}

/// The result of a delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Outcome {
    /// The status of the response to each attempt. `None` if there was no response.
    pub statuses: Vec<Option<u16>>,
}

impl Outcome {
    /// Returns whether the last attempt succeeded.
    pub fn is_delivered(&self) -> bool {
        let last = self.statuses.last().copied().flatten();
        last.is_some_and(|status| (200..300).contains(&status))
    }
}

impl Simulator {
    /// Creates a simulator that posts to `url` and signs with the API `token`.
    ///
    /// # Errors
    /// Returns an error if the token is empty or has characters that no token has, and if no HTTP client can be created,
    /// as without a crypto provider of rustls.
    pub fn new(url: impl Into<String>, token: impl Into<String>) -> io::Result<Self> {
        let token = token.into();
        sign(&token, 0, b"").map_err(|error| io::Error::new(io::ErrorKind::InvalidInput, error))?;
        Ok(Self {
            url: url.into(),
            token,
            http: http().map_err(io::Error::other)?,
            sign_anew: true,
            repeats: 0.0,
            shuffle: None,
            at_once: 16,
        })
    }

    /// Sets whether each attempt is signed with its own time, or with the time of the first attempt. Default: `true`,
    /// its own time. Which of them the vendor does is unknown.
    pub fn sign_anew(mut self, anew: bool) -> Self {
        self.sign_anew = anew;
        self
    }

    /// Sets the share of events that [`deliver_all`](Self::deliver_all) delivers twice, from 0 to 1. Default: 0.
    pub fn repeats(mut self, share: f64) -> Self {
        self.repeats = share;
        self
    }

    /// Makes [`deliver_all`](Self::deliver_all) deliver in a random order. The same `seed` gives the same order.
    pub fn shuffle(mut self, seed: u64) -> Self {
        self.shuffle = Some(seed);
        self
    }

    /// Sets how many deliveries [`deliver_all`](Self::deliver_all) makes at once, those that wait for a retry included.
    /// Default: 16. At least 1.
    pub fn at_once(mut self, deliveries: usize) -> Self {
        self.at_once = deliveries.max(1);
        self
    }

    /// Delivers an event without retries. Returns the status of the response, or the error if there was none.
    ///
    /// # Errors
    /// Returns an error if there is no response.
    pub async fn deliver_once(&self, event: &Value) -> io::Result<u16> {
        let body = event.to_string();
        let attempt = post(&self.http, &self.url, &self.token, unix_seconds(), &body);
        let failed = |error: reqwest::Error| io::Error::other(error.without_url());
        attempt.await.map_err(failed)
    }

    /// Delivers an event, with retries until the receiver responds with a success. Returns the result of all attempts.
    pub async fn deliver(&self, post: &Value) -> Outcome {
        let body = post.to_string();
        let first = unix_seconds();
        let statuses = vec![self.attempt(&body, first).await];
        let mut outcome = Outcome { statuses };
        for delay in RETRIES {
            if outcome.is_delivered() {
                break;
            }
            tokio::time::sleep(delay).await;
            let seconds = if self.sign_anew {
                unix_seconds()
            } else {
                first
            };
            outcome.statuses.push(self.attempt(&body, seconds).await);
        }
        outcome
    }

    /// Delivers events, some of them twice and in a random order if so set. Returns the results of all deliveries, in
    /// the order in which they ended.
    pub async fn deliver_all(&self, posts: impl IntoIterator<Item = Value>) -> Vec<Outcome> {
        let mut random = fastrand::Rng::with_seed(self.shuffle.unwrap_or_default());
        let mut posts: Vec<Value> = posts.into_iter().collect();
        let repeated: Vec<Value> = posts
            .iter()
            .filter(|_| random.f64() < self.repeats)
            .cloned()
            .collect();
        posts.extend(repeated);
        if self.shuffle.is_some() {
            random.shuffle(&mut posts);
        }
        let deliveries = stream::iter(&posts).map(|post| self.deliver(post));
        deliveries.buffer_unordered(self.at_once).collect().await
    }

    /// Posts once. Returns the status of the response.
    async fn attempt(&self, body: &str, seconds: u64) -> Option<u16> {
        let attempt = post(&self.http, &self.url, &self.token, seconds, body);
        attempt.await.ok()
    }
}

/// Creates the HTTP client of deliveries. It uses no proxy and follows no redirect.
pub(crate) fn http() -> Result<reqwest::Client, reqwest::Error> {
    let builder = reqwest::Client::builder();
    builder.no_proxy().redirect(Policy::none()).build()
}

/// Posts an event, signed with `token` at the time `seconds`, in unix seconds. Returns the status of the response.
pub(crate) async fn post(
    http: &reqwest::Client,
    url: &str,
    token: &str,
    seconds: u64,
    body: &str,
) -> Result<u16, reqwest::Error> {
    // The token was checked when the simulator or the sandbox was created.
    let headers = sign(token, seconds, body.as_bytes()).unwrap_or_default();
    let request = http.post(url).headers(headers);
    let request = request
        .header("content-type", "application/json")
        .body(body.to_owned());
    Ok(request.send().await?.status().as_u16())
}

/// Shows no token.
impl fmt::Debug for Simulator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Simulator")
            .field("sign_anew", &self.sign_anew)
            .field("repeats", &self.repeats)
            .field("shuffle", &self.shuffle)
            .finish_non_exhaustive()
    }
}

fn unix_seconds() -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    now.unwrap_or_default().as_secs()
}
