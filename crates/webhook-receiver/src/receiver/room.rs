//! The room for events that are accepted and not yet handled.

use super::Refusal;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore, TryAcquireError};
use tokio::time::timeout;

/// As many places as the receiver may have unhandled events. Closed by shutting down.
#[derive(Clone)]
pub(super) struct Room {
    places: Arc<Semaphore>,
    capacity: usize,
    /// Notified whenever a place is free again.
    progress: Arc<Notify>,
}

/// A place for one event. Whoever waits for all to be free learns when it is dropped, whatever the
/// reason is.
pub(super) struct Place {
    permit: Option<OwnedSemaphorePermit>,
    progress: Arc<Notify>,
}

impl Room {
    pub(super) fn new(capacity: usize) -> Self {
        Self {
            places: Arc::new(Semaphore::new(capacity)),
            capacity,
            progress: Arc::new(Notify::new()),
        }
    }

    /// Whether an event would be refused now. Takes no place.
    pub(super) fn check(&self) -> Result<(), Refusal> {
        if self.places.is_closed() {
            return Err(Refusal::Closed);
        }
        match self.places.available_permits() {
            0 => Err(Refusal::Full),
            _ => Ok(()),
        }
    }

    pub(super) fn try_enter(&self) -> Result<Place, Refusal> {
        let permit = self.places.clone().try_acquire_owned();
        permit
            .map(|permit| self.place(permit))
            .map_err(|error| match error {
                TryAcquireError::NoPermits => Refusal::Full,
                TryAcquireError::Closed => Refusal::Closed,
            })
    }

    pub(super) async fn enter(&self) -> Result<Place, Refusal> {
        let permit = self.places.clone().acquire_owned().await;
        permit
            .map(|permit| self.place(permit))
            .map_err(|_| Refusal::Closed)
    }

    fn place(&self, permit: OwnedSemaphorePermit) -> Place {
        Place {
            permit: Some(permit),
            progress: self.progress.clone(),
        }
    }

    pub(super) fn taken(&self) -> usize {
        self.capacity
            .saturating_sub(self.places.available_permits())
    }

    /// Gives no more places, and waits until all are free, up to `limit`.
    pub(super) async fn close(&self, limit: Duration) {
        self.places.close();
        let drained = async {
            loop {
                let progress = self.progress.notified();
                if self.taken() == 0 {
                    return;
                }
                progress.await;
            }
        };
        // What is left is counted, whichever of the two came first.
        let _ = timeout(limit, drained).await;
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        drop(self.permit.take());
        self.progress.notify_waiters();
    }
}
