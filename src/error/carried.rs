//! [`Carried`], the values of a request, which a server may quote and a log must not contain.

use super::mask::mask;
use crate::operation::Operation;
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderValue};
use reqwest::{Request, Url};
use serde_json::Value;

/// The token and all values of a request: of its path, query, headers and body.
pub(crate) struct Carried(Vec<String>);

impl Carried {
    pub(crate) fn of(token: &HeaderValue, operation: &Operation, request: &Request) -> Self {
        let mut values = Vec::new();
        let text = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
        values.push(text(token.as_bytes()));
        let url = request.url();
        // The base URL may have a path of its own, in front of the operation's.
        let path = operation.path.rsplit('/').zip(url.path().rsplit('/'));
        let parameters = path.filter(|(template, _)| template.contains('{'));
        values.extend(parameters.map(|(_, value)| value.to_owned()));
        values.extend(url.query_pairs().map(|(_, value)| value.into_owned()));
        let headers = request.headers().iter();
        let headers = headers.filter(|(name, _)| ![ACCEPT, CONTENT_TYPE].contains(name));
        values.extend(headers.map(|(_, value)| text(value.as_bytes())));
        match request.body().map(reqwest::Body::as_bytes) {
            None => {}
            Some(body) => of_body(body.unwrap_or_default(), url, &mut values),
        }
        Self(values)
    }

    /// Returns the text without any of them.
    pub(crate) fn mask(&self, text: &str) -> String {
        mask(text, &self.0)
    }
}

fn of_body(body: &[u8], url: &Url, values: &mut Vec<String>) {
    match serde_json::from_slice(body) {
        Ok(json) => of_json(json, values),
        // A form is encoded like a query.
        Err(_) => {
            let mut form = url.clone();
            form.set_query(std::str::from_utf8(body).ok());
            values.extend(form.query_pairs().map(|(_, value)| value.into_owned()));
        }
    }
}

fn of_json(value: Value, values: &mut Vec<String>) {
    match value {
        Value::String(text) => values.push(text),
        Value::Number(number) => values.push(number.to_string()),
        Value::Array(items) => items.into_iter().for_each(|item| of_json(item, values)),
        Value::Object(fields) => fields
            .into_iter()
            .for_each(|(_, value)| of_json(value, values)),
        Value::Bool(_) | Value::Null => {}
    }
}
