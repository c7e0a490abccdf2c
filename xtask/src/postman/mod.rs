//! A Postman collection, as far as a conversion needs it: tolerant of what real exports hold.

pub mod read;
pub mod template;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use std::borrow::Cow;

#[derive(Debug, Clone, Deserialize)]
pub struct Collection {
    #[serde(default)]
    pub info: Info,
    /// Read one by one, so that an error can say which of them it is about.
    pub item: Option<Vec<Value>>,
    #[serde(default, deserialize_with = "null_as_default")]
    pub variable: Vec<KeyValue>,
    pub auth: Option<Auth>,
}

#[derive(Debug, Clone, Default, Deserialize)]
pub struct Info {
    #[serde(default, deserialize_with = "null_as_default")]
    pub name: String,
    #[serde(default, deserialize_with = "description")]
    pub description: String,
}

/// A folder (with `item`) or a request.
#[derive(Debug, Clone, Deserialize)]
pub struct Item {
    #[serde(default, deserialize_with = "null_as_default")]
    pub name: String,
    #[serde(default, deserialize_with = "description")]
    pub description: String,
    pub item: Option<Vec<Value>>,
    #[serde(default, deserialize_with = "request")]
    pub request: Option<Request>,
    pub auth: Option<Auth>,
    #[serde(default, deserialize_with = "null_as_default")]
    pub response: Vec<Response>,
}

#[derive(Debug, Clone, Default, Deserialize)]
pub struct Request {
    pub method: Option<String>,
    pub url: Option<Url>,
    /// The parts of the URL, in a published documentation.
    #[serde(rename = "urlObject")]
    pub url_parts: Option<UrlParts>,
    #[serde(default, deserialize_with = "pairs")]
    pub header: Vec<KeyValue>,
    #[serde(default, deserialize_with = "description")]
    pub description: String,
    pub body: Option<Body>,
    pub auth: Option<Auth>,
}

impl Request {
    /// The URL in parts, if there is one.
    pub fn url(&self) -> Option<Cow<'_, UrlParts>> {
        let documented = self.url_parts.as_ref();
        let documented = documented.filter(|parts| !parts.path.is_empty());
        documented
            .map(Cow::Borrowed)
            .or_else(|| self.url.as_ref().map(read::parts))
    }
}

#[derive(Debug, Clone, Deserialize)]
#[serde(untagged, expecting = "`url` is neither a text nor an object")]
pub enum Url {
    Text(String),
    Parts(UrlParts),
}

#[derive(Debug, Clone, Default, Deserialize)]
pub struct UrlParts {
    pub raw: Option<String>,
    pub protocol: Option<String>,
    pub port: Option<String>,
    #[serde(default, deserialize_with = "null_as_default")]
    pub host: Host,
    #[serde(default, deserialize_with = "segments")]
    pub path: Vec<Value>,
    #[serde(default, deserialize_with = "null_as_default")]
    pub query: Vec<KeyValue>,
    #[serde(default, deserialize_with = "null_as_default")]
    pub variable: Vec<KeyValue>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(untagged, expecting = "`host` is neither a text nor a list of texts")]
pub enum Host {
    Text(String),
    Labels(Vec<String>),
}

impl Host {
    /// The host as a text.
    pub fn text(&self) -> String {
        match self {
            Self::Text(host) => host.clone(),
            Self::Labels(labels) => labels.join("."),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.text().is_empty()
    }
}

impl Default for Host {
    fn default() -> Self {
        Self::Labels(Vec::new())
    }
}

#[derive(Debug, Clone, Default, Deserialize)]
pub struct KeyValue {
    pub key: Option<String>,
    /// What a published documentation has in place of a key.
    #[serde(default, deserialize_with = "text")]
    name: Option<String>,
    /// What older exports have in place of a key, and newer ones beside it.
    #[serde(default, deserialize_with = "text")]
    id: Option<String>,
    /// `file`, for a part of a form.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    #[serde(default)]
    pub value: Value,
    #[serde(default, deserialize_with = "description")]
    pub description: String,
    #[serde(default, deserialize_with = "null_as_default")]
    pub disabled: bool,
}

impl KeyValue {
    pub fn new(key: &str, value: impl Into<Value>) -> Self {
        Self {
            key: Some(key.to_owned()),
            value: value.into(),
            ..Self::default()
        }
    }

    pub fn key(&self) -> &str {
        let key = self.key.as_deref().or(self.name.as_deref());
        key.or(self.id.as_deref()).unwrap_or_default()
    }

    /// The value as a text, whatever JSON it is written in.
    pub fn text(&self) -> String {
        match &self.value {
            Value::String(text) => text.clone(),
            Value::Null => String::new(),
            other => other.to_string(),
        }
    }
}

#[derive(Debug, Clone, Deserialize)]
pub struct Body {
    pub mode: Option<String>,
    pub raw: Option<String>,
    #[serde(default, deserialize_with = "null_as_default")]
    pub urlencoded: Vec<KeyValue>,
    #[serde(default, deserialize_with = "null_as_default")]
    pub formdata: Vec<KeyValue>,
    pub graphql: Option<GraphQl>,
    #[serde(default)]
    pub options: Value,
}

#[derive(Debug, Clone, Deserialize)]
pub struct GraphQl {
    #[serde(default, deserialize_with = "null_as_default")]
    pub query: String,
    /// JSON, as a text or as it is.
    #[serde(default)]
    pub variables: Value,
}

#[derive(Debug, Clone, Deserialize)]
pub struct Response {
    pub name: Option<String>,
    #[serde(rename = "originalRequest", default, deserialize_with = "request")]
    pub original_request: Option<Request>,
    #[serde(default)]
    code: Value,
    /// The status in words.
    #[serde(default, deserialize_with = "text")]
    status: Option<String>,
    #[serde(default, deserialize_with = "pairs")]
    pub header: Vec<KeyValue>,
    #[serde(rename = "_postman_previewlanguage")]
    pub preview_language: Option<String>,
    pub body: Option<String>,
}

impl Response {
    /// The status as a number or, for want of one, of the words.
    pub fn status(&self) -> Option<u16> {
        let words = self.status.as_deref().and_then(|words| {
            let meant = |(_, reason): &(u16, &str)| words.trim().eq_ignore_ascii_case(reason);
            REASONS.iter().find(|reason| meant(reason))
        });
        let code = match &self.code {
            Value::String(text) => text.trim().parse().ok(),
            code => code.as_u64().and_then(|code| u16::try_from(code).ok()),
        };
        let code = code.filter(|code| (100..600).contains(code));
        code.or(words.map(|(code, _)| *code))
    }
}

/// The statuses that APIs answer, in words.
const REASONS: [(u16, &str); 18] = [
    (200, "OK"),
    (201, "Created"),
    (202, "Accepted"),
    (204, "No Content"),
    (301, "Moved Permanently"),
    (302, "Found"),
    (304, "Not Modified"),
    (400, "Bad Request"),
    (401, "Unauthorized"),
    (403, "Forbidden"),
    (404, "Not Found"),
    (405, "Method Not Allowed"),
    (409, "Conflict"),
    (422, "Unprocessable Entity"),
    (429, "Too Many Requests"),
    (500, "Internal Server Error"),
    (502, "Bad Gateway"),
    (503, "Service Unavailable"),
];

/// The media type that headers state, without parameters.
pub fn content_type(headers: &[KeyValue]) -> Option<String> {
    let header = headers
        .iter()
        .find(|header| header.key().eq_ignore_ascii_case("content-type") && !header.disabled)?;
    let text = header.text();
    let media_type = text.split(';').next().unwrap_or_default().trim();
    let stated = media_type.contains('/') && !media_type.contains("{{");
    stated.then(|| media_type.to_ascii_lowercase())
}

/// The media type of what Postman's editor calls by these names.
pub fn language_type(language: &str) -> Option<&'static str> {
    match language {
        "json" => Some("application/json"),
        "xml" => Some("application/xml"),
        "html" => Some("text/html"),
        "javascript" => Some("application/javascript"),
        "text" | "plain" => Some("text/plain"),
        _ => None,
    }
}

/// Authentication: a type, and parameters under the type's name.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Auth {
    #[serde(rename = "type", default, deserialize_with = "null_as_default")]
    pub kind: String,
    /// In a published documentation: whether it is that of a folder or the collection.
    #[serde(rename = "isInherited", default, deserialize_with = "null_as_default")]
    pub inherited: bool,
    #[serde(flatten)]
    parameters: serde_json::Map<String, Value>,
}

impl Auth {
    pub fn new(kind: &str) -> Self {
        Self {
            kind: kind.to_owned(),
            inherited: false,
            parameters: serde_json::Map::new(),
        }
    }

    /// A parameter of its type: v2.1 lists them, v2.0 has an object, a published documentation has
    /// lists under `basicConfig` and `advancedConfig`.
    pub fn parameter(&self, key: &str) -> Option<&str> {
        let own = self.parameters.get(&self.kind)?;
        let among = |pairs: &'_ Value| -> Option<usize> {
            pairs
                .as_array()?
                .iter()
                .position(|pair| pair["key"] == key || pair["id"] == key)
        };
        [own, &own["basicConfig"], &own["advancedConfig"]]
            .into_iter()
            .find_map(|pairs| pairs[among(pairs)?]["value"].as_str())
            .or_else(|| own[key].as_str())
    }
}

fn null_as_default<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(
    deserializer: D,
) -> Result<T, D::Error> {
    Option::<T>::deserialize(deserializer).map(Option::unwrap_or_default)
}

/// A text, or nothing at all.
fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(match Value::deserialize(deserializer)? {
        Value::String(text) => Some(text),
        _ => None,
    })
}

/// A description is a text, or an object that holds one.
fn description<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let text = match Value::deserialize(deserializer)? {
        Value::String(text) => text,
        Value::Object(object) => {
            let content = object.get("content").and_then(Value::as_str);
            content.unwrap_or_default().to_owned()
        }
        _ => String::new(),
    };
    Ok(if is_html(&text) {
        htmd::convert(&text).unwrap_or(text)
    } else {
        text
    })
}

/// Published documentations hold rendered descriptions.
fn is_html(text: &str) -> bool {
    let start = text.trim_start();
    let tags = [
        "<p>",
        "<h",
        "<ul>",
        "<ol>",
        "<div",
        "<table",
        "<blockquote",
        "<pre>",
        "<!DOCTYPE",
    ];
    tags.iter().any(|tag| start.starts_with(tag))
}

/// A request is an object, or the url of a GET.
fn request<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Request>, D::Error> {
    match Value::deserialize(deserializer)? {
        Value::String(url) => Ok(Some(Request {
            url: Some(Url::Text(url)),
            ..Request::default()
        })),
        other => serde_json::from_value(other).map_err(D::Error::custom),
    }
}

/// Headers are pairs, or the lines of a text.
fn pairs<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<KeyValue>, D::Error> {
    match Value::deserialize(deserializer)? {
        Value::Null => Ok(Vec::new()),
        Value::String(text) => Ok(text
            .lines()
            .filter_map(|line| line.split_once(':'))
            .map(|(key, value)| KeyValue::new(key.trim(), value.trim()))
            .collect()),
        other => serde_json::from_value(other).map_err(D::Error::custom),
    }
}

/// A path is its segments, or a text.
fn segments<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Value>, D::Error> {
    match Value::deserialize(deserializer)? {
        Value::Null => Ok(Vec::new()),
        Value::String(path) => Ok(path
            .split('/')
            .filter(|segment| !segment.is_empty())
            .map(Value::from)
            .collect()),
        other => serde_json::from_value(other).map_err(D::Error::custom),
    }
}
