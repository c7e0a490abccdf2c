//! [`ErrorKind`], the kinds of failure, and how a response is classified as one.

use super::message::ServerMessage;
use reqwest::StatusCode;

/// The kind of failure of an [`Error`](crate::Error).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The client is misconfigured: its token, URL or environment is invalid, or no tokio runtime is running.
    /// Nothing was sent.
    Config,
    /// An argument of the call is invalid. Nothing was sent.
    InvalidRequest,
    /// The connection failed: refused, reset, unknown host, TLS. Unless
    /// [`was_sent`](crate::Error::was_sent) returns `false`, a write may have taken effect.
    Transport,
    /// No response arrived in time; [`phase`](crate::Error::phase) returns what the call was waiting for.
    /// Unless [`was_sent`](crate::Error::was_sent) returns `false`, a write may have taken effect.
    Timeout,
    /// The server rejected the token: it is missing, wrong, of another region, or lacks the right (401, 403).
    Auth,
    /// The company's monthly calls are used up; waiting minutes does not help.
    /// [`Chat2Desk::quota`](crate::Chat2Desk::quota) returns how many are left. [`Quota`](crate::Quota)
    /// describes the access modes and packages that set the number.
    QuotaExceeded,
    /// The [call budget](crate::Builder::call_budget) of the token is used up. Nothing was sent.
    BudgetExceeded,
    /// Too many calls in a short time (429). See [`Error::retry_after`](crate::Error::retry_after).
    RateLimited,
    /// The record does not exist (404, or `not_found` with another status).
    NotFound,
    /// The record already exists, or is already in the requested state. See
    /// [`Error::existing_client_id`](crate::Error::existing_client_id).
    Conflict,
    /// The server rejected an argument (400, 422). See [`Error::field_errors`](crate::Error::field_errors).
    Validation,
    /// The server or its gateway failed (5xx). A write may have taken effect.
    Server,
    /// The response is longer than [permitted](crate::Builder::max_body). A write did take effect.
    TooLarge,
    /// The response is a success that cannot be decoded. A write did take effect.
    Decode,
    /// A list could not be read to its end; the records read so far are not the whole list.
    Incomplete,
    /// Any other rejection by the server.
    Api,
}

impl ErrorKind {
    /// Classifies a response by its text and status. The text goes first: the server was seen to report a
    /// used-up quota and unknown ids with several statuses.
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

    /// Returns what failed and what to do about it, for `Display`.
    pub(super) fn explain(self) -> &'static str {
        match self {
            Self::Config => "the client is misconfigured",
            Self::InvalidRequest => "invalid request argument",
            Self::Transport => "the connection failed",
            Self::Timeout => "the call timed out",
            Self::Auth => {
                "the server rejected the token; check that it is the API token of this region's account"
            }
            Self::QuotaExceeded => "the company's API calls of this month are used up",
            Self::BudgetExceeded => "the client's call budget is used up",
            Self::RateLimited => "too many calls; slow down",
            Self::NotFound => "the record does not exist",
            Self::Conflict => "conflict: it already exists, or is already in that state",
            Self::Validation => "the server rejected an argument",
            Self::Server => "the server or its gateway failed",
            Self::TooLarge => "the response is too long",
            Self::Decode => "the call succeeded, but its response cannot be decoded",
            Self::Incomplete => "the list could not be read to its end",
            Self::Api => "the server rejected the call",
        }
    }
}
