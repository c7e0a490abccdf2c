//! [`ClearableText`], a text that a request sets or removes.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

/// A text of a request that sets a new value or removes the existing one. A field that a request leaves out stays
/// unchanged.
///
/// ```
/// use chat2desk::wire::ClearableText;
///
/// assert_eq!(ClearableText::from("Demo"), ClearableText::Set("Demo".into()));
/// assert_eq!(ClearableText::from(None::<&str>), ClearableText::Clear);
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub enum ClearableText {
    /// Sets this text.
    Set(String),
    /// Removes the text; sent as `null`.
    Clear,
}

impl ClearableText {
    /// Returns the text to set; `None` for [`Clear`](Self::Clear).
    pub fn as_deref(&self) -> Option<&str> {
        match self {
            Self::Set(text) => Some(text),
            Self::Clear => None,
        }
    }
}

impl From<&str> for ClearableText {
    fn from(text: &str) -> Self {
        Self::Set(text.to_owned())
    }
}

impl From<String> for ClearableText {
    fn from(text: String) -> Self {
        Self::Set(text)
    }
}

impl<T: Into<String>> From<Option<T>> for ClearableText {
    fn from(text: Option<T>) -> Self {
        text.map_or(Self::Clear, |text| Self::Set(text.into()))
    }
}

impl FromStr for ClearableText {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(text.into())
    }
}

/// Writes the text; nothing for [`Clear`](Self::Clear).
impl fmt::Display for ClearableText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_deref().unwrap_or_default())
    }
}

/// Shows the variant, but not the text, which may be a name.
impl fmt::Debug for ClearableText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Set(_) => "Set(..)",
            Self::Clear => "Clear",
        })
    }
}

impl Serialize for ClearableText {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.as_deref().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for ClearableText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Option::<String>::deserialize(deserializer).map(Self::from)
    }
}
