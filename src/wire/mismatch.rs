//! [`Mismatch`], the error of a value that could not be read.

use super::drift::Drift;
use super::reading::mismatch;
use serde::de::{self, Expected, Unexpected};
use std::fmt;

/// Why a value could not be read. Contains no value.
#[derive(Debug)]
pub(super) struct Mismatch(Drift);

impl Mismatch {
    pub(super) fn new(expected: &dyn Expected) -> Self {
        Self(mismatch(json_type(&expected.to_string()), None))
    }

    pub(super) fn into_drift(self) -> Drift {
        self.0
    }
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Mismatch {}

impl de::Error for Mismatch {
    /// The message may quote the value, so it is not kept.
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self(mismatch("another form of value".into(), None))
    }

    fn invalid_type(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::new(expected)
    }

    fn invalid_value(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::new(expected)
    }

    fn missing_field(field: &'static str) -> Self {
        Self(mismatch("a value".into(), Some(field)))
    }
}

/// Returns the JSON type for serde's description of what it expects, or that description.
fn json_type(expected: &str) -> String {
    let word = match expected {
        "i8" | "i16" | "i32" | "i64" | "u8" | "u16" | "u32" | "u64" => "integer",
        "f32" | "f64" => "number",
        "a string" => "string",
        "a boolean" => "boolean",
        "a sequence" => "array",
        "a map" => "object",
        other if other.starts_with("struct ") => "object",
        other => other,
    };
    word.to_owned()
}
