//! The methods of `Chat2Desk`: one for each operation, in one `impl` a tag.

use crate::adapt::{field_name, struct_name};
use crate::builders::required_arguments;
use crate::document::{group, operations};
use heck::ToSnakeCase;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::Value;

/// The code of `OUT_DIR/methods.rs`.
///
/// # Errors
/// Names the operation that can have no method.
pub fn methods(lowered: &Value, client: &syn::File) -> Result<TokenStream, String> {
    let mut tags: Vec<&str> = Vec::new();
    for (_, _, operation) in operations(lowered) {
        let tag = group(operation);
        if !tags.contains(&tag) {
            tags.push(tag);
        }
    }
    let mut blocks = TokenStream::new();
    for tag in tags {
        let described = lowered["tags"]
            .as_array()
            .into_iter()
            .flatten()
            .find(|known| known["name"] == tag);
        let described = described
            .and_then(|known| known["description"].as_str())
            .unwrap_or_default();
        let title = match tag {
            "" => "Of no group.".to_owned(),
            _ => format!("## {tag}\n\n{described}"),
        };
        let own = operations(lowered).filter(|(_, _, own)| group(own) == tag);
        let methods = own.map(|(path, verb, operation)| method(path, verb, operation, client));
        let methods = methods.collect::<Result<Vec<_>, _>>()?;
        blocks.extend(quote! { #[doc = #title] impl Chat2Desk { #(#methods)* } });
    }
    Ok(blocks)
}

fn method(
    path: &str,
    verb: &str,
    operation: &Value,
    client: &syn::File,
) -> Result<TokenStream, String> {
    let id = operation["operationId"].as_str().unwrap_or_default();
    let name: syn::Ident = syn::parse_str(id)
        .map_err(|_| format!("operation `{id}`: no method can have its id for a name"))?;
    let builder = format_ident!("{}", struct_name(id));
    let mut required = required_arguments(client, &builder)
        .ok_or_else(|| format!("operation `{id}`: progenitor made no builder `{builder}`"))?;
    // progenitor sorts by name; the document's order is the one that reads well, the body last.
    required.sort_by_key(|(name, _)| position(operation, &field_name(name)));
    let (names, types): (Vec<_>, Vec<_>) = required.into_iter().unzip();
    let docs = method_docs(path, verb, operation);
    let deprecated = (operation["deprecated"] == true).then(|| quote! { #[deprecated] });
    Ok(quote! {
        #[doc = #docs]
        #deprecated
        pub fn #name(&self, #(#names: #types),*) -> builder::#builder {
            builder::#builder::new(self.shared_api())#(.#names(#names))*
        }
    })
}

/// Where a parameter stands in the document; the body stands after all of them.
fn position(operation: &Value, name: &str) -> usize {
    let parameters = operation["parameters"].as_array();
    let mut names = parameters
        .into_iter()
        .flatten()
        .filter_map(|parameter| parameter["name"].as_str());
    names
        .position(|known| known.to_snake_case() == name)
        .unwrap_or(usize::MAX)
}

fn method_docs(path: &str, verb: &str, operation: &Value) -> String {
    let text = |key: &str| operation[key].as_str().unwrap_or_default();
    let evidence = match text("x-evidence") {
        "captured" => "Real responses were seen.",
        "documented" => "The response is as the vendor documents it.",
        "typed" => "The response is as published clients read it.",
        "inferred" => "The response is inferred from its neighbours.",
        "none" => "Nobody has published a response, so it is free JSON.",
        _ => "New in the collection; not rated yet.",
    };
    let effects = if verb == "get" && operation["x-side-effects"] == true {
        " **Changes state although it is a GET.**"
    } else {
        ""
    };
    let description = match text("description") {
        "" => text("summary"),
        description => description,
    };
    let verb = verb.to_uppercase();
    format!("{description}\n\n`{verb} {path}` — {evidence}{effects}")
}
