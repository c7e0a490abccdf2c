//! Handling: one task for each event, which ends when the event is handled.

use super::room::Place;
use super::{Shared, add};
use chat2desk::webhook::Event;
use std::future::{Future, poll_fn};
use std::ops::Deref;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;
use tokio::sync::Semaphore;

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

/// The program's code panicked.
#[derive(Debug, thiserror::Error)]
#[error("the handler panicked: {0}")]
struct Panicked(String);

/// A handler in the form that [`Work`] has it.
pub(super) fn boxed<H, F, E>(handler: H) -> Handler
where
    H: Fn(Delivery) -> F + Send + Sync + 'static,
    F: Future<Output = Result<(), E>> + Send + 'static,
    E: Into<HandlerError>,
{
    Box::new(move |delivery| {
        let mut handling = Box::pin(handler(delivery));
        // Not an `async` block, which drops the future while its panic unwinds: a second panic there
        // would end the process.
        Box::pin(poll_fn(move |context| {
            let polled = handling.as_mut().poll(context);
            polled.map(|result| result.map_err(Into::into))
        }))
    })
}

impl Work {
    fn delay(&self, attempt: u32) -> Duration {
        let doubled = 2_u32.saturating_pow(attempt.saturating_sub(1));
        self.first_delay
            .saturating_mul(doubled)
            .min(self.longest_delay)
    }

    /// Hands the event over once. A panic anywhere in the handler is a failure as any other.
    async fn attempt(&self, delivery: Delivery) -> Result<(), HandlerError> {
        let _turn = self.turns.acquire().await?;
        let mut handling = guarded(|| (self.handler)(delivery))?;
        let result = poll_fn(|context| {
            let polled = guarded(|| handling.as_mut().poll(context));
            polled.unwrap_or_else(|panicked| Poll::Ready(Err(panicked.into())))
        });
        let result = result.await;
        let dropped = guarded(|| drop(handling));
        result.and_then(|()| Ok(dropped?))
    }

    /// Reports a failure. Whatever the program does with it, the event is tried again.
    fn report(&self, delivery: &Delivery, error: HandlerError) {
        // The panic hook has shown a panic to whoever looks.
        let _ = guarded(|| (self.on_failure)(delivery, &error));
        let _ = guarded(|| drop(error));
    }
}

/// Runs code of the program's: the only place where its panics are caught.
fn guarded<T>(code: impl FnOnce() -> T) -> Result<T, Panicked> {
    // Of what the code was working on nothing is used again but the receiver's own parts, which no
    // panic leaves half changed.
    catch_unwind(AssertUnwindSafe(code)).map_err(|payload| {
        let text = payload
            .downcast_ref::<&str>()
            .map(|text| (*text).to_owned());
        let text = text.or_else(|| payload.downcast_ref::<String>().cloned());
        // What was thrown may panic when it is dropped, and what that throws too.
        if let Err(payload) = catch_unwind(AssertUnwindSafe(|| drop(payload))) {
            std::mem::forget(payload);
        }
        Panicked(text.unwrap_or_else(|| "not with a text".to_owned()))
    })
}

impl Shared {
    /// Has an accepted event handled; its place is free again when it is.
    pub(super) fn begin(self: Arc<Self>, key: String, event: Event, place: Place) {
        add(&self.counts.accepted);
        tokio::spawn(async move {
            // Held to the end, however this task ends.
            let _place = place;
            let mut delivery = Delivery { event, attempt: 1 };
            while let Err(error) = self.work.attempt(delivery.clone()).await {
                add(&self.counts.failed);
                self.work.report(&delivery, error);
                tokio::time::sleep(self.work.delay(delivery.attempt)).await;
                delivery.attempt = delivery.attempt.saturating_add(1);
            }
            add(&self.counts.handled);
            // If the store fails here, the next start hands the event out again.
            let _ = self.store.done(&key).await;
        });
    }
}
