//! What a call brings: its parameters, wherever they travel.

use super::answer::Answer;
use super::document::Documented;
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method};
use chrono::NaiveDate;
use serde_json::{Map, Value};
use std::collections::HashMap;
use std::str::FromStr;

const FORM: &[u8] = b"application/x-www-form-urlencoded";

/// How deep a body may be nested. It comes back within lists and webhooks, which most readers of JSON read to a depth of
/// 128.
const DEEPEST: usize = 100;

fn depth(value: &Value) -> usize {
    let deepest = match value {
        Value::Array(values) => values.iter().map(depth).max(),
        Value::Object(fields) => fields.values().map(depth).max(),
        _ => return 0,
    };
    1 + deepest.unwrap_or_default()
}

/// A call of an operation. Programs send parameters in the query, in a form or as JSON, and the API takes
/// all of them: what the body says goes before the query.
pub(super) struct Call {
    path: HashMap<String, String>,
    parameters: Map<String, Value>,
}

impl Call {
    /// Reads a call of an operation.
    ///
    /// # Errors
    /// The answer to a body that cannot be read.
    pub(super) fn read(
        path: HashMap<String, String>,
        head: &Parts,
        body: &[u8],
        operation: &Documented,
    ) -> Result<Self, Answer> {
        let pairs = |text| pairs(text, operation.lists());
        let mut parameters = pairs(head.uri.query().unwrap_or_default().as_bytes());
        // What the API makes of the body of another GET nobody knows.
        let body = match head.method == Method::GET && !operation.takes_body() {
            true => &[],
            false => body,
        };
        let content_type = head.headers.get(CONTENT_TYPE).map(HeaderValue::as_bytes);
        if content_type.is_some_and(|value| value.starts_with(FORM)) {
            parameters.extend(pairs(body));
        } else if !body.is_empty() {
            match serde_json::from_slice(body) {
                Ok(body) if depth(&body) > DEEPEST => {
                    return Err(Answer::bad_request("the body is nested too deeply"));
                }
                Ok(Value::Object(fields)) => parameters.extend(fields),
                _ => return Err(Answer::bad_request("the body is not a JSON object")),
            }
        }
        Ok(Self { path, parameters })
    }

    /// The number in the path.
    pub(super) fn id(&self) -> Option<i64> {
        self.key()?.parse().ok()
    }

    /// What stands in the path in place of a parameter.
    pub(super) fn key(&self) -> Option<&str> {
        self.path.values().next().map(String::as_str)
    }

    /// A number in the path that holds several parameters.
    pub(super) fn part(&self, name: &str) -> Option<i64> {
        self.path.get(name)?.parse().ok()
    }

    /// A parameter that is there and not null.
    pub(super) fn get(&self, name: &str) -> Option<&Value> {
        self.parameters.get(name).filter(|value| !value.is_null())
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// A text that is not empty.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.get(name)?.as_str().filter(|text| !text.is_empty())
    }

    pub(super) fn forget(&mut self, name: &str) {
        self.parameters.remove(name);
    }

    /// A number, also one in a text.
    pub(super) fn number(&self, name: &str) -> Option<i64> {
        number(self.get(name)?)
    }

    /// Whether a parameter is there and null, which clears what it names.
    pub(super) fn clears(&self, name: &str) -> bool {
        self.parameters.get(name).is_some_and(Value::is_null)
    }

    /// A day of this form, of ten characters; an error for any other form.
    pub(super) fn day(&self, name: &str, format: &str) -> Result<Option<NaiveDate>, Answer> {
        let Some(day) = self.get(name) else {
            return Ok(None);
        };
        let text = day.as_str().filter(|text| text.len() == 10);
        let day = text.and_then(|text| NaiveDate::parse_from_str(text, format).ok());
        day.map(Some)
            .ok_or_else(|| Answer::bad_request("wrong date format"))
    }

    /// A truth, also one in a text or a number.
    pub(super) fn flag(&self, name: &str) -> Option<bool> {
        Some(match self.get(name)? {
            Value::Bool(flag) => *flag,
            // Python writes `True`.
            Value::String(text) => text.eq_ignore_ascii_case("true") || text == "1",
            value => value.as_i64() != Some(0),
        })
    }

    /// Numbers, whether in a list or separated by commas.
    pub(super) fn numbers(&self, name: &str) -> Vec<i64> {
        let numbers = |value: &Value| match value {
            Value::String(text) => text.split(',').filter_map(parsed).collect::<Vec<_>>(),
            value => number(value).into_iter().collect(),
        };
        match self.get(name) {
            Some(Value::Array(values)) => values.iter().flat_map(numbers).collect(),
            Some(value) => numbers(value),
            None => Vec::new(),
        }
    }

    /// Whether a filter lets this text pass: it does if it was not given.
    pub(super) fn allows(&self, name: &str, text: &str) -> bool {
        self.get(name)
            .is_none_or(|wanted| wanted.as_str() == Some(text))
    }

    /// A filter by a number.
    pub(super) fn only(&self, name: &str) -> Only {
        match self.get(name) {
            None => Only::Any,
            Some(wanted) => Only::This(number(wanted)),
        }
    }
}

/// What a filter lets pass.
pub(super) enum Only {
    Any,
    /// This number; nothing if what was given is none.
    This(Option<i64>),
}

impl Only {
    pub(super) fn allows(&self, number: impl Into<Option<i64>>) -> bool {
        match self {
            Self::Any => true,
            Self::This(wanted) => wanted.is_some() && *wanted == number.into(),
        }
    }
}

fn parsed<T: FromStr>(text: &str) -> Option<T> {
    text.trim().parse().ok()
}

/// A text that is not empty, or a number, as text.
pub(super) fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => (!text.is_empty()).then(|| text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// A number, also one in a text.
pub(super) fn number(value: &Value) -> Option<i64> {
    match value {
        Value::String(text) => parsed(text),
        value => value.as_i64(),
    }
}

/// `name=value` pairs. A name that comes again makes a list; so does one that ends in `[]` or is of `lists`,
/// which says that it is one even of a single value.
fn pairs(text: &[u8], lists: &[String]) -> Map<String, Value> {
    let mut parameters = Map::new();
    for (name, value) in form_urlencoded::parse(text) {
        let value = Value::String(value.into_owned());
        let (name, is_list) = match name.strip_suffix("[]") {
            Some(name) => (name, true),
            None => (&*name, lists.iter().any(|list| *list == name)),
        };
        match parameters.get_mut(name) {
            None => {
                let first = if is_list { vec![value].into() } else { value };
                parameters.insert(name.to_owned(), first);
            }
            Some(Value::Array(values)) => values.push(value),
            Some(known) => *known = Value::Array(vec![known.take(), value]),
        }
    }
    parameters
}
