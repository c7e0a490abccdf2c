//! Adapts the responses of mocks.

use super::{methods, value_type};
use crate::adapt::document;
use crate::document::own_type;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::Value;
use syn::{ImplItem, ItemImpl};

/// # Errors
/// If progenitor generated no response with a value.
pub(super) fn adapt(
    block: &mut ItemImpl,
    lowered: &Value,
    operation: &Value,
) -> Result<(), String> {
    let body = methods(block).find_map(|method| value_type(method));
    let body = body.ok_or("progenitor generated no response")?;
    block.items.retain(|item| match item {
        ImplItem::Fn(method) => ["new", "into_inner"]
            .iter()
            .any(|kept| method.sig.ident == kept),
        _ => true,
    });
    for method in methods(block) {
        let text = if method.sig.ident == "new" {
            "Wraps a response of `httpmock`."
        } else {
            "Returns the response of `httpmock`, for other statuses, delays and bodies."
        };
        document(&mut method.attrs, text);
    }
    block.items.push(syn::parse_quote! {
        /// Responds with status 200 and `value` as the whole body.
        ///
        /// # Panics
        /// If `value` is a builder without a required value.
        pub fn ok(self, value: impl TryInto<#body, Error: ::std::fmt::Display>) -> Self {
            Self(crate::responses::ok(self.0, &crate::responses::given::<#body>(value)))
        }
    });
    let schema = &operation["responses"]["2XX"]["content"]["application/json"]["schema"];
    block.items.extend(part(lowered, resolved(lowered, schema)));
    block.items.push(syn::parse_quote! {
        /// Responds with an error as the server writes it: `{"status": "error", "message": …}`.
        pub fn error(self, status: u16, message: &str) -> Self {
            Self(crate::responses::error(self.0, status, message))
        }
    });
    block.items.push(syn::parse_quote! {
        /// Responds with errors of single fields as the server writes them:
        /// `{"status": "error", "errors": {field: [message]}}`.
        pub fn field_errors<'a>(
            self,
            status: u16,
            errors: impl IntoIterator<Item = (&'a str, &'a str)>,
        ) -> Self {
            Self(crate::responses::field_errors(self.0, status, errors))
        }
    });
    Ok(())
}

/// Returns the method for a part of the body: the records, the content of the envelope, or only a success.
fn part(lowered: &Value, schema: &Value) -> Option<ImplItem> {
    let data = schema["properties"].get("data").unwrap_or(schema);
    if data["type"] == "array" {
        return records(lowered, schema, &data["items"]);
    }
    let properties = schema["properties"].as_object()?;
    if properties.keys().eq(["status"]) {
        return Some(syn::parse_quote! {
            /// Responds with status 200 and `success`, without data.
            pub fn success(self) -> Self {
                Self(crate::responses::success(self.0))
            }
        });
    }
    let data = named(lowered, properties.get("data")?)?;
    Some(syn::parse_quote! {
        /// Responds with status 200 and `value` as the data of a successful envelope.
        ///
        /// # Panics
        /// If `value` is a builder without a required value.
        pub fn data(self, value: impl TryInto<#data, Error: ::std::fmt::Display>) -> Self {
            Self(crate::responses::data(self.0, &crate::responses::given::<#data>(value)))
        }
    })
}

fn records(lowered: &Value, schema: &Value, record: &Value) -> Option<ImplItem> {
    let record = named(lowered, record)?;
    let has = |property: &str| schema["properties"].get(property).is_some();
    let (text, response) = match (has("data"), has("meta")) {
        (true, true) => ("the only page of the list", quote! { page }),
        (true, false) => ("the list", quote! { data }),
        (false, _) => ("the list, which has no envelope", quote! { ok }),
    };
    let text = format!("Responds with status 200 and `records` as {text}.");
    Some(syn::parse_quote! {
        #[doc = #text]
        ///
        /// # Panics
        /// If one is a builder without a required value.
        pub fn data<T>(self, records: impl IntoIterator<Item = T>) -> Self
        where
            T: TryInto<#record, Error: ::std::fmt::Display>,
        {
            let records = records.into_iter().map(crate::responses::given::<#record>);
            Self(crate::responses::#response(self.0, &records.collect::<Vec<_>>()))
        }
    })
}

/// Returns the type that a schema names, directly or with a description; the bare type if it may be wrapped.
fn named(lowered: &Value, schema: &Value) -> Option<TokenStream> {
    let schema = match schema["allOf"].as_array().map(Vec::as_slice) {
        Some([only]) => only,
        _ => schema,
    };
    let name = schema["$ref"].as_str()?.rsplit('/').next()?;
    let component = &lowered["components"]["schemas"][name];
    if let Some(bare) = component.get("x-unwraps") {
        return named(lowered, bare);
    }
    if let Some(own) = own_type(component) {
        return own.parse().ok();
    }
    let name = format_ident!("{name}");
    Some(quote! { types::#name })
}

fn resolved<'a>(lowered: &'a Value, schema: &'a Value) -> &'a Value {
    let name = schema["$ref"].as_str();
    match name.and_then(|reference| reference.rsplit('/').next()) {
        Some(name) => {
            let component = &lowered["components"]["schemas"][name];
            component.get("x-unwraps").unwrap_or(component)
        }
        None => schema,
    }
}
