//! Reads an OpenAPI document for the rules and generators.

use crate::names::struct_name;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::Value;

/// Returns the variant that an extension of the operation names; `None` without the extension.
pub(crate) fn variant(
    operation: &Value,
    key: &str,
    known: &[&str],
) -> Result<Option<proc_macro2::Ident>, String> {
    match operation.get(key) {
        None => Ok(None),
        Some(Value::String(value)) if known.contains(&value.as_str()) => {
            Ok(Some(format_ident!("{}", struct_name(value))))
        }
        Some(other) => Err(format!("`{key}` is {other}, not one of {known:?}")),
    }
}

/// Returns the tag of an operation; empty if it has none.
pub(crate) fn group(operation: &Value) -> &str {
    operation["tags"][0].as_str().unwrap_or_default()
}

pub(crate) fn resolve<'a>(lowered: &'a Value, schema: &'a Value) -> &'a Value {
    match schema["$ref"]
        .as_str()
        .and_then(|reference| reference.rsplit('/').next())
    {
        Some(name) => &lowered["components"]["schemas"][name],
        None => schema,
    }
}

pub(crate) fn item_type(lowered: &Value, schema: &Value) -> Result<TokenStream, String> {
    if let Some(own) = own_type(resolve(lowered, schema)) {
        return own.parse().map_err(|error| format!("`{own}`: {error}"));
    }
    if let Some(name) = schema["$ref"]
        .as_str()
        .and_then(|reference| reference.rsplit('/').next())
    {
        let name = format_ident!("{name}");
        return Ok(quote! { types::#name });
    }
    match schema.as_object().is_none_or(serde_json::Map::is_empty) {
        true => Ok(quote! { serde_json::Value }),
        false => Err("its items have no named schema".into()),
    }
}

/// Returns the hand-written type of the crate for a component, such as `crate::wire::Timestamp`; `None` if there is
/// none.
pub fn own_type(schema: &Value) -> Option<&str> {
    schema["x-type"].as_str()
}

/// The extension that lists the operations without a generated client.
pub const UNSUPPORTED: &str = "x-unsupported-operations";

/// The extension of a body or parameter that says how it is sent, where the generator would send it otherwise:
/// its media type, or its name.
pub const SENT_AS: &str = "x-sent-as";

/// The extension of a body whose media type the runtime sets.
pub const SET_BY_RUNTIME: &str = "x-set-by-runtime";

/// The methods that a path item can have.
pub const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

/// Returns a document with the keys of its objects in alphabetical order. They have that order anyway unless another
/// crate of the build enables `preserve_order` of serde_json, and the generated code must not depend on that.
pub(crate) fn sorted(document: &Value) -> Value {
    let mut document = document.clone();
    document.sort_all_objects();
    document
}

/// Returns every operation as its path, method and object, in document order.
pub fn operations(document: &Value) -> impl Iterator<Item = (&str, &str, &Value)> {
    let paths = document["paths"].as_object().into_iter().flatten();
    paths.flat_map(|(path, item)| {
        item.as_object()
            .into_iter()
            .flatten()
            .filter_map(move |(method, operation)| {
                METHODS.contains(&method.as_str()).then_some((
                    path.as_str(),
                    method.as_str(),
                    operation,
                ))
            })
    })
}
