//! [`TransportError`], the error of a `Transport`.

use std::error::Error as StdError;
use std::fmt;

/// Why a [`Transport`](crate::transport::Transport) has no response to a request.
#[derive(Debug)]
pub struct TransportError {
    pub(super) was_sent: bool,
    pub(super) timed_out: bool,
    pub(super) source: Box<dyn StdError + Send + Sync>,
}

impl TransportError {
    /// Creates an error of a request of which no byte was sent, so that even a write may be retried.
    pub fn not_sent(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self {
            was_sent: false,
            timed_out: false,
            source: source.into(),
        }
    }

    /// Creates an error of a request that the server may have received, so that a write must not be retried.
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
            // Only a failure to connect proves that nothing was sent.
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
