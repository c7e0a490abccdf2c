//! `own-headers`: the headers of requests are the pipeline's to set.

use quote::quote;
use syn::visit_mut::{self, VisitMut};
use syn::{Block, Expr, Pat, Stmt};

/// Drops `.header(ACCEPT, …)`, and the map of `api-version` where nothing else is in it.
pub struct OwnHeaders;

impl VisitMut for OwnHeaders {
    fn visit_block_mut(&mut self, block: &mut Block) {
        let before = block.stmts.len();
        block.stmts.retain(|statement| {
            appended(statement).is_none_or(|name| !name.contains("\"api-version\""))
        });
        let is_unused = block
            .stmts
            .iter()
            .all(|statement| appended(statement).is_none());
        if is_unused && block.stmts.len() < before {
            block.stmts.retain(|statement| !declares_headers(statement));
            MapUnused.visit_block_mut(block);
        }
        visit_mut::visit_block_mut(self, block);
    }

    fn visit_expr_mut(&mut self, expression: &mut Expr) {
        visit_mut::visit_expr_mut(self, expression);
        drop_call(expression, "header", |name| {
            quote!(#name).to_string().ends_with("ACCEPT")
        });
    }
}

/// Drops `.headers(header_map)`.
struct MapUnused;

impl VisitMut for MapUnused {
    fn visit_expr_mut(&mut self, expression: &mut Expr) {
        visit_mut::visit_expr_mut(self, expression);
        drop_call(expression, "headers", is_headers);
    }
}

/// `receiver.method(first, …)` → `receiver`.
fn drop_call(expression: &mut Expr, method: &str, first: impl Fn(&Expr) -> bool) {
    if let Expr::MethodCall(call) = expression
        && call.method == method
        && call.args.first().is_some_and(first)
    {
        *expression = (*call.receiver).clone();
    }
}

/// The name of the header, as code, of a statement that appends one to the map.
fn appended(statement: &Stmt) -> Option<String> {
    match statement {
        Stmt::Expr(Expr::MethodCall(call), _)
            if call.method == "append" && is_headers(&call.receiver) =>
        {
            let name = call.args.first()?;
            Some(quote!(#name).to_string())
        }
        _ => None,
    }
}

fn declares_headers(statement: &Stmt) -> bool {
    matches!(statement, Stmt::Local(local)
        if matches!(&local.pat, Pat::Ident(name) if name.ident == "header_map"))
}

fn is_headers(expression: &Expr) -> bool {
    matches!(expression, Expr::Path(path) if path.path.is_ident("header_map"))
}
