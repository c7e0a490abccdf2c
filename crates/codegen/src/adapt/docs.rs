//! `document-calls`, `document-setters`: modules, calls, setters and fields are documented from the document.

use super::{contents, document, methods, submodule};
use crate::names::{field_name, implemented, struct_name};
use crate::pages::linked;
use heck::ToSnakeCase;
use serde_json::Value;
use std::collections::HashMap;
use syn::{Attribute, Expr, ExprLit, Item, ItemMod, Lit, Meta};

/// Descriptions by the name of a struct and of its field.
pub(super) type Docs = HashMap<(String, String), String>;

pub(super) fn of_parameters(lowered: &Value) -> Docs {
    let mut docs = Docs::new();
    for (path, method, operation) in crate::document::operations(lowered) {
        let name = struct_name(operation["operationId"].as_str().unwrap_or_default());
        let parameters = operation["parameters"].as_array().into_iter().flatten();
        for parameter in parameters {
            if let (Some(field), Some(text)) = (
                parameter["name"].as_str(),
                parameter["description"].as_str(),
            ) {
                let text = setter(lowered, field, text);
                docs.insert((name.clone(), field.to_snake_case()), text);
            }
        }
        let call = format!("`{} {path}`", method.to_uppercase());
        docs.insert(
            (name.clone(), "body".into()),
            format!("Sets the body of {call}."),
        );
        docs.insert(
            (name.clone(), "body_map".into()),
            "Changes the body through its builder.".into(),
        );
        docs.insert(
            (name, "send".into()),
            format!(
                "Sends {call}.\n\n# Errors\n[`Error`](crate::Error), whose [`kind`](crate::ErrorKind) says why."
            ),
        );
    }
    docs
}

pub(super) fn of_properties(lowered: &Value) -> Docs {
    let schemas = lowered["components"]["schemas"]
        .as_object()
        .into_iter()
        .flatten();
    let properties = schemas.flat_map(|(name, schema)| {
        let properties = schema["properties"].as_object().into_iter().flatten();
        properties.filter_map(move |(field, property)| {
            let text = property["description"].as_str()?;
            let text = setter(lowered, field, text);
            Some(((name.clone(), field.to_snake_case()), text))
        })
    });
    properties.collect()
}

/// Returns the documentation of the setter of a parameter or property with this description.
fn setter(lowered: &Value, name: &str, description: &str) -> String {
    format!("Sets `{name}`. {}", linked(lowered, description))
}

pub(super) fn builders(module: &mut ItemMod, docs: &Docs, title: impl Fn(&str) -> String) {
    for item in contents(module) {
        match item {
            Item::Struct(builder) => {
                document(&mut builder.attrs, &title(&builder.ident.to_string()));
            }
            Item::Impl(block) => {
                let Some(name) = implemented(block) else {
                    continue;
                };
                for item in &mut block.items {
                    let syn::ImplItem::Fn(method) = item else {
                        continue;
                    };
                    let field = field_name(&method.sig.ident);
                    let text = docs.get(&(name.clone(), field.clone()));
                    let text = text.map_or_else(|| format!("Sets `{field}`."), Clone::clone);
                    document(&mut method.attrs, &text);
                }
            }
            _ => {}
        }
    }
}

/// Documents the modules of calls and types.
pub(super) fn modules(file: &mut syn::File) {
    let describe = |items: &mut Vec<Item>, name: &str, text: &str| {
        if let Some(module) = submodule(items, name) {
            document(&mut module.attrs, text);
        }
    };
    let calls = "Calls that were not sent yet, which the methods of [`Chat2Desk`](crate::Chat2Desk) return.";
    describe(&mut file.items, "builder", calls);
    let types = "Records, requests and responses of the API.\n\n\
         `…Request` is the body of an operation. `…Response` is an envelope whose `data` is a record, `…Page` and \
         `…List` are envelopes whose `data` is a list. Each type has a [builder](self::builder), which \
         `Client::builder()` and so on return; operations accept it in place of the finished body. In records only \
         ids are required: any other field may be `None` or empty. `Debug` shows no texts.";
    describe(&mut file.items, "types", types);
    if let Some(module) = submodule(&mut file.items, "types")
        && let Some((_, items)) = &mut module.content
    {
        describe(
            items,
            "builder",
            "Builders of the types in [`types`](crate::types).",
        );
        describe(
            items,
            "error",
            "The error of a value that cannot be converted.",
        );
    }
}

/// Documents `X::builder()` and the variants of untagged enums, which have no description, and properties without
/// one. Makes links of the operations that the other descriptions name.
pub(super) fn types(module: &mut ItemMod, lowered: &Value) {
    for method in methods(module).filter(|method| method.sig.ident == "builder") {
        document(&mut method.attrs, "Returns a builder without any values.");
    }
    for item in contents(module) {
        match item {
            Item::Enum(item) => {
                for variant in &mut item.variants {
                    let text = format!("{}.", variant.ident);
                    document(&mut variant.attrs, &text);
                }
            }
            Item::Struct(item) => {
                link(&mut item.attrs, lowered);
                for field in &mut item.fields {
                    link(&mut field.attrs, lowered);
                    let is_doc = |attribute: &Attribute| attribute.path().is_ident("doc");
                    if let Some(name) = &field.ident
                        && !field.attrs.iter().any(is_doc)
                    {
                        let text = format!("`{}`.", field_name(name));
                        document(&mut field.attrs, &text);
                    }
                }
            }
            _ => {}
        }
    }
}

fn link(attributes: &mut Vec<Attribute>, lowered: &Value) {
    let text = attributes
        .iter()
        .find_map(|attribute| match &attribute.meta {
            Meta::NameValue(doc) if doc.path.is_ident("doc") => match &doc.value {
                Expr::Lit(ExprLit {
                    lit: Lit::Str(text),
                    ..
                }) => Some(text.value()),
                _ => None,
            },
            _ => None,
        });
    if let Some(text) = text.filter(|text| text.contains('`')) {
        document(attributes, &linked(lowered, &text));
    }
}
