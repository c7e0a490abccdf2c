//! `named-arguments`: an invalid argument fails its call with the names of operation and argument, and a path
//! parameter stays one segment of the path.

use super::methods;
use crate::names::field_name;
use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::visit_mut::{self, VisitMut};
use syn::{Block, Expr, ExprCall, ExprMethodCall, ItemMod, LitStr, Pat, Stmt, Token};

/// Changes the errors over arguments in the module of calls.
pub fn name(module: &mut ItemMod) {
    for method in methods(module) {
        NamedArguments.visit_impl_item_fn_mut(method);
        if method.sig.ident == "send" {
            one_hook(&mut method.block);
            under_operation(&mut method.block);
        }
    }
}

/// Removes the calls of the hooks before and after sending, which do nothing.
fn one_hook(block: &mut Block) {
    block.stmts.retain(|statement| {
        let text = statement.to_token_stream().to_string();
        !["client . pre (", "client . post ("]
            .iter()
            .any(|call| text.trim_start_matches('_').starts_with(call))
    });
    for statement in &mut block.stmts {
        if let Stmt::Local(local) = statement
            && let Pat::Ident(name) = &mut local.pat
            && name.ident == "request"
        {
            name.mutability = None;
        }
    }
}

/// Makes `let request = …;` and the statements it needs one step, whose error gets the operation. Later errors get
/// it from the pipeline.
fn under_operation(block: &mut Block) {
    let Some(operation) = operation(block) else {
        return;
    };
    let declares = |statement: &Stmt| {
        matches!(statement, Stmt::Local(local)
            if quote!(#local).to_string().contains("let request ="))
    };
    let takes_self = |statement: &Stmt| matches!(statement, Stmt::Local(local) if matches!(local.pat, Pat::Struct(_)));
    let start = block.stmts.iter().position(takes_self);
    let end = block.stmts.iter().position(declares);
    let (Some(start), Some(end)) = (start.map(|index| index + 1), end) else {
        return;
    };
    let steps: Vec<_> = block.stmts.drain(start..=end).collect();
    let built: Stmt = syn::parse_quote! {
        let build = || -> Result<reqwest::Request, Error> { #(#steps)* Ok(request) };
    };
    let named: Stmt = syn::parse_quote! {
        let request = build().map_err(|error| error.at(const { #operation }))?;
    };
    block.stmts.splice(start..start, [built, named]);
}

/// Returns `crate::operation::known("…")` of the call.
fn operation(block: &Block) -> Option<TokenStream> {
    struct Known(Option<TokenStream>);
    impl VisitMut for Known {
        fn visit_expr_call_mut(&mut self, call: &mut ExprCall) {
            if call.func.to_token_stream().to_string() == "crate :: operation :: known" {
                self.0 = Some(call.to_token_stream());
            }
        }
    }
    let mut known = Known(None);
    known.visit_block_mut(&mut block.clone());
    known.0
}

struct NamedArguments;

impl VisitMut for NamedArguments {
    fn visit_lit_str_mut(&mut self, literal: &mut LitStr) {
        if let Some(plain) = plain(&literal.value()) {
            *literal = LitStr::new(&plain, literal.span());
        }
    }

    /// Visits the arguments of `format!`, which other visitors see as tokens.
    fn visit_macro_mut(&mut self, call: &mut syn::Macro) {
        let parse = Punctuated::<Expr, Token![,]>::parse_terminated;
        if let Ok(mut arguments) = parse.parse2(call.tokens.clone()) {
            arguments
                .iter_mut()
                .for_each(|argument| self.visit_expr_mut(argument));
            call.tokens = arguments.to_token_stream();
        }
    }

    fn visit_expr_mut(&mut self, expression: &mut Expr) {
        visit_mut::visit_expr_mut(self, expression);
        if let Expr::Call(call) = expression
            && call.func.to_token_stream().to_string() == "encode_path"
            && let Some(name) = call.args.first().and_then(parameter)
        {
            let value = &call.args;
            *expression = syn::parse_quote!(crate::runtime::path_segment(#name, #value)?);
        }
        if let Expr::Try(tried) = expression
            && let Expr::MethodCall(call) = &*tried.expr
            && call.method == "build"
        {
            *expression = syn::parse_quote!(#call.map_err(Error::of_build)?);
        }
    }

    /// Makes the error of `types::X::try_from(body).map_err(…)` name `X`.
    fn visit_expr_method_call_mut(&mut self, call: &mut ExprMethodCall) {
        visit_mut::visit_expr_method_call_mut(self, call);
        let made = call.receiver.to_token_stream().to_string();
        let made = made.strip_prefix("types :: ").unwrap_or_default();
        if call.method == "map_err"
            && let Some((name, _)) = made.split_once(" :: try_from")
        {
            let failure = in_body(name) + "{e}";
            call.args = Punctuated::new();
            call.args.push(syn::parse_quote!(|e| format!(#failure)));
        }
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
