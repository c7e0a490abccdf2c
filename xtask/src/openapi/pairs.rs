//! Pairs of queries and headers: what they are called and hold once variables have their values.

use crate::postman::template::decoded;
use crate::postman::variables::{Variables, variable};
use crate::postman::{KeyValue, Request};
use std::borrow::Cow;

/// What a pair is called and holds, once variables have their values: never with braces in its name, and
/// in a query as it was before it was encoded.
pub fn name_and_value<'a>(
    kind: &str,
    request: &Request<'a>,
    pair: &'a KeyValue<'a>,
    variables: &Variables<'a>,
) -> (Cow<'a, str>, Cow<'a, str>) {
    let is_query = kind == "query";
    let plain = |text: &'a str| match is_query && text.contains('%') {
        true => decoded(text),
        false => Cow::Borrowed(text),
    };
    let value = match pair.text() {
        Cow::Borrowed(text) => plain(text),
        Cow::Owned(text) => text.into(),
    };
    // A query is sent with the blanks that somebody left in it.
    let key = match is_query && !pair.key.trim().is_empty() {
        true => plain(&pair.key),
        false => Cow::Borrowed(pair.key.trim()),
    };
    if !key.contains("{{") {
        return (key, value);
    }
    let mut name = variables.resolve(request.scope, &key).into_owned();
    // A variable may hold all of a pair.
    if let Some((key, held)) = name
        .split_once('=')
        .filter(|_| is_query && value.is_empty())
    {
        return (without_braces(key).into(), held.to_owned().into());
    }
    name = without_braces(&name);
    (name.into(), value)
}

/// A text in which variables without a value are their names.
fn without_braces(text: &str) -> String {
    let mut name = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, variable, after)) = variable(rest) {
        name.push_str(before);
        name.push_str(variable);
        rest = after;
    }
    name.push_str(rest);
    name.trim().to_owned()
}
