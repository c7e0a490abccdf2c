//! `compiled-where-used`: generated functions are compiled by the crates that call them, and not all of them in each
//! build of this one.

use super::walk::{Node, Walk};
use syn::visit_mut::VisitMut;
use syn::{Attribute, parse_quote};

/// Marks the functions of a file.
pub fn functions(file: &mut syn::File) {
    let inline: Attribute = parse_quote!(#[inline]);
    let mark = |attributes: &mut Vec<Attribute>| {
        if !attributes
            .iter()
            .any(|known| known.path().is_ident("inline"))
        {
            attributes.push(inline.clone());
        }
    };
    Walk(&mut |node| match node {
        Node::Function(function) => mark(&mut function.attrs),
        Node::Method(method) => mark(&mut method.attrs),
        _ => {}
    })
    .visit_file_mut(file);
}
