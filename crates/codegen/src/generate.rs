//! Runs progenitor over the lowered document, with the crate's own types in their places.

use crate::document::{METHODS, operations, own_type};
use openapiv3::OpenAPI;
use proc_macro2::TokenStream;
use progenitor::{
    GenerationSettings, Generator, HooksMode, InterfaceStyle, TagStyle, TypeImpl, TypePatch,
};
use serde_json::Value;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// A function of progenitor that generates code for a document: a client, or mocks.
type Write = fn(&mut Generator, &OpenAPI) -> Result<TokenStream, progenitor::Error>;

/// Returns the client as progenitor generates it.
///
/// # Errors
/// Those of [`generated`].
pub fn client(lowered: &Value) -> Result<syn::File, String> {
    generated(lowered, Generator::generate_tokens)
}

/// Returns the code that `write` generates, with a new generator, since a used one keeps its types.
///
/// # Errors
/// A text with every operation that progenitor rejects; progenitor itself panics without naming one.
pub fn generated(lowered: &Value, write: Write) -> Result<syn::File, String> {
    let whole = attempt(lowered, write);
    whole.map_err(|reason| {
        let alone = operations(lowered).filter_map(|(path, method, operation)| {
            let only = with_only(lowered, path, method);
            let reason = attempt(&only, write).err()?;
            Some(format!("\n  {}: {reason}", operation["operationId"]))
        });
        let culprits: String = alone.collect();
        if culprits.is_empty() {
            format!("progenitor refuses the lowered document: {reason}")
        } else {
            format!("progenitor refuses these operations of the lowered document:{culprits}")
        }
    })
}

fn attempt(lowered: &Value, write: Write) -> Result<syn::File, String> {
    let spec: OpenAPI =
        serde_json::from_value(lowered.clone()).map_err(|error| error.to_string())?;
    let settings = settings(lowered);
    let tokens = catch_unwind(AssertUnwindSafe(|| {
        write(&mut Generator::new(&settings), &spec)
    }));
    let tokens = tokens.map_err(|panic| {
        let text = panic.downcast_ref::<String>().map(String::as_str);
        let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
        format!("panic: {}", text.unwrap_or("without a message"))
    })?;
    let tokens = tokens.map_err(|error| error.to_string())?;
    syn::parse2(tokens).map_err(|error| format!("generated code does not parse: {error}"))
}

fn settings(lowered: &Value) -> GenerationSettings {
    let mut settings = GenerationSettings::new();
    settings
        .with_interface(InterfaceStyle::Builder)
        .with_tag(TagStyle::Merged)
        .with_hooks(HooksMode::Expected)
        .with_inner_type(quote::quote! { crate::transport::Pipeline })
        .with_derive("PartialEq");
    let own = components(lowered).filter_map(|(name, schema)| Some((name, own_type(schema)?)));
    for (name, path) in own {
        settings.with_replacement(
            name,
            path,
            [TypeImpl::Display, TypeImpl::FromStr].into_iter(),
        );
    }
    let mut patch = TypePatch::default();
    patch.with_attr("#[non_exhaustive]");
    for name in components(lowered).filter(|(_, schema)| schema["properties"].is_object()) {
        settings.with_patch(name.0, &patch);
    }
    settings
}

fn components(document: &Value) -> impl Iterator<Item = (&str, &Value)> {
    let schemas = document["components"]["schemas"]
        .as_object()
        .into_iter()
        .flatten();
    schemas.map(|(name, schema)| (name.as_str(), schema))
}

/// Returns the document with a single operation.
fn with_only(document: &Value, path: &str, method: &str) -> Value {
    let mut only = document.clone();
    if let Some(paths) = only["paths"].as_object_mut() {
        paths.retain(|candidate, _| candidate == path);
        for item in paths.values_mut().filter_map(Value::as_object_mut) {
            item.retain(|key, _| key == method || !METHODS.contains(&key.as_str()));
        }
    }
    only
}
