//! A Postman collection, as far as a conversion needs it: tolerant of what real exports hold.

pub mod read;

use serde::{Deserialize, Deserializer};
use serde_json::Value;

#[derive(Debug, Clone, Deserialize)]
pub struct Collection {
    #[serde(default)]
    pub info: Info,
    pub item: Option<Vec<Item>>,
    #[serde(default, deserialize_with = "null_as_default")]
    pub variable: Vec<KeyValue>,
    pub auth: Option<Auth>,
}

#[derive(Debug, Clone, Default, Deserialize)]
pub struct Info {
    #[serde(default)]
    pub name: String,
    #[serde(default, deserialize_with = "description")]
    pub description: String,
}

/// A folder (with `item`) or a request.
#[derive(Debug, Clone, Deserialize)]
pub struct Item {
    #[serde(default)]
    pub name: String,
    #[serde(default, deserialize_with = "description")]
    pub description: String,
    pub item: Option<Vec<Item>>,
    pub request: Option<Request>,
    #[serde(default, deserialize_with = "null_as_default")]
    pub response: Vec<Response>,
}

#[derive(Debug, Clone, Deserialize)]
pub struct Request {
    #[serde(default)]
    pub method: Option<String>,
    pub url: Option<Url>,
    #[serde(default, deserialize_with = "description")]
    pub description: String,
    pub body: Option<Body>,
    pub auth: Option<Auth>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum Url {
    Text(String),
    Parts(UrlParts),
}

#[derive(Debug, Clone, Default, Deserialize)]
pub struct UrlParts {
    pub raw: Option<String>,
    #[serde(default, deserialize_with = "null_as_default")]
    pub host: Host,
    #[serde(default, deserialize_with = "null_as_default")]
    pub path: Vec<Value>,
    #[serde(default, deserialize_with = "null_as_default")]
    pub query: Vec<KeyValue>,
    #[serde(default, deserialize_with = "null_as_default")]
    pub variable: Vec<KeyValue>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum Host {
    Text(String),
    Labels(Vec<String>),
}

impl Default for Host {
    fn default() -> Self {
        Self::Labels(Vec::new())
    }
}

#[derive(Debug, Clone, Default, Deserialize)]
pub struct KeyValue {
    #[serde(alias = "id", default)]
    pub key: Option<String>,
    #[serde(default)]
    pub value: Value,
    #[serde(default, deserialize_with = "description")]
    pub description: String,
}

impl KeyValue {
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
    #[serde(default)]
    pub mode: Option<String>,
    #[serde(default)]
    pub raw: Option<String>,
    #[serde(default, deserialize_with = "null_as_default")]
    pub urlencoded: Vec<KeyValue>,
    #[serde(default, deserialize_with = "null_as_default")]
    pub formdata: Vec<KeyValue>,
}

#[derive(Debug, Clone, Deserialize)]
pub struct Response {
    #[serde(default)]
    pub name: Option<String>,
    #[serde(rename = "originalRequest")]
    pub original_request: Option<Request>,
    #[serde(default)]
    pub code: Option<u16>,
    #[serde(default, deserialize_with = "null_as_default")]
    pub header: Vec<KeyValue>,
    #[serde(default)]
    pub body: Option<String>,
}

impl Response {
    /// The media type, without parameters.
    pub fn media_type(&self) -> String {
        let named = |header: &&KeyValue| {
            header
                .key
                .as_deref()
                .is_some_and(|key| key.eq_ignore_ascii_case("content-type"))
        };
        let value = self
            .header
            .iter()
            .find(named)
            .map(KeyValue::text)
            .unwrap_or_default();
        match value.split(';').next().map(str::trim) {
            Some(media_type) if !media_type.is_empty() => media_type.to_ascii_lowercase(),
            _ => "application/json".to_owned(),
        }
    }
}

/// Authentication: a type, and parameters under the type's name.
#[derive(Debug, Clone, Deserialize)]
pub struct Auth {
    #[serde(rename = "type")]
    pub kind: String,
    #[serde(default, deserialize_with = "null_as_default")]
    pub apikey: Vec<KeyValue>,
}

fn null_as_default<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(
    deserializer: D,
) -> Result<T, D::Error> {
    Option::<T>::deserialize(deserializer).map(Option::unwrap_or_default)
}

/// A description is a text, or an object that holds one.
fn description<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    Ok(match Option::<Value>::deserialize(deserializer)? {
        Some(Value::String(text)) => text,
        Some(Value::Object(object)) => object
            .get("content")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned(),
        _ => String::new(),
    })
}
