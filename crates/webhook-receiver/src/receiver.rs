//! [`Receiver`]: accepts deliveries, acknowledges them at once, and retries the handler until it succeeds.

mod admission;
mod body;
mod builder;
#[cfg(feature = "catch-up")]
mod catch_up;
mod http;
mod room;
mod secret;
mod serve;
mod work;

pub use builder::Builder;
#[cfg(feature = "catch-up")]
pub use catch_up::{CatchUpError, CaughtUp};
pub use work::{Delivery, HandlerError};

use crate::store::{Store, StoreError};
use chat2desk::webhook::{Event, Verifier};
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Receives webhooks: verifies them, acknowledges them, and calls a handler with each event until it succeeds.
///
/// The response to a delivery is 200 as soon as the [store](Builder::store) has the event, before it is handled,
/// because it is unknown how long the vendor waits. A repeated delivery gets the same response and is not handled
/// again. Up to [`capacity`](Builder::capacity) events can be waiting or in progress. Beyond that the response is 503,
/// and the vendor retries after 10 seconds, 5 minutes and 2 hours.
///
/// If the handler returns an error or panics, it is called again after a delay, which doubles with each failure. Events
/// arrive in no particular order. If order matters, use [`Event::occurred_at`].
///
/// Each event is handled successfully once, with one exception: it is handled again if the process ends after the
/// handler succeeded and before the store has recorded that. If that matters, make the effect idempotent by
/// [`Event::dedup_key`], such as with a unique column. The crate's page shows it for [replies](crate#replies).
///
/// Cheap to clone. All clones are the same receiver.
///
/// ```no_run
/// use chat2desk_webhook_receiver::{JournalStore, Memory, Receiver};
/// use chat2desk::webhook::Verifier;
///
/// # async fn run() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
/// let verifier = Verifier::new(std::env::var("CHAT2DESK_TOKEN")?)?;
/// let receiver = Receiver::builder(verifier)
///     .store(JournalStore::open("webhooks.journal", Memory::default())?)
///     .start(|delivery| async move {
///         println!("{:?}", delivery.event);
///         Ok::<_, std::io::Error>(())
///     })
///     .await?;
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct Receiver(Arc<Shared>);

struct Shared {
    verifier: Verifier,
    http: http::Limits,
    store: Arc<dyn Store>,
    work: work::Work,
    /// Holds a place for each event that is accepted and not handled.
    room: room::Room,
    /// Connections of [`Receiver::serve`].
    connections: Arc<admission::Admission>,
    /// The events that the handler is for. All events if the set is empty.
    #[cfg(feature = "catch-up")]
    events: std::collections::HashSet<chat2desk::wire::WebhookEvent>,
    counts: Counts,
    unkeyed: AtomicU64,
}

#[derive(Default)]
struct Counts {
    accepted: AtomicU64,
    repeats: AtomicU64,
    refused: AtomicU64,
    turned_away: AtomicU64,
    handled: AtomicU64,
    failed: AtomicU64,
}

/// Counters of a [`Receiver`] since it started.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Stats {
    /// Events accepted. Includes events that were waiting in the store at the start.
    pub accepted: u64,
    /// Deliveries of events that had been accepted before.
    pub repeats: u64,
    /// Requests rejected because the signature was missing or wrong, or because the request was malformed.
    pub refused: u64,
    /// Deliveries that got 503 or 500: at capacity, shut down, or the store failed.
    pub turned_away: u64,
    /// Events that were handled successfully.
    pub handled: u64,
    /// Failed calls of the handler. Each retry counts.
    pub failed: u64,
    /// Events that are waiting or being handled.
    pub in_flight: u64,
}

/// Why an event was not accepted.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// The receiver is at [capacity](Builder::capacity).
    #[error(
        "the receiver is at capacity: too many events are not handled yet; the sender should retry later"
    )]
    Full,
    /// The receiver was shut down.
    #[error("the receiver is shut down and accepts no events; the sender should retry later")]
    Closed,
    /// The store could not record the event.
    #[error("the store could not record the event; the sender should retry later")]
    Store(#[source] StoreError),
}

impl Receiver {
    /// Returns a builder of a receiver that accepts the deliveries that `verifier` accepts.
    pub fn builder(verifier: Verifier) -> Builder {
        Builder::new(verifier)
    }

    /// Accepts an event if the receiver is not at capacity. Returns `true` if the event is new, `false` if it was
    /// accepted before.
    ///
    /// Use it for transports of your own. For HTTP requests use [`handle`](Self::handle).
    ///
    /// # Errors
    /// Returns why the event was not accepted. The sender should retry later.
    pub async fn offer(&self, event: Event) -> Result<bool, Refusal> {
        self.take(event, self.0.room.try_enter()).await
    }

    /// Accepts an event, waiting for capacity if necessary. Returns `true` if the event is new, `false` if it was
    /// accepted before.
    ///
    /// # Errors
    /// Returns [`Closed`](Refusal::Closed) if the receiver is shut down, or [`Store`](Refusal::Store) if the store
    /// fails.
    pub async fn submit(&self, event: Event) -> Result<bool, Refusal> {
        let place = self.0.room.enter().await;
        self.take(event, place).await
    }

    async fn take(
        &self,
        event: Event,
        place: Result<room::Place, Refusal>,
    ) -> Result<bool, Refusal> {
        let shared = self.0.clone();
        let taken = async move {
            let place = place?;
            let key = event.dedup_key().unwrap_or_else(|| shared.unkeyed());
            let new = shared
                .store
                .accept(&key, &event)
                .await
                .map_err(Refusal::Store)?;
            if new {
                shared.begin(key, event, place);
            }
            Ok(new)
        };
        // In a task of its own: if this future were dropped between the two steps, as when the sender
        // disconnects, the event would be stored but never handled.
        let taken = tokio::spawn(taken).await;
        let taken = taken.unwrap_or_else(|error| Err(Refusal::Store(error.into())));
        let counts = &self.0.counts;
        match &taken {
            Ok(true) => {}
            Ok(false) => add(&counts.repeats),
            Err(_) => add(&counts.turned_away),
        }
        taken
    }

    /// Returns the counters since the start.
    pub fn stats(&self) -> Stats {
        let counts = &self.0.counts;
        let get = |count: &AtomicU64| count.load(Ordering::Relaxed);
        Stats {
            accepted: get(&counts.accepted),
            repeats: get(&counts.repeats),
            refused: get(&counts.refused),
            turned_away: get(&counts.turned_away),
            handled: get(&counts.handled),
            failed: get(&counts.failed),
            in_flight: self.0.room.taken() as u64,
        }
    }

    /// Stops accepting events and waits until all are handled, for up to `limit`. Returns how many events are not
    /// handled then. A store that outlives the process returns them at the next start.
    ///
    /// Stop the HTTP server before, or at the same time. New deliveries get 503.
    pub async fn shutdown(&self, limit: Duration) -> u64 {
        self.0.room.close(limit).await;
        self.0.room.taken() as u64
    }
}

impl Shared {
    /// Returns a key for an event that has none. It is unique, also among the keys of other processes.
    fn unkeyed(&self) -> String {
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        let number = self.unkeyed.fetch_add(1, Ordering::Relaxed);
        format!("unkeyed:{}:{number}", now.as_nanos())
    }
}

fn add(count: &AtomicU64) {
    count.fetch_add(1, Ordering::Relaxed);
}

impl fmt::Debug for Receiver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Receiver")
            .field("stats", &self.stats())
            .finish_non_exhaustive()
    }
}
