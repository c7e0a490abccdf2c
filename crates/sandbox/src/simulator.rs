//! The vendor's part, for tests of receivers: [`Simulator`] signs and posts events as the vendor does.
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

use chat2desk::webhook::{TokenError, sign};
use chat2desk::wire::WebhookEvent;
use futures_util::stream::{self, StreamExt};
use reqwest::redirect::Policy;
use serde_json::Value;
use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// How long after a failure the vendor tries again: 10 seconds, 5 minutes, 2 hours, then never.
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

/// A post of every event, by its name.
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

/// A post of this event, with invented values; none for an event that is not known.
///
/// How well its shape is known, [`Payload`](chat2desk::webhook::Payload) says at each event.
pub fn sample(event: &WebhookEvent) -> Option<Value> {
    samples()
        .into_iter()
        .find(|(known, _)| known == event)
        .map(|(_, post)| post)
}

/// A post of every known event, with invented values.
pub fn samples() -> Vec<(WebhookEvent, Value)> {
    let sample = |(name, text): (&str, &str)| Some((name.into(), text.parse().ok()?));
    SAMPLES.into_iter().filter_map(sample).collect()
}

/// Posts events as the vendor does: signed, and again after failures.
///
/// Waits by tokio's clock: in a test that pauses it, two hours pass at once.
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

/// What became of a delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Outcome {
    /// The status of the answer to each attempt; none if there was no answer.
    pub statuses: Vec<Option<u16>>,
}

impl Outcome {
    /// Whether the last attempt succeeded.
    pub fn is_delivered(&self) -> bool {
        let last = self.statuses.last().copied().flatten();
        last.is_some_and(|status| (200..300).contains(&status))
    }
}

impl Simulator {
    /// A vendor that posts to this URL what it signs with this API token.
    ///
    /// # Errors
    /// [`TokenError`] for an empty or impossible token.
    ///
    /// # Panics
    /// If no HTTP client can be made on this machine.
    pub fn new(url: impl Into<String>, token: impl Into<String>) -> Result<Self, TokenError> {
        let token = token.into();
        sign(&token, 0, b"")?;
        Ok(Self {
            url: url.into(),
            token,
            http: http().expect("a plain HTTP client needs nothing"),
            sign_anew: true,
            repeats: 0.0,
            shuffle: None,
            at_once: 16,
        })
    }

    /// Whether each attempt carries its own time and signature, as unless set, or those of the first:
    /// which of them the vendor does is unknown.
    pub fn sign_anew(mut self, anew: bool) -> Self {
        self.sign_anew = anew;
        self
    }

    /// Delivers this share of the posts of [`deliver_all`](Self::deliver_all) twice, from 0 to 1.
    pub fn repeats(mut self, share: f64) -> Self {
        self.repeats = share;
        self
    }

    /// Delivers out of order, in the order that this number makes.
    pub fn shuffle(mut self, seed: u64) -> Self {
        self.shuffle = Some(seed);
        self
    }

    /// How many deliveries go on at once, those that wait for a retry included. 16 unless set.
    pub fn at_once(mut self, deliveries: usize) -> Self {
        self.at_once = deliveries.max(1);
        self
    }

    /// Delivers a post, with the retries it needs.
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

    /// Delivers posts, some of them twice and out of order if so set; the outcomes of all deliveries.
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

    /// Posts once; the status of the answer.
    async fn attempt(&self, body: &str, seconds: u64) -> Option<u16> {
        let attempt = post(&self.http, &self.url, &self.token, seconds, body);
        attempt.await.ok()
    }
}

/// What posts deliveries: straight to the receiver, and to nowhere else.
pub(crate) fn http() -> Result<reqwest::Client, reqwest::Error> {
    let builder = reqwest::Client::builder();
    builder.no_proxy().redirect(Policy::none()).build()
}

/// Posts an event, signed with this token at this time, in unix seconds; the status of the answer.
pub(crate) async fn post(
    http: &reqwest::Client,
    url: &str,
    token: &str,
    seconds: u64,
    body: &str,
) -> Result<u16, reqwest::Error> {
    // The token was good when the simulator or the sandbox was made.
    let headers = sign(token, seconds, body.as_bytes()).unwrap_or_default();
    let request = http.post(url).headers(headers);
    let request = request
        .header("content-type", "application/json")
        .body(body.to_owned());
    Ok(request.send().await?.status().as_u16())
}

/// Without the token.
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
