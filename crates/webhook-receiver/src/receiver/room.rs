//! [`Room`]: limits how many events are accepted and not yet handled.

use super::Refusal;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore, TryAcquireError};
use tokio::time::timeout;

/// The places for events that are not handled yet. Shutting down closes it.
#[derive(Clone)]
pub(super) struct Room {
    places: Arc<Semaphore>,
    capacity: usize,
    /// Notified whenever a place becomes free.
    progress: Arc<Notify>,
}

/// A place for one event. Dropping it, for whatever reason, frees it and notifies those who wait for all places.
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

    /// Checks whether an event could enter now, without taking a place.
    ///
    /// # Errors
    /// Returns why the event would be refused.
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

    /// Lets no more events in, and waits for up to `limit` until all places are free.
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
        // The caller counts the events that are left, whether or not the time was up.
        let _ = timeout(limit, drained).await;
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        drop(self.permit.take());
        self.progress.notify_waiters();
    }
}
