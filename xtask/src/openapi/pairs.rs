//! Pairs of queries and headers: what they are called and hold once variables have their values.

use crate::postman::pairs::query_pairs;
use crate::postman::percent::decoded;
use crate::postman::variables::{Variables, variable};
use crate::postman::{KeyValue, Request};
use std::borrow::Cow;

/// A name and a value.
type Pair<'a> = (Cow<'a, str>, Cow<'a, str>);

/// What a pair is called and holds, once variables have their values: never with braces in its name, and
/// in a query as it was before it was encoded. A variable may hold several pairs of a query.
pub fn names_and_values<'a>(
    kind: &str,
    request: &Request<'a>,
    pair: &'a KeyValue<'a>,
    variables: &Variables<'a>,
) -> (Pair<'a>, Vec<Pair<'a>>) {
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
        return ((key, value), Vec::new());
    }
    let mut name = variables.resolve(request.scope, &key).into_owned();
    // A variable may hold all of a pair.
    if is_query && value.is_empty() && name.contains('=') {
        let pairs = query_pairs(&name).into_iter();
        let mut pairs = pairs.map(|pair| {
            let text = |text: &str| without_braces(&decoded(text)).into();
            (text(&pair.key), text(&pair.text()))
        });
        if let Some(first) = pairs.next() {
            return (first, pairs.collect());
        }
    }
    name = without_braces(&name);
    ((name.into(), value), Vec::new())
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
