//! Saved responses: what each holds, by status, and what becomes of all of one status.

use super::content::Content;
use super::parameters::is_token;
use super::values::{string_schema, typed, value_schema};
use crate::account::{Account, Kind};
use crate::infer::format::Format;
use crate::infer::sample;
use crate::infer::shape::Shape;
use crate::json::{Json, object};
pub use crate::lower::is_json;
use crate::postman::read::Endpoint;
use crate::postman::{Response, content_type, language_type};
use indexmap::IndexMap;
use std::borrow::Cow;

/// The saved responses of an operation, by status, which are few.
#[derive(Debug, Default)]
pub struct Answers<'a> {
    pub by_status: Vec<(u16, Status<'a>)>,
}

/// The saved responses of one status.
#[derive(Debug, Default)]
pub struct Status<'a> {
    pub answers: Vec<Answer<'a>>,
    /// What those of JSON have in common.
    pub shape: Option<Shape<'a>>,
}

/// A saved response.
#[derive(Debug)]
pub struct Answer<'a> {
    pub response: &'a Response<'a>,
    /// None if it is empty.
    pub body: Option<AnswerBody<'a>>,
}

#[derive(Debug)]
pub struct AnswerBody<'a> {
    pub media_type: Cow<'a, str>,
    pub value: Json<'a>,
    /// The text of the value, where it is plain JSON.
    text: Option<&'a str>,
}

/// The headers of saved responses that say something of the API, each with a sample.
pub fn headers<'a>(
    responses: impl Iterator<Item = &'a Response<'a>>,
) -> IndexMap<String, Json<'a>> {
    let mut headers = IndexMap::new();
    for header in responses.flat_map(|response| response.headers.iter()) {
        let name = header.key.to_ascii_lowercase();
        if tells(&name) && is_token(&name) && !headers.contains_key(&name) {
            let text = header.text();
            let schema = value_schema(std::slice::from_ref(&text));
            let example = typed(&schema, text);
            headers.insert(name, object! { "example": example, "schema": schema });
        }
    }
    headers
}

/// Whether a header belongs to the API rather than to its server, cache or browser.
fn tells(name: &str) -> bool {
    const NOISE: [&str; 7] = [
        "x-amz",
        "x-cache",
        "x-content-type",
        "x-download",
        "x-frame",
        "x-powered",
        "x-xss",
    ];
    let own = name.starts_with("x-") && !NOISE.iter().any(|noise| name.starts_with(noise));
    own || name.contains("ratelimit") || ["etag", "link", "location", "retry-after"].contains(&name)
}

impl<'a> Answers<'a> {
    /// Reads them; a body that claims to be JSON and is not becomes text, with a warning.
    pub fn read(
        endpoint: &'a Endpoint<'a>,
        longest: usize,
        account: &mut Account,
        warn: &mut impl FnMut(String),
    ) -> Self {
        account.keep(Kind::Example, endpoint.responses.len());
        // Most have one, and a list that grows has room for four.
        let mut answers = Self {
            by_status: Vec::with_capacity(1),
        };
        for response in &endpoint.responses {
            let code = response.status().unwrap_or_else(|| {
                let name = response.name();
                warn(format!(
                    "saved response `{name}` has no status; taken as 200"
                ));
                200
            });
            let status = answers.status(code);
            let body = answer_body(response, warn);
            let json = body.as_ref().filter(|body| is_json(&body.media_type));
            if let Some(json) = json {
                let shape = Shape::of(&json.value);
                status.shape = Some(match status.shape.take() {
                    Some(known) => known.union(shape),
                    None => shape,
                });
            }
            // Once the shape is known.
            let body = body.map(|body| AnswerBody {
                value: body.value.shrunk(body.text, longest),
                ..body
            });
            status.answers.push(Answer { response, body });
        }
        answers
    }

    /// What there is of a status.
    fn status(&mut self, code: u16) -> &mut Status<'a> {
        let place = self
            .by_status
            .binary_search_by_key(&code, |(code, _)| *code);
        let place = place.unwrap_or_else(|place| {
            self.by_status.insert(place, (code, Status::default()));
            place
        });
        &mut self.by_status[place].1
    }

    /// What the JSON answers of failures have in common.
    pub fn failure(&self) -> Option<Shape<'a>> {
        let statuses = self.by_status.iter();
        let failures = statuses.filter(|(code, _)| *code >= 400);
        let shapes = failures.filter_map(|(_, status)| status.shape.clone());
        shapes.reduce(Shape::union)
    }

    /// What the JSON answers of successes have in common; no other shape of theirs is needed.
    pub fn take_success(&mut self) -> Option<Shape<'a>> {
        let statuses = self.by_status.iter_mut();
        let successes = statuses.filter(|(code, _)| is_success(*code));
        let shapes = successes.filter_map(|(_, status)| status.shape.take());
        shapes.reduce(Shape::union)
    }
}

/// Whether a status is that of a success.
pub fn is_success(code: u16) -> bool {
    (200..300).contains(&code)
}

/// What a saved response holds, with its media type; none if it has no body.
fn answer_body<'a>(
    response: &'a Response<'a>,
    warn: &mut impl FnMut(String),
) -> Option<AnswerBody<'a>> {
    let text = &*response.body;
    if text.trim().is_empty() {
        return None;
    }
    let header = content_type(&response.headers);
    let labelled = header.as_deref().is_none_or(is_json);
    let json: Option<Json<'_>> = serde_json::from_str(text).ok();
    let plain = json.as_ref().map(|_| text);
    let json = match labelled {
        true => json.or_else(|| sample::parse(text, |_| None)),
        false => json,
    };
    // Servers and people mislabel JSON; a container of JSON is JSON whatever its label.
    let json = json.filter(|json| labelled || matches!(json, Json::Object(_) | Json::List(_)));
    let language = language_type(&response.preview_language).map(Cow::Borrowed);
    let stated = header.or(language);
    if json.is_none() && stated.as_deref().is_none_or(is_json) {
        let name = response.name();
        warn(format!(
            "saved response `{name}` is not the JSON that it says; kept as text"
        ));
    }
    let media_type = match (&json, stated) {
        (None, Some(stated)) if !is_json(&stated) => stated,
        (None, _) => "text/plain".into(),
        (Some(_), Some(stated)) if is_json(&stated) => stated,
        (Some(_), _) => "application/json".into(),
    };
    let text = plain.filter(|_| json.is_some());
    let value = json.unwrap_or_else(|| (&*response.body).into());
    Some(AnswerBody {
        media_type,
        value,
        text,
    })
}

/// The content of one status: examples by media type, each with the schema of that type.
pub fn content<'a>(answers: Vec<Answer<'a>>, json_schema: &Json<'a>) -> Content<'a> {
    let mut content = Content::default();
    for answer in answers {
        let Some(AnswerBody {
            media_type, value, ..
        }) = answer.body
        else {
            continue;
        };
        let is_json = is_json(&media_type);
        let schema = || match is_json {
            true => json_schema.clone(),
            false => string_schema(Format::Unseen),
        };
        let media = content.media(media_type, schema);
        media.examples.insert(answer.response.name(), value);
    }
    content
}
