//! Sending: rate limit, retries, and the traits that replace or observe the HTTP client.
//!
//! Every call goes through these steps:
//!
//! 1. It waits for a permit of the [`RateLimit`], if one is set.
//! 2. A [`Transport`] sends the request; unless set otherwise, that is a [`reqwest::Client`].
//! 3. The response is read into memory, up to [`Builder::max_body`](crate::Builder::max_body) bytes, and
//!    classified as success or failure.
//! 4. A failure is retried if the [`RetryPolicy`] permits it and the retry cannot do anything twice.
//!
//! An [`Observer`] is notified of each attempt, each pause and each call.

// Waits, lengths and dates come from the server: no value of it may overflow.
#![deny(clippy::arithmetic_side_effects)]

mod account;
mod bare;
mod body;
mod gate;
mod limit;
mod observer;
mod period;
mod pipeline;
mod retry;
mod sender;
#[cfg_attr(not(feature = "tracing"), path = "transport/untraced.rs")]
mod trace;

pub use crate::error::{Phase, TransportError};
pub use limit::RateLimit;
pub use observer::{Attempt, Call, Observer, Pause};
pub use retry::RetryPolicy;
pub use sender::{BoxFuture, Transport};

pub(crate) use account::{Accounts, Limits};
pub(crate) use pipeline::{Pipeline, Settings, Shared};
pub(crate) use retry::Budget;
pub(crate) use trace::in_current_span;
