//! Texts that stand for a value: `<integer>`, as collections that are made from OpenAPI have them, and
//! `{{variable}}`.

use super::format::Format;
use crate::postman::variables::variable_name;

/// What a placeholder says of the values in its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stated {
    Integer,
    Number,
    Boolean,
    Text(Format),
    /// A value of any type.
    Any,
}

/// The type that a text names, if it is nothing but a placeholder: `<integer>`.
pub fn stated(text: &str) -> Option<Stated> {
    const LONGEST: usize = 12;
    // What Postman writes where a type holds itself.
    if text.starts_with("<Error: Too many levels of nesting") {
        return Some(Stated::Any);
    }
    let name = text.strip_prefix('<')?.strip_suffix('>')?;
    if name.len() > LONGEST {
        return None;
    }
    let mut name = name.to_ascii_lowercase();
    name.retain(|c| c.is_ascii_alphanumeric());
    Some(match &*name {
        "integer" | "int" | "int32" | "int64" | "long" => Stated::Integer,
        "number" | "float" | "double" | "decimal" => Stated::Number,
        "boolean" | "bool" => Stated::Boolean,
        "datetime" => Stated::Text(Format::DateTime),
        "date" => Stated::Text(Format::Date),
        "uuid" | "guid" => Stated::Text(Format::Uuid),
        "uri" | "url" => Stated::Text(Format::Uri),
        "email" => Stated::Text(Format::Email),
        "string" | "text" => Stated::Text(Format::Unseen),
        "password" | "byte" | "binary" | "ipv4" | "ipv6" | "hostname" => {
            Stated::Text(Format::Plain)
        }
        "any" | "array" | "null" | "object" => Stated::Any,
        _ => return None,
    })
}

/// The type of what Postman fills in for a variable of its own: `{{$timestamp}}`.
pub fn dynamic(text: &str) -> Option<Stated> {
    Some(match variable_name(text)?.strip_prefix('$')? {
        "randomInt" | "timestamp" => Stated::Integer,
        "randomBoolean" => Stated::Boolean,
        "guid" | "randomUUID" => Stated::Text(Format::Uuid),
        "isoTimestamp" => Stated::Text(Format::DateTime),
        "randomEmail" | "randomExampleEmail" => Stated::Text(Format::Email),
        "randomUrl" => Stated::Text(Format::Uri),
        _ => return None,
    })
}

/// Whether a text is no value itself, but stands for one: `<order id>`, `{{order}}`.
pub fn stands_for_value(text: &str) -> bool {
    let text = text.trim();
    let angled = text
        .strip_prefix('<')
        .and_then(|rest| rest.strip_suffix('>'));
    angled.is_some_and(|name| !name.contains(['<', '>', '/'])) || text.contains("{{")
}

#[cfg(test)]
mod tests {
    use super::{Format, Stated, dynamic, stands_for_value, stated};

    #[test]
    fn placeholders() {
        for (text, expected) in [
            ("<integer>", Some(Stated::Integer)),
            ("<Long>", Some(Stated::Integer)),
            ("<float>", Some(Stated::Number)),
            ("<boolean>", Some(Stated::Boolean)),
            ("<dateTime>", Some(Stated::Text(Format::DateTime))),
            ("<date-time>", Some(Stated::Text(Format::DateTime))),
            ("<string>", Some(Stated::Text(Format::Unseen))),
            ("<object>", Some(Stated::Any)),
            (
                "<Error: Too many levels of nesting to fake this schema>",
                Some(Stated::Any),
            ),
            ("<orderId>", None),
            ("integer", None),
            ("", None),
        ] {
            assert_eq!(stated(text), expected, "{text}");
        }
        assert_eq!(dynamic("{{$timestamp}}"), Some(Stated::Integer));
        assert_eq!(dynamic("{{timestamp}}"), None);
        assert!(stands_for_value("<orderId>") && stands_for_value("a-{{b}}"));
        assert!(!stands_for_value("<b>bold</b>") && !stands_for_value("7"));
    }
}
