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

impl VisitMut for Walk<'_> {
    fn visit_block_mut(&mut self, node: &mut Block) {
        visit_mut::visit_block_mut(self, node);
        (self.0)(Node::Block(node));
    }

    fn visit_expr_mut(&mut self, node: &mut Expr) {
        visit_mut::visit_expr_mut(self, node);
        (self.0)(Node::Expr(node));
    }

    fn visit_item_fn_mut(&mut self, node: &mut ItemFn) {
        visit_mut::visit_item_fn_mut(self, node);
        (self.0)(Node::Function(node));
    }

    fn visit_generics_mut(&mut self, node: &mut Generics) {
        visit_mut::visit_generics_mut(self, node);
        (self.0)(Node::Generics(node));
    }

    fn visit_ident_mut(&mut self, node: &mut Ident) {
        (self.0)(Node::Ident(node));
    }

    fn visit_item_use_mut(&mut self, node: &mut ItemUse) {
        visit_mut::visit_item_use_mut(self, node);
        (self.0)(Node::Import(node));
    }

    fn visit_use_group_mut(&mut self, node: &mut UseGroup) {
        visit_mut::visit_use_group_mut(self, node);
        (self.0)(Node::ImportGroup(node));
    }

    fn visit_macro_mut(&mut self, node: &mut Macro) {
        visit_mut::visit_macro_mut(self, node);
        (self.0)(Node::Macro(node));
    }

    fn visit_impl_item_fn_mut(&mut self, node: &mut ImplItemFn) {
        visit_mut::visit_impl_item_fn_mut(self, node);
        (self.0)(Node::Method(node));
    }

    fn visit_path_mut(&mut self, node: &mut Path) {
        visit_mut::visit_path_mut(self, node);
        (self.0)(Node::Path(node));
    }

    fn visit_path_segment_mut(&mut self, node: &mut PathSegment) {
        visit_mut::visit_path_segment_mut(self, node);
        (self.0)(Node::Segment(node));
    }

    fn visit_lit_str_mut(&mut self, node: &mut LitStr) {
        (self.0)(Node::Text(node));
    }

    fn visit_type_mut(&mut self, node: &mut Type) {
        visit_mut::visit_type_mut(self, node);
        (self.0)(Node::Type(node));
    }
}
