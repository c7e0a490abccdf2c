//! [`Builder`]: settings of a receiver.

use super::admission::Admission;
use super::body::Bodies;
use super::http::Limits;
use super::room::Room;
use super::secret::Secret;
use super::work::{Delivery, HandlerError, OnFailure, Work, boxed};
use super::{Counts, Receiver, Shared};
use crate::store::{Memory, MemoryStore, Store, StoreError};
use chat2desk::webhook::Verifier;
#[cfg(feature = "catch-up")]
use chat2desk::wire::WebhookEvent;
#[cfg(feature = "catch-up")]
use std::collections::HashSet;
use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;

/// Settings of a [`Receiver`], from [`Receiver::builder`].
#[must_use = "a builder does nothing until `start`"]
pub struct Builder {
    verifier: Verifier,
    store: Arc<dyn Store>,
    secret: Option<Secret>,
    body_limit: usize,
    body_timeout: Duration,
    body_memory: usize,
    connections: usize,
    capacity: usize,
    concurrency: usize,
    delays: (Duration, Duration),
    on_failure: OnFailure,
    #[cfg(feature = "catch-up")]
    events: HashSet<WebhookEvent>,
}

impl Builder {
    pub(super) fn new(verifier: Verifier) -> Self {
        Self {
            verifier,
            store: Arc::new(MemoryStore::new(Memory::default())),
            secret: None,
            body_limit: 1 << 20,
            body_timeout: Duration::from_secs(10),
            body_memory: 16 << 20,
            connections: 1024,
            capacity: 1024,
            concurrency: 16,
            delays: (Duration::from_secs(1), Duration::from_secs(300)),
            on_failure: Box::new(|_, _| {}),
            #[cfg(feature = "catch-up")]
            events: HashSet::new(),
        }
    }

    /// Where accepted events are remembered. A [`MemoryStore`] unless set, which loses what was
    /// acknowledged and not handled when the process ends; a
    /// [`JournalStore`](crate::JournalStore) does not.
    pub fn store(mut self, store: impl Store) -> Self {
        self.store = Arc::new(store);
        self
    }

    /// How many events may be accepted and not yet handled. 1024 unless set, at least 1.
    ///
    /// With the body limit it bounds the memory for them: beyond it deliveries are answered with 503.
    pub fn capacity(mut self, events: usize) -> Self {
        self.capacity = events.clamp(1, Semaphore::MAX_PERMITS);
        self
    }

    /// How many handlers may run at once. 16 unless set, at least 1.
    pub fn concurrency(mut self, handlers: usize) -> Self {
        self.concurrency = handlers.clamp(1, Semaphore::MAX_PERMITS);
        self
    }

    /// The delay after an event's first failure, which doubles with each further one, and the longest.
    /// 1 second and 5 minutes unless set.
    pub fn retry_delays(mut self, first: Duration, longest: Duration) -> Self {
        self.delays = (first, longest);
        self
    }

    /// Names the events that the handler is for: [`catch_up`](Receiver::catch_up) hands over no others.
    ///
    /// Set it if the account has webhooks of other programs too. What is delivered is not filtered: the
    /// vendor delivers what the webhook is registered for.
    #[cfg(feature = "catch-up")]
    pub fn events(mut self, events: impl IntoIterator<Item = WebhookEvent>) -> Self {
        self.events = events.into_iter().collect();
        self
    }

    /// Called after each failure of the handler, with what failed and why: the place for a log.
    /// If it panics, that changes nothing.
    pub fn on_failure(
        mut self,
        call: impl Fn(&Delivery, &HandlerError) + Send + Sync + 'static,
    ) -> Self {
        self.on_failure = Box::new(call);
        self
    }

    /// The longest body, in bytes. 1 MiB unless set; longer ones are answered with 413.
    pub fn body_limit(mut self, bytes: usize) -> Self {
        self.body_limit = bytes;
        self
    }

    /// Sets how long a sender may take for a body. 10 seconds unless set; slower ones are answered with 408.
    pub fn body_timeout(mut self, limit: Duration) -> Self {
        self.body_timeout = limit;
        self
    }

    /// Sets the memory for all bodies that are being read, in bytes. 16 MiB unless set, and never less
    /// than one body of the [longest](Self::body_limit).
    ///
    /// Whether a sender is the vendor is known only when the body is complete, so this is what strangers
    /// can take. With what the allocator cannot use the process grows by up to twice as much; served by
    /// axum, whose buffers grow with bodies, by three times. Beyond it, and beyond 1024 bodies, the one that was begun first is answered with 503:
    /// strangers who send slowly make room for a real delivery.
    pub fn body_memory(mut self, bytes: usize) -> Self {
        self.body_memory = bytes;
        self
    }

    /// Sets how many connections [`serve`](Receiver::serve) holds at once. 1024 unless set, at least 1.
    ///
    /// Beyond it the one is closed whose last delivery, or else whose beginning, is the longest ago. Each
    /// takes up to about 40 KB beside the body that comes on it.
    pub fn connections(mut self, connections: usize) -> Self {
        self.connections = connections;
        self
    }

    /// Wants this text at the end of the URL's path, beside the signature; other requests are answered
    /// with 404.
    ///
    /// Any text will do: a space, `é`, `/` or `%` must be encoded in the URL, and is compared decoded. No
    /// path ends with an empty secret.
    pub fn path_secret(mut self, secret: &str) -> Self {
        self.secret = Some(Secret::new(secret, false));
        self
    }

    /// As [`path_secret`](Self::path_secret), and accepts posts that carry no signature at all: whether
    /// every region and every scenario signs is unknown. A wrong signature is refused all the same.
    ///
    /// The secret is then what keeps others out. It must be long and random, and URLs end up in logs.
    pub fn path_secret_instead_of_signature(mut self, secret: &str) -> Self {
        self.secret = Some(Secret::new(secret, true));
        self
    }

    /// The receiver; on a tokio runtime. First it takes up what the store has of the last time.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn start<H, F, E>(self, handler: H) -> Result<Receiver, StoreError>
    where
        H: Fn(Delivery) -> F + Send + Sync + 'static,
        F: Future<Output = Result<(), E>> + Send + 'static,
        E: Into<HandlerError>,
    {
        let pending = self.store.pending().await?;
        let shared = Arc::new(Shared {
            verifier: self.verifier,
            http: Limits {
                bodies: Bodies::new(self.body_limit, self.body_timeout, self.body_memory),
                secret: self.secret,
            },
            store: self.store,
            work: Work {
                handler: boxed(handler),
                on_failure: self.on_failure,
                turns: Semaphore::new(self.concurrency),
                first_delay: self.delays.0,
                longest_delay: self.delays.1,
            },
            room: Room::new(self.capacity),
            // As many bytes as none of them asks for.
            connections: Admission::new(self.connections, 0),
            #[cfg(feature = "catch-up")]
            events: self.events,
            counts: Counts::default(),
            unkeyed: 0.into(),
        });
        let resumed = shared.clone();
        tokio::spawn(async move {
            for (key, event) in pending {
                let Ok(place) = resumed.room.enter().await else {
                    return;
                };
                resumed.clone().begin(key, event, place);
            }
        });
        Ok(Receiver(shared))
    }
}

impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder")
            .field("verifier", &self.verifier)
            .field("capacity", &self.capacity)
            .field("concurrency", &self.concurrency)
            .finish_non_exhaustive()
    }
}
