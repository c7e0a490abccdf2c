//! What can be watched: every attempt, every pause and every call, without a word of what they carry.

use crate::error::ErrorKind;
use crate::operation::Operation;
use reqwest::StatusCode;
use std::sync::Arc;
use std::time::Duration;

/// Watches what a client does, for metrics and logs.
///
/// No method sees a token, a query, a body or a phone number. They are called in the middle of calls, so
/// they should return at once. With the feature `tracing` every call is a span besides.
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
    /// A request was answered, or failed. Calls are repeated, so one may have several attempts.
    fn attempt(&self, attempt: &Attempt) {
        let _ = attempt;
    }

    /// The call will be repeated, after a wait.
    fn pause(&self, pause: &Pause) {
        let _ = pause;
    }

    /// A call ended: all its attempts, and the waits between them.
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

/// One request and its answer.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Attempt {
    /// What was called.
    pub operation: &'static Operation,
    /// Which attempt of the call it was, from 1.
    pub number: u32,
    /// The status, if there was an answer.
    pub status: Option<StatusCode>,
    /// Why it failed, if it did.
    pub failure: Option<ErrorKind>,
    /// The time from sending to the last byte of the answer, or to the failure.
    pub duration: Duration,
    /// The length of the request's body.
    pub bytes_sent: u64,
    /// The length of the answer's body after decompression; zero if it was not read to its end.
    pub bytes_received: u64,
}

/// The wait before a call is repeated.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Pause {
    /// What was called.
    pub operation: &'static Operation,
    /// Which attempt has failed, from 1.
    pub attempt: u32,
    /// Why it failed.
    pub failure: ErrorKind,
    /// How long the client waits.
    pub duration: Duration,
}

/// A call from beginning to end.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Call {
    /// What was called.
    pub operation: &'static Operation,
    /// How many requests were made.
    pub attempts: u32,
    /// The status of the last answer, if there was one.
    pub status: Option<StatusCode>,
    /// Why it failed, if it did. An answer that cannot be decoded still succeeded here.
    pub failure: Option<ErrorKind>,
    /// All of it: waiting for a turn, attempts, and pauses between them.
    pub duration: Duration,
}
