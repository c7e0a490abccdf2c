//! Generates how the responses of calls by name are read: by the types of the typed calls.

use crate::builders::response_type;
use crate::document::operations;
use crate::names::struct_name;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::Value;

/// Returns the code of `OUT_DIR/codecs.rs`: one codec for each operation, in the order of the table.
///
/// # Errors
/// A text with the operation that has no builder.
pub fn codecs(lowered: &Value, client: &syn::File) -> Result<TokenStream, String> {
    let mut rows = Vec::new();
    for (_, _, operation) in operations(lowered) {
        let id = operation["operationId"].as_str().unwrap_or_default();
        let (builder, pages) = (
            format_ident!("{}", struct_name(id)),
            format_ident!("r#{id}"),
        );
        let body = response_type(client, &builder)
            .ok_or_else(|| format!("operation `{id}`: progenitor made no builder `{builder}`"))?;
        let page = match operation.get("x-pagination") {
            Some(_) => quote! { Some(|response| {
                Box::pin(page::<builder::#builder, _>(response, pages::#pages))
            }) },
            None => quote! { None },
        };
        rows.push((
            id,
            quote! { Codec { decode: untyped::<#body>, page: #page } },
        ));
    }
    rows.sort_by_key(|(id, _)| *id);
    let count = rows.len();
    let rows = rows.into_iter().map(|(_, row)| row);
    Ok(quote! {
        /// In the order of the table of operations.
        static CODECS: [Codec; #count] = [#(#rows),*];
    })
}
