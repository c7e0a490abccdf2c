//! Whatever a handler's code does, its event is tried again, counted, and not waited for in vain.

use crate::support::{deliver, event, serve, verifier};
use chat2desk_webhook_receiver::{Delivery, HandlerError, Receiver};
use std::fmt;
use std::future::Future;
use std::panic::panic_any;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::time::Instant;

/// Panics when it is dropped, unless it is disarmed.
struct Bomb;

impl Drop for Bomb {
    fn drop(&mut self) {
        panic!("while it is dropped");
    }
}

/// An error of which nothing works.
#[derive(Debug)]
struct BadError;

impl fmt::Display for BadError {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        panic!("while it is shown");
    }
}

impl std::error::Error for BadError {}

impl Drop for BadError {
    fn drop(&mut self) {
        panic!("while the error is dropped");
    }
}

/// An error that cannot be made one of the receiver's.
struct Unusable(HandlerError);

impl From<Unusable> for HandlerError {
    fn from(unusable: Unusable) -> Self {
        let text = unusable.0.to_string();
        assert!(text != "panics", "while it is converted");
        unusable.0
    }
}

/// What goes wrong in the first two attempts.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Fault {
    BeforeTheFuture,
    InTheFuture,
    AtALaterPoll,
    InDrop,
    InDropAfterFailing,
    InPollAndDrop,
    InConversion,
    AnErrorWithoutDisplay,
    WithWhatPanics,
}

const FAULTS: [Fault; 9] = [
    Fault::BeforeTheFuture,
    Fault::InTheFuture,
    Fault::AtALaterPoll,
    Fault::InDrop,
    Fault::InDropAfterFailing,
    Fault::InPollAndDrop,
    Fault::InConversion,
    Fault::AnErrorWithoutDisplay,
    Fault::WithWhatPanics,
];

struct Handling {
    fault: Option<Fault>,
    polls: u32,
}

impl Future for Handling {
    type Output = Result<(), Unusable>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        self.polls += 1;
        let failed = |error: HandlerError| Poll::Ready(Err(Unusable(error)));
        match self.fault {
            Some(Fault::InTheFuture | Fault::InPollAndDrop) => panic!("in the future"),
            Some(Fault::AtALaterPoll) if self.polls < 3 => {
                context.waker().wake_by_ref();
                Poll::Pending
            }
            Some(Fault::AtALaterPoll) => panic!("at a later poll"),
            Some(Fault::InDropAfterFailing) => failed("fails".into()),
            Some(Fault::InConversion) => failed("panics".into()),
            Some(Fault::AnErrorWithoutDisplay) => Poll::Ready(Err(Unusable("fails".into()))),
            Some(Fault::WithWhatPanics) => panic_any(Bomb),
            _ => Poll::Ready(Ok(())),
        }
    }
}

impl Drop for Handling {
    fn drop(&mut self) {
        let faults = [
            Fault::InDrop,
            Fault::InDropAfterFailing,
            Fault::InPollAndDrop,
        ];
        if self.fault.is_some_and(|fault| faults.contains(&fault)) {
            panic!("while the future is dropped");
        }
    }
}

/// The first two attempts at each event go wrong.
fn handle(fault: Fault) -> impl Fn(Delivery) -> Handling + Send + Sync + 'static {
    move |delivery| {
        let fault = (delivery.attempt <= 2).then_some(fault);
        if fault == Some(Fault::BeforeTheFuture) {
            panic!("before the future");
        }
        Handling { fault, polls: 0 }
    }
}

#[tokio::test(start_paused = true)]
async fn a_panic_anywhere_is_a_failed_attempt() {
    for fault in FAULTS {
        for on_failure_panics in [false, true] {
            let seen = Arc::new(AtomicU32::new(0));
            let noted = seen.clone();
            let receiver = Receiver::builder(verifier())
                .on_failure(move |_, error| {
                    noted.fetch_add(1, Ordering::Relaxed);
                    if on_failure_panics {
                        panic_any(Bomb);
                    }
                    assert!(!error.to_string().is_empty());
                })
                .start(handle(fault));
            let receiver = receiver.await.unwrap();
            for id in 1..=3 {
                assert!(receiver.offer(event(id)).await.unwrap());
            }
            let stats = receiver.stats();
            assert_eq!((stats.accepted, stats.in_flight), (3, 3), "{fault:?}");
            let start = Instant::now();
            let left = receiver.shutdown(Duration::from_secs(60)).await;
            assert_eq!(left, 0, "{fault:?}");
            // One second after the first failure, two after the second: it waits no longer than that.
            assert!(start.elapsed() < Duration::from_secs(4), "{fault:?}");
            let stats = receiver.stats();
            assert_eq!((stats.handled, stats.failed), (3, 6), "{fault:?}");
            assert_eq!(seen.load(Ordering::Relaxed), 6, "{fault:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn an_error_that_cannot_be_shown_is_a_failed_attempt() {
    let receiver = Receiver::builder(verifier())
        .on_failure(|_, error| assert!(!error.to_string().is_empty()))
        .start(|delivery: Delivery| async move {
            match delivery.attempt {
                1 | 2 => Err(BadError),
                _ => Ok(()),
            }
        });
    let receiver = receiver.await.unwrap();
    assert!(receiver.offer(event(1)).await.unwrap());
    assert_eq!(receiver.shutdown(Duration::from_secs(60)).await, 0);
    let stats = receiver.stats();
    assert_eq!((stats.handled, stats.failed, stats.in_flight), (1, 2, 0));
}

#[tokio::test]
async fn what_always_panics_stays_in_flight_and_ends_with_the_limit() {
    let receiver = Receiver::builder(verifier())
        .concurrency(1)
        .start(|delivery: Delivery| {
            let id = delivery.message().unwrap().message_id;
            assert!(id != Some(1), "a bug");
            async { Ok::<_, std::io::Error>(()) }
        });
    let receiver = receiver.await.unwrap();
    let url = serve(&receiver).await;
    for id in [1, 2, 3, 1] {
        assert_eq!(deliver(&url, id).await, 200);
    }
    let left = receiver.shutdown(Duration::from_millis(50)).await;
    let stats = receiver.stats();
    assert_eq!((left, stats.in_flight), (1, 1));
    assert_eq!((stats.accepted, stats.handled, stats.repeats), (3, 2, 1));
    assert!(stats.failed >= 1, "{stats:?}");
}
