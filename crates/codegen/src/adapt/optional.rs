//! `optional-values`: every builder can set a value that may be missing, without an `if let`.

use super::{contents, inherent};
use syn::{ImplItem, ItemMod, parse_quote};

/// Adds the method `maybe` to builders.
pub fn values(module: &mut ItemMod) {
    for block in contents(module).filter_map(inherent) {
        let mut names = block.items.iter().filter_map(|item| match item {
            ImplItem::Fn(method) => Some(method.sig.ident.to_string()),
            _ => None,
        });
        // The built type also has a block, with only `builder`; and a property may be named `maybe`.
        if names.any(|name| ["builder", "maybe"].contains(&name.as_str())) {
            continue;
        }
        block.items.push(parse_quote! {
            /// Calls `set` with the value if `value` is `Some`, for example
            /// `.maybe(row.phone, |builder, phone| builder.phone(phone))`.
            #[must_use]
            pub fn maybe<T>(
                self,
                value: ::std::option::Option<T>,
                set: impl ::std::ops::FnOnce(Self, T) -> Self,
            ) -> Self {
                match value {
                    ::std::option::Option::Some(value) => set(self, value),
                    ::std::option::Option::None => self,
                }
            }
        });
    }
}
