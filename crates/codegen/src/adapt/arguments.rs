//! `named-arguments`: an invalid argument fails its call with the names of operation and argument, and a path
//! parameter stays one segment of the path.

use super::methods;
use super::walk::{Node, Walk};
use crate::names::field_name;
use quote::ToTokens;
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::visit_mut::VisitMut;
use syn::{Expr, ItemMod, LitStr, Token};

/// Changes the errors over arguments in the module of calls.
pub fn name(module: &mut ItemMod) {
    for method in methods(module) {
        Walk(&mut named).visit_impl_item_fn_mut(method);
    }
}

fn named(node: Node<'_>) {
    match node {
        Node::Text(literal) => {
            if let Some(plain) = plain(&literal.value()) {
                *literal = LitStr::new(&plain, literal.span());
            }
        }
        // The arguments of `format!`.
        Node::Macro(call) => {
            let parse = Punctuated::<Expr, Token![,]>::parse_terminated;
            if let Ok(mut arguments) = parse.parse2(call.tokens.clone()) {
                for argument in &mut arguments {
                    Walk(&mut named).visit_expr_mut(argument);
                }
                call.tokens = arguments.to_token_stream();
            }
        }
        Node::Expr(expression) => name_in(expression),
        _ => {}
    }
}

fn name_in(expression: &mut Expr) {
    match expression {
        Expr::Call(call) if call.func.to_token_stream().to_string() == "encode_path" => {
            if let Some(name) = call.args.first().and_then(parameter) {
                let value = &call.args;
                *expression = syn::parse_quote!(crate::runtime::path_segment(#name, #value)?);
            }
        }
        Expr::Try(tried) => {
            if let Expr::MethodCall(call) = &*tried.expr
                && call.method == "build"
            {
                *expression = syn::parse_quote!(#call.map_err(Error::of_build)?);
            }
        }
        // The error of `types::X::try_from(body).map_err(…)` names `X`.
        Expr::MethodCall(call) if call.method == "map_err" => {
            let made = call.receiver.to_token_stream().to_string();
            let made = made.strip_prefix("types :: ").unwrap_or_default();
            if let Some((name, _)) = made.split_once(" :: try_from") {
                let failure = in_body(name) + "{e}";
                call.args = Punctuated::new();
                call.args.push(syn::parse_quote!(|e| format!(#failure)));
            }
        }
        _ => {}
    }
}

/// Returns a plain text for progenitor's errors over an argument that is missing or of another type, which typify
/// also has for fields.
fn plain(text: &str) -> Option<String> {
    if let Some(name) = text.strip_suffix(" was not initialized") {
        return Some(format!("no value supplied for {name}"));
    }
    let (kind, rest) = text.strip_prefix("conversion to `")?.split_once("` for ")?;
    let kind = kind.rsplit(":: ").next().unwrap_or(kind);
    if rest.ends_with("{}") {
        return Some(in_body(kind) + "{}");
    }
    let name = rest.strip_suffix(" failed")?;
    Some(format!("invalid value for {name}: not a valid `{kind}`"))
}

fn in_body(kind: &str) -> String {
    format!("in `{kind}`: ")
}

/// Returns `id` of `&id.to_string()`.
fn parameter(value: &Expr) -> Option<String> {
    let Expr::Reference(value) = value else {
        return None;
    };
    match &*value.expr {
        Expr::MethodCall(call) => match &*call.receiver {
            Expr::Path(path) => path.path.get_ident().map(field_name),
            _ => None,
        },
        _ => None,
    }
}
