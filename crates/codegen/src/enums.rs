//! Generates the open enums: one for each `x-open-enum` component, with a variant for unknown values.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::Value;
use std::collections::BTreeMap;

/// Returns the code of `OUT_DIR/enums.rs`: calls of the crate's `open_enum!`.
///
/// # Errors
/// A text with the enum, if two of its values would be the same variant.
pub fn enums_code(public: &Value) -> Result<TokenStream, String> {
    let mut code = TokenStream::new();
    let components = public["components"]["schemas"].as_object();
    let components = components.into_iter().flatten();
    for (name, schema) in components.filter(|(_, schema)| schema["x-open-enum"] == true) {
        let description = schema["description"].as_str().unwrap_or_default();
        let branches = schema["anyOf"].as_array().into_iter().flatten();
        let values = branches.flat_map(|branch| branch["enum"].as_array().into_iter().flatten());
        let mut variants = BTreeMap::new();
        let mut rows = Vec::new();
        for value in values.filter_map(Value::as_str) {
            let variant = heck::ToPascalCase::to_pascal_case(value);
            if variant.is_empty() || variants.insert(variant.clone(), value).is_some() {
                return Err(format!(
                    "open enum `{name}`: no variant of its own for {value:?}"
                ));
            }
            let (variant, doc) = (format_ident!("{variant}"), format!("`{value}`"));
            rows.push(quote! { #[doc = #doc] #variant = #value });
        }
        if rows.is_empty() {
            return Err(format!("open enum `{name}`: no values in `anyOf[].enum`"));
        }
        let name = format_ident!("{name}");
        code.extend(quote! { open_enum! { #[doc = #description] #name { #(#rows),* } } });
    }
    Ok(code)
}
