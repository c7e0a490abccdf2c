//! [`Phase`], the phase in which a call failed.

use std::fmt;

/// The phase in which a call failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Phase {
    /// Waiting for a permit of the [rate limit](crate::transport::RateLimit). Nothing was sent.
    Queue,
    /// Establishing the connection. Nothing was sent.
    Connect,
    /// Waiting for the first byte of the response. The server may have executed the request.
    Response,
    /// Reading the response. The server has executed the request.
    Body,
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Queue => "while waiting for the rate limiter",
            Self::Connect => "while connecting",
            Self::Response => "while waiting for the response",
            Self::Body => "while reading the response",
        })
    }
}
