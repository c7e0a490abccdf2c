//! `redact-debug`: `Debug` shows ids, numbers, times and kinds, but no texts and no free JSON, which may be phone
//! numbers, names or messages.

use super::contents;
use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::punctuated::Punctuated;
use syn::{Attribute, Fields, Generics, Ident, Item, ItemMod, Path, Token, parse_quote};

/// Makes calls and unfinished bodies show only their names.
pub fn builders(module: &mut ItemMod) {
    redact(module, |_| Vec::new());
}

/// Makes records show the fields that are not texts.
pub fn types(module: &mut ItemMod) {
    redact(module, |fields| {
        let shown = fields.iter().filter(|field| !is_text(&field.ty));
        shown.filter_map(|field| field.ident.clone()).collect()
    });
}

/// Replaces each derived `Debug` by one that shows only these fields.
fn redact(module: &mut ItemMod, shown: impl Fn(&Fields) -> Vec<Ident>) {
    let mut redacted: Vec<Item> = Vec::new();
    for item in contents(module) {
        let (attributes, name, generics, shown) = match item {
            Item::Struct(item) => {
                let shown = shown(&item.fields);
                (&mut item.attrs, &item.ident, &item.generics, shown)
            }
            // A value of several types, one of which may be a text.
            Item::Enum(item) => {
                let mut fields = item.variants.iter().flat_map(|variant| &variant.fields);
                if !fields.any(|field| is_text(&field.ty)) {
                    continue;
                }
                (&mut item.attrs, &item.ident, &item.generics, Vec::new())
            }
            _ => continue,
        };
        if drop_debug(attributes) {
            redacted.push(debug(name, generics, &shown));
        }
    }
    if let Some((_, items)) = &mut module.content {
        items.extend(redacted);
    }
}

fn debug(item: &Ident, generics: &Generics, shown: &[Ident]) -> Item {
    let name = item.to_string();
    let names = shown.iter().map(|field| field.to_string());
    let lifetime: Option<TokenStream> = (!generics.params.is_empty()).then(|| quote!(<'_>));
    parse_quote! {
        impl ::std::fmt::Debug for #item #lifetime {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.debug_struct(#name)#(.field(#names, &self.#shown))*.finish_non_exhaustive()
            }
        }
    }
}

/// Returns whether a value of this type can contain any text.
fn is_text(kind: &syn::Type) -> bool {
    let kind = kind.to_token_stream().to_string();
    let words = kind.split(|c: char| !c.is_alphanumeric());
    words
        .into_iter()
        .any(|word| ["String", "Value"].contains(&word))
}

/// Removes `Debug` from the derives, and returns whether it was there.
fn drop_debug(attributes: &mut [Attribute]) -> bool {
    let mut found = false;
    for attribute in attributes
        .iter_mut()
        .filter(|attribute| attribute.path().is_ident("derive"))
    {
        let parse = Punctuated::<Path, Token![,]>::parse_terminated;
        let Ok(derived) = attribute.parse_args_with(parse) else {
            continue;
        };
        let is_debug = |path: &Path| {
            path.segments
                .last()
                .is_some_and(|last| last.ident == "Debug")
        };
        found |= derived.iter().any(is_debug);
        let kept = derived.into_iter().filter(|path| !is_debug(path));
        *attribute = parse_quote!(#[derive(#(#kept),*)]);
    }
    found
}
