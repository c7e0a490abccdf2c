//! `plain-setters`: the setter of an optional property accepts the value, as parameter setters do.

use super::{contents, inherent};
use crate::names::{field_name, implemented, type_argument};
use heck::ToSnakeCase;
use quote::format_ident;
use serde_json::Value;
use std::collections::HashSet;
use syn::{ItemMod, Type};

/// Changes the setters of optional properties. A required property that may be null keeps a setter for an `Option`,
/// since null is a value there.
pub fn plain(module: &mut ItemMod, lowered: &Value) {
    let required = required_properties(lowered);
    for block in contents(module).filter_map(inherent) {
        let Some(name) = implemented(block) else {
            continue;
        };
        for item in &mut block.items {
            let syn::ImplItem::Fn(method) = item else {
                continue;
            };
            if !required.contains(&(name.clone(), field_name(&method.sig.ident))) {
                plain_setter(method);
            }
        }
    }
}

fn plain_setter(method: &mut syn::ImplItemFn) {
    let field = &method.sig.ident;
    let Some(value) = method
        .sig
        .generics
        .where_clause
        .as_mut()
        .and_then(unwrap_option)
    else {
        return;
    };
    let failure = format!("invalid value for {field}: {{e}}");
    let generic = format_ident!("T");
    method.sig.generics.where_clause = Some(syn::parse_quote! {
        where #generic: ::std::convert::TryInto<#value>, #generic::Error: ::std::fmt::Display
    });
    method.block = syn::parse_quote! {{
        self.#field = value.try_into().map(Some).map_err(|e| format!(#failure));
        self
    }};
}

fn required_properties(lowered: &Value) -> HashSet<(String, String)> {
    let schemas = lowered["components"]["schemas"]
        .as_object()
        .into_iter()
        .flatten();
    let required = schemas.flat_map(|(name, schema)| {
        let required = schema["required"].as_array().into_iter().flatten();
        required.filter_map(|key| Some((name.clone(), key.as_str()?.to_snake_case())))
    });
    required.collect()
}

/// Returns `X` of `where T: TryInto<Option<X>>`.
fn unwrap_option(clause: &mut syn::WhereClause) -> Option<Type> {
    let bound = clause
        .predicates
        .iter()
        .find_map(|predicate| match predicate {
            syn::WherePredicate::Type(predicate) => predicate.bounds.first(),
            _ => None,
        })?;
    let syn::TypeParamBound::Trait(bound) = bound else {
        return None;
    };
    let target = type_argument(&bound.path)?;
    match target {
        Type::Path(path) if path.path.segments.last()?.ident == "Option" => {
            type_argument(&path.path).cloned()
        }
        _ => None,
    }
}
