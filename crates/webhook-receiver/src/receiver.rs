//! [`Receiver`]: takes deliveries in, answers at once, and has them handled until they are.

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

/// Receives webhooks: verifies, acknowledges, and hands each event to a handler until it succeeds.
///
/// A delivery is answered with 200 once the [store](Builder::store) has it, before it is handled: how
/// long the vendor waits is unknown. A repeat is answered the same way and goes no further. Up to
/// [`capacity`](Builder::capacity) events wait or are being handled; beyond it the answer is 503, and
/// the vendor tries again after 10 seconds, 5 minutes and 2 hours.
///
/// An event whose handler fails, by error or panic, is handed to it again after a delay that doubles.
/// Events come in no order, and where order matters [`Event::occurred_at`] tells it.
///
/// Each event is handled to its end once, unless the process ends after the handler succeeded and
/// before the store has noted it. Make the effect itself idempotent by [`Event::dedup_key`] where that
/// matters, such as by a unique column.
///
/// Cheap to clone; clones are the same receiver.
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
    /// A place for every event that is accepted and not handled.
    room: room::Room,
    /// Connections of [`Receiver::serve`].
    connections: Arc<admission::Admission>,
    /// The events that the handler is for; all if there are none.
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

/// What a [`Receiver`] did since it started.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Stats {
    /// Events taken in, those included that waited in the store when it started.
    pub accepted: u64,
    /// Deliveries of events that were taken in before.
    pub repeats: u64,
    /// Requests that are not rightly signed deliveries.
    pub refused: u64,
    /// Deliveries answered with 503 or 500: no room, closed, or the store failed.
    pub turned_away: u64,
    /// Events handled.
    pub handled: u64,
    /// Attempts at handling that failed.
    pub failed: u64,
    /// Events that wait or are being handled.
    pub in_flight: u64,
}

/// Why an event was not taken in.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// As many events as the receiver has room for are not handled yet.
    #[error("no room: too many events are not handled yet")]
    Full,
    /// The receiver was shut down.
    #[error("the receiver is shut down")]
    Closed,
    /// The store failed.
    #[error("the store failed")]
    Store(#[source] StoreError),
}

impl Receiver {
    /// Settings of a receiver of what this verifier accepts.
    pub fn builder(verifier: Verifier) -> Builder {
        Builder::new(verifier)
    }

    /// Takes an event in, if there is room; whether it is new. For transports of your own:
    /// [`handle`](Self::handle) answers HTTP requests.
    ///
    /// # Errors
    /// Why it was not taken in; the sender should try again later.
    pub async fn offer(&self, event: Event) -> Result<bool, Refusal> {
        self.take(event, self.0.room.try_enter()).await
    }

    /// Takes an event in as soon as there is room; whether it is new.
    ///
    /// # Errors
    /// [`Closed`](Refusal::Closed) and [`Store`](Refusal::Store).
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
        // In a task of its own: were it dropped between the two steps, as when the sender hangs up, the
        // event would be known and not handled.
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

    /// What it did so far.
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

    /// Takes nothing more in and waits until all is handled, for so long at most; how many events are
    /// not handled then. A store that outlives the process hands them out at the next start.
    ///
    /// Let the HTTP server end first, or together with it: new deliveries are answered with 503.
    pub async fn shutdown(&self, limit: Duration) -> u64 {
        self.0.room.close(limit).await;
        self.0.room.taken() as u64
    }
}

impl Shared {
    /// A key for an event that has none: never the same one, not even in the next process.
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
