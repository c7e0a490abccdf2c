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
    let text = text.trim_start_matches('\u{feff}');
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

/// What the next part of a sample may be.
#[derive(Clone, Copy, PartialEq)]
enum Position {
    Key,
    /// Of an entry of an object.
    Value,
    Item,
    Other,
}

impl Position {
    /// What follows a text in an object or a list, whichever was begun last.
    fn after(before: &str, within: Option<char>) -> Self {
        let last = before.trim_end().chars().next_back();
        match (last, within) {
            (None, _) => Self::Item,
            (Some(':'), Some('{')) => Self::Value,
            (Some('{' | ','), Some('{')) => Self::Key,
            (Some('[' | ','), Some('[')) => Self::Item,
            _ => Self::Other,
        }
    }
}

/// The text with bare placeholders between quotes, and without comments; none if it is too deep.
fn quoted(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut quote = None;
    let mut open: Vec<char> = Vec::new();
    while let Some(c) = rest.chars().next() {
        let mut length = c.len_utf8();
        let starts_word = quote.is_none() && !c.is_whitespace() && !"\"'}],".contains(c);
        if starts_word && !(c == '/' && rest[1..].starts_with(['/', '*'])) {
            let position = Position::after(&out, open.last().copied());
            if let Some(word) = bare(rest, position) {
                rest = &rest[word.len()..];
                put(word, position, rest, &mut out);
                continue;
            }
        }
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
            ('{' | '[', None) => open.push(c),
            ('}' | ']', None) => _ = open.pop(),
            _ => {}
        }
        if open.len() > DEEPEST {
            return None;
        }
        out.push_str(&rest[..length]);
        rest = &rest[length..];
    }
    Some(out)
}

/// Writes a placeholder as a text.
fn put(word: &str, position: Position, rest: &str, out: &mut String) {
    // What only says that there is more is nothing.
    if word == "..." && position != Position::Value {
        return;
    }
    out.push('"');
    out.push(BARE);
    out.push_str(&word.replace(['"', '\\'], ""));
    out.push('"');
    // Entries that a variable holds.
    if position == Position::Key && !rest.trim_start().starts_with(':') {
        out.push_str(": null");
    }
}

/// The placeholder that a text begins with: what stands for a value, is none itself, and says so by its marks or,
/// in an object, by standing alone.
fn bare(rest: &str, position: Position) -> Option<&str> {
    if position == Position::Other {
        return None;
    }
    if rest.starts_with("...") {
        return Some("...");
    }
    let mut end = 0;
    let mut is_marked = false;
    while let Some(c) = rest[end..].chars().next() {
        if let Some(length) = unit(&rest[end..]) {
            is_marked = true;
            end += length;
        } else if c.is_whitespace() || "{}[],\"'".contains(c) || (c == ':' && end > 0) {
            break;
        } else {
            end += c.len_utf8();
        }
    }
    let word = &rest[..end];
    let next = rest[end..].trim_start();
    let ends = next.is_empty() || next.starts_with([',', '}', ']', '/']);
    match position {
        Position::Key => (is_marked && (ends || next.starts_with([':', '"', '{']))).then_some(word),
        _ if word.is_empty() || is_literal(word) => None,
        Position::Value => (is_marked || ends).then_some(word),
        _ => (is_marked || (ends && is_no_value(word))).then_some(word),
    }
}

/// Whether a word is a value of another language that JSON does not have.
fn is_no_value(word: &str) -> bool {
    let is_number = word.parse().is_ok_and(|number: f64| !number.is_finite());
    is_number || ["None", "undefined"].contains(&word)
}

/// The length of `{{name}}`, `${name}`, `#{name}` or `<name>`, if a text begins with one.
fn unit(text: &str) -> Option<usize> {
    let marks = [("{{", "}}"), ("${", "}"), ("#{", "}"), ("<", ">")];
    marks.iter().find_map(|(open, close)| {
        let inner = text.strip_prefix(open)?;
        let end = near(inner, close).filter(|end| is_name(&inner[..*end]))?;
        Some(open.len() + end + close.len())
    })
}

/// Whether a word is a value that JSON, or who reads it loosely, has.
fn is_literal(word: &str) -> bool {
    let is_number = word.starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c));
    let is_hex = || {
        let digits = word.trim_start_matches(['+', '-']);
        digits.starts_with("0x") || digits.starts_with("0X")
    };
    let fits = || {
        word.parse::<f64>()
            .map_or_else(|_| is_hex(), f64::is_finite)
    };
    ["true", "false", "null"].contains(&word) || (is_number && fits())
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
            (r#"{{{fields}}, "b": 1}"#, Some(json!({ "b": 1 }))),
            (
                r#"{"t": "cut \ud83d"}"#,
                Some(json!({ "t": "cut \u{fffd}" })),
            ),
            (
                r#"{"a": -{{x}}, "b": {{x}}.5, "c": ${c}, "d": %s, "e": :id, "f": #{f}, "g": {{$guid}}}"#,
                Some(json!({
                    "a": "-{{x}}", "b": "{{x}}.5", "c": "${c}", "d": "%s", "e": ":id", "f": "#{f}", "g": "{{$guid}}",
                })),
            ),
            (
                r#"{"a": NaN, "b": [-Infinity, 1e400], 'c': None, d: undefined, "e": string}"#,
                Some(
                    json!({ "a": "NaN", "b": ["-Infinity", "1e400"], "c": "None", "d": "undefined", "e": "string" }),
                ),
            ),
            (
                r#"{ {{first}}, "a": 1, "b": {"c": 2, {{rest}} } }"#,
                Some(json!({ "a": 1, "b": { "c": 2 } })),
            ),
            (
                r#"{"a": .5, "b": +1, "c": 0x10, "d": <<x>>}"#,
                Some(json!({ "a": 0.5, "b": 1, "c": 16, "d": "<<x>>" })),
            ),
            ("\u{feff}[1]", Some(json!([1]))),
            ("[see note] of it", None),
            ("[INFO, started]", None),
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
