//! [`Error`], the one error of the crate, and what its [`ErrorKind`]s mean.

mod message;

use crate::operation::Operation;
use crate::response::RawResponse;
use crate::retry_after::retry_after;
use bytes::Bytes;
use message::{ServerMessage, redact};
use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use std::error::Error as StdError;
use std::fmt;
use std::time::{Duration, SystemTime};

pub use message::FieldError;

/// Why a call failed: what kind of failure, at which operation, and what the server said.
///
/// `Display` and `Debug` are safe to log: they hold neither the token, nor the body, nor anything
/// that looks like a phone number. What the server said in full is in [`message`](Self::message),
/// [`field_errors`](Self::field_errors) and [`body`](Self::body).
pub struct Error(Box<Repr>);

struct Repr {
    kind: ErrorKind,
    operation: Option<&'static Operation>,
    status: Option<StatusCode>,
    retry_after: Option<Duration>,
    server: ServerMessage,
    body: Bytes,
    /// What this crate has to say, where the server said nothing.
    reason: Option<String>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

/// What kind of failure an [`Error`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The client's settings are unusable: token, URL, environment. Nothing was sent.
    Config,
    /// An argument of the call is unusable. Nothing was sent.
    InvalidRequest,
    /// The connection failed: refused, reset, unknown host, TLS. A write may have taken effect.
    Transport,
    /// No answer in time. A write may have taken effect.
    Timeout,
    /// The token is missing, wrong, of another region, or may not do this (401, 403).
    Auth,
    /// The company's calls of the month are used up. Waiting minutes does not help.
    QuotaExceeded,
    /// Too many calls at once (429). See [`Error::retry_after`].
    RateLimited,
    /// There is no such record (404, or `not_found` under another status).
    NotFound,
    /// It exists already, or is already so. See [`Error::existing_client_id`].
    Conflict,
    /// The server refuses an argument (400, 422). See [`Error::field_errors`].
    Validation,
    /// The server or its gateway failed (5xx).
    Server,
    /// The answer is a success that cannot be decoded. A write did take effect.
    Decode,
    /// A list ended before its end; what was read so far is not the whole.
    Incomplete,
    /// Any other refusal.
    Api,
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

    fn new(kind: ErrorKind) -> Self {
        Self(Box::new(Repr {
            kind,
            operation: None,
            status: None,
            retry_after: None,
            server: ServerMessage::default(),
            body: Bytes::new(),
            reason: None,
            source: None,
        }))
    }

    pub(crate) fn config(reason: &str) -> Self {
        Self::new(ErrorKind::Config).with_reason(reason)
    }

    pub(crate) fn invalid_request(reason: &str) -> Self {
        Self::new(ErrorKind::InvalidRequest).with_reason(reason)
    }

    pub(crate) fn transport(reason: &str) -> Self {
        Self::new(ErrorKind::Transport).with_reason(reason)
    }

    /// A success that holds something other than what it should.
    pub(crate) fn undecodable(reason: &str) -> Self {
        Self::new(ErrorKind::Decode).with_reason(reason)
    }

    pub(crate) fn incomplete(operation: &'static Operation, reason: &str) -> Self {
        Self::new(ErrorKind::Incomplete)
            .with_reason(reason)
            .at(operation)
    }

    /// A failure that the server reported, classified by status and text.
    pub(crate) fn answered(response: &RawResponse) -> Self {
        let server = ServerMessage::read(&response.body);
        let mut error = Self::new(classify(response.status, &server)).at(response.operation);
        error.0.server = server;
        error.0.body = response.body.clone();
        error.with_response(response.status, &response.headers)
    }

    pub(crate) fn with_response(mut self, status: StatusCode, headers: &HeaderMap) -> Self {
        self.0.status = Some(status);
        self.0.retry_after = retry_after(headers, SystemTime::now());
        self
    }

    pub(crate) fn at(mut self, operation: &'static Operation) -> Self {
        self.0.operation = Some(operation);
        self
    }

    pub(crate) fn with_kind(mut self, kind: ErrorKind) -> Self {
        self.0.kind = kind;
        self
    }

    pub(crate) fn with_reason(mut self, reason: &str) -> Self {
        self.0.reason = Some(reason.to_owned());
        self
    }

    pub(crate) fn with_source(mut self, source: impl StdError + Send + Sync + 'static) -> Self {
        self.0.source = Some(Box::new(source));
        self
    }
}

/// The kind that status and text make together. The text goes first: the server has answered quota
/// and unknown-id failures under several statuses.
fn classify(status: StatusCode, server: &ServerMessage) -> ErrorKind {
    if server.says("API limit per month") {
        return ErrorKind::QuotaExceeded;
    }
    if server.says("already exist") || server.says("already has state") {
        return ErrorKind::Conflict;
    }
    match status.as_u16() {
        401 | 403 => ErrorKind::Auth,
        404 => ErrorKind::NotFound,
        408 => ErrorKind::Timeout,
        429 => ErrorKind::RateLimited,
        500.. => ErrorKind::Server,
        _ if server.says("Token is not correct") || server.says("You need to auth") => {
            ErrorKind::Auth
        }
        _ if server.says("not_found") || server.says("not found") => ErrorKind::NotFound,
        409 => ErrorKind::Conflict,
        400 | 422 => ErrorKind::Validation,
        _ => ErrorKind::Api,
    }
}

impl ErrorKind {
    /// What failed, and what to do about it.
    fn explain(self) -> &'static str {
        match self {
            Self::Config => "the client cannot be set up",
            Self::InvalidRequest => "an argument cannot be sent",
            Self::Transport => "the connection failed",
            Self::Timeout => "no answer in time",
            Self::Auth => {
                "the token was refused; check that it is the API token of this region's account"
            }
            Self::QuotaExceeded => "the company's API calls of this month are used up",
            Self::RateLimited => "too many calls; slow down",
            Self::NotFound => "there is no such record",
            Self::Conflict => "it exists already, or is already so",
            Self::Validation => "the server refuses an argument",
            Self::Server => "the server or its gateway failed",
            Self::Decode => "the answer is a success that cannot be decoded",
            Self::Incomplete => "the list could not be read to its end",
            Self::Api => "the server refuses the call",
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Repr {
            kind,
            operation,
            status,
            reason,
            server,
            body,
            ..
        } = &*self.0;
        if let Some(operation) = operation {
            write!(f, "{}: ", operation.id)?;
        }
        if let Some(status) = status {
            write!(f, "HTTP {}: ", status.as_u16())?;
        }
        f.write_str(kind.explain())?;
        if let Some(reason) = reason {
            write!(f, ": {}", redact(reason))?;
        }
        if *kind == ErrorKind::Decode || status.is_none() {
            return Ok(());
        }
        match server.summary(body) {
            Some(summary) => write!(f, " ({})", redact(&summary)),
            None => Ok(()),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("kind", &self.kind())
            .field("operation", &self.operation())
            .field("status", &self.status().map(|status| status.as_u16()))
            .field("retry_after", &self.retry_after())
            .field("text", &self.to_string())
            .field("source", &self.0.source)
            .finish_non_exhaustive()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_ref().map(|source| &**source as _)
    }
}

impl From<reqwest::Error> for Error {
    fn from(error: reqwest::Error) -> Self {
        // A URL holds query values: phone numbers, ids.
        let error = error.without_url();
        let kind = match () {
            () if error.is_timeout() => ErrorKind::Timeout,
            () if error.is_builder() => ErrorKind::InvalidRequest,
            () => ErrorKind::Transport,
        };
        let phase = match () {
            () if error.is_connect() => "while connecting",
            () if error.is_body() || error.is_decode() => "while reading the answer",
            () => "while waiting for the answer",
        };
        let made = Self::new(kind).with_source(error);
        if kind == ErrorKind::InvalidRequest {
            made
        } else {
            made.with_reason(phase)
        }
    }
}
