//! [`in_whole_runtime`]: notices that the runtime of a call has no timers or no I/O.

use std::any::Any;
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::pin;
use std::task::Poll;

/// Waits for a call; `None` if its runtime has no timers or no I/O, which only a panic of tokio tells. Other panics
/// are passed on.
pub(super) async fn in_whole_runtime<T>(call: impl Future<Output = T>) -> Option<T> {
    let mut call = pin!(call);
    poll_fn(|context| {
        let poll = AssertUnwindSafe(|| call.as_mut().poll(context));
        match catch_unwind(poll) {
            Ok(poll) => poll.map(Some),
            Err(panic) if is_of_bare_runtime(&*panic) => Poll::Ready(None),
            Err(panic) => resume_unwind(panic),
        }
    })
    .await
}

fn is_of_bare_runtime(panic: &(dyn Any + Send)) -> bool {
    let text = panic.downcast_ref::<&str>().copied();
    let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    text.is_some_and(|text| {
        text.starts_with("A Tokio 1.x context was found, but") && text.contains("disabled")
    })
}
