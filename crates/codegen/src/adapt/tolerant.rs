//! `tolerant-fields`: an optional field with a value of another type only loses that value. `src/wire/tolerant.rs`
//! reads it.

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
        // A field of a request, which must be `null` if it has no value.
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
        // A list without a default is required, and so are its elements: the records of a list.
        _ => return,
    };
    field
        .attrs
        .push(parse_quote!(#[serde(deserialize_with = #reader)]));
    if name == "Option" && !is_defaulted {
        field.attrs.push(parse_quote!(#[serde(default)]));
    }
}

/// Returns whether an attribute of serde has this word.
fn says(attribute: &Attribute, expected: &str) -> bool {
    let words = attribute.meta.to_token_stream().into_iter();
    attribute.path().is_ident("serde") && words.flat_map(inner).any(|word| word == expected)
}

/// Returns the words in a group, or the word itself.
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
