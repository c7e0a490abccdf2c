//! A Postman collection, as far as a conversion needs it: tolerant of what real exports hold.

mod auth;
mod fields;
pub mod pairs;
pub mod percent;
pub mod read;
mod same_path;
pub mod template;
pub mod url;
pub mod variables;
mod weight;

pub use auth::Auth;

use crate::json::{Json, Text};
use fields::{Description, Flag, Items, List, TextOr, read_from_object, text_or};
use pairs::{Pairs, form_pairs};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::sync::Arc;
use url::UrlParts;
use variables::Scope;

read_from_object! {
    pub struct Collection<'a> {
        "info" => pub info: Option<Info<'a>>,
        "item" => pub items: Option<Items<'a>>,
        "variable" => pub variables: Pairs<'a>,
        "auth" => pub auth: Option<Auth<'a>>,
        /// The collection itself, where this is what Postman's API wraps one in, or the metadata page of a
        /// documentation, which has everything but the requests.
        "collection" => pub wrapped: Option<&'a RawValue>,
        "environments" => pub environments: Json<'a>,
        /// What a collection of the first format has in place of items.
        "requests" => pub requests: Option<&'a RawValue>,
    }
}

read_from_object! {
    pub struct Info<'a> {
        "name" => pub name: Text<'a>,
        "description" => pub description: Description<'a>,
        /// A text, or its numbers as an object.
        "version" => pub version: Json<'a>,
    }
}

impl Info<'_> {
    /// The version that the collection says it has.
    pub fn version(&self) -> Option<String> {
        let part = |key: &str| match &self.version[key] {
            Json::Number(number) => Some(number.to_string()),
            Json::Text(text) => Some(text.to_string()),
            _ => None,
        };
        let version = match &self.version {
            Json::Text(text) => text.trim().to_owned(),
            Json::Number(number) => number.to_string(),
            _ => {
                let parts = ["major", "minor", "patch"].into_iter().map_while(part);
                parts.collect::<Vec<_>>().join(".")
            }
        };
        (!version.is_empty()).then_some(version)
    }
}

read_from_object! {
    /// A folder (with items) or a request.
    pub struct Item<'a> {
        "name" => pub name: Text<'a>,
        "description" => pub description: Description<'a>,
        "item" => pub items: Option<Items<'a>>,
        "request" => pub request: Option<Box<Request<'a>>>,
        "auth" => pub auth: Option<Box<Auth<'a>>>,
        "variable" => pub variables: Pairs<'a>,
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
    /// Shared with what inherits it.
    pub auth: Option<Arc<Auth<'a>>>,
    /// Where its variables are looked up.
    pub scope: Scope,
    /// Whether it is kept with a saved response of an operation that it is not of.
    pub foreign: bool,
}

read_from_object! {
    pub struct RequestObject<'a> {
        "method" => method: Text<'a>,
        "url" => url: Option<UrlParts<'a>>,
        /// The parts of the URL, in a published documentation.
        "urlObject" => documented: Option<UrlParts<'a>>,
        "header" => headers: Pairs<'a>,
        "description" => description: Description<'a>,
        "body" => body: GivenBody<'a>,
        "auth" => auth: Option<Box<Auth<'a>>>,
    }
}

impl<'a> From<RequestObject<'a>> for Request<'a> {
    fn from(object: RequestObject<'a>) -> Self {
        let documented = object.documented.filter(|url| !url.path.is_empty());
        let given = object.auth.filter(|auth| !auth.kind.is_empty());
        Self {
            method: object.method,
            url: documented.or(object.url),
            description: object.description,
            body: object.body.0.map(|body| body.formed(&object.headers)),
            headers: object.headers.0,
            auth: given.map(Arc::from),
            scope: Scope::default(),
            foreign: false,
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
    /// How many files a part of a form holds, where they are listed.
    pub files: usize,
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
        /// The files of a part of a form.
        "src" => files: Json<'a>,
        "description" => description: Description<'a>,
        "disabled" => disabled: Flag,
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for KeyValue<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let read = text_or::<KeyValueObject<'a>, _>(deserializer, "a pair of key and value")?;
        let object = match read {
            Some(TextOr::Other(object)) => object,
            Some(TextOr::Text(line)) => return Ok(Self::line(&line)),
            None => return Ok(Self::default()),
        };
        let key = match (object.key, object.name, object.id) {
            (Some(Text(key)), _, _) | (_, Json::Text(key), _) | (_, _, Json::Text(key)) => key,
            _ => Cow::Borrowed(""),
        };
        Ok(Self {
            key,
            kind: object.kind,
            value: object.value,
            files: object.files.items().len(),
            description: object.description,
            disabled: object.disabled.0,
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

    /// A pair that is a line: `Accept: text/html`, `page=2`, or a key without a value.
    fn line(line: &str) -> Self {
        let (key, value) = line.split_once([':', '=']).unwrap_or((line, ""));
        Self::new(key.trim().to_owned(), value.trim().to_owned())
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
        "urlencoded" => pub urlencoded: Pairs<'a>,
        "formdata" => pub formdata: Pairs<'a>,
        "graphql" => pub graphql: Option<Box<GraphQl<'a>>>,
        "file" => pub file: Json<'a>,
        "options" => pub language: Language<'a>,
        "disabled" => pub disabled: Flag,
    }
}

/// What the editor takes a raw body for, of its options.
#[derive(Debug, Clone, Default)]
pub struct Language<'a>(pub Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for Language<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut options = Json::deserialize(deserializer)?;
        let raw = options.get_mut("raw");
        let language = raw.and_then(|raw| raw.get_mut("language"));
        Ok(match language.map(std::mem::take) {
            Some(Json::Text(language)) => Self(language),
            _ => Self::default(),
        })
    }
}

/// A body, or the text of a raw one.
#[derive(Debug, Clone, Default)]
pub struct GivenBody<'a>(Option<Box<Body<'a>>>);

impl<'de: 'a, 'a> Deserialize<'de> for GivenBody<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let read = text_or::<Body<'a>, _>(deserializer, "`body` as an object or a text")?;
        Ok(Self(match read {
            Some(TextOr::Text(raw)) if !raw.is_empty() => Some(Box::new(Body {
                raw: Text(raw),
                ..Body::default()
            })),
            Some(TextOr::Other(body)) => Some(Box::new(body)),
            _ => None,
        }))
    }
}

impl<'a> Body<'a> {
    /// The same as a form, if it is the text of one.
    fn formed(mut self: Box<Self>, headers: &[KeyValue<'a>]) -> Box<Self> {
        let is_raw = ["", "raw"].contains(&&*self.mode);
        let (key, _) = self.raw.split_once('=').unwrap_or_default();
        let is_form = !key.is_empty() && !key.contains([' ', '"', '{', '<', '\n']);
        let is_labelled = || content_type(headers).is_some_and(|stated| stated == FORM);
        if is_raw && is_form && is_labelled() {
            self.urlencoded = Pairs(form_pairs(&self.raw));
            self.mode = Text(Cow::Borrowed("urlencoded"));
        }
        self
    }

    /// Whether anything of it is sent.
    pub fn is_sent(&self) -> bool {
        let pairs = match &*self.mode {
            "urlencoded" => &*self.urlencoded,
            "formdata" => &*self.formdata,
            _ => return !self.disabled.0,
        };
        !self.disabled.0 && pairs.iter().any(|pair| !pair.disabled)
    }

    /// Whether there is one at all.
    pub fn is_said(&self) -> bool {
        !self.mode.is_empty() || !self.raw.is_empty()
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
        "header" => pub headers: Pairs<'a>,
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

/// The media type of forms.
pub const FORM: &str = "application/x-www-form-urlencoded";

/// The media type that headers state, without parameters.
pub fn content_type<'a>(headers: &'a [KeyValue<'_>]) -> Option<Cow<'a, str>> {
    let header = headers.iter().find(|header| {
        header.key.trim().eq_ignore_ascii_case("content-type") && !header.disabled
    })?;
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
