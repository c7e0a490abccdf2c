//! `awaitable-calls`: a call can be awaited without `send`, since the compiler's error for a forgotten `send` misleads.
//! `optional-values`: every builder can set a value that may be missing, without an `if let`.

use super::{contents, inherent};
use syn::{ImplItem, Item, ItemImpl, ItemMod, ReturnType, parse_quote};

/// Implements `IntoFuture` for calls.
pub fn awaitable(module: &mut ItemMod) {
    let futures: Vec<Item> = contents(module)
        .filter_map(inherent)
        .filter_map(|block| future(block))
        .collect();
    if let Some((_, items)) = &mut module.content {
        items.extend(futures);
    }
}

fn future(block: &ItemImpl) -> Option<Item> {
    let send = block.items.iter().find_map(|item| match item {
        ImplItem::Fn(method) if method.sig.ident == "send" => Some(method),
        _ => None,
    })?;
    let ReturnType::Type(_, output) = &send.sig.output else {
        return None;
    };
    let call = &block.self_ty;
    Some(parse_quote! {
        /// Sends the call when awaited, as `send` does.
        impl ::std::future::IntoFuture for #call {
            type Output = #output;
            type IntoFuture = crate::transport::BoxFuture<'static, #output>;

            fn into_future(self) -> Self::IntoFuture {
                ::std::boxed::Box::pin(self.send())
            }
        }
    })
}

/// Adds the method `maybe` to builders.
pub fn optional_values(module: &mut ItemMod) {
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
