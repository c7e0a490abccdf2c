//! `plain-setters`: the setter of an optional property accepts the value, as parameter setters do.
//! `shared-setters`: setters convert their values by functions of the runtime, which are compiled once for all.

use super::walk::{Node, Walk};
use super::{contents, inherent, methods};
use crate::names::{field_name, implemented, type_argument};
use heck::ToSnakeCase;
use quote::{ToTokens, format_ident};
use serde_json::Value;
use std::collections::HashSet;
use syn::visit_mut::VisitMut;
use syn::{Expr, ExprLit, ExprMethodCall, ItemMod, Lit, LitStr, Type};

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

/// Replaces the conversions in setters by calls of the runtime. Comes after the texts of their errors were changed.
pub fn shared(module: &mut ItemMod) {
    for method in methods(module) {
        Walk(&mut share).visit_block_mut(&mut method.block);
    }
}

fn share(node: Node<'_>) {
    if let Node::Expr(expression) = node
        && let Expr::MethodCall(call) = expression
        && let Some(shared) = shared_conversion(call)
    {
        *expression = shared;
    }
}

/// Returns the call of the runtime for `value.try_into().map(…).map_err(|…| "…")`, with or without `map`.
fn shared_conversion(call: &ExprMethodCall) -> Option<Expr> {
    let (converted, map) = match &*call.receiver {
        Expr::MethodCall(map) if map.method == "map" => (&*map.receiver, Some(&map.args)),
        other => (other, None),
    };
    let is_conversion = converted.to_token_stream().to_string() == "value . try_into ()";
    let Some(Expr::Closure(failure)) = call.args.first().filter(|_| call.method == "map_err")
    else {
        return None;
    };
    if !is_conversion {
        return None;
    }
    let text = text(&failure.body)?;
    let value = text.value();
    let said = ["{e}", "{}"].iter().find_map(|e| value.strip_suffix(e));
    let shared: Expr = match said {
        Some(text) => syn::parse_quote!(crate::runtime::convert_or_say(value, #text)),
        None => syn::parse_quote!(crate::runtime::convert(value, #text)),
    };
    Some(match map {
        Some(change) => syn::parse_quote!(#shared.map(#change)),
        None => shared,
    })
}

/// Returns the text of `"…".to_string()` or of `format!("…", …)`.
fn text(made: &Expr) -> Option<LitStr> {
    match made {
        Expr::Lit(ExprLit {
            lit: Lit::Str(text),
            ..
        }) => Some(text.clone()),
        Expr::MethodCall(call) if call.method == "to_string" => text(&call.receiver),
        Expr::Macro(made) if made.mac.path.is_ident("format") => {
            let mut tokens = made.mac.tokens.clone().into_iter();
            syn::parse2(tokens.next()?.into()).ok()
        }
        _ => None,
    }
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
