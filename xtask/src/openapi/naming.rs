//! Names for what operations take and give: the components of a document, before those within them.

use super::components::{Components, Name, inner_objects, reference};
use super::draft::Draft;
use crate::config::Config;
use crate::infer::names;
use crate::infer::shape::{Field, Object, Shape};
use crate::json::{Json, object};
use heck::ToPascalCase;
use std::borrow::Cow;
use std::sync::Arc;

/// Gives the objects of a success their names, and returns its schema.
pub fn name_answer<'a>(
    draft: &mut Draft<'a>,
    components: &mut Components<'a>,
    config: &Config,
) -> Json<'a> {
    let Some(mut shape) = draft.succeeded.take() else {
        return object! {};
    };
    // A list that comes with and without an envelope is two schemas.
    let list = shape.array.take_if(|items| items.is_object());
    if !shape.is_object() && (list.is_none() || shape.object.is_some()) {
        shape.array = shape.array.or(list);
        return mixture(&shape, draft, "Response", components);
    }
    let list = list.map(|items| {
        let item = items.object.as_ref();
        let item = item.map(|object| name_item(object, draft, components, config));
        let items = item.map_or(object! {}, |name| reference(&name));
        object! { "type": "array", "items": items }
    });
    let envelope = shape.object.take();
    let envelope = envelope.map(|envelope| name_envelope(&envelope, draft, components, config));
    match (envelope, list) {
        (Some(envelope), Some(list)) => object! { "oneOf": vec![envelope, list] },
        (envelope, list) => envelope.or(list).unwrap_or_default(),
    }
}

/// Names a record that an operation answers with.
fn name_item<'a>(
    object: &Arc<Object<'a>>,
    draft: &Draft<'a>,
    components: &mut Components<'a>,
    config: &Config,
) -> Name {
    let wanted = config.answer(&draft.id);
    let name: Name = wanted.map_or_else(|| draft.resource.clone(), Name::from);
    let fits = wanted.is_some() || components.accepts(&name, object);
    let name: Name = if fits {
        name
    } else {
        format!("{}Result", draft.id.to_pascal_case()).into()
    };
    components.insert(&name, object);
    name
}

/// Whether an answer says no more than that something was done.
fn acknowledges(envelope: &Object<'_>) -> bool {
    let known = |(key, field): (&Cow<'_, str>, &Field<'_>)| match &**key {
        "status" | "message" => inner_objects(&field.shape).is_empty() && field.shape.map.is_none(),
        "errors" | "error" => true,
        _ => false,
    };
    !envelope.fields.is_empty() && envelope.fields.iter().all(known)
}

/// The field that holds the record of an answer, or its list of them: `data`, one that is called after the
/// resource, or what envelopes of lists have.
fn wrapper<'o, 'a>(envelope: &'o Object<'a>, resource: &str) -> Option<&'o str> {
    const LISTS: [&str; 14] = [
        "items", "results", "result", "list", "records", "rows", "content", "contents", "entries",
        "elements", "objects", "values", "docs", "hits",
    ];
    if envelope.fields.contains_key("data") {
        return Some("data");
    }
    let holds =
        |(_, field): &(&'o Cow<'a, str>, &Field<'a>)| !inner_objects(&field.shape).is_empty();
    let fields = || envelope.fields.iter().filter(holds);
    let named = fields().find(|(key, _)| names::component(key) == *resource);
    let lists = || fields().filter(|(_, field)| field.shape.array.is_some());
    let general = || lists().find(|(key, _)| LISTS.contains(&&*key.to_ascii_lowercase()));
    // Beside another list, what is in it is one thing of several.
    let only = || general().filter(|_| lists().count() == 1);
    named.or_else(only).map(|(key, _)| &**key)
}

/// Whether an answer is the record that its path is about: what changes something may answer with a part
/// of it, or with something else.
fn is_record<'a>(
    object: &Object<'a>,
    name: &str,
    draft: &Draft<'a>,
    components: &Components<'a>,
) -> bool {
    let method = draft.endpoint.method;
    if names::answers_otherwise(method, &draft.endpoint.path) || !components.accepts(name, object) {
        return false;
    }
    match components.named.get(name) {
        Some(known) => object.fields.len() * 2 > known.fields.len(),
        None => method != "delete",
    }
}

/// Names an object that an operation answers with, and the records in it.
fn name_envelope<'a>(
    envelope: &Arc<Object<'a>>,
    draft: &Draft<'a>,
    components: &mut Components<'a>,
    config: &Config,
) -> Json<'a> {
    if envelope.fields.is_empty() {
        return object! { "type": "object", "additionalProperties": object! {} };
    }
    let wanted = config.answer(&draft.id);
    if wanted.is_none() && acknowledges(envelope) {
        components.insert(&"Acknowledgement".into(), envelope);
        return reference("Acknowledgement");
    }
    let own = format!("{}Response", draft.id.to_pascal_case());
    let resource = draft.resource.clone();
    let wrapper = wrapper(envelope, &resource);
    let is_wrapped = wrapper.is_some();
    let wrapper = wrapper.filter(|key| !config.is_map(&own, key));
    let data = wrapper.and_then(|key| envelope.fields.get(key));
    let data = data.map(|field| &field.shape);
    let inner = data.map(inner_objects).unwrap_or_default();
    let item = inner
        .first()
        .map(|object| name_item(object, draft, components, config));
    if let (Some(item), Some(others)) = (&item, inner.get(1..)) {
        others
            .iter()
            .for_each(|other| components.insert(item, other));
    }
    let is_list = data.is_some_and(|data| data.array.is_some());
    let is_both = is_list && data.is_some_and(|data| data.object.is_some());
    let suffix = match is_list && !is_both {
        true if envelope.fields.contains_key("meta") => "Page",
        true => "List",
        false => "Response",
    };
    // `SendMessageResult` comes in a `SendMessageResponse`. What is a record or a list of records has an
    // envelope of its own, since other operations of the record answer with one form.
    let name: Name = match (&item, wanted) {
        (Some(item), _) if !is_both => {
            let stem = item.strip_suffix("Result").unwrap_or(item);
            format!("{stem}{suffix}").into()
        }
        (None, Some(wanted)) => format!("{wanted}{suffix}").into(),
        (None, None) if !is_wrapped && is_record(envelope, &resource, draft, components) => {
            resource
        }
        (_, _) => format!("{}{suffix}", draft.id.to_pascal_case()).into(),
    };
    if let (Some(item), Some(key)) = (item, wrapper) {
        // Envelopes of one name that differ are two.
        let name = match components.named.get(&name) {
            Some(known) if !known.agrees(envelope) && !config.strict => own.into(),
            _ => name,
        };
        components.describe(
            &name,
            match suffix {
                "Page" => format!("A page of `{item}`."),
                "List" => format!("A list of `{item}`."),
                _ => format!("A response with `{item}`."),
            },
        );
        components.fix(&name, key.to_owned(), &item);
        components.insert(&name, envelope);
        return reference(&name);
    }
    components.insert(&name, envelope);
    reference(&name)
}

/// The schema of a shape that is no single object: its objects get a name of the operation's.
fn mixture<'a>(
    shape: &Shape<'a>,
    draft: &Draft<'a>,
    role: &'static str,
    components: &mut Components<'a>,
) -> Json<'a> {
    for object in inner_objects(shape) {
        let name = format!("{}{role}", draft.id.to_pascal_case()).into();
        components.fix(&draft.id.as_str().into(), role, &name);
        components.insert(&name, object);
    }
    components.schema(shape, &draft.id, role)
}

/// Gives the objects of a request's JSON their names, and returns its schema: what samples and the
/// table of its description say together.
pub fn name_request<'a>(
    draft: &mut Draft<'a>,
    components: &mut Components<'a>,
) -> Option<Json<'a>> {
    let samples = draft.bodies.shape.take();
    let documented = &draft.documented.fields;
    // A table without a JSON sample describes the form, if there is one.
    if samples.is_none() && (documented.fields.is_empty() || draft.bodies.has_others()) {
        return None;
    }
    let empty = || Shape {
        object: Some(Arc::default()),
        ..Shape::default()
    };
    let mut shape = samples.unwrap_or_else(empty);
    if !shape.is_object() {
        return Some(mixture(&shape, draft, "Request", components));
    }
    let mut object = shape.object.take().unwrap_or_default();
    if !documented.fields.is_empty() {
        Arc::make_mut(&mut object).merge(documented);
    }
    if object.fields.is_empty() {
        return Some(object! { "type": "object", "additionalProperties": object! {} });
    }
    let name = format!("{}Request", draft.id.to_pascal_case()).into();
    components.describe(&name, format!("The body of `{}`.", draft.id));
    components.insert(&name, &object);
    Some(reference(&name))
}
