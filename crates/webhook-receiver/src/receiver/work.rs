//! Handling: each event has a task that calls the handler until it succeeds.

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

/// The error of a handler. Any error type that is `Send` and `Sync` converts into it with `?`, and so does a text.
pub type HandlerError = Box<dyn std::error::Error + Send + Sync>;

type Handling = Pin<Box<dyn Future<Output = Result<(), HandlerError>> + Send>>;
pub(super) type Handler = Box<dyn Fn(Delivery) -> Handling + Send + Sync>;
pub(super) type OnFailure = Box<dyn Fn(&Delivery, &HandlerError) + Send + Sync>;

/// An event and the number of the attempt to handle it, as a handler gets it.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Delivery {
    /// The event.
    pub event: Event,
    /// The number of the attempt: 1 at first, and one more after each failure.
    ///
    /// There is no last attempt. To give up on an event that can never be handled, set it aside and return `Ok`.
    pub attempt: u32,
}

impl Deref for Delivery {
    type Target = Event;

    fn deref(&self) -> &Event {
        &self.event
    }
}

/// The handler, and the settings of its calls.
pub(super) struct Work {
    pub(super) handler: Handler,
    pub(super) on_failure: OnFailure,
    /// A permit for each handler that runs.
    pub(super) permits: Semaphore,
    pub(super) first_delay: Duration,
    pub(super) longest_delay: Duration,
}

/// A panic of the program's handler.
#[derive(Debug, thiserror::Error)]
#[error("the handler panicked: {0}")]
struct Panicked(String);

/// Boxes a handler.
pub(super) fn boxed<H, F, E>(handler: H) -> Handler
where
    H: Fn(Delivery) -> F + Send + Sync + 'static,
    F: Future<Output = Result<(), E>> + Send + 'static,
    E: Into<HandlerError>,
{
    Box::new(move |delivery| {
        let mut handling = Box::pin(handler(delivery));
        // Not an `async` block, which drops the future while its panic unwinds. A second panic there
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

    /// Calls the handler once. A panic anywhere in it counts as a failure.
    async fn attempt(&self, delivery: Delivery) -> Result<(), HandlerError> {
        let _permit = self.permits.acquire().await?;
        let mut handling = guarded(|| (self.handler)(delivery))?;
        let result = poll_fn(|context| {
            let polled = guarded(|| handling.as_mut().poll(context));
            polled.unwrap_or_else(|panicked| Poll::Ready(Err(panicked.into())))
        });
        let result = result.await;
        let dropped = guarded(|| drop(handling));
        result.and_then(|()| Ok(dropped?))
    }

    /// Reports a failure to the program. The event is retried whatever the program does.
    fn report(&self, delivery: &Delivery, error: HandlerError) {
        // The panic hook has already reported a panic here.
        let _ = guarded(|| (self.on_failure)(delivery, &error));
        let _ = guarded(|| drop(error));
    }
}

/// Runs code of the program, and catches its panics. They are caught nowhere else.
fn guarded<T>(code: impl FnOnce() -> T) -> Result<T, Panicked> {
    // Nothing that the code was working on is used again, except for parts of the receiver. No panic leaves
    // those half changed.
    catch_unwind(AssertUnwindSafe(code)).map_err(|payload| {
        let text = payload
            .downcast_ref::<&str>()
            .map(|text| (*text).to_owned());
        let text = text.or_else(|| payload.downcast_ref::<String>().cloned());
        // The payload of a panic may panic when it is dropped, and so may the payload of that panic.
        if let Err(payload) = catch_unwind(AssertUnwindSafe(|| drop(payload))) {
            std::mem::forget(payload);
        }
        Panicked(text.unwrap_or_else(|| "the panic has no text".to_owned()))
    })
}

impl Shared {
    /// Starts the task that handles an accepted event and then frees its place.
    pub(super) fn begin(self: Arc<Self>, key: String, event: Event, place: Place) {
        add(&self.counts.accepted);
        tokio::spawn(async move {
            // Held until this task ends, however it ends.
            let _place = place;
            let mut delivery = Delivery { event, attempt: 1 };
            while let Err(error) = self.work.attempt(delivery.clone()).await {
                add(&self.counts.failed);
                self.work.report(&delivery, error);
                tokio::time::sleep(self.work.delay(delivery.attempt)).await;
                delivery.attempt = delivery.attempt.saturating_add(1);
            }
            add(&self.counts.handled);
            // If the store fails here, the event is handled again at the next start.
            let _ = self.store.done(&key).await;
        });
    }
}
