//! Adapts the conditions of mocks.

use super::{methods, value_type};
use crate::adapt::document;
use crate::adapt::walk::{Node, Walk};
use crate::document::operations;
use crate::names::field_name;
use heck::ToSnakeCase;
use serde_json::Value;
use std::collections::{BTreeSet, HashMap};
use syn::visit_mut::VisitMut;
use syn::{Expr, ImplItem, ImplItemFn, ItemImpl};

/// # Errors
/// A text with the parameter or body of the operation that no method matches.
pub(super) fn adapt(
    block: &mut ItemImpl,
    lowered: &Value,
    (path, http_method, operation): (&str, &str, &Value),
) -> Result<(), String> {
    let parameters = operation["parameters"].as_array().into_iter().flatten();
    let parameters: HashMap<String, &Value> = parameters
        .filter_map(|parameter| Some((parameter["name"].as_str()?.to_snake_case(), parameter)))
        .collect();
    let mut unmatched: BTreeSet<&str> = parameters.keys().map(String::as_str).collect();
    if let Some(content) = operation["requestBody"]["content"].as_object() {
        if content.contains_key("application/json") {
            unmatched.insert("body");
        } else {
            // progenitor would compare it as JSON all the same.
            block.items.retain(|item| !is_body(item));
        }
    }
    for method in methods(block) {
        let name = field_name(&method.sig.ident);
        unmatched.remove(name.as_str());
        let text = match (name.as_str(), parameters.get(&name)) {
            (_, Some(parameter)) => {
                match parameter["in"].as_str() {
                    Some("path") => exact_parameter(method, path, parameter),
                    _ => sent_query(method),
                }
                parameter_docs(&name, parameter)
            }
            ("new", None) => {
                exact_path(method, path, &literal_paths(lowered, path, http_method))?;
                "Wraps conditions of `httpmock`, and adds method and path of this operation.".into()
            }
            ("body", None) => {
                given_body(method)?;
                "Matches the whole body.\n\n# Panics\nIf `value` is a builder without a required value."
                    .into()
            }
            _ => "Returns the conditions of `httpmock`, for anything else.".into(),
        };
        document(&mut method.attrs, &text);
    }
    match unmatched.first() {
        Some(name) => Err(format!("progenitor made nothing that matches `{name}`")),
        None => Ok(()),
    }
}

fn is_body(item: &ImplItem) -> bool {
    matches!(item, ImplItem::Fn(method) if method.sig.ident == "body")
}

fn parameter_docs(name: &str, parameter: &Value) -> String {
    let text = parameter["description"].as_str();
    let text = format!("Matches `{name}`. {}", text.unwrap_or_default());
    if parameter["required"] == true {
        text
    } else {
        format!("{text}\n\n`None` matches a call without it.")
    }
}

/// Returns the paths without parameters that a path with parameters would also match, with the same method.
fn literal_paths<'a>(lowered: &'a Value, path: &str, http_method: &str) -> Vec<&'a str> {
    let is_within = |literal: &str| {
        let mut pairs = path.split('/').zip(literal.split('/'));
        path.split('/').count() == literal.split('/').count()
            && pairs.all(|(own, literal)| own == literal || own.contains('{'))
    };
    let literals = operations(lowered).filter(|(literal, method, _)| {
        *method == http_method && !literal.contains('{') && *literal != path && is_within(literal)
    });
    literals.map(|(literal, ..)| literal).collect()
}

/// Replaces `inner.method(…).path_matches(…)` by a match of this operation's path only.
fn exact_path(method: &mut ImplItemFn, path: &str, literals: &[&str]) -> Result<(), String> {
    let mut by_method = None;
    Walk(&mut |node| {
        if let Node::Expr(Expr::MethodCall(call)) = node
            && call.method == "method"
        {
            by_method = Some(call.clone());
        }
    })
    .visit_block_mut(&mut method.block);
    let by_method = by_method.ok_or("progenitor's mock has no method")?;
    method.block = syn::parse_quote! {{
        Self(crate::requests::path(#by_method, #path)#(.path_not(#literals))*)
    }};
    Ok(())
}

fn exact_parameter(method: &mut ImplItemFn, path: &str, parameter: &Value) {
    let name = parameter["name"].as_str();
    method.block = syn::parse_quote! {{
        Self(crate::requests::path_parameter(self.0, #path, #name, &value))
    }};
}

/// Replaces `when.query_param(name, value.to_string())` by a match of what the client writes for the value.
fn sent_query(method: &mut ImplItemFn) {
    Walk(&mut |node| {
        if let Node::Expr(expression) = node
            && let Expr::MethodCall(call) = expression
            && call.method == "query_param"
            && let Some(name) = call.args.first()
        {
            let when = &call.receiver;
            *expression = syn::parse_quote!(crate::requests::query(#when, #name, &value));
        }
    })
    .visit_block_mut(&mut method.block);
}

fn given_body(method: &mut ImplItemFn) -> Result<(), String> {
    let body = value_type(method).ok_or("progenitor's `body` takes no value")?;
    *method = syn::parse_quote! {
        pub fn body(self, value: impl TryInto<#body, Error: ::std::fmt::Display>) -> Self {
            Self(self.0.json_body_obj(&crate::responses::given::<#body>(value)))
        }
    };
    Ok(())
}
