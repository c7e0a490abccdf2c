//! [`Builder`]: the settings of a receiver, and its start.

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

/// The settings of a [`Receiver`], from [`Receiver::builder`].
#[must_use = "no receiver runs until `start`"]
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

    /// Sets the store of accepted events. Default: a [`MemoryStore`].
    ///
    /// A memory store loses the events that were acknowledged and not handled when the process ends. A
    /// [`JournalStore`](crate::JournalStore) does not.
    pub fn store(mut self, store: impl Store) -> Self {
        self.store = Arc::new(store);
        self
    }

    /// Sets how many events may be accepted and not yet handled. Default: 1024. At least 1.
    ///
    /// Beyond it, deliveries get 503. Together with the [body limit](Self::body_limit) it bounds the memory for events.
    pub fn capacity(mut self, events: usize) -> Self {
        self.capacity = events.clamp(1, Semaphore::MAX_PERMITS);
        self
    }

    /// Sets how many calls of the handler may run at once. Default: 16. At least 1.
    pub fn concurrency(mut self, handlers: usize) -> Self {
        self.concurrency = handlers.clamp(1, Semaphore::MAX_PERMITS);
        self
    }

    /// Sets the delays before the handler is called again for an event. The delay is `first` after the first failure
    /// and doubles with each further one, up to `longest`. Default: 1 second and 5 minutes.
    pub fn retry_delays(mut self, first: Duration, longest: Duration) -> Self {
        self.delays = (first, longest);
        self
    }

    /// Sets the events that the handler is for. [`catch_up`](Receiver::catch_up) submits no others.
    ///
    /// Set it if other programs have webhooks in the same account. Deliveries are not filtered, because the vendor
    /// delivers only the events that the webhook is registered for.
    #[cfg(feature = "catch-up")]
    pub fn events(mut self, events: impl IntoIterator<Item = WebhookEvent>) -> Self {
        self.events = events.into_iter().collect();
        self
    }

    /// Sets a function to call after each failure of the handler, with the delivery and the error. Use it to write a
    /// log.
    ///
    /// A panic of `call` is ignored.
    pub fn on_failure(
        mut self,
        call: impl Fn(&Delivery, &HandlerError) + Send + Sync + 'static,
    ) -> Self {
        self.on_failure = Box::new(call);
        self
    }

    /// Sets the maximum length of a body, in bytes. Default: 1 MiB. Longer bodies get 413.
    pub fn body_limit(mut self, bytes: usize) -> Self {
        self.body_limit = bytes;
        self
    }

    /// Sets how long a sender may take to send a body. Default: 10 seconds. Slower senders get 408.
    pub fn body_timeout(mut self, limit: Duration) -> Self {
        self.body_timeout = limit;
        self
    }

    /// Sets the memory for all bodies that are being read, in bytes. Default: 16 MiB. At least the
    /// [body limit](Self::body_limit).
    ///
    /// Whether a sender is the vendor is known only when the body is complete, so strangers can use this much memory.
    /// Because of overhead in the allocator the process can grow by up to twice as much, and by up to three times as
    /// much if axum serves it, whose buffers grow with bodies.
    ///
    /// Beyond this memory, and beyond 1024 bodies at once, the body that was begun first gets 503. So strangers who
    /// send slowly make room for real deliveries.
    pub fn body_memory(mut self, bytes: usize) -> Self {
        self.body_memory = bytes;
        self
    }

    /// Sets how many connections [`serve`](Receiver::serve) holds at once. Default: 1024. At least 1.
    ///
    /// Beyond it, the connection whose last accepted delivery, or else whose start, is the longest ago is closed. Each
    /// connection takes up to about 40 KB, in addition to its body.
    pub fn connections(mut self, connections: usize) -> Self {
        self.connections = connections;
        self
    }

    /// Requires this text at the end of the URL's path, in addition to the signature. Other requests get 404.
    ///
    /// Any text can be a secret. A space, `é`, `/` or `%` must be encoded in the URL, and is compared decoded. With an
    /// empty secret, every request gets 404.
    pub fn path_secret(mut self, secret: &str) -> Self {
        self.secret = Some(Secret::new(secret, false));
        self
    }

    /// Requires this text at the end of the URL's path, as [`path_secret`](Self::path_secret) does, and accepts
    /// deliveries that have no signature at all. A wrong signature is still rejected.
    ///
    /// Use it if your deliveries are not signed: it is unknown whether every region and every scenario signs. Only the
    /// secret then keeps others out, so it must be long and random. Note that URLs are often written to logs.
    pub fn path_secret_instead_of_signature(mut self, secret: &str) -> Self {
        self.secret = Some(Secret::new(secret, true));
        self
    }

    /// Starts the receiver on the current tokio runtime. `handler` is called with each event until it returns `Ok`.
    ///
    /// Events of the store that were not handled before the last process ended are handled, too.
    ///
    /// # Errors
    /// Returns an error if the store cannot return its events.
    ///
    /// # Panics
    /// Panics outside of a tokio runtime.
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
                permits: Semaphore::new(self.concurrency),
                first_delay: self.delays.0,
                longest_delay: self.delays.1,
            },
            room: Room::new(self.capacity),
            // Connections claim no bytes.
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
