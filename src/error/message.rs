//! [`ServerMessage`], what the server says in an error body, in all forms that it was seen to write.

use serde_json::{Map, Value};
use std::borrow::Cow;
use std::fmt;

/// The server's messages about one field of a request.
///
/// `Debug` shows no text, since the server may quote the request.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct FieldError {
    /// The name of the field, as the server writes it; empty if it names none.
    pub field: String,
    /// The messages. They may quote the request: do not log them.
    pub messages: Vec<String>,
}

impl fmt::Debug for FieldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FieldError")
            .field("messages", &self.messages.len())
            .finish_non_exhaustive()
    }
}

#[derive(Default)]
pub(crate) struct ServerMessage {
    pub(crate) message: Option<String>,
    pub(crate) fields: Vec<FieldError>,
}

impl ServerMessage {
    /// Reads `message`, `error` and `errors` (a map of lists, a list, or a text) of a body, also if an older
    /// server nests them in `data`. A body that is a short plain text is a message too: the server was seen to
    /// report invalid tokens and used-up quotas that way.
    pub(crate) fn read(body: &[u8]) -> Self {
        let body = readable(body);
        let json = serde_json::from_str(&body).map(only_value);
        let mut envelope = match json {
            Ok(Value::Object(envelope)) => envelope,
            Ok(Value::String(text)) => return Self::of_text(&text),
            _ => return Self::of_text(&body),
        };
        if let Some(Value::Object(data)) = envelope.get("data").cloned().map(only_value)
            && is_nested_error(&data)
        {
            envelope = data;
        }
        let text = |key: &str| envelope.get(key).and_then(Value::as_str).map(str::to_owned);
        let fields = match envelope.get("errors") {
            Some(Value::Object(fields)) => {
                let field = |(field, messages): (&String, &Value)| FieldError {
                    field: field.clone(),
                    messages: texts(messages),
                };
                fields.iter().map(field).collect()
            }
            Some(Value::Null) | None => Vec::new(),
            Some(other) => vec![FieldError {
                field: String::new(),
                messages: texts(other),
            }],
        };
        let unnamed = || {
            let first = fields.iter().find(|error| error.field.is_empty());
            first.and_then(|error| error.messages.first().cloned())
        };
        let message = text("message").or_else(|| text("error")).or_else(unnamed);
        Self { message, fields }
    }

    fn of_text(text: &str) -> Self {
        Self {
            message: plain_text(text).map(str::to_owned),
            ..Self::default()
        }
    }

    /// Returns whether any text contains `phrase`, ignoring case.
    pub(crate) fn says(&self, phrase: &str) -> bool {
        let phrase = phrase.to_lowercase();
        let fields = self.fields.iter().flat_map(|error| &error.messages);
        self.message
            .iter()
            .chain(fields)
            .any(|text| text.to_lowercase().contains(&phrase))
    }

    /// Returns whether it reports that the monthly calls are used up.
    pub(crate) fn is_quota(&self) -> bool {
        self.says("API limit per month")
    }

    /// Returns the id of `{"client": ["Client already exist", "{\"id\": 1}"]}`, whose second text is JSON.
    pub(crate) fn existing_client_id(&self) -> Option<i64> {
        let client = self.fields.iter().find(|error| error.field == "client")?;
        client.messages.iter().find_map(|text| {
            let inner: Value = serde_json::from_str(text).ok()?;
            let id = &inner["id"];
            id.as_i64().or_else(|| id.as_str()?.trim().parse().ok())
        })
    }

    /// Returns the messages in one line; `None` if there are none, or if the body is not a JSON object: then it
    /// need not be from the server.
    pub(crate) fn said(&self, body: &[u8]) -> Option<String> {
        let fields = self.fields.iter().filter(|error| !error.field.is_empty());
        let fields = fields.map(|error| format!("{}: {}", error.field, error.messages.join(", ")));
        let said: Vec<String> = self.message.iter().cloned().chain(fields).collect();
        let is_envelope = readable(body).starts_with(['{', '[']);
        (is_envelope && !said.is_empty()).then(|| said.join("; "))
    }
}

/// Describes a body without messages.
pub(crate) fn form(body: &[u8]) -> Option<String> {
    match readable(body).chars().next() {
        None => Some("the response is empty".into()),
        Some('<') => Some(format!("the response is {} bytes of HTML", body.len())),
        Some('{' | '[') => None,
        Some(_) => Some(format!(
            "the response is {} bytes that are not JSON",
            body.len()
        )),
    }
}

/// Returns the element of a list of one, or the value itself.
fn only_value(value: Value) -> Value {
    match value {
        Value::Array(mut list) if list.len() == 1 => list.remove(0),
        other => other,
    }
}

/// Returns whether `data` is an error as older servers nest it: `{"data": {"status": "error", "message": "…"}}`.
/// A record has an id.
pub(super) fn is_nested_error(data: &Map<String, Value>) -> bool {
    data.get("status").is_some_and(is_error) && !data.contains_key("id")
}

/// Returns whether a `status` is that of an error.
pub(super) fn is_error(status: &Value) -> bool {
    match status {
        Value::String(status) => status.trim().eq_ignore_ascii_case("error"),
        Value::Array(only) if only.len() == 1 => only.iter().all(is_error),
        _ => false,
    }
}

/// Returns a body as text, without byte order mark and surrounding blanks. Invalid UTF-8 becomes U+FFFD.
pub(super) fn readable(body: &[u8]) -> Cow<'_, str> {
    let is_blank = |c: char| c.is_whitespace() || c == '\u{feff}';
    match String::from_utf8_lossy(body) {
        Cow::Borrowed(text) => Cow::Borrowed(text.trim_matches(is_blank)),
        Cow::Owned(text) => Cow::Owned(text.trim_matches(is_blank).to_owned()),
    }
}

/// Returns a text that is one short line for people, and neither JSON nor HTML.
fn plain_text(text: &str) -> Option<&str> {
    const LONGEST: usize = 200;
    let text = text.trim();
    let is_line = text.len() <= LONGEST && !text.contains(char::is_control);
    let is_text = text.starts_with(|first: char| first.is_alphabetic());
    (is_line && is_text).then_some(text)
}

fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::Array(items) => items.iter().flat_map(texts).collect(),
        Value::String(text) => vec![text.clone()],
        Value::Null => Vec::new(),
        other => vec![other.to_string()],
    }
}

/// Makes a text of this crate safe to log: short, on one line, and without digits as long as a phone number. The
/// server's texts are [masked](super::mask) instead.
pub(crate) fn redact(text: &str) -> String {
    const LONGEST: usize = 300;
    const PHONE: usize = 9;
    let mut out = String::new();
    let mut run = String::new();
    let flush = |run: &mut String, out: &mut String| {
        let digits = run.chars().filter(char::is_ascii_digit).count();
        let number = run.trim_end_matches([' ', '-', '(', ')', '+']);
        let (number, rest) = run.split_at(number.len());
        out.push_str(if digits >= PHONE { "…" } else { number });
        out.push_str(rest);
        run.clear();
    };
    for c in text.chars().take(LONGEST) {
        let continues = !run.is_empty() && matches!(c, ' ' | '-' | '(' | ')');
        if c.is_ascii_digit() || c == '+' || continues {
            run.push(c);
        } else {
            flush(&mut run, &mut out);
            out.push(if c.is_control() { ' ' } else { c });
        }
    }
    flush(&mut run, &mut out);
    if text.chars().nth(LONGEST).is_some() {
        out.push('…');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{ServerMessage, redact};

    #[test]
    fn redaction() {
        for (text, expected) in [
            ("Operator 310009 not found", "Operator 310009 not found"),
            ("Client 15550100001 exists", "Client … exists"),
            ("call +1 (555) 010-0001, now", "call …, now"),
            ("id 1 of 20 in 2026", "id 1 of 20 in 2026"),
            ("two\nlines", "two lines"),
        ] {
            assert_eq!(redact(text), expected);
        }
        assert_eq!(redact(&"x".repeat(1000)).chars().count(), 301);
    }

    #[test]
    fn every_form_of_errors() {
        for (body, message, fields) in [
            (
                r#"{"status":"error","message":"not_found"}"#,
                Some("not_found"),
                0,
            ),
            (
                r#"{"status":"error","error":"Invalid"}"#,
                Some("Invalid"),
                0,
            ),
            (
                r#"{"status":"error","errors":"Tag not found"}"#,
                Some("Tag not found"),
                1,
            ),
            (r#"{"status":"error","errors":["a","b"]}"#, Some("a"), 1),
            (
                r#"{"status":"error","errors":{"url":["taken"],"events":["?"]}}"#,
                None,
                2,
            ),
            (
                r#"{"data":{"status":"error","message":"old"}}"#,
                Some("old"),
                0,
            ),
            (
                r#"{"status":"error","errors":null,"message":null}"#,
                None,
                0,
            ),
            ("<html>", None, 0),
            ("Page not found\n", Some("Page not found"), 0),
            ("two\nlines", None, 0),
            ("[1]", None, 0),
            ("", None, 0),
        ] {
            let read = ServerMessage::read(body.as_bytes());
            assert_eq!(read.message.as_deref(), message, "{body}");
            assert_eq!(read.fields.len(), fields, "{body}");
        }
    }
}
