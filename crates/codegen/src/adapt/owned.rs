//! `owned-calls`: a call owns the client instead of borrowing it. So a call, a list or a stream can be stored in a
//! struct, moved to a task, and returned from a function that created the client.

use super::walk::{Node, Walk};
use syn::visit_mut::VisitMut;
use syn::{GenericArgument, GenericParam, ItemMod, PathArguments, Type, parse_quote};

/// Makes the builders of calls own the client.
pub fn calls(module: &mut ItemMod) {
    Walk(&mut own).visit_item_mod_mut(module);
}

fn own(node: Node<'_>) {
    match node {
        Node::Type(kind) => {
            if let Type::Reference(reference) = kind
                && reference.lifetime.is_some()
            {
                let client = &reference.elem;
                *kind = parse_quote!(::std::sync::Arc<#client>);
            }
        }
        Node::Generics(generics) => {
            let params = std::mem::take(&mut generics.params).into_iter();
            let kept = params.filter(|param| !matches!(param, GenericParam::Lifetime(_)));
            generics.params = kept.collect();
        }
        Node::Segment(segment) => {
            if let PathArguments::AngleBracketed(arguments) = &mut segment.arguments {
                let given = std::mem::take(&mut arguments.args).into_iter();
                let kept = given.filter(|given| !matches!(given, GenericArgument::Lifetime(_)));
                arguments.args = kept.collect();
                if arguments.args.is_empty() {
                    segment.arguments = PathArguments::None;
                }
            }
        }
        _ => {}
    }
}
