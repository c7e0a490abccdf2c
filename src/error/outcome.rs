//! [`Outcome`], how an attempt failed, which decides whether the call may be retried.

use crate::operation::Operation;
use std::time::Duration;

/// How an attempt failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// No byte of the request was sent.
    NotSent,
    /// The server asked all calls to wait for longer than this one may take. Nothing was sent.
    Held,
    /// The connection broke after the server may have received the request.
    Broken,
    /// No response arrived in time. The server may have received the request.
    TimedOut,
    /// The response is an error or cannot be used.
    Refused {
        status: u16,
        retry_after: Option<Duration>,
        /// Whether the monthly calls are used up.
        quota: bool,
    },
}

impl Outcome {
    /// Returns whether sending the same call again cannot do anything twice and may succeed.
    pub(crate) fn may_repeat(self, operation: &Operation) -> bool {
        let reads = !operation.side_effects;
        match self {
            Self::NotSent | Self::Held => true,
            Self::Broken => reads,
            Self::TimedOut | Self::Refused { quota: true, .. } => false,
            Self::Refused { status, .. } => match status {
                429 => true,
                408 | 502 | 503 | 504 => reads,
                _ => false,
            },
        }
    }
}
