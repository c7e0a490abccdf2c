//! Walks through generated code. There is one walk for all steps, so that the functions of syn for its hundred kinds
//! of nodes are compiled once.

use syn::visit_mut::{self, VisitMut};
use syn::{
    Block, Expr, Generics, Ident, ImplItemFn, ItemFn, ItemUse, LitStr, Macro, Path, PathSegment,
    Type, UseGroup,
};

/// A part of the code that steps look at.
pub(crate) enum Node<'a> {
    Block(&'a mut Block),
    Expr(&'a mut Expr),
    Function(&'a mut ItemFn),
    Generics(&'a mut Generics),
    Ident(&'a mut Ident),
    Import(&'a mut ItemUse),
    ImportGroup(&'a mut UseGroup),
    Macro(&'a mut Macro),
    Method(&'a mut ImplItemFn),
    Path(&'a mut Path),
    Segment(&'a mut PathSegment),
    Text(&'a mut LitStr),
    Type(&'a mut Type),
}

/// Calls a function with each node, after it was called with the parts of the node. The arguments of macros are no
/// nodes, but tokens.
pub(crate) struct Walk<'f>(pub(crate) &'f mut dyn FnMut(Node<'_>));

macro_rules! parts_first {
    ($($visit:ident: $node:ident($kind:ty),)*) => {
        $(fn $visit(&mut self, node: &mut $kind) {
            visit_mut::$visit(self, node);
            (self.0)(Node::$node(node));
        })*
    };
}

impl VisitMut for Walk<'_> {
    parts_first! {
        visit_block_mut: Block(Block),
        visit_expr_mut: Expr(Expr),
        visit_generics_mut: Generics(Generics),
        visit_ident_mut: Ident(Ident),
        visit_impl_item_fn_mut: Method(ImplItemFn),
        visit_item_fn_mut: Function(ItemFn),
        visit_item_use_mut: Import(ItemUse),
        visit_lit_str_mut: Text(LitStr),
        visit_macro_mut: Macro(Macro),
        visit_path_mut: Path(Path),
        visit_path_segment_mut: Segment(PathSegment),
        visit_type_mut: Type(Type),
        visit_use_group_mut: ImportGroup(UseGroup),
    }
}
