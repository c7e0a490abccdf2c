//! [`Error`], the one error of the crate.

mod carried;
mod connection;
mod kind;
mod make;
mod mask;
mod message;
mod outcome;
mod phase;
mod retry_after;
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

pub(crate) use message::{redact, says_error};
pub(crate) use outcome::Outcome;

/// Why a call failed: what kind of failure, at which operation, and what the server said.
///
/// `Display` and `Debug` are safe to log. What they show of the server's text is without the token, without
/// every value that the request carried, and without anything that looks like a phone number or an e-mail
/// address. The text as the server sent it is in [`message`](Self::message),
/// [`field_errors`](Self::field_errors) and [`body`](Self::body).
pub struct Error(Box<Repr>);

struct Repr {
    kind: ErrorKind,
    operation: Option<&'static Operation>,
    /// Of the request, without the query.
    path: Option<Box<str>>,
    attempts: u32,
    status: Option<StatusCode>,
    phase: Option<Phase>,
    /// What became of the last attempt, if one was made or begun.
    outcome: Option<Outcome>,
    retry_after: Option<Duration>,
    server: ServerMessage,
    body: Bytes,
    /// Where a redirect points to, until that is said.
    location: Option<Box<str>>,
    /// What this crate has to say.
    reason: Option<String>,
    /// How long was waited, if in vain.
    waited: Option<Duration>,
    /// What came from the server, masked.
    said: Option<String>,
    /// Why there was no response, masked.
    cause: Option<String>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl Error {
    /// What kind of failure it is.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The HTTP status, whenever there was an answer: also when it could not be decoded, and `200`
    /// when a success carried an error envelope.
    pub fn status(&self) -> Option<StatusCode> {
        self.0.status
    }

    /// The operation that failed, such as `send_message`.
    pub fn operation(&self) -> Option<&'static str> {
        self.0.operation.map(|operation| operation.id)
    }

    /// The path of the request, such as `/v1/clients/94000001`. Without the query, which holds phone
    /// numbers; there is none if no request was made.
    pub fn path(&self) -> Option<&str> {
        self.0.path.as_deref()
    }

    /// How many attempts were begun, the last included; zero if the call did not come to that.
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// How far the last attempt came, if it ended without an answer that could be read.
    pub fn phase(&self) -> Option<Phase> {
        self.0.phase
    }

    /// Whether the server may have taken the request, so that a write may have had its effect.
    pub fn was_sent(&self) -> bool {
        let unsent = [None, Some(Outcome::NotSent), Some(Outcome::Held)];
        self.0.status.is_some() || !unsent.contains(&self.0.outcome)
    }

    /// What the server said, word for word. May quote what was sent: do not log it blindly.
    pub fn message(&self) -> Option<&str> {
        self.0.server.message.as_deref()
    }

    /// What the server said of single fields.
    pub fn field_errors(&self) -> &[FieldError] {
        &self.0.server.fields
    }

    /// How long the server asks to wait: its `Retry-After`, in seconds or as a date.
    ///
    /// A date counts from the moment at which the answer was sent, and is zero once it has passed.
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// The body of the answer, as it came; empty if there was none. Holds personal data.
    pub fn body(&self) -> &[u8] {
        &self.0.body
    }

    pub(crate) fn bytes(&self) -> &Bytes {
        &self.0.body
    }

    /// The id of the client that `create_client` would have doubled: the server names it in its 400.
    pub fn existing_client_id(&self) -> Option<i64> {
        self.0.server.existing_client_id()
    }

    /// Whether the token was refused.
    pub fn is_auth(&self) -> bool {
        self.kind() == ErrorKind::Auth
    }

    /// Whether there is no such record.
    pub fn is_not_found(&self) -> bool {
        self.kind() == ErrorKind::NotFound
    }

    /// Whether the calls of the month are used up.
    pub fn is_quota_exceeded(&self) -> bool {
        self.kind() == ErrorKind::QuotaExceeded
    }

    /// Whether no answer came in time.
    pub fn is_timeout(&self) -> bool {
        self.kind() == ErrorKind::Timeout
    }

    /// Whether the same call may be made again, later: it can do nothing twice, and may succeed.
    ///
    /// The client has made it as often as its [policy](crate::transport::RetryPolicy) allows. The same
    /// rules hold here: a write of which nobody knows whether it took effect is not retryable.
    pub fn is_retryable(&self) -> bool {
        let repr = &self.0;
        match (repr.outcome, repr.operation) {
            (Some(outcome), Some(operation)) => outcome.may_repeat(operation),
            _ => false,
        }
    }

    /// Whether no byte of the last attempt left.
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
            // A refusal of no kind says nothing that its reason does not.
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
        let acts = repr
            .operation
            .is_some_and(|operation| operation.side_effects);
        if is_lost && acts && matches!(repr.phase, Some(Phase::Response | Phase::Body)) {
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
            // The source may be anything that a transport returned.
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
