//! [`ErrorKind`]: what kinds of failure there are, and how an answer is put into one.

use super::message::ServerMessage;
use reqwest::StatusCode;

/// What kind of failure an [`Error`](crate::Error) is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The client cannot be used: its token, URL or environment is unusable, or no tokio runtime is running.
    /// Nothing was sent.
    Config,
    /// An argument of the call is unusable. Nothing was sent.
    InvalidRequest,
    /// The connection failed: refused, reset, unknown host, TLS. Unless
    /// [`was_sent`](crate::Error::was_sent) is false, a write may have taken effect.
    Transport,
    /// No answer in time; [`phase`](crate::Error::phase) says what was waited for. Unless
    /// [`was_sent`](crate::Error::was_sent) is false, a write may have taken effect.
    Timeout,
    /// The token is missing, wrong, of another region, or may not do this (401, 403).
    Auth,
    /// The company's calls of the month are used up. Waiting minutes does not help.
    /// [`Chat2Desk::quota`](crate::Chat2Desk::quota) returns what is left, and its type describes the modes
    /// and packages that set the number.
    QuotaExceeded,
    /// The calls that this client [may make](crate::Builder::call_budget) are used up. Nothing was sent.
    BudgetExceeded,
    /// Too many calls at once (429). See [`Error::retry_after`](crate::Error::retry_after).
    RateLimited,
    /// There is no such record (404, or `not_found` under another status).
    NotFound,
    /// It exists already, or is already so. See
    /// [`Error::existing_client_id`](crate::Error::existing_client_id).
    Conflict,
    /// The server refuses an argument (400, 422). See [`Error::field_errors`](crate::Error::field_errors).
    Validation,
    /// The server or its gateway failed (5xx).
    Server,
    /// The answer is longer than [may be](crate::Builder::max_body). A write did take effect.
    TooLarge,
    /// The answer is a success that cannot be decoded. A write did take effect.
    Decode,
    /// A list ended before its end; what was read so far is not the whole.
    Incomplete,
    /// Any other refusal.
    Api,
}

impl ErrorKind {
    /// The kind that status and text make together. The text goes first: the server has answered quota
    /// and unknown-id failures under several statuses.
    pub(super) fn of(status: StatusCode, server: &ServerMessage) -> Self {
        if server.is_quota() {
            return Self::QuotaExceeded;
        }
        if server.says("already exist") || server.says("already has state") {
            return Self::Conflict;
        }
        match status.as_u16() {
            401 | 403 => Self::Auth,
            404 => Self::NotFound,
            408 => Self::Timeout,
            429 => Self::RateLimited,
            500.. => Self::Server,
            _ if server.says("Token is not correct") || server.says("You need to auth") => {
                Self::Auth
            }
            _ if server.says("not_found") || server.says("not found") => Self::NotFound,
            _ if server.says("Number of API requests exceeded") => Self::RateLimited,
            409 => Self::Conflict,
            400 | 422 => Self::Validation,
            _ => Self::Api,
        }
    }

    /// What failed, and what to do about it.
    pub(super) fn explain(self) -> &'static str {
        match self {
            Self::Config => "the client cannot be used",
            Self::InvalidRequest => "invalid request argument",
            Self::Transport => "the connection failed",
            Self::Timeout => "the call timed out",
            Self::Auth => {
                "the token was refused; check that it is the API token of this region's account"
            }
            Self::QuotaExceeded => "the company's API calls of this month are used up",
            Self::BudgetExceeded => "the client's call budget is used up",
            Self::RateLimited => "too many calls; slow down",
            Self::NotFound => "there is no such record",
            Self::Conflict => "conflict: it already exists, or is already in that state",
            Self::Validation => "the server refuses an argument",
            Self::Server => "the server or its gateway failed",
            Self::TooLarge => "the response is too long",
            Self::Decode => "the answer is a success that cannot be decoded",
            Self::Incomplete => "the list could not be read to its end",
            Self::Api => "the server refuses the call",
        }
    }
}
