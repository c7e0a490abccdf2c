//! Samples of JSON as people keep them in Postman: with comments, commas too many, bare variables.

use crate::json::Json;
use jsonc_parser::{ParseOptions, parse_to_serde_value};
use serde::Deserialize;
use serde_json::Value;

/// The value of a sample, if it is JSON once comments are dropped and a bare `{{variable}}` stands for
/// a number: between quotes it would be a text.
pub fn parse(text: &str) -> Option<Json<'_>> {
    if let Ok(value) = serde_json::from_str(text) {
        return Some(value);
    }
    let text = without_bare_variables(text);
    let value: Value = parse_to_serde_value(&text, &ParseOptions::default()).ok()?;
    // The loose parser takes any word for a value; only a container is worth calling JSON.
    let is_container = value.is_object() || value.is_array();
    is_container
        .then(|| Json::deserialize(value).ok())
        .flatten()
}

fn without_bare_variables(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut quoted = false;
    while let Some(c) = rest.chars().next() {
        let mut length = c.len_utf8();
        match c {
            '\\' if quoted => {
                length += rest[length..].chars().next().map_or(0, char::len_utf8);
            }
            '"' => quoted = !quoted,
            '/' if !quoted && rest.starts_with("//") => {
                length = rest.find('\n').unwrap_or(rest.len());
            }
            '/' if !quoted && rest.starts_with("/*") => {
                length = rest.find("*/").map_or(rest.len(), |end| end + 2);
            }
            '{' if !quoted && rest.starts_with("{{") => {
                let end = rest.find("}}").filter(|end| is_name(&rest[2..*end]));
                if let Some(end) = end {
                    out.push('1');
                    rest = &rest[end + 2..];
                    continue;
                }
            }
            _ => {}
        }
        out.push_str(&rest[..length]);
        rest = &rest[length..];
    }
    out
}

fn is_name(text: &str) -> bool {
    !text.trim().is_empty() && !text.contains(['{', '}', '"', ':', '\n'])
}

#[cfg(test)]
mod tests {
    use super::parse;
    use serde_json::json;

    #[test]
    fn samples() {
        for (text, value) in [
            (r#"{"a": 1}"#, Some(json!({ "a": 1 }))),
            (
                r#"{"a": {{id}}, "b": "{{name}}"}"#,
                Some(json!({ "a": 1, "b": "{{name}}" })),
            ),
            (
                "{\"a\": 1, // one \"\n \"b\": [1,2,],}",
                Some(json!({ "a": 1, "b": [1, 2] })),
            ),
            (r#"{"a": /* {{x}} */ 2}"#, Some(json!({ "a": 2 }))),
            (r#"{"a":{"b":{}}}"#, Some(json!({ "a": { "b": {} } }))),
            (
                r#"{"a": "x \" {{y}}", "b": {{y}}}"#,
                Some(json!({ "a": "x \" {{y}}", "b": 1 })),
            ),
            ("plain text", None),
            ("{\"a\": ", None),
            ("{{body}}", None),
        ] {
            let parsed = parse(text).map(|json| json.to_string());
            assert_eq!(parsed, value.map(|value| value.to_string()), "{text}");
        }
    }
}
