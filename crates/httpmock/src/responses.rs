//! Writes responses as the server does.

use httpmock::Then;
use serde::Serialize;
use serde_json::json;
use std::collections::BTreeMap;
use std::fmt::Display;

/// Returns a value of a test, which may be a builder.
pub(crate) fn given<T>(value: impl TryInto<T, Error: Display>) -> T {
    match value.try_into() {
        Ok(value) => value,
        Err(error) => panic!("not a valid {}: {error}", std::any::type_name::<T>()),
    }
}

pub(crate) fn ok(then: Then, value: &impl Serialize) -> Then {
    response(then, 200, value)
}

pub(crate) fn success(then: Then) -> Then {
    ok(then, &json!({ "status": "success" }))
}

pub(crate) fn data(then: Then, data: &impl Serialize) -> Then {
    ok(then, &json!({ "data": data, "status": "success" }))
}

/// Responds with a page that is the whole list.
pub(crate) fn page<T: Serialize>(then: Then, records: &[T]) -> Then {
    let meta = json!({ "total": records.len(), "offset": 0 });
    ok(
        then,
        &json!({ "data": records, "meta": meta, "status": "success" }),
    )
}

pub(crate) fn error(then: Then, status: u16, message: &str) -> Then {
    response(
        then,
        status,
        &json!({ "status": "error", "message": message }),
    )
}

pub(crate) fn field_errors<'a>(
    then: Then,
    status: u16,
    errors: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> Then {
    let mut fields: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (field, message) in errors {
        fields.entry(field).or_default().push(message);
    }
    response(
        then,
        status,
        &json!({ "status": "error", "errors": fields }),
    )
}

fn response(then: Then, status: u16, body: &impl Serialize) -> Then {
    let then = then
        .status(status)
        .header("content-type", "application/json");
    then.json_body_obj(body)
}
