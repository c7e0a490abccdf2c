//! The document: operations in the order of the collection, over shared components.

use super::access::{Schemes, servers};
use super::bodies::Bodies;
use super::components::{Components, inner_objects, reference};
use super::parts::{self, Answers};
use crate::Error;
use crate::config::Config;
use crate::infer::shape::{Object, Shape};
use crate::infer::{names, table};
use crate::postman::read::{Endpoint, Endpoints};
use heck::ToPascalCase;
use indexmap::IndexMap;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, HashSet};

/// An operation on its way from the collection into the document.
struct Draft<'a> {
    endpoint: &'a Endpoint,
    id: String,
    answers: Answers<'a>,
    documented: table::Documented,
    bodies: Bodies<'a>,
    /// The schema of a success, once its components have names.
    success: Value,
    /// The schema of a JSON body.
    request: Option<Value>,
}

/// Builds the document. Warnings name the item that they are about.
///
/// # Errors
/// Two items with one operation id.
pub fn build(
    file: &str,
    endpoints: &Endpoints,
    config: &Config,
    warnings: &mut Vec<String>,
) -> Result<Value, Error> {
    let mut drafts = drafts(file, endpoints, config, warnings)?;
    let mut components = Components::new(config);
    // What a GET answers is the resource; what others answer may be less of it, or something else.
    // By path, not by place: moving a folder renames nothing.
    let mut order: Vec<&mut Draft<'_>> = drafts.iter_mut().collect();
    order.sort_by_key(|draft| {
        let Endpoint { method, path, .. } = draft.endpoint;
        (method != "get", path, method)
    });
    for draft in order {
        draft.success = name_answer(draft, &mut components, config);
    }
    for draft in &mut drafts {
        if let Some(shape) = Shape::merged(draft.answers.json(400..))
            && let Some(object) = shape.object
        {
            components.insert("Error", &object);
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
    let mut paths = Map::new();
    // Each draft makes room for what it becomes.
    for draft in drafts {
        let mut operation = operation(&draft, &components);
        let own = draft.endpoint.auth.as_ref();
        let own = own.and_then(|auth| schemes.requirement(auth, &draft.endpoint.place, warnings));
        if own.is_some() && own != security {
            operation["security"] = json!(own);
        }
        paths
            .entry(&draft.endpoint.path)
            .or_insert_with(|| json!({}))[&draft.endpoint.method] = operation;
    }
    let mut document = head(endpoints, config, warnings);
    if let Some(security) = security.filter(|security| *security != json!([])) {
        document["security"] = security;
    }
    document["tags"] = tags(endpoints);
    document["paths"] = Value::Object(paths);
    document["components"] = json!({ "schemas": components.schemas() });
    if let Some(schemes) = schemes.definitions() {
        document["components"]["securitySchemes"] = schemes;
    }
    let others = endpoints
        .others
        .iter()
        .map(|(method, path, name)| json!({ "method": method, "path": path, "summary": name }));
    let others: Vec<Value> = others.collect();
    if !others.is_empty() {
        document["x-other-methods"] = others.into();
    }
    Ok(document)
}

fn drafts<'a>(
    file: &str,
    endpoints: &'a Endpoints,
    config: &Config,
    warnings: &mut Vec<String>,
) -> Result<Vec<Draft<'a>>, Error> {
    let ids = operation_ids(file, endpoints, config, warnings)?;
    let mut drafts = Vec::new();
    for (endpoint, id) in endpoints.list.iter().zip(ids) {
        let mut warn = |text: String| warnings.push(format!("{}: {text}", endpoint.place));
        let answers = Answers::read(endpoint, &mut warn);
        let bodies = Bodies::read(endpoint, &mut warn);
        let documented = table::read(&endpoint.request.description);
        drafts.push(Draft {
            endpoint,
            id,
            answers,
            documented,
            bodies,
            success: json!({}),
            request: None,
        });
    }
    Ok(drafts)
}

/// The ids of all endpoints, each its own.
///
/// Where two would get one id, the endpoint with the shorter path keeps it and the other's id says its
/// whole path, with a warning. A project that has settings decides itself: there it is an error.
fn operation_ids(
    file: &str,
    endpoints: &Endpoints,
    config: &Config,
    warnings: &mut Vec<String>,
) -> Result<Vec<String>, Error> {
    let list = &endpoints.list;
    let mut order: Vec<usize> = (0..list.len()).collect();
    order.sort_by_key(|index| {
        let Endpoint { path, method, .. } = &list[*index];
        (path.len(), path, method)
    });
    let mut owners: BTreeMap<String, usize> = BTreeMap::new();
    for index in order {
        let Endpoint {
            method,
            path,
            place,
            ..
        } = &list[index];
        let wanted = config.operation(method, path).map(str::to_owned);
        let wanted = wanted.unwrap_or_else(|| names::operation_id(method, path));
        let Some(first) = owners.get(&wanted) else {
            owners.insert(wanted, index);
            continue;
        };
        let taken = format!(
            "has the operation id `{wanted}`, as `{}` has",
            list[*first].place
        );
        if config.strict {
            return Err(Error::new(file, place, taken));
        }
        let full = names::full_operation_id(method, path);
        let numbered = (2..).map(|number| format!("{full}_{number}"));
        let mut free = std::iter::once(full.clone())
            .chain(numbered)
            .filter(|id| !owners.contains_key(id));
        let id = free.next().unwrap_or(full);
        warnings.push(format!("{place}: {taken}; it is called `{id}`"));
        owners.insert(id, index);
    }
    let mut ids = vec![String::new(); list.len()];
    for (id, index) in owners {
        ids[index] = id;
    }
    Ok(ids)
}

/// Gives the objects of a success their names, and returns its schema.
fn name_answer(draft: &Draft<'_>, components: &mut Components<'_>, config: &Config) -> Value {
    const ACKNOWLEDGEMENT: [&str; 4] = ["status", "message", "errors", "error"];
    let Some(shape) = Shape::merged(draft.answers.json(200..300)) else {
        return json!({});
    };
    let mut name_item = |object: &Object| {
        let name = match config.answer(&draft.id) {
            Some(name) => name.to_owned(),
            None => names::resource(&draft.endpoint.path),
        };
        let fits = config.answer(&draft.id).is_some() || components.accepts(&name, object);
        let name = if fits {
            name
        } else {
            format!("{}Result", draft.id.to_pascal_case())
        };
        components.insert(&name, object);
        name
    };
    if let Some(items) = shape
        .array
        .as_deref()
        .filter(|items| items.is_object() && shape.object.is_none())
    {
        let item = items.object.as_ref().map(name_item);
        return json!({ "type": "array", "items": item.map_or(json!({}), |name| reference(&name)) });
    }
    if !shape.is_object() {
        return mixture(&shape, draft, "Response", components);
    }
    let envelope = shape.object.unwrap_or_default();
    if envelope
        .fields
        .keys()
        .all(|key| ACKNOWLEDGEMENT.contains(&key.as_str()))
    {
        components.insert("Acknowledgement", &envelope);
        return reference("Acknowledgement");
    }
    let data = envelope.fields.get("data").map(|field| &field.shape);
    let inner = data.map(inner_objects).unwrap_or_default();
    let item = inner.first().map(|object| name_item(object));
    if let (Some(item), Some(others)) = (&item, inner.get(1..)) {
        others
            .iter()
            .for_each(|other| components.insert(item, other));
    }
    let suffix = match data {
        Some(Shape { array: Some(_), .. }) if envelope.fields.contains_key("meta") => "Page",
        Some(Shape { array: Some(_), .. }) => "List",
        _ => "Response",
    };
    // `SendMessageResult` comes in a `SendMessageResponse`.
    let stem = match &item {
        Some(item) => item.strip_suffix("Result").unwrap_or(item).to_owned(),
        None => draft.id.to_pascal_case(),
    };
    let name = format!("{stem}{suffix}");
    if let Some(item) = item {
        components.describe(
            &name,
            match suffix {
                "Page" => format!("A page of `{item}`."),
                "List" => format!("A list of `{item}`."),
                _ => format!("An answer with `{item}`."),
            },
        );
        components.fix(&name, "data", &item);
    }
    components.insert(&name, &envelope);
    reference(&name)
}

/// The schema of a shape that is no single object: its objects get a name of the operation's.
fn mixture(shape: &Shape, draft: &Draft<'_>, role: &str, components: &mut Components<'_>) -> Value {
    for object in inner_objects(shape) {
        let name = format!("{}{role}", draft.id.to_pascal_case());
        components.fix(&draft.id, role, &name);
        components.insert(&name, object);
    }
    components.schema(shape, &draft.id, role)
}

/// Gives the objects of a request's JSON their names, and returns its schema: what samples and the
/// table of its description say together.
fn name_request(draft: &Draft<'_>, components: &mut Components<'_>) -> Option<Value> {
    let samples = Shape::merged(draft.bodies.json.iter().map(|(_, body)| body));
    let documented = &draft.documented.fields;
    // A table without a JSON sample describes the form, if there is one.
    if samples.is_none() && (documented.fields.is_empty() || !draft.bodies.other.is_empty()) {
        return None;
    }
    let empty = || Shape {
        object: Some(Object::default()),
        ..Shape::default()
    };
    let mut shape = samples.unwrap_or_else(empty);
    if !shape.is_object() {
        return Some(mixture(&shape, draft, "Request", components));
    }
    let mut object = shape.object.take().unwrap_or_default();
    object.merge(documented);
    if object.fields.is_empty() {
        return Some(json!({ "type": "object", "additionalProperties": {} }));
    }
    let name = format!("{}Request", draft.id.to_pascal_case());
    components.describe(&name, format!("The body of `{}`.", draft.id));
    components.insert(&name, &object);
    Some(reference(&name))
}

fn operation(draft: &Draft<'_>, components: &Components<'_>) -> Value {
    let Draft { endpoint, id, .. } = draft;
    let mut operation = json!({ "tags": [endpoint.folder], "summary": endpoint.name });
    if endpoint.folder.is_none() {
        operation["tags"] = json!([]);
    }
    if !draft.documented.prose.is_empty() {
        operation["description"] = draft.documented.prose.clone().into();
    }
    operation["operationId"] = id.clone().into();
    let parameters = parts::parameters(endpoint, &draft.documented.fields);
    if !parameters.is_empty() {
        operation["parameters"] = parameters.into();
    }
    if let Some(body) = request_body(draft) {
        operation["requestBody"] = body;
    }
    operation["responses"] = responses(draft, components);
    operation
}

fn request_body(draft: &Draft<'_>) -> Option<Value> {
    let bodies = &draft.bodies;
    let mut content = Map::new();
    if let Some(schema) = &draft.request {
        let mut media = json!({ "schema": schema });
        let mut examples = json!({});
        for (name, body) in &bodies.json {
            parts::insert_example(&mut examples, name, body);
        }
        if !bodies.json.is_empty() {
            media["examples"] = examples;
        }
        content.insert("application/json".into(), media);
    }
    content.extend(bodies.other.clone());
    (!content.is_empty()).then(|| json!({ "required": true, "content": content }))
}

fn responses(draft: &Draft<'_>, components: &Components<'_>) -> Value {
    let mut responses = Map::new();
    for (status, answers) in &draft.answers.by_status {
        let schema = match status {
            200..300 => draft.success.clone(),
            _ => other_schema(draft, *status, components),
        };
        let mut response = json!({ "description": reason(*status) });
        if !answers.is_empty() {
            response["content"] = parts::content(answers, &schema);
        }
        let saved = &draft.endpoint.responses;
        let of_status = saved
            .iter()
            .filter(|saved| saved.status().unwrap_or(200) == *status);
        let headers = parts::headers(&of_status.collect::<Vec<_>>());
        if !headers.is_empty() {
            response["headers"] = Value::Object(headers);
        }
        responses.insert(status.to_string(), response);
    }
    if !responses.keys().any(|status| status.starts_with('2')) {
        let content = json!({ "application/json": { "schema": {} } });
        responses.shift_insert(
            0,
            "200".into(),
            json!({ "description": "Success; its form is not known", "content": content }),
        );
    }
    Value::Object(responses)
}

/// The schema of an answer that is no success: `Error`, if it is an object.
fn other_schema(draft: &Draft<'_>, status: u16, components: &Components<'_>) -> Value {
    match Shape::merged(draft.answers.json(status..=status)) {
        None => json!({}),
        Some(shape) if status >= 400 && shape.is_object() => {
            let mut schema = reference("Error");
            components.follow(&mut schema);
            schema
        }
        Some(shape) => components.schema(&shape, &draft.id, "error"),
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
fn head(endpoints: &Endpoints, config: &Config, warnings: &mut Vec<String>) -> Value {
    let info = &endpoints.collection.info;
    let title = match info.name.trim() {
        "" => "Untitled",
        name => name,
    };
    let mut document = json!({
        "openapi": "3.0.3",
        "info": {
            "title": title,
            "description": info.description,
            "version": config.info.version,
        },
    });
    let servers = servers(endpoints, warnings);
    if !servers.is_empty() {
        document["servers"] = servers.into();
    }
    document
}

/// The folders that hold operations, each name once.
fn tags(endpoints: &Endpoints) -> Value {
    let folders = endpoints
        .list
        .iter()
        .filter_map(|endpoint| endpoint.folder.as_deref());
    let used: HashSet<&str> = folders.collect();
    let mut tags: IndexMap<&str, &str> = IndexMap::new();
    for (name, description) in &endpoints.folders {
        if used.contains(name.as_str()) {
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
            "" => json!({ "name": name }),
            description => json!({ "name": name, "description": description }),
        })
        .collect()
}
