//! URLs: given as a text, as parts, or as parts that hold the text alone.

use super::KeyValue;
use super::fields::{List, TextOr, read_from_object, text_or};
use super::pairs::{Pairs, query_pairs};
use super::variables::variable_name;
use crate::json::{Json, Text};
use serde::{Deserialize, Deserializer};
use std::borrow::Cow;

/// A URL in parts.
#[derive(Debug, Clone, Default)]
pub struct UrlParts<'a> {
    pub protocol: Option<Text<'a>>,
    pub host: Cow<'a, str>,
    pub port: Option<Text<'a>>,
    pub path: Vec<Json<'a>>,
    pub query: Vec<KeyValue<'a>>,
    /// The variables of the path.
    pub variables: Vec<KeyValue<'a>>,
}

read_from_object! {
    pub struct UrlObject<'a> {
        "raw" => raw: Text<'a>,
        "protocol" => protocol: Option<Text<'a>>,
        "host" => host: Host<'a>,
        "port" => port: Option<Text<'a>>,
        "path" => path: Segments<'a>,
        "query" => query: Pairs<'a>,
        "variable" => variables: Pairs<'a>,
    }
}

impl<'a> From<UrlObject<'a>> for UrlParts<'a> {
    fn from(object: UrlObject<'a>) -> Self {
        let given = Self {
            protocol: object.protocol,
            host: object.host.0,
            port: object.port,
            path: object.path.0,
            query: object.query.0,
            variables: object.variables.0,
        };
        if !given.path.is_empty() {
            return given;
        }
        let read = Self::of(&object.raw);
        Self {
            protocol: read.protocol.or(given.protocol),
            host: read.host,
            port: read.port.or(given.port),
            path: read.path,
            query: if given.query.is_empty() {
                read.query
            } else {
                given.query
            },
            variables: given.variables,
        }
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for UrlParts<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let read = text_or::<UrlObject<'a>, _>(deserializer, "`url` as an object or a text")?;
        Ok(match read {
            None => Self::default(),
            Some(TextOr::Text(text)) => Self::of(&text),
            Some(TextOr::Other(object)) => object.into(),
        })
    }
}

impl UrlParts<'_> {
    /// The parts of a text.
    pub fn of(text: &str) -> Self {
        // What stands behind the mark is not sent.
        let text = text.split('#').next().unwrap_or_default();
        let (address, query) = text.split_once('?').unwrap_or((text, ""));
        let (protocol, rest) = match address.split_once("://") {
            Some((protocol, rest)) => (Some(Text(protocol.to_owned().into())), rest),
            None => (None, address.strip_prefix("//").unwrap_or(address)),
        };
        let (host, path) = match rest.split_once('/') {
            Some((host, path)) => (host, segments(path)),
            None => (rest, Vec::new()),
        };
        let (host, port) = split_port(host);
        Self {
            protocol,
            host: host.to_owned().into(),
            port: port.map(|port| Text(port.to_owned().into())),
            path,
            query: query_pairs(query),
            variables: Vec::new(),
        }
    }
}

/// A host and its port, which is a number or a variable.
pub fn split_port(host: &str) -> (&str, Option<&str>) {
    match host.rsplit_once(':') {
        Some((name, port)) if is_port(port) && !name.is_empty() => (name, Some(port)),
        _ => (host, None),
    }
}

fn is_port(text: &str) -> bool {
    let number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    number || variable_name(text).is_some()
}

/// The segments of a path; what ends with a slash ends with an empty one.
fn segments(path: &str) -> Vec<Json<'static>> {
    let path = path.strip_prefix('/').unwrap_or(path);
    let segments = path.split('/');
    segments.map(|segment| segment.to_owned().into()).collect()
}

/// A host is a text, or its labels.
#[derive(Debug, Clone, Default)]
pub struct Host<'a>(Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for Host<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let read = text_or::<Vec<Text<'a>>, _>(deserializer, "`host` as a list or a text")?;
        Ok(Self(match read {
            None => Cow::Borrowed(""),
            Some(TextOr::Text(host)) => host,
            Some(TextOr::Other(mut labels)) if labels.len() == 1 => labels.remove(0).0,
            Some(TextOr::Other(labels)) => {
                let labels: Vec<&str> = labels.iter().map(|label| &**label).collect();
                labels.join(".").into()
            }
        }))
    }
}

/// A path is its segments, or a text.
#[derive(Debug, Clone, Default)]
pub struct Segments<'a>(Vec<Json<'a>>);

impl<'de: 'a, 'a> Deserialize<'de> for Segments<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let read = text_or(deserializer, "`path` as a list or a text")?;
        Ok(Self(match read {
            None => Vec::new(),
            Some(TextOr::Text(path)) => segments(&path),
            Some(TextOr::Other(List(segments))) => segments,
        }))
    }
}
