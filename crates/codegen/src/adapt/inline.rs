//! `compiled-where-used`: generated functions are compiled by the crates that call them, and not all of them in each
//! build of this one.

use syn::visit_mut::{self, VisitMut};
use syn::{Attribute, ImplItemFn, ItemFn, parse_quote};

/// Marks the functions of a file.
pub fn functions(file: &mut syn::File) {
    Inline.visit_file_mut(file);
}

struct Inline;

impl VisitMut for Inline {
    fn visit_impl_item_fn_mut(&mut self, method: &mut ImplItemFn) {
        mark(&mut method.attrs);
        visit_mut::visit_impl_item_fn_mut(self, method);
    }

    fn visit_item_fn_mut(&mut self, function: &mut ItemFn) {
        mark(&mut function.attrs);
        visit_mut::visit_item_fn_mut(self, function);
    }
}

fn mark(attributes: &mut Vec<Attribute>) {
    if !attributes
        .iter()
        .any(|attribute| attribute.path().is_ident("inline"))
    {
        attributes.push(parse_quote!(#[inline]));
    }
}
