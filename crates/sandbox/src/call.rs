//! [`Call`]: the parameters of a call, from the path, the query and the body.

use super::api_response::ApiResponse;
use super::document::Documented;
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method};
use chrono::NaiveDate;
use serde_json::{Map, Value};
use std::collections::HashMap;
use std::str::FromStr;

const FORM: &[u8] = b"application/x-www-form-urlencoded";

/// How deep a body may be nested. Its values are part of lists and webhooks, and most JSON parsers stop at a depth of
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

/// The parameters of a call. Programs send them in the query, in a form or as JSON, and the API accepts all of these.
/// Parameters in the body override those in the query.
pub(super) struct Call {
    path: HashMap<String, String>,
    parameters: Map<String, Value>,
}

impl Call {
    /// Reads the parameters of a call of `operation`.
    ///
    /// # Errors
    /// Returns the response to a body that cannot be read.
    pub(super) fn read(
        path: HashMap<String, String>,
        head: &Parts,
        body: &[u8],
        operation: &Documented,
    ) -> Result<Self, ApiResponse> {
        let pairs = |text| pairs(text, operation.lists());
        let mut parameters = pairs(head.uri.query().unwrap_or_default().as_bytes());
        // How the API reads the body of any other GET is unknown.
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
                    return Err(ApiResponse::bad_request(
                        "the body is nested too deeply: at most 100 levels are accepted",
                    ));
                }
                Ok(Value::Object(fields)) => parameters.extend(fields),
                _ => return Err(ApiResponse::bad_request("the body is not a JSON object")),
            }
        }
        Ok(Self { path, parameters })
    }

    /// Returns the number in the path.
    pub(super) fn id(&self) -> Option<i64> {
        self.key()?.parse().ok()
    }

    /// Returns the value of the path's parameter, as text.
    pub(super) fn key(&self) -> Option<&str> {
        self.path.values().next().map(String::as_str)
    }

    /// Returns the number in the path that is named `name`, of a path with several parameters.
    pub(super) fn part(&self, name: &str) -> Option<i64> {
        self.path.get(name)?.parse().ok()
    }

    /// Returns the parameter, unless it is missing or null.
    pub(super) fn get(&self, name: &str) -> Option<&Value> {
        self.parameters.get(name).filter(|value| !value.is_null())
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// Returns the parameter if it is a text that is not empty.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.get(name)?.as_str().filter(|text| !text.is_empty())
    }

    pub(super) fn forget(&mut self, name: &str) {
        self.parameters.remove(name);
    }

    /// Returns the parameter as a number. It may be written as text.
    pub(super) fn number(&self, name: &str) -> Option<i64> {
        number(self.get(name)?)
    }

    /// Whether the parameter is null, which clears the field of this name.
    pub(super) fn clears(&self, name: &str) -> bool {
        self.parameters.get(name).is_some_and(Value::is_null)
    }

    /// Returns the parameter as a day in this `format`, of ten characters.
    ///
    /// # Errors
    /// Returns the response to a parameter of any other form.
    pub(super) fn day(&self, name: &str, format: &str) -> Result<Option<NaiveDate>, ApiResponse> {
        let Some(day) = self.get(name) else {
            return Ok(None);
        };
        let text = day.as_str().filter(|text| text.len() == 10);
        let day = text.and_then(|text| NaiveDate::parse_from_str(text, format).ok());
        day.map(Some)
            .ok_or_else(|| ApiResponse::bad_request("wrong date format"))
    }

    /// Returns the parameter as a flag. It may be written as text or as a number.
    pub(super) fn flag(&self, name: &str) -> Option<bool> {
        Some(match self.get(name)? {
            Value::Bool(flag) => *flag,
            // Python writes `True`.
            Value::String(text) => text.eq_ignore_ascii_case("true") || text == "1",
            value => value.as_i64() != Some(0),
        })
    }

    /// Returns the numbers of a list, or of a text that separates them by commas.
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

    /// Whether the filter `name` matches this text. A missing filter matches everything.
    pub(super) fn allows(&self, name: &str, text: &str) -> bool {
        self.get(name)
            .is_none_or(|wanted| wanted.as_str() == Some(text))
    }

    /// Returns the filter `name`, by a number.
    pub(super) fn only(&self, name: &str) -> Only {
        match self.get(name) {
            None => Only::Any,
            Some(wanted) => Only::This(number(wanted)),
        }
    }
}

/// The numbers that a filter matches.
pub(super) enum Only {
    Any,
    /// This number, or none at all if the parameter is not a number.
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

/// Returns a number or a text as text, or `None` for an empty text and for everything else.
pub(super) fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => (!text.is_empty()).then(|| text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Returns a number, which may be written as text.
pub(super) fn number(value: &Value) -> Option<i64> {
    match value {
        Value::String(text) => parsed(text),
        value => value.as_i64(),
    }
}

/// Reads `name=value` pairs. A name that is repeated, that ends in `[]` or that is in `lists` makes a list, the last
/// two even of a single value.
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
