//! What serde's attributes say of a field, and removing what only its derived reading needs.

use quote::ToTokens;
use syn::meta::ParseNestedMeta;
use syn::punctuated::Punctuated;
use syn::{Attribute, ItemStruct, LitStr, Path, Token, parse_quote};

/// How a field is read.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Read {
    Required,
    /// A required map, whose entries are optional.
    Entries,
    /// A field with a default, which it has as well if its value cannot be read.
    Optional,
}

impl Read {
    pub(super) fn is_required(self) -> bool {
        matches!(self, Self::Required | Self::Entries)
    }
}

/// The attributes of a field.
#[derive(Default)]
struct Words {
    rename: Option<String>,
    is_defaulted: bool,
    reader: Option<String>,
    skipped_if: Option<String>,
}

impl Words {
    /// Returns `None` if there is an attribute that is not known here.
    fn of(attributes: &[Attribute]) -> Option<Self> {
        let mut words = Self::default();
        for attribute in serde(attributes) {
            let parsed = attribute.parse_nested_meta(|word| words.add(&word));
            parsed.ok()?;
        }
        Some(words)
    }

    fn add(&mut self, word: &ParseNestedMeta<'_>) -> syn::Result<()> {
        let name = word.path.require_ident()?.to_string();
        match name.as_str() {
            "default" => self.is_defaulted = true,
            "rename" => self.rename = Some(text(word)?),
            "deserialize_with" => self.reader = Some(text(word)?),
            "skip_serializing_if" => self.skipped_if = Some(text(word)?),
            _ => return Err(word.error("not known")),
        }
        Ok(())
    }
}

fn text(word: &ParseNestedMeta<'_>) -> syn::Result<String> {
    Ok(word.value()?.parse::<LitStr>()?.value())
}

fn serde(attributes: &[Attribute]) -> impl Iterator<Item = &Attribute> {
    attributes
        .iter()
        .filter(|attribute| attribute.path().is_ident("serde"))
}

/// Returns the key of a field, and how it is read.
pub(super) fn of(field: &syn::Field) -> Option<(String, Read)> {
    let words = Words::of(&field.attrs)?;
    let name = field.ident.as_ref()?.to_string();
    let key = words
        .rename
        .unwrap_or_else(|| name.trim_start_matches("r#").to_owned());
    let read = match (words.reader.as_deref(), words.is_defaulted) {
        // A required value that may be null.
        (None | Some("::std::option::Option::deserialize"), false) => Read::Required,
        (Some("crate::wire::tolerant::entries"), false) => Read::Entries,
        (Some("crate::wire::tolerant::field"), true) => Read::Optional,
        _ => return None,
    };
    Some((key, read))
}

/// Removes `Deserialize` from the derives of a type, and what its fields say to it. Returns `false`, and changes
/// nothing, if the type itself has attributes for serde.
pub(super) fn derive_no_reading(item: &mut ItemStruct) -> bool {
    if serde(&item.attrs).next().is_some() {
        return false;
    }
    for attribute in &mut item.attrs {
        let parse = Punctuated::<Path, Token![,]>::parse_terminated;
        if attribute.path().is_ident("derive")
            && let Ok(derived) = attribute.parse_args_with(parse)
        {
            let kept = derived
                .iter()
                .filter(|path| !path.to_token_stream().to_string().ends_with("Deserialize"));
            *attribute = parse_quote!(#[derive(#(#kept),*)]);
        }
    }
    for field in &mut item.fields {
        let Some(Words {
            rename, skipped_if, ..
        }) = Words::of(&field.attrs)
        else {
            continue;
        };
        field
            .attrs
            .retain(|attribute| !attribute.path().is_ident("serde"));
        field
            .attrs
            .extend(rename.map(|name| parse_quote!(#[serde(rename = #name)])));
        field
            .attrs
            .extend(skipped_if.map(|path| parse_quote!(#[serde(skip_serializing_if = #path)])));
    }
    true
}
