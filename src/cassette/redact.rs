//! What of an exchange may be kept: its form, and nothing that is about a person.

use crate::error::redact as without_numbers;
use serde_json::Value;

/// Texts of these names are states and kinds, the same for everybody.
const KEPT: [&str; 20] = [
    "assignee_type",
    "color",
    "event",
    "gateway_status",
    "mode",
    "offline_type",
    "online",
    "operator_role",
    "order",
    "priority",
    "read",
    "recipient_status",
    "report",
    "request_type",
    "role",
    "state",
    "status",
    "tag_bg_color",
    "transport",
    "type",
];

/// The texts of an envelope that say what went wrong; they decide what kind of failure it is.
const SAID: [&str; 3] = ["error", "errors", "message"];

/// Stands for every phone number.
const PHONE: &str = "15550100000";

/// A body, redacted.
pub(super) fn body(body: Value) -> Value {
    match body {
        Value::Object(envelope) => {
            let redact = |(key, value): (String, Value)| {
                let value = if SAID.contains(&key.as_str()) {
                    said(value)
                } else {
                    of(&key, value)
                };
                (key, value)
            };
            envelope.into_iter().map(redact).collect()
        }
        other => of("", other),
    }
}

fn said(value: Value) -> Value {
    match value {
        Value::String(text) => without_numbers(&text).into(),
        Value::Array(items) => items.into_iter().map(said).collect(),
        Value::Object(entries) => {
            let said = |(key, value)| (key, said(value));
            entries.into_iter().map(said).collect()
        }
        other => other,
    }
}

fn of(key: &str, value: Value) -> Value {
    match value {
        Value::String(value) => text(key, &value).into(),
        Value::Number(_) if key.contains("phone") => PHONE.into(),
        Value::Array(items) => items.into_iter().map(|item| of(key, item)).collect(),
        Value::Object(entries) => {
            let redact = |(key, value): (String, Value)| {
                let value = of(&key, value);
                (key, value)
            };
            entries.into_iter().map(redact).collect()
        }
        other => other,
    }
}

/// A text of this name, redacted.
pub(super) fn text(key: &str, text: &str) -> String {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let is_number = !text.is_empty() && digits == text.len();
    let is_id = key == "id" || key.ends_with("_id") && !key.ends_with("external_id");
    let is_short = text.parse::<f64>().is_ok() && digits < 9;
    match () {
        () if key.contains("phone") => PHONE.to_owned(),
        () if text.is_empty() || KEPT.contains(&key) => text.to_owned(),
        () if is_short || is_time(text) || is_id && is_number => text.to_owned(),
        () if text.starts_with("http://") || text.starts_with("https://") => {
            "https://example.com/redacted".to_owned()
        }
        () => "redacted".to_owned(),
    }
}

/// Whether a text is a date or time in one of the forms that the API has.
fn is_time(text: &str) -> bool {
    let parts = |separator| {
        let day = text.get(..10)?.split(separator).map(str::len);
        Some(day.collect::<Vec<_>>())
    };
    let is_day = [
        (parts('-'), [4, 2, 2]),
        (parts('-'), [2, 2, 4]),
        (parts('.'), [2, 2, 4]),
    ];
    let is_day = is_day
        .into_iter()
        .any(|(parts, day)| parts == Some(day.to_vec()));
    let only = |c: char| c.is_ascii_digit() || " -.:+TZUC".contains(c);
    is_day && text.len() <= 32 && text.chars().all(only)
}

#[cfg(test)]
mod tests {
    use super::{body, text};
    use serde_json::json;

    #[test]
    fn texts() {
        for (key, value, kept) in [
            ("state", "closed", true),
            ("created", "2026-05-04T10:00:00 UTC", true),
            ("created", "04.05.2026 9:00:00", true),
            ("start_date", "04-05-2026", true),
            ("limit", "200", true),
            ("start_id", "5000000102", true),
            ("reaction_time", "12.5", true),
            ("note", "", true),
            ("name", "Ann", false),
            ("text", "2026-05-04 call me", false),
            ("text", "5550100001", false),
            ("external_id", "15550100001", false),
            ("phone", "1", false),
        ] {
            assert_eq!(text(key, value) == value, kept, "{key}: {value}");
        }
        assert_eq!(text("client_phone", "+1 555 010-0001"), "15550100000");
        assert_eq!(
            text("photo", "https://x.example/a?b"),
            "https://example.com/redacted"
        );
    }

    #[test]
    fn bodies() {
        let answer = json!({
            "status": "error",
            "message": "Client 15550100001 exists",
            "errors": { "client": ["Client already exist", "{\"id\": 94000001}"] },
            "data": [{ "id": 5000000102_i64, "phone": 15550100001_i64, "message": "hello", "tags": [null, true] }],
        });
        let kept = json!({
            "status": "error",
            "message": "Client … exists",
            "errors": { "client": ["Client already exist", "{\"id\": 94000001}"] },
            "data": [{ "id": 5000000102_i64, "phone": "15550100000", "message": "redacted", "tags": [null, true] }],
        });
        assert_eq!(body(answer), kept);
    }
}
