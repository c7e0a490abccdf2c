//! [`Outcome`], what became of an attempt, which decides whether the call may be repeated.

use crate::operation::Operation;
use std::time::Duration;

/// What became of an attempt that failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// No byte of the request left.
    NotSent,
    /// The server has asked all calls to wait, for longer than this one can. Nothing was sent.
    Held,
    /// The connection broke when the server may have had the request.
    Broken,
    /// No response in time, though the server may have had the request.
    TimedOut,
    /// A response that is a refusal, or cannot be used.
    Refused {
        status: u16,
        retry_after: Option<Duration>,
        /// Whether it is about the calls of the month.
        quota: bool,
    },
}

impl Outcome {
    /// Whether the same call can be sent again without doing anything twice, and may then succeed.
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
