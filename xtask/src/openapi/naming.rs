//! Names for what operations take and give: the components of a document, before those within them.

use super::components::{Components, Name, inner_objects, reference};
use super::draft::Draft;
use crate::config::Config;
use crate::infer::names;
use crate::infer::shape::{Object, Shape};
use crate::json::{Json, object};
use heck::ToPascalCase;
use std::sync::Arc;

/// Gives the objects of a success their names, and returns its schema.
pub fn name_answer<'a>(
    draft: &mut Draft<'a>,
    components: &mut Components<'a>,
    config: &Config,
) -> Json<'a> {
    const ACKNOWLEDGEMENT: [&str; 4] = ["status", "message", "errors", "error"];
    let Some(shape) = draft.succeeded.take() else {
        return object! {};
    };
    let mut name_item = |object: &Arc<Object<'a>>| -> Name {
        let wanted = config.answer(&draft.id);
        let resource = || names::resource(&draft.endpoint.path);
        let name = wanted.map_or_else(resource, str::to_owned);
        let fits = wanted.is_some() || components.accepts(&name, object);
        let name = if fits {
            name.into()
        } else {
            format!("{}Result", draft.id.to_pascal_case()).into()
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
        let items = item.map_or(object! {}, |name| reference(&name));
        return object! { "type": "array", "items": items };
    }
    if !shape.is_object() {
        return mixture(&shape, draft, "Response", components);
    }
    let envelope = shape.object.unwrap_or_default();
    if envelope
        .fields
        .keys()
        .all(|key| ACKNOWLEDGEMENT.contains(&&**key))
    {
        components.insert(&"Acknowledgement".into(), &envelope);
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
    let name: Name = format!("{stem}{suffix}").into();
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
    if samples.is_none() && (documented.fields.is_empty() || !draft.bodies.other.is_empty()) {
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
