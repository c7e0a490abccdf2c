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
pub(crate) mod retry_after;
mod trace;

pub use limit::RateLimit;
pub use observer::{Attempt, Call, Observer, Pause};
pub use retry::RetryPolicy;

pub(crate) use account::{Accounts, Limits};
pub(crate) use pipeline::{Pipeline, Settings, Shared};
pub(crate) use retry::{Budget, Outcome, may_repeat};

use std::error::Error as StdError;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

/// A future of a [`Transport`].
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// What sends one request: a [`reqwest::Client`], or something in its place that records, answers by
/// itself or goes another way.
///
/// Everything else stays the pipeline's: limits, retries, timeouts, reading the answer.
///
/// ```
/// use chat2desk::Chat2Desk;
/// use chat2desk::transport::{BoxFuture, Transport, TransportError};
///
/// struct Always(&'static str);
///
/// impl Transport for Always {
///     fn send(&self, _: reqwest::Request) -> BoxFuture<'_, Result<reqwest::Response, TransportError>> {
///         let answer = http::Response::new(self.0);
///         Box::pin(async { Ok(answer.into()) })
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), chat2desk::Error> {
/// let nobody = Always(r#"{"data": [], "status": "success"}"#);
/// let chat = Chat2Desk::builder("token").transport(nobody).build()?;
/// assert!(chat.list_operators().send().await?.data.is_empty());
/// # Ok(()) }
/// ```
pub trait Transport: Send + Sync {
    /// Sends a request and returns the answer as soon as its head is there.
    ///
    /// Dropping the future gives the request up.
    ///
    /// # Errors
    /// [`TransportError`], which must not claim that nothing was sent unless that is certain.
    fn send(
        &self,
        request: reqwest::Request,
    ) -> BoxFuture<'_, Result<reqwest::Response, TransportError>>;
}

impl Transport for reqwest::Client {
    fn send(
        &self,
        request: reqwest::Request,
    ) -> BoxFuture<'_, Result<reqwest::Response, TransportError>> {
        let answer = self.execute(request);
        Box::pin(async { answer.await.map_err(TransportError::from) })
    }
}

impl<T: Transport + ?Sized> Transport for Arc<T> {
    fn send(
        &self,
        request: reqwest::Request,
    ) -> BoxFuture<'_, Result<reqwest::Response, TransportError>> {
        (**self).send(request)
    }
}

/// Why a [`Transport`] has no answer.
#[derive(Debug)]
pub struct TransportError {
    pub(crate) was_sent: bool,
    pub(crate) timed_out: bool,
    pub(crate) source: Box<dyn StdError + Send + Sync>,
}

impl TransportError {
    /// No byte of the request left this machine, so that even a write may be repeated.
    pub fn not_sent(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self {
            was_sent: false,
            timed_out: false,
            source: source.into(),
        }
    }

    /// The server may have taken the request, so that a write must not be repeated.
    pub fn maybe_sent(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self {
            was_sent: true,
            ..Self::not_sent(source)
        }
    }
}

impl From<reqwest::Error> for TransportError {
    fn from(error: reqwest::Error) -> Self {
        Self {
            // Only a connection that was never made is proof that nothing left.
            was_sent: !error.is_connect(),
            timed_out: error.is_timeout(),
            // A URL holds query values: phone numbers, ids.
            source: error.without_url().into(),
        }
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.was_sent {
            "no response to a request that may have been sent"
        } else {
            "the request was not sent"
        })
    }
}

impl StdError for TransportError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(&*self.source)
    }
}

/// Where a call was when it failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Phase {
    /// Waiting for its turn under the [rate limit](RateLimit). Nothing was sent.
    Queue,
    /// Making the connection. Nothing was sent.
    Connect,
    /// Waiting for the first byte of the answer. The server may have taken the request.
    Answer,
    /// Reading the answer. The server has taken the request.
    Body,
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Queue => "while waiting for the rate limiter",
            Self::Connect => "while connecting",
            Self::Answer => "while waiting for the response",
            Self::Body => "while reading the response",
        })
    }
}
