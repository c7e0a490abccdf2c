//! Generates the methods of `Chat2Desk`: one for each operation, in one `impl` block for each tag.

use crate::builders::required_arguments;
use crate::document::{METHODS, group, operations};
use crate::names::{field_name, struct_name};
use crate::pages;
use heck::ToSnakeCase;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::Value;

/// Returns the code of `OUT_DIR/methods.rs`.
///
/// # Errors
/// Names the operation that cannot have a method.
pub fn methods(lowered: &Value, client: &syn::File) -> Result<TokenStream, String> {
    let described = lowered["tags"].as_array().into_iter().flatten();
    let described = described.filter_map(|tag| {
        let text = tag["description"].as_str().unwrap_or_default();
        Some((tag["name"].as_str()?, text))
    });
    let mut tags: Vec<(&str, &str)> = described.collect();
    for (_, _, operation) in operations(lowered) {
        let tag = group(operation);
        if !tags.iter().any(|(known, _)| *known == tag) {
            tags.push((tag, ""));
        }
    }
    let mut blocks = TokenStream::new();
    for (tag, described) in tags {
        let title = match tag {
            "" => "Operations without a tag.".to_owned(),
            _ => format!("## {tag}\n\n{described}{}", helpers(tag)),
        };
        let own = operations(lowered).filter(|(_, _, own)| group(own) == tag);
        let mut own: Vec<_> = own.collect();
        // Short paths first, and reading before writing.
        own.sort_by_key(|(path, verb, _)| {
            let verb = METHODS.iter().position(|known| known == verb);
            (path.split('/').count(), *path, verb)
        });
        if own.is_empty() {
            continue;
        }
        let methods = own
            .into_iter()
            .map(|operation| method(lowered, client, operation));
        let methods = methods.collect::<Result<Vec<_>, _>>()?;
        blocks.extend(quote! { #[doc = #title] impl Chat2Desk { #(#methods)* } });
    }
    Ok(blocks)
}

/// The hand-written methods of `Chat2Desk` beside the operations of a tag.
const HELPERS: [(&str, &[&str]); 8] = [
    (
        "clients",
        &[
            "find_client",
            "find_by_client_phone",
            "get_or_create_client",
            "custom_fields",
            "set_custom_fields",
        ],
    ),
    ("companies", &["quota"]),
    (
        "dialogs",
        &[
            "open_dialog",
            "close_dialog",
            "assign_dialog",
            "dialog_messages",
            "unanswered_dialogs",
        ],
    ),
    (
        "messages",
        &[
            "messages_of",
            "import_history",
            "transfer",
            "force_transfer",
            "media_url",
        ],
    ),
    ("requests", &["request_messages"]),
    ("statistics", &["report"]),
    ("tags", &["add_tag", "untag"]),
    (
        "webhooks",
        &["ensure_webhook", "webhook_health", "re_enable_webhook"],
    ),
];

/// Returns a sentence with links to the hand-written methods of a tag.
fn helpers(tag: &str) -> String {
    let Some((_, names)) = HELPERS.iter().find(|(known, _)| *known == tag) else {
        return String::new();
    };
    let links = names.iter().map(|name| format!("[`{name}`](Self::{name})"));
    let links: Vec<String> = links.collect();
    format!("\n\nHelpers: {}.", links.join(", "))
}

fn method(
    lowered: &Value,
    client: &syn::File,
    (path, verb, operation): (&str, &str, &Value),
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
    let docs = pages::method(lowered, client, (path, verb, operation));
    let deprecated = (operation["deprecated"] == true).then(|| quote! { #[deprecated] });
    Ok(quote! {
        #[doc = #docs]
        #deprecated
        pub fn #name(&self, #(#names: #types),*) -> crate::generated::builder::#builder {
            crate::generated::builder::#builder::new(self.shared_api())#(.#names(#names))*
        }
    })
}

/// Returns the place of a parameter in the document; the body comes after all of them.
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
