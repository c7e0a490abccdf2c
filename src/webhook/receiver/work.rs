//! Handling: one task for each event, which ends when the event is handled.

use super::{Event, Shared, add};
use std::future::Future;
use std::ops::Deref;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Why a handler failed.
pub type HandlerError = Box<dyn std::error::Error + Send + Sync>;

type Handling = Pin<Box<dyn Future<Output = Result<(), HandlerError>> + Send>>;
pub(super) type Handler = Box<dyn Fn(Delivery) -> Handling + Send + Sync>;
pub(super) type OnFailure = Box<dyn Fn(&Delivery, &HandlerError) + Send + Sync>;

/// An event, handed to a handler.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Delivery {
    /// The event.
    pub event: Event,
    /// Which attempt at handling it this is: 1, and one more after each failure. An event that can
    /// never be handled comes for ever: put it aside and succeed.
    pub attempt: u32,
}

impl Deref for Delivery {
    type Target = Event;

    fn deref(&self) -> &Event {
        &self.event
    }
}

/// How events are handled.
pub(super) struct Work {
    pub(super) handler: Handler,
    pub(super) on_failure: OnFailure,
    /// A permit for each handler that runs.
    pub(super) turns: Semaphore,
    pub(super) first_delay: Duration,
    pub(super) longest_delay: Duration,
}

impl Work {
    fn delay(&self, attempt: u32) -> Duration {
        let doubled = 2_u32.saturating_pow(attempt.saturating_sub(1));
        self.first_delay
            .saturating_mul(doubled)
            .min(self.longest_delay)
    }

    /// Hands the event over once; a panic is a failure like any other.
    async fn attempt(&self, delivery: Delivery) -> Result<(), HandlerError> {
        let _turn = self.turns.acquire().await?;
        tokio::spawn((self.handler)(delivery)).await?
    }
}

impl Shared {
    /// Has an accepted event handled; it gives its room back when it is.
    pub(super) fn begin(self: Arc<Self>, key: String, event: Event, room: OwnedSemaphorePermit) {
        add(&self.counts.accepted);
        tokio::spawn(async move {
            let mut delivery = Delivery { event, attempt: 1 };
            while let Err(error) = self.work.attempt(delivery.clone()).await {
                add(&self.counts.failed);
                (self.work.on_failure)(&delivery, &error);
                tokio::time::sleep(self.work.delay(delivery.attempt)).await;
                delivery.attempt = delivery.attempt.saturating_add(1);
            }
            add(&self.counts.handled);
            // If the store fails here, the next start hands the event out again.
            let _ = self.store.done(&key).await;
            drop(room);
            self.progress.notify_waiters();
        });
    }
}
