//! [`LooseNumber`], a number of statistics and webhooks that may be written as text.

use serde::{Deserialize, Serialize};
use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

/// A number that the server writes as a number or as a text. An empty text means that there is none. The id of a
/// ticket may be a text that is not a number, such as `TICK-118`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum LooseNumber {
    /// A whole number.
    Integer(i64),
    /// A number with a fraction.
    Float(f64),
    /// A text, as the server wrote it.
    Text(String),
}

impl LooseNumber {
    /// Returns the whole number; `None` if it has a fraction, or if the text is not a whole number.
    pub fn as_i64(&self) -> Option<i64> {
        match self {
            Self::Integer(number) => Some(*number),
            Self::Float(_) => None,
            Self::Text(text) => text.trim().parse().ok(),
        }
    }

    /// Returns the number; `None` if the text is not a number.
    pub fn as_f64(&self) -> Option<f64> {
        match self {
            Self::Integer(number) => Some(*number as f64),
            Self::Float(number) => Some(*number),
            Self::Text(text) => text.trim().parse().ok(),
        }
    }
}

impl fmt::Display for LooseNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Integer(number) => number.fmt(f),
            Self::Float(number) => number.fmt(f),
            Self::Text(text) => text.fmt(f),
        }
    }
}

impl FromStr for LooseNumber {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(Self::Text(text.to_owned()))
    }
}

impl From<i64> for LooseNumber {
    fn from(number: i64) -> Self {
        Self::Integer(number)
    }
}

#[cfg(test)]
mod tests {
    use super::LooseNumber;

    #[test]
    fn every_form() {
        for (json, integer, float) in [
            ("7", Some(7), Some(7.0)),
            ("\"7\"", Some(7), Some(7.0)),
            ("4.5", None, Some(4.5)),
            ("\"4.0\"", None, Some(4.0)),
            ("\"\"", None, None),
        ] {
            let number: LooseNumber = serde_json::from_str(json).unwrap();
            assert_eq!(
                (number.as_i64(), number.as_f64()),
                (integer, float),
                "{json}"
            );
            assert_eq!(serde_json::to_string(&number).unwrap(), json);
        }
    }
}
