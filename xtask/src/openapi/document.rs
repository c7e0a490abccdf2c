//! The document: operations in the order of the collection, over shared components.

use super::access::{Schemes, servers};
use super::answers::{self, Answers};
use super::bodies::Bodies;
use super::components::{Components, reference};
use super::content::{Content, Media};
use super::draft::{Draft, drafts};
use super::naming::{name_answer, name_request};
use crate::config::Config;
use crate::infer::shape::Shape;
use crate::json::{Entries, Json, object};
use crate::postman::read::{Endpoint, Endpoints};
use crate::{Error, parallel};
use indexmap::IndexMap;
use std::collections::HashSet;

/// Builds the document. Warnings name the item that they are about.
///
/// # Errors
/// Two items with one operation id.
pub fn build<'a>(
    file: &str,
    endpoints: &'a Endpoints<'a>,
    config: &'a Config,
    warnings: &mut Vec<String>,
) -> Result<Json<'a>, Error> {
    let mut drafts = drafts(file, endpoints, config, warnings)?;
    let mut components = Components::new(config);
    // What a GET answers is the resource; what others answer may be less of it, or something else.
    // By path, not by place: moving a folder renames nothing.
    let mut order: Vec<&mut Draft<'a>> = drafts.iter_mut().collect();
    order.sort_by_key(|draft| {
        let Endpoint { method, path, .. } = draft.endpoint;
        (method != "get", path, method)
    });
    for draft in order {
        draft.success = name_answer(draft, &mut components, config);
    }
    for draft in &mut drafts {
        if let Some(shape) = draft.answers.shape(400..)
            && let Some(object) = shape.object
        {
            components.insert(&"Error".into(), &object);
        }
        draft.request = name_request(draft, &mut components);
    }
    components.resolve();
    // A project that has settings decides itself what is one.
    if !config.strict {
        components.share();
        for draft in &mut drafts {
            components.follow(&mut draft.success);
            draft
                .request
                .iter_mut()
                .for_each(|schema| components.follow(schema));
        }
    }

    let mut schemes = Schemes::default();
    let auth = endpoints.collection.auth.as_ref();
    let security = auth.and_then(|auth| schemes.requirement(auth, "the collection", warnings));
    let mut paths: IndexMap<&'a str, Entries<'a>> = IndexMap::new();
    let operations = parallel::map(drafts, |draft| {
        (draft.endpoint, operation(draft, &components))
    });
    for (endpoint, mut operation) in operations {
        let own = endpoint.auth.as_ref();
        let own = own.and_then(|auth| schemes.requirement(auth, &endpoint.place, warnings));
        if let Some(own) = own.filter(|own| security.as_ref() != Some(own)) {
            operation.push("security", own);
        }
        let methods = paths.entry(&endpoint.path).or_default();
        methods.push((endpoint.method.as_str().into(), operation));
    }
    let mut document = head(endpoints, config, warnings);
    if let Some(security) = security.filter(|security| !security.items().is_empty()) {
        document.push("security", security);
    }
    document.push("tags", tags(endpoints));
    let paths = paths.into_iter();
    let paths = paths.map(|(path, methods)| (path, Json::Object(methods)));
    document.push("paths", paths.collect::<Json<'_>>());
    let mut definitions = object! { "schemas": components.schemas() };
    if let Some(schemes) = schemes.definitions() {
        definitions.push("securitySchemes", schemes);
    }
    document.push("components", definitions);
    let others = endpoints.others.iter().map(|(method, path, name)| {
        object! { "method": &**method, "path": path.as_str(), "summary": &**name }
    });
    let others: Vec<Json<'a>> = others.collect();
    if !others.is_empty() {
        document.push("x-other-methods", others);
    }
    Ok(document)
}

fn operation<'a>(draft: Draft<'a>, components: &Components<'a>) -> Json<'a> {
    let endpoint = draft.endpoint;
    let responses = responses(draft.answers, draft.success, &draft.id, components);
    let folder = endpoint.folder.as_deref().map(Json::from);
    let tags: Json<'a> = folder.into_iter().collect();
    let mut operation = object! { "tags": tags, "summary": &*endpoint.name };
    let documented = draft.documented;
    if !documented.prose.is_empty() {
        operation.push("description", documented.prose);
    }
    operation.push("operationId", draft.id);
    if !draft.parameters.is_empty() {
        operation.push("parameters", draft.parameters);
    }
    let content = request_content(draft.bodies, draft.request);
    if !content.is_empty() {
        operation.push(
            "requestBody",
            object! { "required": true, "content": content },
        );
    }
    operation.push("responses", responses);
    operation
}

fn request_content<'a>(bodies: Bodies<'a>, schema: Option<Json<'a>>) -> Content<'a> {
    let mut content = Content::default();
    if let Some(schema) = schema {
        let mut media = Media::of(schema);
        for (name, body) in bodies.json {
            media.examples.insert(name, body);
        }
        content.insert("application/json".into(), media);
    }
    content.extend(bodies.other);
    content
}

fn responses<'a>(
    answers: Answers<'a>,
    success: Json<'a>,
    id: &str,
    components: &Components<'a>,
) -> Json<'a> {
    let mut responses = Entries::new();
    if answers.by_status.range(200..300).next().is_none() {
        let content = object! { "application/json": object! { "schema": object! {} } };
        let description = "Success; its form is not known";
        let unknown = object! { "description": description, "content": content };
        responses.push(("200".into(), unknown));
    }
    for (code, status) in answers.by_status {
        let schema = match code {
            200..300 => success.clone(),
            _ => other_schema(status.shape, code, id, components),
        };
        let answers = status.answers;
        let headers = answers::headers(answers.iter().map(|answer| answer.response));
        let content = answers::content(answers, &schema);
        let mut response = object! { "description": reason(code) };
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
            let mut schema = reference("Error");
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

/// What stands before the tags: the title, and the servers.
fn head<'a>(
    endpoints: &'a Endpoints<'a>,
    config: &'a Config,
    warnings: &mut Vec<String>,
) -> Json<'a> {
    let info = endpoints.collection.info.as_ref();
    let title = info.map_or("", |info| info.name.trim());
    let info = object! {
        "title": if title.is_empty() { "Untitled" } else { title },
        "description": info.map_or("", |info| &*info.description),
        "version": config.info.version.as_str(),
    };
    let mut document = object! { "openapi": "3.0.3", "info": info };
    let servers = servers(endpoints, warnings);
    if !servers.is_empty() {
        document.push("servers", servers);
    }
    document
}

/// The folders that hold operations, each name once.
fn tags<'a>(endpoints: &'a Endpoints<'a>) -> Json<'a> {
    let folders = endpoints
        .list
        .iter()
        .filter_map(|endpoint| endpoint.folder.as_deref());
    let used: HashSet<&str> = folders.collect();
    let mut tags: IndexMap<&str, &str> = IndexMap::new();
    for (name, description) in &endpoints.folders {
        if used.contains(&**name) {
            let known = tags.entry(name).or_default();
            *known = if known.is_empty() {
                description
            } else {
                *known
            };
        }
    }
    tags.into_iter()
        .map(|(name, description)| match description {
            "" => object! { "name": name },
            description => object! { "name": name, "description": description },
        })
        .collect()
}
