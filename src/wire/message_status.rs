//! [`MessageStatusCode`], the codes with which an external channel reports deliveries.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::num::ParseIntError;
use std::str::FromStr;

/// The state of delivery of a message in an external channel, which
/// `Chat2Desk::set_message_status` reports to the server.
///
/// A code that is not listed here is `Other`.
///
/// ```
/// use chat2desk::wire::MessageStatusCode;
///
/// assert_eq!(MessageStatusCode::from(6), MessageStatusCode::Delivered);
/// assert_eq!(MessageStatusCode::Seen.code(), 7);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum MessageStatusCode {
    /// 1: the message is waiting to be sent.
    Pending,
    /// 2: the message was sent.
    Sent,
    /// 3: the message could not be sent.
    Failed,
    /// 5: the message will not be sent.
    Cancelled,
    /// 6: the message reached the customer.
    Delivered,
    /// 7: the customer has seen the message.
    Seen,
    /// Any other code.
    Other(i64),
}

impl MessageStatusCode {
    /// Returns the code.
    pub fn code(self) -> i64 {
        match self {
            Self::Pending => 1,
            Self::Sent => 2,
            Self::Failed => 3,
            Self::Cancelled => 5,
            Self::Delivered => 6,
            Self::Seen => 7,
            Self::Other(code) => code,
        }
    }
}

impl From<i64> for MessageStatusCode {
    fn from(code: i64) -> Self {
        match code {
            1 => Self::Pending,
            2 => Self::Sent,
            3 => Self::Failed,
            5 => Self::Cancelled,
            6 => Self::Delivered,
            7 => Self::Seen,
            other => Self::Other(other),
        }
    }
}

impl FromStr for MessageStatusCode {
    type Err = ParseIntError;

    fn from_str(text: &str) -> Result<Self, ParseIntError> {
        text.parse::<i64>().map(Self::from)
    }
}

/// Writes the code.
impl fmt::Display for MessageStatusCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.code().fmt(f)
    }
}

impl Serialize for MessageStatusCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(self.code())
    }
}

impl<'de> Deserialize<'de> for MessageStatusCode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        i64::deserialize(deserializer).map(Self::from)
    }
}

#[cfg(test)]
mod tests {
    use super::MessageStatusCode;

    #[test]
    fn every_code_survives() {
        for code in 0..10 {
            let status = MessageStatusCode::from(code);
            assert_eq!(
                (status.code(), status.to_string()),
                (code, code.to_string())
            );
            assert_eq!(code.to_string().parse(), Ok(status));
            let known = [1, 2, 3, 5, 6, 7].contains(&code);
            assert_eq!(matches!(status, MessageStatusCode::Other(_)), !known);
        }
    }
}
