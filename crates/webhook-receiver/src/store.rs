//! [`Store`]: what a receiver remembers of events, so that none is lost and none is handled twice.

// Times and numbers of a file may be any.
#![deny(clippy::arithmetic_side_effects)]

mod index;
mod journal;

pub use journal::JournalStore;

use chat2desk::webhook::Event;
use index::Index;
use std::error::Error;
use std::fmt;
use std::future::{Future, ready};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Why a store failed. Should hold nothing of the events: it is shown.
pub type StoreError = Box<dyn Error + Send + Sync>;

/// What a method of a [`Store`] returns.
pub type StoreFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 'a>>;

/// Remembers which events were accepted and which of them are handled.
///
/// [`MemoryStore`] forgets when the process ends, [`JournalStore`] does not. Implement it for a
/// database of yours; a store belongs to one receiver.
///
/// An event that [`accept`](Self::accept) took is acknowledged to the vendor, who then never sends it
/// again: a store that outlives the process must have it on disk before the future ends.
pub trait Store: Send + Sync + 'static {
    /// Takes an event in, unless this key was taken before; whether it is new.
    fn accept<'a>(&'a self, key: &'a str, event: &'a Event) -> StoreFuture<'a, bool>;

    /// Notes that an event is handled. Its key is remembered all the same.
    fn done<'a>(&'a self, key: &'a str) -> StoreFuture<'a, ()>;

    /// What was accepted and not done, oldest first, with keys: asked for once, when a receiver starts.
    fn pending(&self) -> StoreFuture<'_, Vec<(String, Event)>>;

    /// The id of a message after which some may be missing; none if that is not known.
    fn gap(&self) -> StoreFuture<'_, Option<i64>> {
        Box::pin(ready(Ok(None)))
    }

    /// Notes the id after which messages may be missing, or that none are.
    fn set_gap(&self, after: Option<i64>) -> StoreFuture<'_, ()> {
        let _ = after;
        Box::pin(ready(Ok(())))
    }
}

impl<S: Store + ?Sized> Store for Arc<S> {
    fn accept<'a>(&'a self, key: &'a str, event: &'a Event) -> StoreFuture<'a, bool> {
        (**self).accept(key, event)
    }

    fn done<'a>(&'a self, key: &'a str) -> StoreFuture<'a, ()> {
        (**self).done(key)
    }

    fn pending(&self) -> StoreFuture<'_, Vec<(String, Event)>> {
        (**self).pending()
    }

    fn gap(&self) -> StoreFuture<'_, Option<i64>> {
        (**self).gap()
    }

    fn set_gap(&self, after: Option<i64>) -> StoreFuture<'_, ()> {
        (**self).set_gap(after)
    }
}

/// How much a store remembers of events that are handled.
///
/// What is not yet handled is never forgotten; there is no more of it than a receiver's capacity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Memory {
    /// The most keys of handled events. 100 000 unless set, which take about 15 MB.
    pub keys: usize,
    /// How long a key is kept. 7 days unless set; the vendor's last retry comes after 2 hours.
    pub age: Duration,
}

impl Default for Memory {
    fn default() -> Self {
        Self {
            keys: 100_000,
            age: Duration::from_secs(7 * 24 * 3600),
        }
    }
}

/// A store in memory: what was accepted and not handled is lost when the process ends.
#[derive(Default)]
pub struct MemoryStore {
    index: Mutex<Index>,
}

impl MemoryStore {
    /// An empty store that remembers this much.
    pub fn new(memory: Memory) -> Self {
        Self {
            index: Mutex::new(Index::new(memory)),
        }
    }

    /// How many keys it remembers.
    pub fn len(&self) -> usize {
        self.index().len()
    }

    /// Whether it remembers none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn index(&self) -> MutexGuard<'_, Index> {
        // No method leaves the index half changed.
        self.index.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Store for MemoryStore {
    fn accept<'a>(&'a self, key: &'a str, event: &'a Event) -> StoreFuture<'a, bool> {
        Box::pin(ready(Ok(self.index().accept(key, event, index::now()))))
    }

    fn done<'a>(&'a self, key: &'a str) -> StoreFuture<'a, ()> {
        self.index().done(key);
        Box::pin(ready(Ok(())))
    }

    fn pending(&self) -> StoreFuture<'_, Vec<(String, Event)>> {
        Box::pin(ready(Ok(self.index().pending())))
    }

    fn gap(&self) -> StoreFuture<'_, Option<i64>> {
        Box::pin(ready(Ok(self.index().gap(index::now()))))
    }

    fn set_gap(&self, after: Option<i64>) -> StoreFuture<'_, ()> {
        self.index().set_gap(after);
        Box::pin(ready(Ok(())))
    }
}

impl fmt::Debug for MemoryStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryStore")
            .field("keys", &self.len())
            .finish_non_exhaustive()
    }
}
