//! What the server says in an error body, in all the forms it has.

use serde_json::Value;

/// What the server said of one field.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct FieldError {
    /// The field, as the server names it; empty where it named none.
    pub field: String,
    /// The complaints. May quote what was sent.
    pub messages: Vec<String>,
}

#[derive(Debug, Default)]
pub(crate) struct ServerMessage {
    pub(crate) message: Option<String>,
    pub(crate) fields: Vec<FieldError>,
}

impl ServerMessage {
    /// Reads `message`, `error` and `errors` (a map of lists, a list, or a text) of a body, also
    /// where an old server nests them in `data`. Of other bodies a short text is a message: the server
    /// has told so of tokens and quotas.
    pub(crate) fn read(body: &[u8]) -> Self {
        let Ok(Value::Object(mut envelope)) = serde_json::from_slice(body) else {
            let message = plain_text(body).map(str::to_owned);
            return Self {
                message,
                ..Self::default()
            };
        };
        if let Some(Value::Object(data)) = envelope.get("data")
            && data.get("status").is_some_and(|status| status == "error")
        {
            envelope = data.clone();
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

    /// Whether any text holds `phrase`, whatever the case.
    pub(crate) fn says(&self, phrase: &str) -> bool {
        let phrase = phrase.to_lowercase();
        let fields = self.fields.iter().flat_map(|error| &error.messages);
        self.message
            .iter()
            .chain(fields)
            .any(|text| text.to_lowercase().contains(&phrase))
    }

    /// `{"client": ["Client already exist", "{\"id\": 1}"]}`: the second text is JSON itself.
    pub(crate) fn existing_client_id(&self) -> Option<i64> {
        let client = self.fields.iter().find(|error| error.field == "client")?;
        client.messages.iter().find_map(|text| {
            let inner: Value = serde_json::from_str(text).ok()?;
            inner["id"].as_i64()
        })
    }

    /// One line for a person: the texts, or what came instead of JSON. What came is not quoted then: whoever
    /// answered need not be the server.
    pub(crate) fn summary(&self, body: &[u8]) -> Option<String> {
        let fields = self.fields.iter().filter(|error| !error.field.is_empty());
        let fields = fields.map(|error| format!("{}: {}", error.field, error.messages.join(", ")));
        let said: Vec<String> = self.message.iter().cloned().chain(fields).collect();
        let start = body.trim_ascii_start();
        match start.first() {
            Some(b'{') if !said.is_empty() => Some(format!("the server said: {}", said.join("; "))),
            None => Some("the answer is empty".into()),
            Some(b'<') => Some(format!("{} bytes of HTML came", body.len())),
            Some(b'{' | b'[') => None,
            Some(_) => Some(format!("{} bytes that are no JSON came", body.len())),
        }
    }
}

/// A body that is a line for people, and neither JSON nor HTML.
fn plain_text(body: &[u8]) -> Option<&str> {
    const LONGEST: usize = 200;
    let text = std::str::from_utf8(body).ok()?.trim();
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

/// A text fit for a log: bounded, on one line, and without anything as long as a phone number.
pub(crate) fn redact(text: &str) -> String {
    const LONGEST: usize = 300;
    const PHONE: usize = 9;
    let mut out = String::new();
    let mut run = String::new();
    let flush = |run: &mut String, out: &mut String| {
        let digits = run.chars().filter(char::is_ascii_digit).count();
        let tail = run.len() - run.trim_end_matches([' ', '-', '(', ')', '+']).len();
        let (number, rest) = run.split_at(run.len() - tail);
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
