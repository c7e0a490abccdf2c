//! [`says_error`]: whether the body of a successful status reports a failure.

use super::kind::ErrorKind;
use super::message::{ServerMessage, is_error, is_nested_error, readable};
use memchr::memmem::Finder;
use reqwest::StatusCode;
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use std::collections::HashMap;
use std::sync::LazyLock;

/// Returns whether the body of a successful status reports a failure:
///
/// * `status` says so, in the envelope or in its `data`;
/// * there is no data, and `status` or `success` says no in other words;
/// * there is neither a success nor data, but an error, or a text that is known to be one.
pub(crate) fn says_error(body: &[u8]) -> bool {
    /// A longer body with data, or a much longer one without, is not an acknowledgement.
    const ACKNOWLEDGEMENT: usize = 256;
    const MUCH_LONGER: usize = 4096;
    static DATA: LazyLock<Finder<'_>> = LazyLock::new(|| Finder::new(br#""data""#));
    /// The end of the word as servers were seen to write it, and in capitals.
    static ERROR: LazyLock<[Finder<'_>; 2]> =
        LazyLock::new(|| [Finder::new(br#"rror""#), Finder::new(br#"RROR""#)]);
    static QUOTA: LazyLock<Finder<'_>> = LazyLock::new(|| Finder::new(b"per month"));
    let is_json = body.first().is_some_and(|first| b"{[".contains(first));
    let names_error = || ERROR.iter().any(|word| word.find(body).is_some());
    let names_quota = || QUOTA.find(body).is_some();
    let is_long =
        body.len() > MUCH_LONGER || body.len() > ACKNOWLEDGEMENT && DATA.find(body).is_some();
    // Most long responses contain neither, and need no second parse.
    if is_json && is_long && !names_error() && !names_quota() {
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
            && (status.as_ref().is_some_and(is_no)
                || value("success").as_ref().is_some_and(is_no)
                || is_told("error")
                || is_told("errors")
                || ErrorKind::of(StatusCode::OK, &message) != ErrorKind::Api)
}

/// The values of `status` in the envelope of a success.
const SUCCESSES: [&str; 2] = ["success", "ok"];

/// Other words for a failure. None was seen, but none can be a success.
const FAILURES: [&str; 4] = ["fail", "failed", "failure", "false"];

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

/// Returns whether a value of `status` or `success` says no.
fn is_no(value: &Value) -> bool {
    match value {
        Value::Bool(value) => !value,
        Value::String(text) => FAILURES.iter().any(|word| text.eq_ignore_ascii_case(word)),
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
