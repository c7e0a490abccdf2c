//! `owned-calls`: a call owns the client instead of borrowing it. So a call, a list or a stream can be stored in a
//! struct, moved to a task, and returned from a function that created the client.

use syn::visit_mut::{self, VisitMut};
use syn::{GenericArgument, GenericParam, ItemMod, PathArguments, Type, parse_quote};

/// Makes the builders of calls own the client.
pub fn calls(module: &mut ItemMod) {
    Owned.visit_item_mod_mut(module);
}

struct Owned;

impl VisitMut for Owned {
    fn visit_type_mut(&mut self, kind: &mut Type) {
        if let Type::Reference(reference) = kind
            && reference.lifetime.is_some()
        {
            let client = &reference.elem;
            *kind = parse_quote!(::std::sync::Arc<#client>);
        }
        visit_mut::visit_type_mut(self, kind);
    }

    fn visit_generics_mut(&mut self, generics: &mut syn::Generics) {
        let params = std::mem::take(&mut generics.params).into_iter();
        let kept = params.filter(|param| !matches!(param, GenericParam::Lifetime(_)));
        generics.params = kept.collect();
        visit_mut::visit_generics_mut(self, generics);
    }

    fn visit_path_segment_mut(&mut self, segment: &mut syn::PathSegment) {
        if let PathArguments::AngleBracketed(arguments) = &mut segment.arguments {
            let given = std::mem::take(&mut arguments.args).into_iter();
            let kept = given.filter(|given| !matches!(given, GenericArgument::Lifetime(_)));
            arguments.args = kept.collect();
            if arguments.args.is_empty() {
                segment.arguments = PathArguments::None;
            }
        }
        visit_mut::visit_path_segment_mut(self, segment);
    }
}
