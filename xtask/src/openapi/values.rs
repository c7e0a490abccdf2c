//! Values that are written as texts: of parameters, of forms, of headers.

use crate::infer::format::Format;
use crate::infer::placeholder::{Stated, dynamic, stated};
use crate::json::{Json, object};
use std::borrow::Cow;

/// A text as the value that its schema takes it for.
pub fn typed<'a>(schema: &Json<'_>, text: Cow<'a, str>) -> Json<'a> {
    let scalar = match schema["type"].as_str() {
        Some("boolean") => serde_json::from_str(&text).map(Json::Bool),
        Some("integer" | "number") => serde_json::from_str(&text).map(Json::Number),
        _ => return Json::Text(text),
    };
    scalar.unwrap_or(Json::Text(text))
}

/// `Required. The day.` → required, and `The day.`
pub fn take_required(description: &str) -> (bool, &str) {
    let markers = [
        "(required)",
        "[required]",
        "**required**",
        "required.",
        "required:",
    ];
    for marker in markers {
        let head = description.get(..marker.len()).unwrap_or_default();
        if head.eq_ignore_ascii_case(marker) {
            return (true, description[marker.len()..].trim_start());
        }
    }
    (false, description)
}

/// What the texts of one place are.
#[derive(Clone, Copy, PartialEq)]
enum Written {
    Integer,
    Number,
    Boolean,
    Text(Format),
}

impl Written {
    fn of(text: &str) -> Self {
        if let Some(stated) = stated(text).or_else(|| dynamic(text)) {
            return match stated {
                Stated::Integer => Self::Integer,
                Stated::Number => Self::Number,
                Stated::Boolean => Self::Boolean,
                Stated::Text(format) => Self::Text(format),
                Stated::Any => Self::Text(Format::Plain),
            };
        }
        let same = |number: String| number == text;
        match () {
            // A leading zero is a phone number or a code, and `1.10` a version: no numbers.
            () if text
                .parse::<i64>()
                .is_ok_and(|number| same(number.to_string())) =>
            {
                Self::Integer
            }
            () if text.contains('.')
                && text
                    .parse::<f64>()
                    .is_ok_and(|number| same(format!("{number:?}"))) =>
            {
                Self::Number
            }
            () if matches!(text, "true" | "false") => Self::Boolean,
            () => Self::Text(Format::of(text)),
        }
    }

    fn merged(self, other: Self) -> Self {
        match (self, other) {
            (mine, theirs) if mine == theirs => mine,
            (Self::Integer, Self::Number) | (Self::Number, Self::Integer) => Self::Number,
            (Self::Text(mine), Self::Text(theirs)) => Self::Text(mine.merged(theirs)),
            _ => Self::Text(Format::Plain),
        }
    }
}

/// The narrowest type that all texts fit.
pub fn value_schema(values: &[Cow<'_, str>]) -> Json<'static> {
    let written = values.iter().map(|value| Written::of(value));
    match written.reduce(Written::merged) {
        Some(Written::Integer) => object! { "type": "integer", "format": "int64" },
        Some(Written::Number) => object! { "type": "number" },
        Some(Written::Boolean) => object! { "type": "boolean" },
        Some(Written::Text(format)) => string_schema(format),
        None => string_schema(Format::Unseen),
    }
}

/// The schema of a text.
pub fn string_schema(format: Format) -> Json<'static> {
    match format.name() {
        Some(name) => object! { "type": "string", "format": name },
        None => object! { "type": "string" },
    }
}

#[cfg(test)]
mod tests {
    use super::{Cow, value_schema};

    #[test]
    fn types() {
        for (values, kind) in [
            (&["1", "-2"][..], "integer"),
            (&["1", "<integer>"], "integer"),
            (&["1.5", "-0.25", "2"], "number"),
            (&["1.0"], "number"),
            (&["1.10"], "string"),
            (&["1.5", "1.10"], "string"),
            (&["1e5"], "string"),
            (&["007"], "string"),
            (&["+7"], "string"),
            (&["-0"], "string"),
            (&["true", "false"], "boolean"),
            (&["true", "1"], "string"),
            (&["<boolean>"], "boolean"),
            (&["<string>"], "string"),
            (&[], "string"),
        ] {
            let values: Vec<Cow<'_, str>> = values.iter().map(|value| (*value).into()).collect();
            assert_eq!(
                value_schema(&values)["type"].as_str(),
                Some(kind),
                "{values:?}"
            );
        }
    }
}
