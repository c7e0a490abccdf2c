//! Names and types in progenitor's code.

use quote::ToTokens;
use syn::{GenericArgument, Item, ItemImpl, PathArguments, Type};

/// Returns progenitor's name for the builder of an operation: `ListClients` for `list_clients`.
pub fn struct_name(operation_id: &str) -> String {
    heck::ToPascalCase::to_pascal_case(operation_id)
}

/// Returns the name of the parameter or property of a setter: `type` for `type_`, `1st` for `_1st`.
pub(crate) fn field_name(setter: &syn::Ident) -> String {
    let name = setter.to_string();
    name.trim_start_matches("r#").trim_matches('_').to_owned()
}

/// Returns the type that an `impl` block without a trait is of.
pub(crate) fn implemented(block: &ItemImpl) -> Option<String> {
    match &*block.self_ty {
        Type::Path(path) if block.trait_.is_none() => path
            .path
            .segments
            .last()
            .map(|segment| segment.ident.to_string()),
        _ => None,
    }
}

/// Returns the items of a module of the generated client.
pub(crate) fn contents_of<'a>(file: &'a syn::File, name: &str) -> &'a [Item] {
    let module = file.items.iter().find_map(|item| match item {
        Item::Mod(module) if module.ident == name => module.content.as_ref(),
        _ => None,
    });
    module.map_or(&[], |(_, items)| items)
}

/// Returns `X` of `Name<X>`.
pub fn type_argument(path: &syn::Path) -> Option<&Type> {
    match &path.segments.last()?.arguments {
        PathArguments::AngleBracketed(arguments) => {
            arguments.args.iter().find_map(|argument| match argument {
                GenericArgument::Type(argument) => Some(argument),
                _ => None,
            })
        }
        _ => None,
    }
}

/// Returns whether two pieces of code are the same.
pub(crate) fn is_same(one: &impl ToTokens, other: &impl ToTokens) -> bool {
    one.to_token_stream().to_string() == other.to_token_stream().to_string()
}
