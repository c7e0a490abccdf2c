//! The delivery states of messages to customers.

/// A delivery state, with its code in `set_message_status`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Status {
    Pending = 1,
    Sent = 2,
    Failed = 3,
    Canceled = 5,
    Delivered = 6,
    Seen = 7,
}

impl Status {
    const ALL: [Self; 6] = [
        Self::Pending,
        Self::Sent,
        Self::Failed,
        Self::Canceled,
        Self::Delivered,
        Self::Seen,
    ];

    /// Returns the state of a code. No state has the code 4.
    pub(crate) fn of_code(code: i64) -> Option<Self> {
        Self::ALL.into_iter().find(|status| *status as i64 == code)
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Sent => "sent",
            Self::Failed => "failed",
            Self::Canceled => "canceled",
            Self::Delivered => "delivered",
            Self::Seen => "seen",
        }
    }
}
