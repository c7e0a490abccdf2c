//! Whether others can read a document: by the types of `openapiv3`, which the generator has too.
//!
//! Path by path and component by component: the whole of it as types would take more memory than all
//! else of a conversion.

use crate::json::Json;
use openapiv3::{OpenAPI, PathItem, ReferenceOr, Schema};
use serde::Deserialize;
use serde::de::value::Error;

/// Reads a document but for its paths and schemas.
///
/// # Errors
/// What does not fit OpenAPI 3.0.
pub fn frame(document: &Json<'_>) -> Result<(), Error> {
    let schemas = &document["components"]["schemas"];
    if !matches!(schemas, Json::Object(_) | Json::Null) {
        return Err(serde::de::Error::custom("`schemas` is no object"));
    }
    let mut rest = Vec::new();
    for (key, value) in document.entries() {
        let value = match (&**key, value) {
            ("components", Json::Object(kinds)) => {
                let small = kinds.iter().filter(|(kind, _)| kind != "schemas");
                Json::Object(small.cloned().collect())
            }
            (_, value) => value.clone(),
        };
        rest.push((key.clone(), value));
    }
    OpenAPI::deserialize(&Json::Object(rest)).map(drop)
}

/// Reads what a document says of a path, and counts its operations.
///
/// # Errors
/// What does not fit OpenAPI 3.0.
pub fn path(path: &str, item: &Json<'_>) -> Result<usize, Error> {
    if !path.starts_with('/') {
        return Ok(0);
    }
    Ok(PathItem::deserialize(item)?.iter().count())
}

/// Reads the schema of a component.
///
/// # Errors
/// What does not fit OpenAPI 3.0.
pub fn schema(schema: &Json<'_>) -> Result<(), Error> {
    ReferenceOr::<Schema>::deserialize(schema).map(drop)
}
