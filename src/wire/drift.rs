//! [`Drift`]: one place where a body is not what the document says.

use std::fmt;

/// One place where a response or webhook is not what the document says.
///
/// Decoding reports values of another type than the documented one, under the rule `type`.
/// Such a value costs its own field and nothing more: an optional field is `None`, an element of a list is
/// left out. A list of one element where one value is expected is read as that element, and the reverse; then
/// the value is used, and reported all the same. What cannot be read in it is reported in its own place.
/// So are texts that are no Unicode, which get U+FFFD, and objects with equal keys, of which the last one counts.
///
/// Holds no value, so it is safe to log and to share.
///
/// ```
/// # #[cfg(feature = "webhook")] {
/// use chat2desk::webhook::Event;
///
/// let post = r#"{"hook_type": "inbox", "message_id": 7, "client_id": {"id": 1}}"#;
/// let event = Event::parse_unverified(post)?;
/// assert_eq!(event.message().unwrap().message_id, Some(7));
/// assert_eq!(event.drift()[0].to_string(), "at `/client_id`: expected integer, found object");
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Drift {
    /// The rule that does not hold, as JSON Schema calls it. Decoding knows `type` alone. The feature `strict`
    /// adds `required` for a missing field, `additionalProperties` for an unknown one, `enum` for an unknown
    /// value and further rules, besides `status` for a status that the document does not know and `json` for
    /// a body that is no JSON.
    pub rule: String,
    /// The place of the value in the body, as a JSON Pointer (RFC 6901). A key that is data, such as the name
    /// of a custom field, is written `*`.
    pub pointer: String,
    /// What the document says should be there, such as `integer`, `string`, `array` or `object`.
    pub expected: String,
    /// The type of what is there: `null`, `boolean`, `integer`, `number`, `string`, `array`, `object`; or `nothing`.
    pub found: &'static str,
}

impl fmt::Display for Drift {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            pointer,
            expected,
            found,
            ..
        } = self;
        write!(f, "at `{pointer}`: expected {expected}, found {found}")
    }
}
