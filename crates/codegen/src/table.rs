//! Generates the static table of operations.

use crate::document::{group, operations, variant};
use crate::parameters::Documents;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::Value;

/// Returns the code of `OUT_DIR/operations.rs`.
///
/// # Errors
/// A text with the operation whose extensions are invalid.
pub fn table(public: &Value, lowered: &Value) -> Result<TokenStream, String> {
    let documents = Documents { public, lowered };
    let mut rows = Vec::new();
    for (path, method, operation) in operations(lowered) {
        let id = operation["operationId"].as_str().unwrap_or_default();
        let row = row(documents, path, method, operation);
        rows.push((
            id,
            row.map_err(|reason| format!("operation `{id}`: {reason}"))?,
        ));
    }
    rows.sort_by_key(|(id, _)| *id);
    let count = rows.len();
    let rows = rows.into_iter().map(|(_, row)| row);
    Ok(quote! {
        /// Sorted by id.
        static OPERATIONS: [Operation; #count] = [#(#rows),*];
    })
}

fn row<'a>(
    documents: Documents<'a>,
    path: &str,
    method: &str,
    operation: &'a Value,
) -> Result<TokenStream, String> {
    let id = &operation["operationId"].as_str();
    let tag = group(operation);
    let summary = operation["summary"].as_str().unwrap_or_default();
    let deprecated = operation["deprecated"] == true;
    let effects = !["get", "head"].contains(&method) || operation["x-side-effects"] == true;
    let evidence = variant(
        operation,
        "x-evidence",
        &["captured", "documented", "typed", "inferred", "none"],
    )?;
    let evidence = evidence.unwrap_or_else(|| format_ident!("Unrated"));
    let pagination = match variant(operation, "x-pagination", &["offset", "start_id", "single"])? {
        Some(style) => quote! { Some(Pagination::#style) },
        None => quote! { None },
    };
    let parameters = documents.parameters(operation)?;
    let body = documents.body(operation);
    let method = format_ident!("{}", method.to_uppercase());
    Ok(quote! {
        Operation {
            id: #id, method: Method::#method, path: #path, tag: #tag, summary: #summary,
            side_effects: #effects, pagination: #pagination, deprecated: #deprecated,
            evidence: Evidence::#evidence, parameters: #parameters, body: #body,
        }
    })
}
