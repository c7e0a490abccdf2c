//! [`TransportError`], why a request has no response.

use std::error::Error as StdError;
use std::fmt;

/// Why a [`Transport`](crate::transport::Transport) has no response.
#[derive(Debug)]
pub struct TransportError {
    pub(super) was_sent: bool,
    pub(super) timed_out: bool,
    pub(super) source: Box<dyn StdError + Send + Sync>,
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
