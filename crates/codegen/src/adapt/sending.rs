//! `shared-sending`: a call builds its request in a method of its own, and sends it by a function of the runtime,
//! which is compiled once for each type of response.

use super::{contents, inherent};
use syn::visit_mut::{self, VisitMut};
use syn::{
    Block, Expr, ExprMethodCall, ExprStruct, ImplItem, ItemImpl, ItemMod, Local, Pat, Stmt,
    UseGroup, UseTree, parse_quote,
};

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
    let Sent { operation, client } = sent(&send.block)?;
    let steps = &mut send.block.stmts;
    let built = steps.iter().position(is_built)?;
    steps.truncate(built + 1);
    // Only the hooks changed it.
    let Some(Stmt::Local(Local {
        pat: Pat::Ident(request),
        ..
    })) = steps.last_mut()
    else {
        return None;
    };
    request.mutability = None;
    let request = request.ident.clone();
    let steps = std::mem::replace(
        &mut send.block,
        parse_quote!({
            let #client = self.#client.clone();
            let operation = const { crate::operation::known(#operation) };
            crate::runtime::send(#client, operation, self.request_()).await
        }),
    )
    .stmts;
    // Setters have names of parameters, which do not end like this.
    Some(parse_quote! {
        fn request_(self) -> Result<::reqwest::Request, Error> {
            #(#steps)*
            Ok(#request)
        }
    })
}

/// Returns whether a step is `let request = ….build()…;`.
fn is_built(step: &Stmt) -> bool {
    struct Build(bool);
    impl VisitMut for Build {
        fn visit_expr_method_call_mut(&mut self, call: &mut ExprMethodCall) {
            self.0 |= call.method == "build" && call.args.is_empty();
            visit_mut::visit_expr_method_call_mut(self, call);
        }
    }
    let mut build = Build(false);
    if let Stmt::Local(local) = step {
        build.visit_local_mut(&mut local.clone());
    }
    build.0
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
    #[derive(Default)]
    struct Found {
        operation: Option<Expr>,
        client: Option<Expr>,
    }
    impl VisitMut for Found {
        fn visit_expr_struct_mut(&mut self, made: &mut ExprStruct) {
            if made.path.is_ident("OperationInfo") {
                self.operation = made.fields.first().map(|id| id.expr.clone());
            }
        }

        fn visit_expr_method_call_mut(&mut self, call: &mut ExprMethodCall) {
            if call.method == "exec" {
                self.client = Some((*call.receiver).clone());
            }
            visit_mut::visit_expr_method_call_mut(self, call);
        }
    }
    let mut found = Found::default();
    found.visit_block_mut(&mut block.clone());
    Some(Sent {
        operation: found.operation?,
        client: found.client?,
    })
}

/// Removes what only hooks need from the imports of a file.
pub fn unhook(file: &mut syn::File) {
    Unhook.visit_file_mut(file);
}

struct Unhook;

impl VisitMut for Unhook {
    fn visit_use_group_mut(&mut self, group: &mut UseGroup) {
        let names = std::mem::take(&mut group.items).into_iter();
        let kept = names.filter(|name| match name {
            UseTree::Name(name) => {
                !["ClientHooks", "OperationInfo"].contains(&&*name.ident.to_string())
            }
            _ => true,
        });
        group.items = kept.collect();
    }
}
