//! Splits JSON text into the elements of an array and the members of an object, without decoding them.
//!
//! All functions require text that was checked to be JSON: see [`check`].

use serde::de::IgnoredAny;

/// Returns the type of a JSON value, as drift names it.
pub(crate) fn kind(value: &[u8]) -> &'static str {
    match value.first() {
        Some(b'{') => "object",
        Some(b'[') => "array",
        Some(b'"') => "string",
        Some(b't' | b'f') => "boolean",
        Some(b'n') => "null",
        _ if value.iter().any(|byte| b".eE".contains(byte)) => "number",
        _ => "integer",
    }
}

/// Checks that a body is JSON, with any depth, numbers of any size and texts of any bytes. Returns it without byte
/// order mark and surrounding blanks.
///
/// # Errors
/// If it is not JSON, with the place.
pub(crate) fn check(body: &[u8]) -> Result<&[u8], serde_json::Error> {
    let body = trimmed(body);
    serde_json::from_slice::<IgnoredAny>(body).map(|_| body)
}

/// Returns a body without byte order mark and surrounding blanks.
pub(crate) fn trimmed(body: &[u8]) -> &[u8] {
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    body.trim_ascii()
}

/// Returns JSON on one line: without the blanks and line breaks between its values.
pub(crate) fn one_line(json: &str) -> String {
    let mut in_text = false;
    let mut is_escaped = false;
    let is_kept = |c: &char| {
        if in_text {
            in_text = is_escaped || *c != '"';
            is_escaped = !is_escaped && *c == '\\';
            return true;
        }
        in_text = *c == '"';
        !c.is_ascii_whitespace()
    };
    json.chars().filter(is_kept).collect()
}

/// Returns the elements of an array.
pub(crate) fn elements(array: &[u8]) -> Parts<'_> {
    Parts(array.get(1..).unwrap_or_default())
}

/// Returns the members of an object: each key with its quotes, and its value.
pub(crate) fn members(object: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    let mut parts = elements(object);
    std::iter::from_fn(move || Some((parts.next()?, parts.next()?)))
}

/// Returns the value of a member of an object; the last one if several have this key.
pub(crate) fn member<'a>(object: &'a [u8], key: &[u8]) -> Option<&'a [u8]> {
    if object.first() != Some(&b'{') {
        return None;
    }
    let is_named = |name: &[u8]| match name.contains(&b'\\') {
        true => serde_json::from_slice(name).is_ok_and(|name: String| name.as_bytes() == key),
        false => name.get(1..name.len().saturating_sub(1)) == Some(key),
    };
    let named = members(object).filter(|(name, _)| is_named(name));
    named.map(|(_, value)| value).last()
}

/// An iterator over the values after an opening bracket.
pub(crate) struct Parts<'a>(&'a [u8]);

impl<'a> Iterator for Parts<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        let is_between = |byte: &u8| byte.is_ascii_whitespace() || b",:".contains(byte);
        let start = self.0.iter().position(|byte| !is_between(byte))?;
        let rest = &self.0[start..];
        let length = length(rest);
        let (value, rest) = rest.split_at(length);
        self.0 = rest;
        // The closing bracket is no value.
        (length > 0).then_some(value)
    }
}

/// Returns the length of the value that the text begins with.
fn length(text: &[u8]) -> usize {
    let mut depth = 0_usize;
    let mut is_text = false;
    let mut is_escaped = false;
    for (place, byte) in text.iter().enumerate() {
        if is_text {
            match byte {
                _ if is_escaped => is_escaped = false,
                b'\\' => is_escaped = true,
                b'"' => {
                    is_text = false;
                    if depth == 0 {
                        return place + 1;
                    }
                }
                _ => {}
            }
            continue;
        }
        match byte {
            b'"' => is_text = true,
            b'{' | b'[' => depth += 1,
            b'}' | b']' if depth == 0 => return place,
            b'}' | b']' => {
                depth -= 1;
                if depth == 0 {
                    return place + 1;
                }
            }
            b',' | b':' | b' ' | b'\t' | b'\r' | b'\n' if depth == 0 => return place,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::{check, elements, members};
    use proptest::prelude::*;
    use serde_json::Value;

    fn text(bytes: &[u8]) -> &str {
        std::str::from_utf8(bytes).unwrap()
    }

    #[test]
    fn values_are_cut_where_they_end() {
        for (json, expected) in [
            ("[]", vec![]),
            (" [ ] ", vec![]),
            ("[1]", vec!["1"]),
            (
                "[ 1 , \"a,]\\\"\", [2,[3]] ,{\"k\":\"}\"},null,-1.5e3 ]",
                vec![
                    "1",
                    "\"a,]\\\"\"",
                    "[2,[3]]",
                    "{\"k\":\"}\"}",
                    "null",
                    "-1.5e3",
                ],
            ),
        ] {
            let array = check(json.as_bytes()).unwrap();
            let parts: Vec<_> = elements(array).map(text).collect();
            assert_eq!(parts, expected, "{json}");
        }
        let object = br#"{ "a" : [1, 2], "b":{"a":3},"a":"x:y" }"#;
        let parts: Vec<_> = members(object)
            .map(|(key, value)| (text(key), text(value)))
            .collect();
        let expected = [
            ("\"a\"", "[1, 2]"),
            ("\"b\"", "{\"a\":3}"),
            ("\"a\"", "\"x:y\""),
        ];
        assert_eq!(parts, expected);
    }

    #[test]
    fn the_last_of_equal_keys_counts() {
        let object = br#"{ "a" : [1, 2], "b":{"a":3},"a":"x:y" }"#;
        assert_eq!(super::member(object, b"a").map(text), Some("\"x:y\""));
        assert_eq!(super::member(object, b"c"), None);
        let escaped = br#"{ "d\u0061ta": 7 }"#;
        assert_eq!(super::member(escaped, b"data").map(text), Some("7"));
        assert_eq!(super::member(b"[1]", b"c"), None);
    }

    #[test]
    fn a_body_may_hold_what_no_type_can() {
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        for json in ["1e999", "\"\\ud800\"", "\u{feff}[]", &deep] {
            check(json.as_bytes()).unwrap();
        }
        for json in ["{", "[1] 2", "nul", "", "<html>"] {
            check(json.as_bytes()).unwrap_err();
        }
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            ".*".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 64, 8, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..8).prop_map(Value::from),
                prop::collection::vec((".*", inner), 0..8)
                    .prop_map(|entries| Value::Object(entries.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn the_parts_are_the_whole(value in any_json(), pretty in any::<bool>()) {
            let json = if pretty { serde_json::to_string_pretty(&value) } else { serde_json::to_string(&value) };
            let json = json.unwrap();
            let json = check(json.as_bytes()).unwrap();
            let read = |bytes: &[u8]| serde_json::from_slice::<Value>(bytes).unwrap();
            match &value {
                Value::Array(items) => {
                    prop_assert_eq!(&elements(json).map(read).collect::<Vec<_>>(), items);
                }
                Value::Object(entries) => {
                    let parts = members(json).map(|(key, value)| (read(key).as_str().unwrap().to_owned(), read(value)));
                    prop_assert_eq!(&parts.collect::<serde_json::Map<_, _>>(), entries);
                }
                _ => {}
            }
        }
    }
}
