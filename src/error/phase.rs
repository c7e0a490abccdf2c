//! [`Phase`], where a call was when it failed.

use std::fmt;

/// Where a call was when it failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Phase {
    /// Waiting for its turn under the [rate limit](crate::transport::RateLimit). Nothing was sent.
    Queue,
    /// Making the connection. Nothing was sent.
    Connect,
    /// Waiting for the first byte of the response. The server may have taken the request.
    Response,
    /// Reading the response. The server has taken the request.
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
