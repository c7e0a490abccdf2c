//! Which JSON values and which texts an argument accepts.

use crate::error::Error;
use crate::operation::{Parameter, ParameterKind};
use crate::wire::DayMonthYear;
use chrono::NaiveDate;
use serde_json::{Number, Value};

impl Parameter {
    /// Reads a value of this argument from a text, for example from a command line.
    ///
    /// Numbers, days and `true` or `false` are written plainly, objects as JSON, and lists as JSON or with commas
    /// between their items. `null` is null where the argument may be null.
    ///
    /// ```
    /// let tags = chat2desk::operation("assign_tags").unwrap().parameters;
    /// let tag_ids = tags.iter().find(|tag| tag.name == "tag_ids").unwrap();
    /// assert_eq!(tag_ids.parse("1201,1305")?, serde_json::json!([1201, 1305]));
    /// assert!(tag_ids.parse("VIP").is_err());
    /// # Ok::<(), chat2desk::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`InvalidRequest`](crate::ErrorKind::InvalidRequest), which names the argument and what it accepts.
    pub fn parse(&self, text: &str) -> Result<Value, Error> {
        if self.nullable && text == "null" {
            return Ok(Value::Null);
        }
        let value = self.kind.parse(text);
        value.ok_or_else(|| Error::invalid_request(&self.accepted()))
    }

    /// Returns the value as it is sent.
    ///
    /// # Errors
    /// A text that names the argument and what it accepts, without the value.
    pub(super) fn read(&self, value: Value) -> Result<Value, String> {
        if self.nullable && value.is_null() {
            return Ok(value);
        }
        let found = found(&value);
        let read = self.kind.read(value);
        read.ok_or_else(|| format!("{}; {found} was given", self.accepted()))
    }

    /// Returns what the argument accepts, as the text of an error.
    pub(super) fn accepted(&self) -> String {
        let null = if self.nullable { " or null" } else { "" };
        format!("`{}` must be {}{null}", self.name, self.kind)
    }
}

/// Returns what a value is, in words.
fn found(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

impl ParameterKind {
    /// Returns the value as it is sent; `None` if it is not accepted.
    pub(super) fn read(&self, value: Value) -> Option<Value> {
        let text = |value: &Value, read: fn(&str) -> Option<String>| read(value.as_str()?);
        match (self, value) {
            (Self::Json, value) => Some(value),
            (Self::Integer, value) => value.is_i64().then_some(value),
            (Self::Number, value) => value.is_number().then_some(value),
            (Self::Boolean, value) => value.is_boolean().then_some(value),
            (Self::Text | Self::Enum(_), value) => value.is_string().then_some(value),
            (Self::Object, value) => value.is_object().then_some(value),
            (Self::Date, value) => {
                text(&value, |text| day(text).map(|day| day.to_string())).map(Value::from)
            }
            (Self::DayMonthYear, value) => text(&value, |text| {
                let day = text.parse().ok().or_else(|| day(text).map(DayMonthYear));
                day.map(|day| day.to_string())
            })
            .map(Value::from),
            (Self::List(kind), Value::Array(items)) => {
                let items = items.into_iter().map(|item| kind.read(item));
                items.collect::<Option<Vec<_>>>().map(Value::from)
            }
            (Self::List(_), _) => None,
            (Self::OneOf(kinds), value) => kinds.iter().find_map(|kind| kind.read(value.clone())),
        }
    }

    /// Reads a value from a text; `None` if it is not accepted.
    fn parse(&self, text: &str) -> Option<Value> {
        match self {
            Self::Text | Self::Enum(_) | Self::Date | Self::DayMonthYear => self.read(text.into()),
            Self::Integer => text.parse::<i64>().ok().map(Value::from),
            Self::Number => text.parse::<Number>().ok().map(Value::from),
            Self::Boolean => text.parse::<bool>().ok().map(Value::from),
            Self::OneOf(kinds) => kinds.iter().find_map(|kind| kind.parse(text)),
            Self::List(_) if text.trim_start().starts_with('[') => self.read_json(text),
            Self::List(Self::Object | Self::Json) => self.read_json(&format!("[{text}]")),
            Self::List(_) if text.is_empty() => Some(Value::Array(Vec::new())),
            Self::List(kind) => {
                let items = text.split(',').map(|item| kind.parse(item.trim()));
                items.collect::<Option<Vec<_>>>().map(Value::from)
            }
            Self::Object | Self::Json => self.read_json(text),
        }
    }

    fn read_json(&self, text: &str) -> Option<Value> {
        self.read(serde_json::from_str(text).ok()?)
    }
}

/// Reads a day in the format `yyyy-mm-dd`.
fn day(text: &str) -> Option<NaiveDate> {
    text.parse().ok()
}
