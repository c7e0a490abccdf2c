//! Generates mocks: progenitor's typed helpers for `httpmock`, adapted so that a mock matches what the client sends.
//!
//! * `exact-paths`: a path is no regular expression; a parameter in it is matched as the client encodes it, and
//!   never matches the path of another operation.
//! * `sent-queries`: a parameter of the query is matched as the client writes it, a list value by value.
//! * `given-values`: bodies and responses may be builders, as the bodies of calls may.
//! * `responses`: `ok` with a whole response, `data` with the content of its envelope, and both forms of errors.
//! * `document-mocks`: all of it is documented.
//! * `sealed-mocks`: the trait grows with the API, so other crates cannot implement it.

mod then;
mod when;

use crate::adapt::walk::{Node, Walk};
use crate::adapt::{contents, document, submodule};
use crate::document::{operations, sorted};
use crate::generate;
use crate::lower::{FOR_THIS_CRATE, lower};
use crate::names::{implemented, struct_name};
use heck::ToSnakeCase;
use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use serde_json::Value;
use std::collections::HashMap;
use syn::visit_mut::VisitMut;
use syn::{ImplItem, ImplItemFn, Item, ItemImpl, Type};

/// Returns the code of `OUT_DIR/mocks.rs` of `chat2desk-httpmock`.
///
/// # Errors
/// A text with the operation that would have no mock, or the parameter that could not be matched.
pub fn mock_code(public: &Value) -> Result<String, String> {
    let lowered = lower(&sorted(public), FOR_THIS_CRATE).map_err(|error| error.to_string())?;
    let lowered = lowered.document;
    let mut file = generate::generated(&lowered, |generator, spec| {
        generator.httpmock(spec, "::chat2desk")
    })?;
    extension(&mut file)?;
    let module = submodule(&mut file.items, "operations").ok_or("progenitor made no mocks")?;
    module.attrs.clear();
    let text = "The conditions and responses of each operation, which the closures of \
                [`MockServerExt`](crate::MockServerExt) receive.";
    document(&mut module.attrs, text);
    let mut blocks = HashMap::new();
    for item in contents(module) {
        match item {
            Item::Struct(wrapper) => {
                let text = wrapper_docs(&wrapper.ident.to_string());
                document(&mut wrapper.attrs, &text);
            }
            Item::Impl(block) => {
                blocks.extend(implemented(block).map(|name| (name, block)));
            }
            _ => {}
        }
    }
    for (path, method, operation) in operations(&lowered) {
        let id = operation["operationId"].as_str().unwrap_or_default();
        let place = |reason| format!("mock of operation `{id}`: {reason}");
        let mut made = |part| {
            let block = blocks.remove(&format!("{}{part}", struct_name(id)));
            block.ok_or_else(|| place(format!("progenitor made no `{part}`")))
        };
        let (when, then) = (made("When")?, made("Then")?);
        when::adapt(when, &lowered, (path, method, operation)).map_err(place)?;
        then::adapt(then, &lowered, operation).map_err(place)?;
    }
    Walk(&mut client_types).visit_file_mut(&mut file);
    Ok(prettyplease::unparse(&file))
}

/// Replaces `crate::wire` and the private `crate::generated` by the names that they have in the crate `chat2desk`.
fn client_types(node: Node<'_>) {
    let Node::Path(path) = node else {
        return;
    };
    let names = path.segments.iter().take(2);
    let names: Vec<String> = names.map(|segment| segment.ident.to_string()).collect();
    let skipped = match names.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["crate", "wire"] => 1,
        ["crate", "generated"] => 2,
        _ => return,
    };
    let rest = path.segments.iter().skip(skipped);
    *path = syn::parse_quote!(::chat2desk::#(#rest)::*);
}

fn extension(file: &mut syn::File) -> Result<(), String> {
    let extension = file.items.iter_mut().find_map(|item| match item {
        Item::Trait(item) => Some(item),
        _ => None,
    });
    let extension = extension.ok_or("progenitor made no extension of the server")?;
    let text = "Adds a typed mock of each operation to a [`MockServer`](httpmock::MockServer).";
    document(&mut extension.attrs, text);
    extension
        .supertraits
        .push(syn::parse_quote!(super::sealed::Sealed));
    for item in &mut extension.items {
        if let syn::TraitItem::Fn(method) = item {
            let id = &method.sig.ident;
            let text = format!(
                "Adds a mock of [`Chat2Desk::{id}`](chat2desk::Chat2Desk::{id}): `config_fn` sets its \
                 conditions and its response."
            );
            document(&mut method.attrs, &text);
        }
    }
    Ok(())
}

fn wrapper_docs(name: &str) -> String {
    let call = |operation: &str| {
        let id = operation.to_snake_case();
        format!("[`Chat2Desk::{id}`](chat2desk::Chat2Desk::{id})")
    };
    match name.strip_suffix("When") {
        Some(operation) => format!(
            "The conditions of a mock of {}: a request matches if it fulfils all that were set.",
            call(operation)
        ),
        None => {
            let operation = name.strip_suffix("Then").unwrap_or(name);
            format!("The response of a mock of {}.", call(operation))
        }
    }
}

fn methods(block: &mut ItemImpl) -> impl Iterator<Item = &mut ImplItemFn> {
    block.items.iter_mut().filter_map(|item| match item {
        ImplItem::Fn(method) => Some(method),
        _ => None,
    })
}

/// Returns the owned type of the argument `value`.
fn value_type(method: &ImplItemFn) -> Option<TokenStream> {
    let argument = method.sig.inputs.iter().find_map(|input| match input {
        syn::FnArg::Typed(argument) if is_value(&argument.pat) => Some(argument),
        _ => None,
    })?;
    let owned = match &*argument.ty {
        Type::Reference(reference) => &reference.elem,
        _ => &argument.ty,
    };
    Some(match &**owned {
        Type::Path(path) if path.path.is_ident("str") => quote! { ::std::string::String },
        other => other.to_token_stream(),
    })
}

fn is_value(pattern: &syn::Pat) -> bool {
    matches!(pattern, syn::Pat::Ident(name) if name.ident == "value")
}
