//! [`Drift`], one place where a body deviates from the specification.

use std::fmt;

/// One place where a response or webhook deviates from the specification.
///
/// Decoding reports values of another type than the documented one, with the rule `type`. Such a value costs only
/// its own field: an optional field is `None`, and an element of a list is left out.
///
/// Some values are reported but used: a list of one element where a single value other than an id is expected, or the reverse; a
/// text that is not Unicode, with U+FFFD in place of invalid bytes; an object with equal keys, of which the last
/// one counts.
///
/// It contains no value of the body, so it is safe to log and to share.
///
/// ```
/// # #[cfg(feature = "webhook")] {
/// use chat2desk::webhook::Event;
///
/// let delivery = r#"{"hook_type": "inbox", "message_id": 7, "client_id": {"id": 1}}"#;
/// let event = Event::parse_unverified(delivery)?;
/// assert_eq!(event.message().unwrap().message_id, Some(7));
/// assert_eq!(event.drift()[0].to_string(), "at `/client_id`: expected integer, found object");
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Drift {
    /// The violated rule, by its name in JSON Schema.
    ///
    /// Decoding only reports `type`. The feature `strict` adds `required` for a missing field,
    /// `additionalProperties` for an unknown one, `enum` for an unknown value and further rules of JSON Schema. It
    /// also reports `status` for an undocumented HTTP status and `json` for a body that is not JSON.
    pub rule: String,
    /// The place of the value in the body, as a JSON Pointer (RFC 6901). A key that is data, such as the id of a
    /// custom field, is written as `*`.
    pub pointer: String,
    /// The documented type, such as `integer`, `string`, `array` or `object`.
    pub expected: String,
    /// The type of the value: `null`, `boolean`, `integer`, `number`, `string`, `array` or `object`; `nothing` if
    /// it is missing.
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
