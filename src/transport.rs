//! How calls are sent: the pipeline that every one goes through, and where it can be extended.
//!
//! A call takes its turn under the [rate limit](RateLimit), is sent by a [`Transport`], read into memory
//! under a cap, and told apart into success and failure. A failure is repeated where the
//! [policy](RetryPolicy) allows and nothing can be done twice. An [`Observer`] sees all of it.

mod account;
mod body;
mod gate;
mod limit;
mod observer;
mod pipeline;
mod retry;
mod sender;
mod trace;

pub use crate::error::{Phase, TransportError};
pub use limit::RateLimit;
pub use observer::{Attempt, Call, Observer, Pause};
pub use retry::RetryPolicy;
pub use sender::{BoxFuture, Transport};

pub(crate) use account::{Accounts, Limits};
pub(crate) use pipeline::{Pipeline, Settings, Shared};
pub(crate) use retry::Budget;
