//! [`Error`], the error of every call.

// Waits, lengths and dates come from the server: no value of it may overflow.
#![deny(clippy::arithmetic_side_effects)]

mod carried;
mod connection;
mod failure;
mod kind;
mod make;
mod mask;
mod message;
mod outcome;
mod phase;
mod retry_after;
mod spelling;
mod transport_error;

use crate::operation::Operation;
use bytes::Bytes;
use message::ServerMessage;
use reqwest::StatusCode;
use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

pub use kind::ErrorKind;
pub use message::FieldError;
pub use phase::Phase;
pub use transport_error::TransportError;

pub(crate) use failure::says_error;
pub(crate) use message::redact;
pub(crate) use outcome::Outcome;

/// Why a call failed: the kind of failure, the operation, the HTTP status and the server's message.
///
/// ```no_run
/// use chat2desk::{Chat2Desk, ErrorKind};
///
/// # async fn run(chat: &Chat2Desk) {
/// match chat.get_dialog(18400001).send().await {
///     Ok(dialog) => println!("{:?}", dialog.data.state),
///     Err(error) if error.is_not_found() => println!("no such dialog"),
///     Err(error) => match error.kind() {
///         ErrorKind::QuotaExceeded => println!("no calls left this month"),
///         ErrorKind::RateLimited => println!("wait {:?}", error.retry_after()),
///         _ => println!("{error}"),
///     },
/// }
/// # }
/// ```
///
/// # Logging
/// `Display` and `Debug` are safe to log. They show the server's text without the token, without any value of
/// the request, and without anything that looks like a phone number or an e-mail address. The text as the
/// server sent it is in [`message`](Self::message), [`field_errors`](Self::field_errors) and
/// [`body`](Self::body).
pub struct Error(Box<Repr>);

struct Repr {
    kind: ErrorKind,
    operation: Option<&'static Operation>,
    /// The path of the request, without the query.
    path: Option<Box<str>>,
    attempts: u32,
    status: Option<StatusCode>,
    phase: Option<Phase>,
    /// The outcome of the last attempt, if one was begun.
    outcome: Option<Outcome>,
    retry_after: Option<Duration>,
    server: ServerMessage,
    body: Bytes,
    /// The target of a redirect, until it is part of the reason.
    location: Option<Box<str>>,
    /// This crate's explanation.
    reason: Option<String>,
    /// The time waited before a timeout.
    waited: Option<Duration>,
    /// The server's text, masked.
    said: Option<String>,
    /// The causes of a failed connection, masked.
    cause: Option<String>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl Error {
    /// Returns the kind of failure.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Returns the HTTP status; `None` if there was no response.
    ///
    /// It is a success, such as 200, if the body could not be decoded or reports an error in its envelope.
    pub fn status(&self) -> Option<StatusCode> {
        self.0.status
    }

    /// Returns the id of the operation that failed, such as `send_message`.
    pub fn operation(&self) -> Option<&'static str> {
        self.0.operation.map(|operation| operation.id)
    }

    /// Returns the path of the request, such as `/v1/clients/94000001`; `None` if no request was made.
    ///
    /// The query is not part of it, since it may contain phone numbers.
    pub fn path(&self) -> Option<&str> {
        self.0.path.as_deref()
    }

    /// Returns the number of attempts that were begun; zero if the call failed before the first.
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// Returns the phase in which the last attempt failed; `None` if its response was read completely.
    pub fn phase(&self) -> Option<Phase> {
        self.0.phase
    }

    /// Returns whether the server may have received the request.
    ///
    /// It is `true` for rejected calls and for reads, too. For writes, see
    /// [`may_have_taken_effect`](Self::may_have_taken_effect).
    pub fn was_sent(&self) -> bool {
        let unsent = [None, Some(Outcome::NotSent), Some(Outcome::Held)];
        self.0.status.is_some() || !unsent.contains(&self.0.outcome)
    }

    /// Returns whether the call writes and may have taken effect despite this error.
    ///
    /// Do not repeat such a call without a look: it could send a message twice. `false` means that nothing was
    /// written, because the operation only reads, the request was not sent, or the server rejected it.
    ///
    /// To look, give each message an id of your own. Then read the customer's messages, at least two minutes after
    /// the failed call, because messages were seen to appear in their list about a minute late:
    ///
    /// ```no_run
    /// # use chat2desk::{Chat2Desk, Error, List, messages::Draft};
    /// # use std::time::Duration;
    /// # async fn run(chat: &Chat2Desk) -> Result<(), Error> {
    /// let message = Draft::text(94000001, "Your order is ready").external_id("order-118");
    /// if let Err(error) = chat.send_message(message).send().await {
    ///     if !error.may_have_taken_effect() {
    ///         return Err(error); // not sent
    ///     }
    ///     tokio::time::sleep(Duration::from_secs(120)).await;
    ///     let messages = chat.list_messages().client_id(94000001).order("desc");
    ///     let mut messages = messages.max_items(100).items();
    ///     let mut was_sent = false;
    ///     while let Some(message) = messages.next().await {
    ///         let message = message?;
    ///         was_sent |= message.extra_data.get("external_id").is_some_and(|id| id == "order-118");
    ///     }
    ///     println!("the message was sent: {was_sent}");
    /// }
    /// # Ok(()) }
    /// ```
    pub fn may_have_taken_effect(&self) -> bool {
        let writes = self
            .0
            .operation
            .is_some_and(|operation| operation.side_effects);
        let is_refusal = self.status().is_some_and(|status| status.is_client_error());
        let is_open = !is_refusal || self.is_timeout();
        writes && self.was_sent() && !self.was_turned_away() && is_open
    }

    /// Returns the server's message as it was sent. It may quote the request: do not log it.
    pub fn message(&self) -> Option<&str> {
        self.0.server.message.as_deref()
    }

    /// Returns the server's messages about single fields of the request.
    pub fn field_errors(&self) -> &[FieldError] {
        &self.0.server.fields
    }

    /// Returns the time that the server asks to wait: its `Retry-After`, in seconds or as a date.
    ///
    /// A date counts from the time at which the response was sent; one that has passed is zero.
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// Returns the body of the response as it was sent; empty if there was none. It contains personal data.
    pub fn body(&self) -> &[u8] {
        &self.0.body
    }

    pub(crate) fn bytes(&self) -> &Bytes {
        &self.0.body
    }

    /// Returns the id of the existing customer if [`create_client`](crate::Chat2Desk::create_client) failed
    /// because there is one with the same number. The server names it in its response, a 400.
    pub fn existing_client_id(&self) -> Option<i64> {
        self.0.server.existing_client_id()
    }

    /// Returns whether the kind is [`ErrorKind::Auth`]: the server rejected the token.
    pub fn is_auth(&self) -> bool {
        self.kind() == ErrorKind::Auth
    }

    /// Returns whether the kind is [`ErrorKind::NotFound`]: the record does not exist.
    pub fn is_not_found(&self) -> bool {
        self.kind() == ErrorKind::NotFound
    }

    /// Returns whether the kind is [`ErrorKind::QuotaExceeded`]: the company's monthly calls are used up.
    pub fn is_quota_exceeded(&self) -> bool {
        self.kind() == ErrorKind::QuotaExceeded
    }

    /// Returns whether the kind is [`ErrorKind::Timeout`]: no response arrived in time.
    pub fn is_timeout(&self) -> bool {
        self.kind() == ErrorKind::Timeout
    }

    /// Returns whether making the same call again later is safe and may succeed.
    ///
    /// The client already retried it as often as its [policy](crate::transport::RetryPolicy) permits. The same
    /// rules apply here: a write whose outcome is unknown is not retryable.
    pub fn is_retryable(&self) -> bool {
        let repr = &self.0;
        match (repr.outcome, repr.operation) {
            (Some(outcome), Some(operation)) => outcome.may_repeat(operation),
            _ => false,
        }
    }

    /// Returns whether the server rejected the call for a reason that does not concern its content, before it read it.
    pub(crate) fn was_turned_away(&self) -> bool {
        matches!(
            self.kind(),
            ErrorKind::Auth | ErrorKind::RateLimited | ErrorKind::QuotaExceeded
        )
    }

    /// Returns whether no byte of the last attempt was sent.
    pub(crate) fn is_unsent(&self) -> bool {
        self.0.outcome == Some(Outcome::NotSent)
    }

    pub(crate) fn outcome(&self) -> Option<Outcome> {
        self.0.outcome
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let repr = &*self.0;
        if let Some(operation) = repr.operation {
            write!(f, "{}: ", operation.id)?;
        }
        if let Some(status) = repr.status {
            write!(f, "HTTP {}: ", status.as_u16())?;
        }
        let reason = repr.reason.as_deref().map(redact);
        let is_lost = matches!(repr.kind, ErrorKind::Transport | ErrorKind::Timeout);
        match (&reason, repr.phase) {
            // The text of the kind `Api` adds nothing to the reason.
            (Some(reason), _) if repr.kind == ErrorKind::Api => f.write_str(reason)?,
            (_, Some(phase)) if is_lost => write!(f, "{} {phase}", repr.kind.explain())?,
            _ => f.write_str(repr.kind.explain())?,
        }
        if let Some(waited) = repr.waited {
            write!(f, " (after {} s)", waited.as_secs_f64())?;
        }
        if let Some(reason) = reason.filter(|_| repr.kind != ErrorKind::Api) {
            write!(f, ": {reason}")?;
        }
        if let Some(cause) = &repr.cause {
            write!(f, ": {cause}")?;
        }
        if let Some(said) = &repr.said {
            write!(f, " ({said})")?;
        }
        if self.may_have_taken_effect() {
            f.write_str("; it may have been executed")?;
        }
        if repr.attempts > 1 {
            write!(f, ", after {} attempts", repr.attempts)?;
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Error");
        shown
            .field("kind", &self.kind())
            .field("operation", &self.operation())
            .field("status", &self.status().map(|status| status.as_u16()))
            .field("attempts", &self.attempts())
            .field("phase", &self.phase())
            .field("retry_after", &self.retry_after())
            .field("text", &self.to_string());
        match &self.0.cause {
            // The source may be anything that a transport returned, and its text is not masked.
            Some(cause) => shown.field("cause", cause),
            None => shown.field("source", &self.0.source),
        };
        shown.finish_non_exhaustive()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_ref().map(|source| &**source as _)
    }
}
