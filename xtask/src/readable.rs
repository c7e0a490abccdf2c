//! Whether others can read a document: by the types of `openapiv3`, which the generator has too.
//!
//! Path by path and component by component: the whole of it as types would take more memory than all
//! else of a conversion.

use crate::json::Json;
use openapiv3::{OpenAPI, PathItem, ReferenceOr, Schema};
use serde::Deserialize;
use serde::de::value::Error;

/// What a document holds.
#[derive(Debug)]
pub struct Counts {
    pub operations: usize,
    pub components: usize,
}

/// Reads a document, and counts what it holds.
///
/// # Errors
/// What does not fit OpenAPI 3.0.
pub fn readable(document: &Json<'_>) -> Result<Counts, Error> {
    // What is left of it once the paths and schemas are taken out.
    let mut rest = Vec::new();
    for (key, value) in document.entries() {
        let value = match (&**key, value) {
            ("paths", Json::Object(_)) => Json::Object(Vec::new()),
            ("components", Json::Object(kinds)) => {
                let small = kinds.iter().filter(|(kind, _)| kind != "schemas");
                Json::Object(small.cloned().collect())
            }
            (_, value) => value.clone(),
        };
        rest.push((key.clone(), value));
    }
    OpenAPI::deserialize(&Json::Object(rest))?;

    let mut operations = 0;
    let paths = document["paths"].entries().iter();
    for (_, item) in paths.filter(|(path, _)| path.starts_with('/')) {
        operations += PathItem::deserialize(item)?.iter().count();
    }
    let schemas = &document["components"]["schemas"];
    if !matches!(schemas, Json::Object(_) | Json::Null) {
        return Err(serde::de::Error::custom("`schemas` is no object"));
    }
    for (_, schema) in schemas.entries() {
        ReferenceOr::<Schema>::deserialize(schema)?;
    }
    Ok(Counts {
        operations,
        components: schemas.entries().len(),
    })
}
