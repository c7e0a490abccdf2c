//! `tolerant-fields`: an optional field whose value is of another type costs itself and nothing more. It is read
//! by `src/wire/tolerant.rs`, which says how.

use super::contents;
use quote::ToTokens;
use syn::{Attribute, Field, Item, ItemMod, Type, parse_quote};

/// Types that are empty where there is nothing.
const LISTS: [&str; 3] = ["HashMap", "Map", "Vec"];

/// Marks the optional fields of all records.
pub fn fields(module: &mut ItemMod) {
    for item in contents(module) {
        if let Item::Struct(item) = item {
            item.fields.iter_mut().for_each(tolerate);
        }
    }
}

fn tolerate(field: &mut Field) {
    if field
        .attrs
        .iter()
        .any(|attribute| says(attribute, "deserialize_with"))
    {
        // What is sent, and must say `null` where it has nothing to say.
        return;
    }
    let is_defaulted = field
        .attrs
        .iter()
        .any(|attribute| says(attribute, "default"));
    let Type::Path(path) = &field.ty else {
        return;
    };
    match path.path.segments.last() {
        Some(last) if last.ident == "Option" => {}
        // Without a default it is one that a record cannot do without, such as the records of a list.
        Some(last) if is_defaulted && LISTS.iter().any(|name| last.ident == name) => {}
        _ => return,
    }
    let reader = "crate::wire::tolerant::field";
    field
        .attrs
        .push(parse_quote!(#[serde(deserialize_with = #reader)]));
    if !is_defaulted {
        field.attrs.push(parse_quote!(#[serde(default)]));
    }
}

/// Whether an attribute of serde has this word.
fn says(attribute: &Attribute, expected: &str) -> bool {
    let words = attribute.meta.to_token_stream().into_iter();
    attribute.path().is_ident("serde") && words.flat_map(inner).any(|word| word == expected)
}

/// The words in a group, or the word itself.
fn inner(token: proc_macro2::TokenTree) -> Vec<String> {
    match token {
        proc_macro2::TokenTree::Group(group) => group
            .stream()
            .into_iter()
            .map(|word| word.to_string())
            .collect(),
        other => vec![other.to_string()],
    }
}
