//! [`Observer`], which is notified of each attempt, pause and call, without their content.

use crate::error::ErrorKind;
use crate::operation::Operation;
use reqwest::StatusCode;
use std::sync::Arc;
use std::time::Duration;

/// Receives events of a client, for metrics and logs. Set it with
/// [`Builder::observer`](crate::Builder::observer).
///
/// Events contain no token, query, body or phone number. The methods are called during a call, so they should
/// return quickly. With the feature `tracing` every call is a span as well.
///
/// ```
/// use chat2desk::Chat2Desk;
/// use chat2desk::transport::{Attempt, Observer};
/// use std::sync::Arc;
/// use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
///
/// #[derive(Default)]
/// struct Traffic(AtomicU64);
///
/// impl Observer for Traffic {
///     fn attempt(&self, attempt: &Attempt) {
///         self.0.fetch_add(attempt.bytes_received, Relaxed);
///     }
/// }
///
/// let traffic = Arc::new(Traffic::default());
/// let chat = Chat2Desk::builder("token").observer(traffic.clone()).build()?;
/// # Ok::<(), chat2desk::Error>(())
/// ```
pub trait Observer: Send + Sync {
    /// Called after each attempt, with its response or failure. A call with retries has several.
    fn attempt(&self, attempt: &Attempt) {
        let _ = attempt;
    }

    /// Called before the wait for a retry.
    fn pause(&self, pause: &Pause) {
        let _ = pause;
    }

    /// Called at the end of each call, after its last attempt.
    fn call(&self, call: &Call) {
        let _ = call;
    }
}

impl<T: Observer + ?Sized> Observer for Arc<T> {
    fn attempt(&self, attempt: &Attempt) {
        (**self).attempt(attempt);
    }

    fn pause(&self, pause: &Pause) {
        (**self).pause(pause);
    }

    fn call(&self, call: &Call) {
        (**self).call(call);
    }
}

/// One attempt of a call: a request and its response or failure.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Attempt {
    /// The operation that was called.
    pub operation: &'static Operation,
    /// The number of the attempt within its call, from 1.
    pub number: u32,
    /// The HTTP status; `None` if there was no response.
    pub status: Option<StatusCode>,
    /// The kind of failure; `None` if the attempt succeeded.
    pub failure: Option<ErrorKind>,
    /// The time from sending to the last byte of the response, or to the failure.
    pub duration: Duration,
    /// The length of the request body, in bytes.
    pub bytes_sent: u64,
    /// The length of the response body in bytes, after decompression; zero if it was not read to its end.
    pub bytes_received: u64,
}

/// The wait before a retry.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Pause {
    /// The operation that was called.
    pub operation: &'static Operation,
    /// The number of the attempt that failed, from 1.
    pub attempt: u32,
    /// The kind of its failure.
    pub failure: ErrorKind,
    /// The time that the client waits.
    pub duration: Duration,
}

/// A call that has ended, with all its attempts.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Call {
    /// The operation that was called.
    pub operation: &'static Operation,
    /// The number of attempts.
    pub attempts: u32,
    /// The HTTP status of the last response; `None` if there was none.
    pub status: Option<StatusCode>,
    /// The kind of failure; `None` if the call succeeded. Decoding comes later: a response that cannot be
    /// decoded counts as a success here.
    pub failure: Option<ErrorKind>,
    /// The time of the whole call: waiting for the rate limiter, attempts, and pauses between them.
    pub duration: Duration,
}
