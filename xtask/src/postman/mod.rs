//! A Postman collection, as far as a conversion needs it: tolerant of what real exports hold.

mod auth;
mod fields;
pub mod read;
pub mod template;
pub mod url;

pub use auth::Auth;

use crate::json::{Json, Text};
use fields::{Description, Headers, List, TextOr, read_from_object, text_or};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use std::borrow::Cow;
use url::UrlParts;

read_from_object! {
    pub struct Collection<'a> {
        "info" => pub info: Option<Info<'a>>,
        "item" => pub items: Option<Vec<Item<'a>>>,
        "variable" => pub variables: List<KeyValue<'a>>,
        "auth" => pub auth: Option<Auth<'a>>,
        /// The collection itself, where this is what Postman's API wraps one in, or the metadata page of a
        /// documentation, which has everything but the requests.
        "collection" => pub wrapped: Option<&'a RawValue>,
        "environments" => pub environments: Json<'a>,
    }
}

read_from_object! {
    pub struct Info<'a> {
        "name" => pub name: Text<'a>,
        "description" => pub description: Description<'a>,
    }
}

read_from_object! {
    /// A folder (with items) or a request.
    pub struct Item<'a> {
        "name" => pub name: Text<'a>,
        "description" => pub description: Description<'a>,
        "item" => pub items: Option<Vec<Item<'a>>>,
        "request" => pub request: Option<Request<'a>>,
        "auth" => pub auth: Option<Auth<'a>>,
        "response" => pub responses: List<Response<'a>>,
    }
}

/// A request; one that is a text is the URL of a GET.
#[derive(Debug, Clone, Default)]
pub struct Request<'a> {
    pub method: Text<'a>,
    pub url: Option<UrlParts<'a>>,
    pub headers: Vec<KeyValue<'a>>,
    pub description: Description<'a>,
    pub body: Option<Box<Body<'a>>>,
    pub auth: Option<Auth<'a>>,
}

read_from_object! {
    pub struct RequestObject<'a> {
        "method" => method: Text<'a>,
        "url" => url: Option<UrlParts<'a>>,
        /// The parts of the URL, in a published documentation.
        "urlObject" => documented: Option<UrlParts<'a>>,
        "header" => headers: Headers<'a>,
        "description" => description: Description<'a>,
        "body" => body: Option<Box<Body<'a>>>,
        "auth" => auth: Option<Auth<'a>>,
    }
}

impl<'a> From<RequestObject<'a>> for Request<'a> {
    fn from(object: RequestObject<'a>) -> Self {
        let documented = object.documented.filter(|url| !url.path.is_empty());
        Self {
            method: object.method,
            url: documented.or(object.url),
            headers: object.headers.0,
            description: object.description,
            body: object.body,
            auth: object.auth,
        }
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Request<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let read =
            text_or::<RequestObject<'a>, _>(deserializer, "`request` as an object or a text")?;
        Ok(match read {
            None => Self::default(),
            Some(TextOr::Text(url)) => Self {
                url: Some(UrlParts::of(&url)),
                ..Self::default()
            },
            Some(TextOr::Other(object)) => object.into(),
        })
    }
}

/// A key with a value: a parameter, a header, a variable, a part of a form.
#[derive(Debug, Clone, Default)]
pub struct KeyValue<'a> {
    pub key: Cow<'a, str>,
    /// `file`, for a part of a form.
    pub kind: Text<'a>,
    pub value: Json<'a>,
    pub description: Description<'a>,
    pub disabled: bool,
}

read_from_object! {
    pub struct KeyValueObject<'a> {
        "key" => key: Option<Text<'a>>,
        /// What a published documentation has in place of a key.
        "name" => name: Json<'a>,
        /// What older exports have in place of a key, and newer ones beside it.
        "id" => id: Json<'a>,
        "type" => kind: Text<'a>,
        "value" => value: Json<'a>,
        "description" => description: Description<'a>,
        "disabled" => disabled: Option<bool>,
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for KeyValue<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let object = KeyValueObject::deserialize(deserializer)?;
        let key = match (object.key, object.name, object.id) {
            (Some(Text(key)), _, _) | (_, Json::Text(key), _) | (_, _, Json::Text(key)) => key,
            _ => Cow::Borrowed(""),
        };
        Ok(Self {
            key,
            kind: object.kind,
            value: object.value,
            description: object.description,
            disabled: object.disabled.unwrap_or_default(),
        })
    }
}

impl<'a> KeyValue<'a> {
    pub fn new(key: impl Into<Cow<'a, str>>, value: impl Into<Json<'a>>) -> Self {
        Self {
            key: key.into(),
            value: value.into(),
            ..Self::default()
        }
    }

    /// The value as a text, whatever JSON it is written in.
    pub fn text(&self) -> Cow<'_, str> {
        match &self.value {
            Json::Text(text) => Cow::Borrowed(text),
            Json::Null => Cow::Borrowed(""),
            other => other.to_string().into(),
        }
    }
}

read_from_object! {
    pub struct Body<'a> {
        "mode" => pub mode: Text<'a>,
        "raw" => pub raw: Text<'a>,
        "urlencoded" => pub urlencoded: List<KeyValue<'a>>,
        "formdata" => pub formdata: List<KeyValue<'a>>,
        "graphql" => pub graphql: Option<GraphQl<'a>>,
        "options" => pub options: Json<'a>,
    }
}

read_from_object! {
    pub struct GraphQl<'a> {
        "query" => pub query: Text<'a>,
        /// JSON, as a text or as it is.
        "variables" => pub variables: Json<'a>,
    }
}

read_from_object! {
    pub struct Response<'a> {
        "name" => name: Option<Text<'a>>,
        "originalRequest" => pub original_request: Option<Box<Request<'a>>>,
        "code" => code: Json<'a>,
        /// The status in words.
        "status" => words: Json<'a>,
        "header" => pub headers: Headers<'a>,
        "_postman_previewlanguage" => pub preview_language: Text<'a>,
        "body" => pub body: Text<'a>,
    }
}

impl Response<'_> {
    pub fn name(&self) -> &str {
        self.name.as_deref().unwrap_or("example")
    }

    /// The status as a number or, for want of one, of the words.
    pub fn status(&self) -> Option<u16> {
        let code = match &self.code {
            Json::Text(text) => text.trim().parse().ok(),
            Json::Number(code) => code.as_u64().and_then(|code| u16::try_from(code).ok()),
            _ => None,
        };
        let code = code.filter(|code| (100..600).contains(code));
        code.or_else(|| {
            let words = self.words.as_str()?.trim();
            let mut reasons = REASONS.iter();
            let meant = reasons.find(|(_, reason)| words.eq_ignore_ascii_case(reason));
            meant.map(|(code, _)| *code)
        })
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
pub fn content_type<'a>(headers: &'a [KeyValue<'_>]) -> Option<Cow<'a, str>> {
    let header = headers
        .iter()
        .find(|header| header.key.eq_ignore_ascii_case("content-type") && !header.disabled)?;
    let stated = header.value.as_str().unwrap_or_default();
    let media_type = stated.split(';').next().unwrap_or_default().trim();
    if !media_type.contains('/') || media_type.contains("{{") {
        return None;
    }
    let is_lower = !media_type.bytes().any(|byte| byte.is_ascii_uppercase());
    Some(if is_lower {
        Cow::Borrowed(media_type)
    } else {
        media_type.to_ascii_lowercase().into()
    })
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
