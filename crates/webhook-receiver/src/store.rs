//! [`Store`]: records which events were accepted and handled, so that none is lost and none is handled twice.

// A damaged file can hold any times and numbers, so arithmetic must not overflow.
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

/// The error of a store. It should hold nothing of the events, because it may be logged.
///
/// In a function that returns `Box<dyn Error>`, `?` does not accept it. Return `Box<dyn Error + Send + Sync>`.
pub type StoreError = Box<dyn Error + Send + Sync>;

/// The future that a method of a [`Store`] returns.
pub type StoreFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 'a>>;

/// Records which events were accepted and which of them were handled.
///
/// [`MemoryStore`] records them until the process ends, [`JournalStore`] records them in a file. Implement the trait
/// for a database. A store belongs to one receiver.
///
/// An event that [`accept`](Self::accept) accepted is acknowledged to the vendor, who never delivers it again. A store
/// that outlives the process must have it on disk before the future completes.
pub trait Store: Send + Sync + 'static {
    /// Records an event as accepted. Returns `false`, and records nothing, if an event with this `key` was accepted
    /// before.
    fn accept<'a>(&'a self, key: &'a str, event: &'a Event) -> StoreFuture<'a, bool>;

    /// Records that the event with this `key` was handled. The key must still be recognized afterwards.
    fn done<'a>(&'a self, key: &'a str) -> StoreFuture<'a, ()>;

    /// Returns the events that were accepted and not handled, with their keys, oldest first. Called once, when a
    /// receiver starts.
    fn pending(&self) -> StoreFuture<'_, Vec<(String, Event)>>;

    /// Returns the id of the message after which messages may be missing, or `None` if that is not known.
    ///
    /// The default implementation returns `None`.
    fn gap(&self) -> StoreFuture<'_, Option<i64>> {
        Box::pin(ready(Ok(None)))
    }

    /// Records the id after which messages may be missing, or `None` if no messages are missing.
    ///
    /// The default implementation does nothing.
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

/// Limits how many keys of handled events a store retains, to recognize repeated deliveries.
///
/// Events that are not handled yet are always retained. Their number is limited by the receiver's capacity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Memory {
    /// The maximum number of keys. Default: 100 000, which take about 15 MB.
    pub keys: usize,
    /// How long a key is retained. Default: 7 days. The vendor's last retry comes after about 2 hours.
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

/// A store in memory. Events that were accepted and not handled are lost when the process ends.
#[derive(Default)]
pub struct MemoryStore {
    index: Mutex<Index>,
}

impl MemoryStore {
    /// Creates an empty store with these limits.
    pub fn new(memory: Memory) -> Self {
        Self {
            index: Mutex::new(Index::new(memory)),
        }
    }

    /// Returns the number of keys, of handled and of waiting events.
    pub fn len(&self) -> usize {
        self.index().len()
    }

    /// Returns whether the store has no keys.
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
