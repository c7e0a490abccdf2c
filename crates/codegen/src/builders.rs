//! Reads progenitor's builders for the other generators.

use crate::names::{contents_of, field_name, implemented, type_argument};
use heck::ToSnakeCase;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{ImplItem, Item, ReturnType, Type};

/// Returns the names and types of a call's required arguments, in the builder's order.
pub(crate) fn required_arguments(
    client: &syn::File,
    builder: &syn::Ident,
) -> Option<Vec<(syn::Ident, TokenStream)>> {
    let fields = builder_fields(client, builder)?;
    let arguments = fields.iter().filter_map(|field| {
        let name = field.ident.clone()?;
        let Type::Path(result) = &field.ty else {
            return None;
        };
        // The other field is the client.
        if result.path.segments.last()?.ident == "Arc" {
            return None;
        }
        let value = type_argument(&result.path)?;
        argument_type(value).map(|argument| (name, argument))
    });
    Some(arguments.collect())
}

/// Returns the type of the body of a call's response.
pub(crate) fn response_type(client: &syn::File, builder: &syn::Ident) -> Option<Type> {
    let mut blocks = contents_of(client, "builder")
        .iter()
        .filter_map(|item| match item {
            Item::Impl(block) if implemented(block).is_some_and(|name| builder == &name) => {
                Some(block)
            }
            _ => None,
        });
    blocks.find_map(|block| block.items.iter().find_map(body_type).cloned())
}

/// Returns the type of the body of a response, if the item is the method `send`.
pub(crate) fn body_type(item: &ImplItem) -> Option<&Type> {
    let ImplItem::Fn(method) = item else {
        return None;
    };
    let ReturnType::Type(_, output) = &method.sig.output else {
        return None;
    };
    let Type::Path(result) = &**output else {
        return None;
    };
    if method.sig.ident != "send" {
        return None;
    }
    let Type::Path(response) = type_argument(&result.path)? else {
        return None;
    };
    type_argument(&response.path)
}

/// Returns the fields of a call's builder.
fn builder_fields<'a>(client: &'a syn::File, builder: &syn::Ident) -> Option<&'a syn::Fields> {
    let module = client.items.iter().find_map(|item| match item {
        Item::Mod(module) if module.ident == "builder" => module.content.as_ref(),
        _ => None,
    })?;
    module.1.iter().find_map(|item| match item {
        Item::Struct(item) if item.ident == *builder => Some(&item.fields),
        _ => None,
    })
}

/// Returns the field of a builder that contains a parameter.
pub(crate) fn builder_field(
    client: &syn::File,
    builder: &syn::Ident,
    parameter: &str,
) -> Option<syn::Ident> {
    let fields = builder_fields(client, builder)?;
    let mut names = fields.iter().filter_map(|field| field.ident.clone());
    names.find(|name| field_name(name) == parameter.to_snake_case())
}

/// Returns the type of the argument for a required value; `None` for an optional one.
fn argument_type(value: &Type) -> Option<TokenStream> {
    let Type::Path(path) = value else {
        return Some(quote! { #value });
    };
    let segments: Vec<String> = path
        .path
        .segments
        .iter()
        .map(|segment| segment.ident.to_string())
        .collect();
    let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
    match segments.as_slice() {
        [.., "Option"] => None,
        [.., "String"] => Some(quote! { impl Into<String> }),
        [.., "builder", body] => {
            let body = format_ident!("{body}");
            Some(quote! { impl TryInto<types::#body, Error: ::std::fmt::Display> })
        }
        ["crate", ..] => Some(quote! { impl TryInto<#value> }),
        _ => Some(quote! { #value }),
    }
}
