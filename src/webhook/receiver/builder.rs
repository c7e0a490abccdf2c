//! [`Builder`]: settings of a receiver.

use super::http::{Limits, Secret};
use super::work::{Delivery, HandlerError, OnFailure, Work};
use super::{Counts, Receiver, Shared};
use crate::webhook::Verifier;
use crate::webhook::store::{Memory, MemoryStore, Store, StoreError};
use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Notify, Semaphore};

/// Settings of a [`Receiver`], from [`Receiver::builder`].
#[must_use = "a builder does nothing until `start`"]
pub struct Builder {
    verifier: Verifier,
    store: Arc<dyn Store>,
    http: Limits,
    capacity: usize,
    concurrency: usize,
    delays: (Duration, Duration),
    on_failure: OnFailure,
}

impl Builder {
    pub(super) fn new(verifier: Verifier) -> Self {
        Self {
            verifier,
            store: Arc::new(MemoryStore::new(Memory::default())),
            http: Limits::default(),
            capacity: 1024,
            concurrency: 16,
            delays: (Duration::from_secs(1), Duration::from_secs(300)),
            on_failure: Box::new(|_, _| {}),
        }
    }

    /// Where accepted events are remembered. A [`MemoryStore`] unless set, which loses what was
    /// acknowledged and not handled when the process ends; a
    /// [`JournalStore`](crate::webhook::JournalStore) does not.
    pub fn store(mut self, store: impl Store) -> Self {
        self.store = Arc::new(store);
        self
    }

    /// How many events may be accepted and not yet handled. 1024 unless set, at least 1.
    ///
    /// With the body limit it bounds the memory: beyond it deliveries are answered with 503.
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

    /// Called after each failure of the handler, with what failed and why: the place for a log.
    pub fn on_failure(
        mut self,
        call: impl Fn(&Delivery, &HandlerError) + Send + Sync + 'static,
    ) -> Self {
        self.on_failure = Box::new(call);
        self
    }

    /// The longest body, in bytes. 1 MiB unless set; longer ones are answered with 413.
    pub fn body_limit(mut self, bytes: usize) -> Self {
        self.http.body = bytes;
        self
    }

    /// Wants this text as the last segment of the URL's path, beside the signature; other requests are
    /// answered with 404.
    pub fn path_secret(mut self, secret: &str) -> Self {
        self.http.secret = Some(Secret::new(secret, false));
        self
    }

    /// As [`path_secret`](Self::path_secret), and accepts posts that carry no signature at all: whether
    /// every region and every scenario signs is unknown. A wrong signature is refused all the same.
    ///
    /// The secret is then what keeps others out. It must be long and random, and URLs end up in logs.
    pub fn path_secret_instead_of_signature(mut self, secret: &str) -> Self {
        self.http.secret = Some(Secret::new(secret, true));
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
            http: self.http,
            store: self.store,
            work: Work {
                handler: Box::new(move |delivery| {
                    let handling = handler(delivery);
                    Box::pin(async move { handling.await.map_err(Into::into) })
                }),
                on_failure: self.on_failure,
                turns: Semaphore::new(self.concurrency),
                first_delay: self.delays.0,
                longest_delay: self.delays.1,
            },
            room: Arc::new(Semaphore::new(self.capacity)),
            capacity: self.capacity,
            progress: Notify::new(),
            counts: Counts::default(),
            unkeyed: 0.into(),
        });
        let resumed = shared.clone();
        tokio::spawn(async move {
            for (key, event) in pending {
                let Ok(room) = resumed.room.clone().acquire_owned().await else {
                    return;
                };
                resumed.clone().begin(key, event, room);
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
