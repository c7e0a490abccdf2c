//! How operations are named: by method and path, without the names of parameters and without data.

use super::place::is_name;
use crate::infer::format::is_opaque;
use crate::postman::read::{Endpoint, Endpoints};

/// Method and path, with what is before the path in the host's variable: `GET /v1/clients/{}`.
pub fn call(endpoint: &Endpoint<'_>, endpoints: &Endpoints<'_>) -> String {
    let host = endpoint.request.url.as_ref().map_or("", |url| &*url.host);
    let host = endpoints.variables.resolve(endpoint.request.scope, host);
    let path = format!("{}{}", base(&host), endpoint.path);
    format!("{} {}", endpoint.method.to_uppercase(), pattern(&path))
}

/// What is before the path in an address without one: `/v1` of `https://api.example.com/v1`.
pub fn base(host: &str) -> &str {
    let host = host.split_once("://").map_or(host, |(_, rest)| rest);
    let path = host.find('/').map_or("", |start| &host[start..]);
    match path.contains("{{") {
        true => "",
        false => path.trim_end_matches('/'),
    }
}

/// A path in which parameters, and segments that are data, have no names.
pub fn pattern(path: &str) -> String {
    let segments = path.trim_end_matches('/').split('/').map(|segment| {
        let mut pattern = String::new();
        let mut rest = segment;
        while let Some((before, parameter)) = rest.split_once('{') {
            let after = parameter.split_once('}').map_or("", |(_, after)| after);
            pattern.push_str(before);
            pattern.push_str("{}");
            rest = after;
        }
        pattern.push_str(rest);
        let literal = pattern.replace("{}", "");
        let is_data = is_opaque(&literal) || literal.contains(['@', '%']);
        if is_data { "{}".to_owned() } else { pattern }
    });
    let pattern = segments.collect::<Vec<_>>().join("/");
    if pattern.is_empty() {
        "/".into()
    } else {
        pattern
    }
}

/// A path with the names of its parameters, and without data.
pub fn named(path: &str) -> String {
    let segments = path.trim_end_matches('/').split('/').map(|segment| {
        let is_parameter = segment.starts_with('{') && segment.ends_with('}');
        let name = segment.trim_matches(['{', '}']);
        match (segment.is_empty(), is_parameter && is_name(name)) {
            (true, _) | (_, true) => segment.to_owned(),
            _ => pattern(segment),
        }
    });
    segments.collect::<Vec<_>>().join("/")
}
