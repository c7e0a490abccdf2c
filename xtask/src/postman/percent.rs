//! Percent-encoding.

use percent_encoding::percent_decode_str;
use std::borrow::Cow;

/// A text without `%41`, unless that makes none.
pub fn decoded(text: &str) -> Cow<'_, str> {
    let decoded = percent_decode_str(text).decode_utf8();
    decoded.unwrap_or(Cow::Borrowed(text))
}
