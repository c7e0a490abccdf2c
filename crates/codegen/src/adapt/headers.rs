//! `own-headers`: the pipeline sets the headers of requests, except for those that are parameters.

use super::walk::{Node, Walk};
use quote::quote;
use syn::visit_mut::VisitMut;
use syn::{Block, Expr, ExprMethodCall, Pat, Stmt};

/// Removes `.header(ACCEPT, …)` and `api-version`, and the map of headers if nothing else is in it. Makes the error
/// over a header's value name the header.
pub fn own(file: &mut syn::File) {
    Walk(&mut |node| match node {
        Node::Block(block) => {
            let before = block.stmts.len();
            block.stmts.retain(|statement| !appends_version(statement));
            if block.stmts.len() < before && !has_parameters(block) {
                block.stmts.retain(|statement| !declares_headers(statement));
                drop_map(block);
            }
        }
        Node::Expr(expression) => {
            drop_call(expression, "header", |name| {
                quote!(#name).to_string().ends_with("ACCEPT")
            });
            if let Expr::MethodCall(call) = expression
                && is_append(call)
                && let Some(text) = call.args.last().and_then(converted)
                && let Some(name) = call.args.first()
            {
                let value: Expr = syn::parse_quote!(crate::runtime::header_value(#name, #text)?);
                call.args = [name.clone(), value].into_iter().collect();
            }
        }
        _ => {}
    })
    .visit_file_mut(file);
}

/// Removes `.headers(header_map)`.
fn drop_map(block: &mut Block) {
    Walk(&mut |node| {
        if let Node::Expr(expression) = node {
            drop_call(expression, "headers", is_headers);
        }
    })
    .visit_block_mut(block);
}

/// Replaces `receiver.method(first, …)` by `receiver`.
fn drop_call(expression: &mut Expr, method: &str, first: impl Fn(&Expr) -> bool) {
    if let Expr::MethodCall(call) = expression
        && call.method == method
        && call.args.first().is_some_and(first)
    {
        *expression = (*call.receiver).clone();
    }
}

fn appends_version(statement: &Stmt) -> bool {
    matches!(statement, Stmt::Expr(Expr::MethodCall(call), _)
        if is_append(call) && quote!(#call).to_string().contains("\"api-version\""))
}

/// Returns whether anything is added to the map; an optional header is added in a block of its own.
fn has_parameters(block: &mut Block) -> bool {
    let mut found = false;
    Walk(&mut |node| {
        found |= matches!(node, Node::Expr(Expr::MethodCall(call)) if is_append(call));
    })
    .visit_block_mut(block);
    found
}

/// Returns `text` of `text.try_into()?`.
fn converted(value: &Expr) -> Option<Expr> {
    match value {
        Expr::Try(tried) => match &*tried.expr {
            Expr::MethodCall(call) if call.method == "try_into" => Some((*call.receiver).clone()),
            _ => None,
        },
        _ => None,
    }
}

fn is_append(call: &ExprMethodCall) -> bool {
    call.method == "append" && is_headers(&call.receiver)
}

fn declares_headers(statement: &Stmt) -> bool {
    matches!(statement, Stmt::Local(local)
        if matches!(&local.pat, Pat::Ident(name) if name.ident == "header_map"))
}

fn is_headers(expression: &Expr) -> bool {
    matches!(expression, Expr::Path(path) if path.path.is_ident("header_map"))
}
