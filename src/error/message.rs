//! [`ServerMessage`], what the server says in an error body, in all forms that it was seen to write.

use super::kind::ErrorKind;
use memchr::memmem::Finder;
use reqwest::StatusCode;
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;
use std::sync::LazyLock;

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
            inner["id"].as_i64()
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

/// Returns whether the body of a successful status reports a failure:
///
/// * `status` says so, in the envelope or in its `data`;
/// * `success` is `false`;
/// * there is neither a success nor data, but an error, or a text that is known to be one.
pub(crate) fn says_error(body: &[u8]) -> bool {
    /// A body with data is longer.
    const ACKNOWLEDGEMENT: usize = 512;
    /// The end of the word as servers were seen to write it, and in capitals.
    static ERROR: LazyLock<[Finder<'_>; 2]> =
        LazyLock::new(|| [Finder::new(br#"rror""#), Finder::new(br#"RROR""#)]);
    static QUOTA: LazyLock<Finder<'_>> = LazyLock::new(|| Finder::new(b"per month"));
    let is_json = body.first().is_some_and(|first| b"{[".contains(first));
    let names_error = || ERROR.iter().any(|word| word.find(body).is_some());
    let names_quota = || QUOTA.find(body).is_some();
    // Most long responses contain neither, and need no second parse.
    if is_json && body.len() > ACKNOWLEDGEMENT && !names_error() && !names_quota() {
        return false;
    }
    let text = readable(body);
    let json: Option<&RawValue> = serde_json::from_str(&text).ok();
    // The last of equal keys counts, as for every other reader of the body.
    let envelope = json.map(|json| serde_json::from_str(only(json).get()));
    let envelope: HashMap<String, &RawValue> = envelope.and_then(Result::ok).unwrap_or_default();
    let value = |key: &str| {
        let json = envelope.get(key).map(|json| json.get());
        json.and_then(|json| serde_json::from_str::<Value>(json).ok())
    };
    let status = value("status");
    let is_record = envelope.contains_key("id");
    let is_in_list = text.starts_with('[');
    if is_record && is_in_list {
        return false;
    }
    let data = envelope.get("data").map(|data| only(data));
    let data = data.filter(|data| data.get().starts_with('{'));
    let data = data.and_then(|data| serde_json::from_str::<Map<String, Value>>(data.get()).ok());
    if status.as_ref().is_some_and(is_error) || data.as_ref().is_some_and(is_nested_error) {
        return true;
    }
    // An envelope with the status of a success may quote anything.
    let text_of_status = status.as_ref().and_then(Value::as_str);
    if text_of_status.is_some_and(|status| SUCCESSES.contains(&status)) {
        return false;
    }
    let message = ServerMessage::read(body);
    let has_data = envelope
        .get("data")
        .is_some_and(|data| data.get() != "null");
    let is_told = |key: &str| value(key).as_ref().is_some_and(is_told);
    message.is_quota()
        || !has_data
            && !is_record
            && !is_in_list
            && (value("success") == Some(Value::Bool(false))
                || is_told("error")
                || is_told("errors")
                || ErrorKind::of(StatusCode::OK, &message) != ErrorKind::Api)
}

/// Returns the element of a list of one, or the value itself.
fn only_value(value: Value) -> Value {
    match value {
        Value::Array(mut list) if list.len() == 1 => list.remove(0),
        other => other,
    }
}

/// The values of `status` in the envelope of a success.
const SUCCESSES: [&str; 2] = ["success", "ok"];

/// Returns the element of a list of one, which stands for the element, or the value itself.
fn only(json: &RawValue) -> &RawValue {
    if !json.get().starts_with('[') {
        return json;
    }
    match serde_json::from_str::<Vec<&RawValue>>(json.get()).as_deref() {
        Ok([only]) => only,
        _ => json,
    }
}

/// Returns whether `data` is an error as older servers nest it: `{"data": {"status": "error", "message": "…"}}`.
/// A record has an id.
fn is_nested_error(data: &Map<String, Value>) -> bool {
    data.get("status").is_some_and(is_error) && !data.contains_key("id")
}

fn is_error(status: &Value) -> bool {
    match status {
        Value::String(status) => status.trim().eq_ignore_ascii_case("error"),
        Value::Array(only) if only.len() == 1 => only.iter().all(is_error),
        _ => false,
    }
}

/// Returns whether a value of `error` or `errors` reports an error.
fn is_told(error: &Value) -> bool {
    match error {
        Value::Null => false,
        Value::Bool(is_error) => *is_error,
        Value::Number(code) => code.as_f64() != Some(0.0),
        Value::String(text) => !text.trim().is_empty(),
        Value::Array(errors) => !errors.is_empty(),
        Value::Object(errors) => !errors.is_empty(),
    }
}

/// Returns a body as text, without byte order mark and surrounding blanks. Invalid UTF-8 becomes U+FFFD.
fn readable(body: &[u8]) -> Cow<'_, str> {
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
