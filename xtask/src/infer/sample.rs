//! Samples of JSON as people keep them in Postman: with comments, commas too many, bare placeholders.

use crate::json::{Json, Placeholder, repaired};
use crate::postman::variables::near;
use jsonc_parser::{ParseOptions, parse_to_serde_value};
use serde::Deserialize;
use serde_json::Value;
use std::borrow::Cow;

/// Marks a text that stands bare in the sample.
const BARE: char = '\u{F8FF}';

/// Deeper samples are none: reading them loosely would take the whole stack.
const DEEPEST: usize = 128;

/// The value of a sample, if it is JSON once comments are dropped and bare placeholders, `{{variable}}`
/// and `<id>`, stand for values. `resolve` knows the values of variables.
pub fn parse<'a>(text: &'a str, resolve: impl Fn(&str) -> Option<String>) -> Option<Json<'a>> {
    if let Ok(value) = serde_json::from_str(text) {
        return Some(value);
    }
    let (repaired, count) = repaired(text);
    if count > 0
        && let Ok(value) = serde_json::from_str::<Json<'_>>(&repaired)
    {
        return Some(value.into_owned());
    }
    let text = quoted(&repaired)?;
    let value: Value = parse_to_serde_value(&text, &ParseOptions::default()).ok()?;
    // The loose parser takes any word for a value; only a container is worth calling JSON.
    if !value.is_object() && !value.is_array() {
        return None;
    }
    let mut json = Json::deserialize(value).ok()?;
    mark(&mut json, &resolve);
    Some(json)
}

/// A placeholder, with the value of a variable if it is JSON.
pub fn placeholder<'a>(text: &str, resolve: impl Fn(&str) -> Option<String>) -> Json<'a> {
    let value = resolve(text).and_then(|value| {
        let json: Json<'_> = serde_json::from_str(&value).ok()?;
        Some(json.into_owned())
    });
    let text = Cow::Owned(text.to_owned());
    Json::Placeholder(Box::new(Placeholder { text, value }))
}

fn mark(json: &mut Json<'_>, resolve: &impl Fn(&str) -> Option<String>) {
    match json {
        Json::Text(text) => {
            if let Some(bare) = text.strip_prefix(BARE) {
                *json = placeholder(bare, resolve);
            }
        }
        Json::List(items) => items.iter_mut().for_each(|item| mark(item, resolve)),
        Json::Object(entries) => {
            // One that stands for a key.
            entries.retain(|(key, _)| !key.starts_with(BARE));
            entries
                .iter_mut()
                .for_each(|(_, value)| mark(value, resolve));
        }
        _ => {}
    }
}

/// The text with bare placeholders between quotes, and without comments; none if it is too deep.
fn quoted(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut quote = None;
    let mut depth = 0usize;
    while let Some(c) = rest.chars().next() {
        let mut length = c.len_utf8();
        match (c, quote) {
            ('\\', Some(_)) => {
                length += rest[length..].chars().next().map_or(0, char::len_utf8);
            }
            ('"' | '\'', None) => quote = Some(c),
            (c, Some(open)) if c == open => quote = None,
            (_, Some(_)) => {}
            ('/', None) if rest.starts_with("//") => {
                rest = &rest[rest.find('\n').unwrap_or(rest.len())..];
                continue;
            }
            ('/', None) if rest.starts_with("/*") => {
                rest = &rest[rest.find("*/").map_or(rest.len(), |end| end + 2)..];
                continue;
            }
            ('{' | '<' | '.', None) if bare(rest, &out).is_some() => {
                let placeholder = bare(rest, &out).unwrap_or_default();
                // What only says that there is more is nothing.
                let is_more = placeholder == "..." && !out.trim_end().ends_with(':');
                if !is_more {
                    out.push('"');
                    out.push(BARE);
                    out.push_str(&placeholder.replace(['"', '\\'], ""));
                    out.push('"');
                }
                rest = &rest[placeholder.len()..];
                continue;
            }
            ('{' | '[', None) => depth += 1,
            ('}' | ']', None) => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > DEEPEST {
            return None;
        }
        out.push_str(&rest[..length]);
        rest = &rest[length..];
    }
    Some(out)
}

/// The placeholder that a text begins with, where it stands for a value.
fn bare<'t>(rest: &'t str, before: &str) -> Option<&'t str> {
    let end = match () {
        () if rest.starts_with("{{") => near(rest, "}}").filter(|end| is_name(&rest[2..*end]))? + 2,
        () if rest.starts_with('<') => near(rest, ">").filter(|end| is_name(&rest[1..*end]))? + 1,
        () if rest.starts_with("...") => 3,
        () => return None,
    };
    let last = before.trim_end().chars().next_back();
    let begins_value = last.is_none_or(|last| "[{,:".contains(last));
    begins_value.then(|| &rest[..end])
}

fn is_name(text: &str) -> bool {
    !text.trim().is_empty() && !text.contains(['{', '}', '"', ':', '\n', '<', '>'])
}

#[cfg(test)]
mod tests {
    use super::parse;
    use crate::infer::shape::Shape;
    use serde_json::json;

    #[test]
    fn samples() {
        for (text, value) in [
            (r#"{"a": 1}"#, Some(json!({ "a": 1 }))),
            (
                r#"{"a": {{id}}, "b": "{{name}}"}"#,
                Some(json!({ "a": "{{id}}", "b": "{{name}}" })),
            ),
            (
                "{\"a\": 1, // one \"\n \"b\": [1,2,],}",
                Some(json!({ "a": 1, "b": [1, 2] })),
            ),
            (r#"{"a": /* {{x}} */ 2}"#, Some(json!({ "a": 2 }))),
            (r#"{"a":{"b":{}}}"#, Some(json!({ "a": { "b": {} } }))),
            (
                r#"{"a": "x \" {{y}}", "b": {{y}}}"#,
                Some(json!({ "a": "x \" {{y}}", "b": "{{y}}" })),
            ),
            (
                r#"{"a": <order id>, "b": [1, ...], "c": ..., }"#,
                Some(json!({ "a": "<order id>", "b": [1], "c": "..." })),
            ),
            (r#"{{{fields}}, "b": 1}"#, None),
            (
                r#"{"t": "cut \ud83d"}"#,
                Some(json!({ "t": "cut \u{fffd}" })),
            ),
            ("plain text", None),
            ("{\"a\": ", None),
            ("{{body}}", None),
        ] {
            let parsed = parse(text, |_| None).map(|json| json.to_string());
            assert_eq!(parsed, value.map(|value| value.to_string()), "{text}");
        }
    }

    #[test]
    fn a_bare_placeholder_says_nothing_of_a_type_unless_it_has_a_value() {
        let shape = |resolve: fn(&str) -> Option<String>| {
            let json = parse(r#"{"a": {{x}}}"#, resolve).unwrap();
            Shape::of(&json).object.unwrap().fields["a"].shape.clone()
        };
        assert_eq!(shape(|_| None), Shape::default());
        assert!(shape(|_| Some("7".into())).integer);
        assert_eq!(shape(|_| Some("not JSON".into())), Shape::default());
    }

    #[test]
    fn what_is_too_deep_is_no_sample() {
        let text = format!("{}{{{{x}}}}", "[".repeat(100_000));
        assert_eq!(parse(&text, |_| None), None);
    }
}
