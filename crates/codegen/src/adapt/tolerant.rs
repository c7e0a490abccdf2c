//! `tolerant-fields`: an optional field whose value is of another type costs itself and nothing more. It is read
//! by `src/wire/tolerant.rs`, which says how.

use super::contents;
use quote::ToTokens;
use syn::{Attribute, Field, Item, ItemMod, Type, parse_quote};

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
    let Some(name) = path.path.segments.last().map(|last| last.ident.to_string()) else {
        return;
    };
    let reader = match (name.as_str(), is_defaulted) {
        ("Option", _) | ("HashMap" | "Map" | "Vec", true) => "crate::wire::tolerant::field",
        ("HashMap", false) => "crate::wire::tolerant::entries",
        // A list without a default is one that a record cannot do without, and neither can it without its
        // elements: the records of a list.
        _ => return,
    };
    field
        .attrs
        .push(parse_quote!(#[serde(deserialize_with = #reader)]));
    if name == "Option" && !is_defaulted {
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
