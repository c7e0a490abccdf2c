//! An operation as the document has it.

use super::answers::{self, Answers, is_success};
use super::bodies;
use super::components::{Components, reference};
use super::draft::Draft;
use crate::infer::shape::Shape;
use crate::json::{Entries, Json, object};

/// What the document says of an operation.
pub fn operation<'a>(mut draft: Draft<'a>, components: &Components<'a>) -> Json<'a> {
    let schemas = draft.request.iter_mut().chain([&mut draft.success]);
    schemas.for_each(|schema| components.follow(schema));
    let endpoint = draft.endpoint;
    let responses = responses(draft.answers, draft.success, &draft.id, components);
    let folder = endpoint.folder.as_deref().map(Json::from);
    let tags: Json<'a> = folder.into_iter().collect();
    let mut operation = Json::with_room(8);
    operation.push("tags", tags);
    operation.push("summary", &*endpoint.name);
    let documented = draft.documented;
    if !documented.prose.is_empty() {
        operation.push("description", documented.prose);
    }
    operation.push("operationId", draft.id);
    if !draft.parameters.is_empty() {
        operation.push("parameters", draft.parameters);
    }
    let required = !draft.bodies.optional;
    let content = bodies::content(draft.bodies, draft.request);
    if !content.is_empty() {
        operation.push(
            "requestBody",
            object! { "required": required, "content": content },
        );
    }
    operation.push("responses", responses);
    if let Some(security) = draft.security {
        operation.push("security", *security);
    }
    if let Some(servers) = draft.servers {
        operation.push("servers", *servers);
    }
    operation
}

fn responses<'a>(
    answers: Answers<'a>,
    success: Json<'a>,
    id: &str,
    components: &Components<'a>,
) -> Json<'a> {
    let mut responses = Entries::with_capacity(answers.by_status.len() + 1);
    let mut statuses = answers.by_status.iter();
    if !statuses.any(|(code, _)| is_success(*code)) {
        let content = object! { "application/json": object! { "schema": object! {} } };
        let description = "Success; its form is not known";
        let unknown = object! { "description": description, "content": content };
        responses.push(("200".into(), unknown));
    }
    for (code, status) in answers.by_status {
        let schema = match code {
            code if is_success(code) => success.clone(),
            _ => other_schema(status.shape, code, id, components),
        };
        let answers = status.answers;
        let headers = answers::headers(answers.iter().map(|answer| answer.response));
        let content = answers::content(answers, &schema);
        let mut response = Json::with_room(3);
        response.push("description", reason(code));
        if !content.is_empty() {
            response.push("content", content);
        }
        if !headers.is_empty() {
            response.push("headers", headers.into_iter().collect::<Json<'_>>());
        }
        responses.push((code.to_string().into(), response));
    }
    Json::Object(responses)
}

/// The schema of an answer that is no success: `Error`, if it is an object.
fn other_schema<'a>(
    shape: Option<Shape<'a>>,
    status: u16,
    id: &str,
    components: &Components<'a>,
) -> Json<'a> {
    match shape {
        None => object! {},
        Some(shape) if status >= 400 && shape.is_object() => {
            let mut schema = reference(&components.failure);
            components.follow(&mut schema);
            schema
        }
        Some(shape) => components.schema(&shape, id, "error"),
    }
}

fn reason(status: u16) -> &'static str {
    match status {
        200..300 => "Success",
        400 => "Refused argument",
        401 | 403 => "Refused token",
        404 => "No such record",
        429 => "Too many calls",
        500.. => "Failure of the server",
        _ => "Other answer",
    }
}
