//! Adapts progenitor's output by small, named changes that its settings do not offer.
//!
//! * `own-runtime`: the code calls `crate::runtime` instead of `progenitor_client`, so that every call returns
//!   `chat2desk::Error` and no status or source is lost.
//! * `plain-errors`: the error of a request that cannot be built is made by a function, since a conversion would be
//!   public.
//! * `one-error`: `Error<()>` becomes `Error`.
//! * `document-calls`, `document-setters`: calls have the page of their operation, and setters the description of
//!   their parameter or property.
//! * `plain-setters`: the setter of an optional property accepts the value, as parameter setters do.
//! * `shared-setters`: setters convert their values by functions of the runtime, which are compiled once.
//! * `shared-records`: types are built and read from JSON by functions of the runtime, which are compiled once.
//! * `shared-sending`: a call only builds its request; the runtime sends it, by a function that is compiled once for
//!   each type of response. There are no hooks. The row of the operation table is looked up at compile time.
//! * `awaitable-calls`: awaiting a call sends it.
//! * `own-headers`: the pipeline sets the headers of requests, except for parameters; the generator's `api-version`
//!   is removed.
//! * `media-types`: a body is sent with the media type of the document.
//! * `named-arguments`: an invalid argument fails its call with the names of operation and argument, and a path
//!   parameter stays one segment of the path.
//! * `redact-debug`: `Debug` shows ids, numbers, times and kinds, but no text.
//! * `tolerant-fields`: an optional field with a value of another type only loses that value.
//! * `open-fields`: the crate can access the fields of calls, which it changes to read lists.
//! * `compiled-where-used`: functions are compiled by the crates that call them.
//! * `owned-calls`: a call owns the client instead of borrowing it.
//! * `optional-values`: builders have a method for values that may be missing.
//! * `facade-only`: constructors and methods that `Chat2Desk` replaces are removed.

mod arguments;
mod debug;
mod docs;
mod headers;
pub mod inline;
mod media;
mod optional;
mod owned;
mod records;
mod sending;
mod setters;
mod tolerant;
pub(crate) mod walk;

use crate::pages;
use serde_json::Value;
use syn::visit_mut::VisitMut;
use syn::{Attribute, GenericArgument, Item, ItemImpl, ItemMod, PathArguments, Type};
use walk::{Node, Walk};

/// Adapts the generated client in place.
pub fn adapt(file: &mut syn::File, lowered: &Value) {
    Walk(&mut own_runtime).visit_file_mut(file);
    headers::own(file);
    sending::unhook(file);
    facade_only(file);
    let pages = pages::builders(lowered, file);
    if let Some(module) = submodule(&mut file.items, "builder") {
        docs::builders(module, &docs::of_parameters(lowered), |name| {
            pages.get(name).cloned().unwrap_or_default()
        });
        must_use(module);
        media::types(module, lowered);
        owned::calls(module);
        optional::values(module);
        arguments::name(module);
        sending::shared(module);
        setters::shared(module);
        debug::builders(module);
        open_fields(module);
    }
    docs::modules(file);
    let Some(types) = submodule(&mut file.items, "types") else {
        return;
    };
    docs::types(types, lowered);
    debug::types(types);
    tolerant::fields(types);
    if let Some((_, items)) = &mut types.content
        && let Some(module) = submodule(items, "builder")
    {
        docs::builders(module, &docs::of_properties(lowered), |name| {
            format!(
                "Builds a [`{name}`](super::{name}). Operations accept it in place of the finished value."
            )
        });
        setters::plain(module, lowered);
        setters::shared(module);
        optional::values(module);
        debug::builders(module);
    }
    records::shared(types);
}

fn own_runtime(node: Node<'_>) {
    match node {
        Node::Path(path) => {
            if path
                .segments
                .first()
                .is_some_and(|first| first.ident == "progenitor_client")
            {
                let rest = path.segments.iter().skip(1);
                *path = syn::parse_quote!(crate::runtime::#(#rest)::*);
            }
            if let Some(last) = path.segments.last_mut()
                && last.ident == "Error"
                && matches!(&last.arguments, PathArguments::AngleBracketed(arguments)
                    if matches!(arguments.args.first(), Some(GenericArgument::Type(Type::Tuple(unit))) if unit.elems.is_empty()))
            {
                last.arguments = PathArguments::None;
            }
        }
        Node::Ident(name) if *name == "ResponseValue" => {
            *name = syn::Ident::new("Response", name.span());
        }
        Node::Import(import) => {
            if let syn::UseTree::Path(path) = &import.tree
                && path.ident == "progenitor_client"
            {
                let (vis, attrs, names) = (&import.vis, &import.attrs, &path.tree);
                *import = syn::parse_quote!(#(#attrs)* #vis use crate::runtime::#names;);
            }
        }
        _ => {}
    }
}

fn facade_only(file: &mut syn::File) {
    file.items.retain(|item| match item {
        Item::Mod(module) => module.ident != "prelude",
        // That somebody wrote the hooks.
        Item::Const(assertion) => assertion.ident != "_",
        _ => true,
    });
    for item in &mut file.items {
        if let Item::Impl(block) = item
            && block.trait_.is_none()
        {
            block.items.retain(|item| {
                matches!(item, syn::ImplItem::Fn(method) if method.sig.ident == "new_with_client")
            });
        }
    }
    if let Some(module) = submodule(&mut file.items, "builder") {
        for method in methods(module).filter(|method| method.sig.ident == "new") {
            method.vis = syn::parse_quote!(pub(crate));
        }
    }
}

pub(crate) fn submodule<'a>(items: &'a mut [Item], name: &str) -> Option<&'a mut ItemMod> {
    items.iter_mut().find_map(|item| match item {
        Item::Mod(module) if module.ident == name && module.content.is_some() => Some(module),
        _ => None,
    })
}

pub(crate) fn contents(module: &mut ItemMod) -> impl Iterator<Item = &mut Item> {
    module.content.iter_mut().flat_map(|(_, items)| items)
}

fn methods(module: &mut ItemMod) -> impl Iterator<Item = &mut syn::ImplItemFn> {
    contents(module).filter_map(inherent).flat_map(|block| {
        block.items.iter_mut().filter_map(|item| match item {
            syn::ImplItem::Fn(method) => Some(method),
            _ => None,
        })
    })
}

fn inherent(item: &mut Item) -> Option<&mut ItemImpl> {
    match item {
        Item::Impl(block) if block.trait_.is_none() => Some(block),
        _ => None,
    }
}

pub(crate) fn document(attributes: &mut Vec<Attribute>, text: &str) {
    attributes.retain(|attribute| !attribute.path().is_ident("doc"));
    attributes.insert(0, syn::parse_quote!(#[doc = #text]));
}

fn must_use(module: &mut ItemMod) {
    for item in contents(module) {
        if let Item::Struct(call) = item {
            let note = "nothing is sent until `send`, `.await`, `items` or `pages`";
            call.attrs.push(syn::parse_quote!(#[must_use = #note]));
        }
    }
}

/// Makes the fields of calls visible to the crate: reading a list removes a call's dates, which no setter does.
fn open_fields(module: &mut ItemMod) {
    for item in contents(module) {
        if let Item::Struct(builder) = item {
            for field in &mut builder.fields {
                field.vis = syn::parse_quote!(pub(crate));
            }
        }
    }
}
