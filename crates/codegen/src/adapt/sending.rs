//! `shared-sending`: a call builds its request in a method of its own, and sends it by a function of the runtime,
//! which is compiled once for each type of response.

use super::{contents, inherent};
use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::visit_mut::{self, VisitMut};
use syn::{Arm, Block, ExprCall, ImplItem, ItemImpl, ItemMod, Local, Pat, Stmt, parse_quote};

/// Changes the method `send` of the calls in a module.
pub fn shared(module: &mut ItemMod) {
    for block in contents(module).filter_map(inherent) {
        if let Some(request) = split(block) {
            block.items.push(request);
        }
    }
}

/// Takes the method that builds the request out of `send`.
fn split(block: &mut ItemImpl) -> Option<ImplItem> {
    let send = block.items.iter_mut().find_map(|item| match item {
        ImplItem::Fn(method) if method.sig.ident == "send" => Some(method),
        _ => None,
    })?;
    let operation = operation(&send.block)?;
    let steps = &mut send.block.stmts;
    let built = steps.iter().position(|step| declares(step, "request"))?;
    let mut sent = steps.split_off(built + 1);
    unhook(&mut sent);
    let mut built = std::mem::take(steps);
    // Only the hooks changed it.
    if let Some(Stmt::Local(Local {
        pat: Pat::Ident(request),
        ..
    })) = built.last_mut()
    {
        request.mutability = None;
    }
    send.block = match is_plain(&sent) {
        true => parse_quote!({
            let client = self.client.clone();
            crate::runtime::send(client, const { #operation }, self.request_()).await
        }),
        false => parse_quote!({
            let client = self.client.clone();
            let request = self.request_().map_err(|error| error.at(const { #operation }))?;
            #(#sent)*
        }),
    };
    // Setters have names of parameters, which do not end like this.
    Some(parse_quote! {
        fn request_(self) -> Result<::reqwest::Request, Error> {
            #(#built)*
            Ok(request)
        }
    })
}

/// Removes the calls of the hooks before and after sending, which do nothing.
fn unhook(steps: &mut Vec<Stmt>) {
    steps.retain(|step| {
        let text = step.to_token_stream().to_string();
        let text = text.trim_start_matches('_');
        !["client . pre (", "client . post ("]
            .iter()
            .any(|hook| text.starts_with(hook))
    });
}

/// Returns whether a success has one type and any other status is an error.
fn is_plain(sent: &[Stmt]) -> bool {
    let Some(Stmt::Expr(syn::Expr::Match(by_status), _)) = sent.last() else {
        return false;
    };
    let arms: [Arm; 2] = [
        parse_quote!(200..=299 => { Response::from_response(response).await }),
        parse_quote!(_ => Err(Error::UnexpectedResponse(response)),),
    ];
    by_status.arms == arms
}

fn declares(step: &Stmt, name: &str) -> bool {
    let Stmt::Local(local) = step else {
        return false;
    };
    matches!(&local.pat, Pat::Ident(declared) if declared.ident == name)
}

/// Returns `crate::operation::known("…")` of the call.
fn operation(block: &Block) -> Option<TokenStream> {
    struct Known(Option<TokenStream>);
    impl VisitMut for Known {
        fn visit_expr_call_mut(&mut self, call: &mut ExprCall) {
            if call.func.to_token_stream().to_string() == "crate :: operation :: known" {
                self.0 = Some(quote!(#call));
            }
            visit_mut::visit_expr_call_mut(self, call);
        }
    }
    let mut known = Known(None);
    known.visit_block_mut(&mut block.clone());
    known.0
}
