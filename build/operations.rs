//! What the crate says of its operations: the static table, the methods of `Chat2Desk`, the lists.

use crate::lower::operations;
use crate::polish::{struct_name, type_argument};
use heck::ToSnakeCase;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::Value;
use syn::{Item, Type};

/// The code of `OUT_DIR/operations.rs`.
///
/// # Errors
/// Names the operation whose extensions or builder are not understood.
pub fn operations_code(lowered: &Value, client: &syn::File) -> Result<TokenStream, String> {
    let mut rows = Vec::new();
    let mut lists = Vec::new();
    for (path, method, operation) in operations(lowered) {
        let id = operation["operationId"].as_str().unwrap_or_default();
        let place = |reason: String| format!("operation `{id}`: {reason}");
        rows.push((id, row(path, method, operation).map_err(place)?));
        if operation.get("x-pagination").is_some() {
            lists.push(list(lowered, operation, client).map_err(place)?);
        }
    }
    rows.sort_by_key(|(id, _)| *id);
    let count = rows.len();
    let rows = rows.into_iter().map(|(_, row)| row);
    let facade = facade(lowered, client)?;
    Ok(quote! {
        /// Sorted by id.
        static OPERATIONS: [Operation; #count] = [#(#rows),*];
        #facade
        #(#lists)*
    })
}

fn row(path: &str, method: &str, operation: &Value) -> Result<TokenStream, String> {
    let id = &operation["operationId"].as_str();
    let tag = operation["tags"][0].as_str().unwrap_or_default();
    let summary = operation["summary"].as_str().unwrap_or_default();
    let deprecated = operation["deprecated"] == true;
    let effects = method != "get" || operation["x-side-effects"] == true;
    let evidence = variant(
        operation,
        "x-evidence",
        &["captured", "typed", "inferred", "none"],
    )?;
    let evidence = evidence.unwrap_or_else(|| format_ident!("Unrated"));
    let pagination = match variant(operation, "x-pagination", &["offset", "start_id", "single"])? {
        Some(style) => quote! { Some(Pagination::#style) },
        None => quote! { None },
    };
    let method = format_ident!("{}", method.to_uppercase());
    Ok(quote! {
        Operation {
            id: #id, method: Method::#method, path: #path, tag: #tag, summary: #summary,
            side_effects: #effects, pagination: #pagination, deprecated: #deprecated,
            evidence: Evidence::#evidence,
        }
    })
}

/// The variant that an extension names, if the operation has it.
fn variant(
    operation: &Value,
    key: &str,
    known: &[&str],
) -> Result<Option<proc_macro2::Ident>, String> {
    match operation.get(key) {
        None => Ok(None),
        Some(Value::String(value)) if known.contains(&value.as_str()) => {
            Ok(Some(format_ident!("{}", struct_name(value))))
        }
        Some(other) => Err(format!("`{key}` is {other}, not one of {known:?}")),
    }
}

/// One `impl Chat2Desk` a tag, with a method an operation.
fn facade(lowered: &Value, client: &syn::File) -> Result<TokenStream, String> {
    let mut tags: Vec<&str> = Vec::new();
    for (_, _, operation) in operations(lowered) {
        let tag = operation["tags"][0].as_str().unwrap_or_default();
        if !tags.contains(&tag) {
            tags.push(tag);
        }
    }
    let mut blocks = TokenStream::new();
    for tag in tags {
        let described = lowered["tags"]
            .as_array()
            .into_iter()
            .flatten()
            .find(|known| known["name"] == tag);
        let described = described
            .and_then(|known| known["description"].as_str())
            .unwrap_or_default();
        let title = format!("## {tag}\n\n{described}");
        let own = operations(lowered).filter(|(_, _, operation)| operation["tags"][0] == tag);
        let methods =
            own.map(|(path, method, operation)| facade_method(path, method, operation, client));
        let methods = methods.collect::<Result<Vec<_>, _>>()?;
        blocks.extend(quote! { #[doc = #title] impl Chat2Desk { #(#methods)* } });
    }
    Ok(blocks)
}

fn facade_method(
    path: &str,
    method: &str,
    operation: &Value,
    client: &syn::File,
) -> Result<TokenStream, String> {
    let id = operation["operationId"].as_str().unwrap_or_default();
    let name = format_ident!("{id}");
    let builder = format_ident!("{}", struct_name(id));
    let mut required = required_arguments(client, &builder)
        .ok_or_else(|| format!("operation `{id}`: progenitor made no builder `{builder}`"))?;
    // progenitor sorts by name; the document's order is the one that reads well, the body last.
    required.sort_by_key(|(name, _)| position(operation, &name.to_string()));
    let (names, types): (Vec<_>, Vec<_>) = required.into_iter().unzip();
    let docs = method_docs(path, method, operation);
    let deprecated = (operation["deprecated"] == true).then(|| quote! { #[deprecated] });
    Ok(quote! {
        #[doc = #docs]
        #deprecated
        pub fn #name(&self, #(#names: #types),*) -> builder::#builder<'_> {
            builder::#builder::new(self.api())#(.#names(#names))*
        }
    })
}

/// Where a parameter stands in the document; the body stands after all of them.
fn position(operation: &Value, name: &str) -> usize {
    let parameters = operation["parameters"].as_array();
    let mut names = parameters
        .into_iter()
        .flatten()
        .filter_map(|parameter| parameter["name"].as_str());
    names
        .position(|known| known.to_snake_case() == name)
        .unwrap_or(usize::MAX)
}

fn method_docs(path: &str, method: &str, operation: &Value) -> String {
    let text = |key: &str| operation[key].as_str().unwrap_or_default();
    let evidence = match text("x-evidence") {
        "captured" => "Real answers were seen.",
        "typed" => "The answer is as published clients read it.",
        "inferred" => "The answer is inferred from its neighbours.",
        "none" => "Nobody has published an answer, so it is free JSON.",
        _ => "New in the collection; not rated yet.",
    };
    let effects = if method == "get" && operation["x-side-effects"] == true {
        " **Changes state although it is a GET.**"
    } else {
        ""
    };
    let description = match text("description") {
        "" => text("summary"),
        description => description,
    };
    let method = method.to_uppercase();
    format!("{description}\n\n`{method} {path}` — {evidence}{effects}")
}

/// What a call cannot do without, in the builder's order: its name and the type of argument.
fn required_arguments(
    client: &syn::File,
    builder: &syn::Ident,
) -> Option<Vec<(syn::Ident, TokenStream)>> {
    let module = client.items.iter().find_map(|item| match item {
        Item::Mod(module) if module.ident == "builder" => module.content.as_ref(),
        _ => None,
    })?;
    let fields = module.1.iter().find_map(|item| match item {
        Item::Struct(item) if item.ident == *builder => Some(&item.fields),
        _ => None,
    })?;
    let arguments = fields.iter().filter_map(|field| {
        let name = field.ident.clone().filter(|name| name != "client")?;
        let Type::Path(result) = &field.ty else {
            return None;
        };
        let value = type_argument(&result.path)?;
        argument_type(value).map(|argument| (name, argument))
    });
    Some(arguments.collect())
}

/// The argument for a required value of this type; none for an optional one.
fn argument_type(value: &Type) -> Option<TokenStream> {
    let Type::Path(path) = value else {
        return Some(quote! { #value });
    };
    let segments: Vec<String> = path
        .path
        .segments
        .iter()
        .map(|segment| segment.ident.to_string())
        .collect();
    let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
    match segments.as_slice() {
        [.., "Option"] => None,
        [.., "String"] => Some(quote! { impl Into<String> }),
        [.., "builder", body] => {
            let body = format_ident!("{body}");
            Some(quote! { impl TryInto<types::#body, Error: ::std::fmt::Display> })
        }
        ["crate", ..] => Some(quote! { impl TryInto<#value> }),
        _ => Some(quote! { #value }),
    }
}

/// The `List` implementation of a list operation.
fn list(lowered: &Value, operation: &Value, client: &syn::File) -> Result<TokenStream, String> {
    let id = operation["operationId"].as_str().unwrap_or_default();
    let builder = format_ident!("{}", struct_name(id));
    let style =
        variant(operation, "x-pagination", &["offset", "start_id", "single"])?.ok_or("no style")?;
    let (item, split) = split_answer(lowered, operation)?;
    let parameters: Vec<&str> = operation["parameters"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|parameter| parameter["name"].as_str())
        .collect();
    let needed: &[&str] = match style.to_string().as_str() {
        "Offset" => &["limit", "offset"],
        "StartId" => &["limit", "start_id", "order"],
        _ => &[],
    };
    if let Some(missing) = needed.iter().find(|name| !parameters.contains(name)) {
        return Err(format!(
            "`x-pagination: {}` needs a parameter `{missing}`",
            style.to_string().to_snake_case()
        ));
    }
    let seek = match style.to_string().as_str() {
        "Offset" => quote! { self.limit(limit).offset(position) },
        // Ids grow with time; only oldest first can a page follow the one before it.
        "StartId" => quote! {
            let call = self.limit(limit).order(crate::wire::Order::Asc);
            if position > 0 { call.start_id(position) } else { call }
        },
        _ => quote! { let _ = (limit, position); self },
    };
    required_arguments(client, &builder).ok_or("no builder")?;
    Ok(quote! {
        impl sealed::Sealed for builder::#builder<'_> {}
        impl List for builder::#builder<'_> {
            type Item = #item;
            const OPERATION: &'static Operation = known(#id);
            const PAGINATION: Pagination = Pagination::#style;
            fn seek(self, limit: i64, position: i64) -> Self { #seek }
            async fn fetch(self) -> Result<Page<#item>, Error> {
                let answer = self.send().await?.into_inner();
                #split
            }
        }
    })
}

/// The item type of a list's answer, and the code that turns `answer` into a page.
fn split_answer(lowered: &Value, operation: &Value) -> Result<(TokenStream, TokenStream), String> {
    let schema = &operation["responses"]["2XX"]["content"]["application/json"]["schema"];
    let schema = resolve(lowered, schema);
    let key = |item: &Value| -> TokenStream {
        match resolve(lowered, item)["properties"]["id"]["type"].as_str() {
            Some("integer") => quote! { |item| Some(Key::Number(item.id)) },
            Some("string") => quote! { |item| Some(Key::Text(item.id.clone())) },
            _ => quote! { |_| None },
        }
    };
    if schema["type"] == "array" {
        let (item, key) = (item_type(&schema["items"])?, key(&schema["items"]));
        return Ok((item, quote! { Ok(Page::new(answer, None, #key)) }));
    }
    let data = &schema["properties"]["data"];
    if data["type"] == "array" {
        let (item, key) = (item_type(&data["items"])?, key(&data["items"]));
        let meta = schema["properties"]
            .get("meta")
            .map_or(quote! { None }, |_| quote! { answer.meta });
        return Ok((item, quote! { Ok(Page::new(answer.data, #meta, #key)) }));
    }
    if schema.as_object().is_none_or(serde_json::Map::is_empty) {
        return Ok((
            quote! { serde_json::Value },
            quote! { Page::of_free_json(answer) },
        ));
    }
    Err("marked as a list, but its answer holds none".into())
}

fn resolve<'a>(lowered: &'a Value, schema: &'a Value) -> &'a Value {
    match schema["$ref"]
        .as_str()
        .and_then(|reference| reference.rsplit('/').next())
    {
        Some(name) => &lowered["components"]["schemas"][name],
        None => schema,
    }
}

fn item_type(schema: &Value) -> Result<TokenStream, String> {
    if let Some(name) = schema["$ref"]
        .as_str()
        .and_then(|reference| reference.rsplit('/').next())
    {
        let name = format_ident!("{name}");
        return Ok(quote! { types::#name });
    }
    match schema.as_object().is_none_or(serde_json::Map::is_empty) {
        true => Ok(quote! { serde_json::Value }),
        false => Err("its items have no named schema".into()),
    }
}
