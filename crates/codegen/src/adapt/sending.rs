//! `shared-sending`: a call builds its request in a method of its own, and is sent by a function of the runtime, which
//! is compiled once for each type of response.
//! `awaitable-calls`: a call can be awaited without `send`, since the compiler's error for a forgotten `send` misleads.

use super::walk::{Node, Walk};
use super::{contents, inherent};
use syn::visit_mut::VisitMut;
use syn::{
    Block, Expr, ImplItem, Item, ItemImpl, ItemMod, Local, Pat, ReturnType, Stmt, UseTree,
    parse_quote,
};

/// Changes the method `send` of the calls in a module, and lets them be awaited.
pub fn shared(module: &mut ItemMod) {
    let blocks = contents(module).filter_map(inherent);
    let futures: Vec<Item> = blocks.filter_map(split).collect();
    if let Some((_, items)) = &mut module.content {
        items.extend(futures);
    }
}

/// Splits `send` into a method that builds the request, which is added, and `IntoFuture`, which is returned.
fn split(block: &mut ItemImpl) -> Option<Item> {
    let send = block.items.iter_mut().find_map(|item| match item {
        ImplItem::Fn(method) if method.sig.ident == "send" => Some(method),
        _ => None,
    })?;
    let ReturnType::Type(_, output) = &send.sig.output else {
        return None;
    };
    let Sent { operation, client } = sent(&send.block)?;
    let call = &block.self_ty;
    let future = parse_quote! {
        /// Sends the call when awaited, as `send` does.
        impl ::std::future::IntoFuture for #call {
            type Output = #output;
            type IntoFuture = crate::transport::BoxFuture<'static, #output>;

            fn into_future(self) -> Self::IntoFuture {
                let #client = self.#client.clone();
                let operation = const { crate::operation::known(#operation) };
                crate::runtime::send(#client, operation, self.request_())
            }
        }
    };
    let built = send.block.stmts.iter().position(is_built)?;
    send.block.stmts.truncate(built + 1);
    // Only the hooks changed it.
    let Some(Stmt::Local(Local {
        pat: Pat::Ident(request),
        ..
    })) = send.block.stmts.last_mut()
    else {
        return None;
    };
    request.mutability = None;
    let request = request.ident.clone();
    let steps = std::mem::replace(&mut send.block, parse_quote!({ self.await })).stmts;
    // Setters have names of parameters, which do not end like this.
    block.items.push(parse_quote! {
        fn request_(self) -> Result<::reqwest::Request, Error> {
            #(#steps)*
            Ok(#request)
        }
    });
    Some(future)
}

/// Returns whether a step is `let request = ….build()…;`.
fn is_built(step: &Stmt) -> bool {
    let Stmt::Local(local) = step else {
        return false;
    };
    let mut found = false;
    Walk(&mut |node| {
        found |= matches!(node, Node::Expr(Expr::MethodCall(call))
            if call.method == "build" && call.args.is_empty());
    })
    .visit_local_mut(&mut local.clone());
    found
}

/// What a call sends, and by whom.
struct Sent {
    /// The id of the operation.
    operation: Expr,
    /// The client, which has another name if a parameter has this one.
    client: Expr,
}

/// Finds both in `client.exec(request, …)` and `OperationInfo { operation_id: … }`.
fn sent(block: &Block) -> Option<Sent> {
    let (mut operation, mut client) = (None, None);
    Walk(&mut |node| match node {
        Node::Expr(Expr::Struct(made)) if made.path.is_ident("OperationInfo") => {
            operation = made.fields.first().map(|id| id.expr.clone());
        }
        Node::Expr(Expr::MethodCall(call)) if call.method == "exec" => {
            client = Some((*call.receiver).clone());
        }
        _ => {}
    })
    .visit_block_mut(&mut block.clone());
    Some(Sent {
        operation: operation?,
        client: client?,
    })
}

/// Removes what only hooks need from the imports of a file.
pub fn unhook(file: &mut syn::File) {
    Walk(&mut |node| {
        if let Node::ImportGroup(group) = node {
            let names = std::mem::take(&mut group.items).into_iter();
            let kept = names.filter(|name| match name {
                UseTree::Name(name) => {
                    !["ClientHooks", "OperationInfo"].contains(&&*name.ident.to_string())
                }
                _ => true,
            });
            group.items = kept.collect();
        }
    })
    .visit_file_mut(file);
}
