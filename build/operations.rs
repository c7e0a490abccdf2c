//! What the crate says of its operations: the static table, the methods of `Chat2Desk`, the lists.

use crate::lower::{operations, own_type};
use crate::polish::{field_name, struct_name, type_argument};
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
    let tag = group(operation);
    let summary = operation["summary"].as_str().unwrap_or_default();
    let deprecated = operation["deprecated"] == true;
    let effects = !["get", "head"].contains(&method) || operation["x-side-effects"] == true;
    let evidence = variant(
        operation,
        "x-evidence",
        &["captured", "documented", "typed", "inferred", "none"],
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

/// The group of an operation; empty if it has none.
fn group(operation: &Value) -> &str {
    operation["tags"][0].as_str().unwrap_or_default()
}

/// One `impl Chat2Desk` a tag, with a method an operation.
fn facade(lowered: &Value, client: &syn::File) -> Result<TokenStream, String> {
    let mut tags: Vec<&str> = Vec::new();
    for (_, _, operation) in operations(lowered) {
        let tag = group(operation);
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
        let title = match tag {
            "" => "Of no group.".to_owned(),
            _ => format!("## {tag}\n\n{described}"),
        };
        let own = operations(lowered).filter(|(_, _, own)| group(own) == tag);
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
    let name: syn::Ident = syn::parse_str(id)
        .map_err(|_| format!("operation `{id}`: no method can have its id for a name"))?;
    let builder = format_ident!("{}", struct_name(id));
    let mut required = required_arguments(client, &builder)
        .ok_or_else(|| format!("operation `{id}`: progenitor made no builder `{builder}`"))?;
    // progenitor sorts by name; the document's order is the one that reads well, the body last.
    required.sort_by_key(|(name, _)| position(operation, &field_name(name)));
    let (names, types): (Vec<_>, Vec<_>) = required.into_iter().unzip();
    let docs = method_docs(path, method, operation);
    let deprecated = (operation["deprecated"] == true).then(|| quote! { #[deprecated] });
    Ok(quote! {
        #[doc = #docs]
        #deprecated
        pub fn #name(&self, #(#names: #types),*) -> builder::#builder {
            builder::#builder::new(self.shared_api())#(.#names(#names))*
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
        "captured" => "Real responses were seen.",
        "documented" => "The response is as the vendor documents it.",
        "typed" => "The response is as published clients read it.",
        "inferred" => "The response is inferred from its neighbours.",
        "none" => "Nobody has published a response, so it is free JSON.",
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
    let fields = builder_fields(client, builder)?;
    let arguments = fields.iter().filter_map(|field| {
        let name = field.ident.clone()?;
        let Type::Path(result) = &field.ty else {
            return None;
        };
        // The other field is the client.
        if result.path.segments.last()?.ident == "Arc" {
            return None;
        }
        let value = type_argument(&result.path)?;
        argument_type(value).map(|argument| (name, argument))
    });
    Some(arguments.collect())
}

/// The fields of a call's builder.
fn builder_fields<'a>(client: &'a syn::File, builder: &syn::Ident) -> Option<&'a syn::Fields> {
    let module = client.items.iter().find_map(|item| match item {
        Item::Mod(module) if module.ident == "builder" => module.content.as_ref(),
        _ => None,
    })?;
    module.1.iter().find_map(|item| match item {
        Item::Struct(item) if item.ident == *builder => Some(&item.fields),
        _ => None,
    })
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
    let Answer {
        item,
        key,
        page,
        record,
    } = answer(lowered, operation)?;
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
    let (plan, seek) = match style.to_string().as_str() {
        "Offset" => (
            quote! { Ok(Plan::Offset) },
            quote! { match ask.at {
                At::Offset(offset) => self.limit(ask.limit).offset(offset),
                At::Ids { .. } => self,
            } },
        ),
        "StartId" => by_id(&parameters),
        _ => (quote! { Ok(Plan::Single) }, quote! { let _ = ask; self }),
    };
    required_arguments(client, &builder).ok_or("no builder")?;
    // What the reading sets itself is none.
    let set = ["limit", "offset", "start_id"];
    let filters: Vec<&str> = parameters
        .iter()
        .copied()
        .filter(|name| !set.contains(name))
        .collect();
    let filter_fields: Vec<syn::Ident> = filters
        .iter()
        .map(|name| builder_field(client, &builder, name))
        .collect::<Option<_>>()
        .ok_or("its builder lacks a parameter")?;
    let is_time = |record: &Value| {
        let created = &resolve(lowered, record)["properties"]["created"];
        let of = &created["allOf"][0];
        own_type(resolve(lowered, created)).or(own_type(resolve(lowered, of)))
            == Some("crate::wire::Timestamp")
    };
    let created = (style == "StartId" && is_time(&record)).then(|| {
        quote! {
            fn created(record: &#item) -> Option<DateTime<Utc>> {
                record.created.as_ref()?.to_utc()
            }
        }
    });
    Ok(quote! {
        impl sealed::Sealed for builder::#builder {}
        impl List for builder::#builder {
            type Item = #item;
            const OPERATION: &'static Operation = known(#id);
            fn plan(&self) -> Result<Plan, Error> { #plan }
            fn seek(self, ask: Ask) -> Self { #seek }
            async fn fetch(self) -> Result<RawPage<#item>, Error> {
                let (answer, body, drift) = self.send().await?.into_parts();
                let page = #page;
                Ok(page?.decoded_from(body, drift))
            }
            fn decode(record: &[u8]) -> Result<Decoded<#item>, DecodeError> {
                decode(record)
            }
            fn on_drift(&self) -> Option<OnDrift> {
                self.client.inner().on_drift().cloned()
            }
            fn key(record: &#item) -> Key { #key }
            fn filters(&self) -> Result<Filters, Error> {
                Ok(Filters::default()
                    #(.add(#filters, self.#filter_fields.as_ref().map_err(|e| Error::InvalidRequest(e.clone()))?))*)
            }
            #created
        }
    })
}

/// How a list that goes on by the lowest id is planned and sought. The builder's own order, lowest id and
/// dates say what is wanted; the server takes dates only without a lowest id.
fn by_id(parameters: &[&str]) -> (TokenStream, TokenStream) {
    let days = ["start_date", "finish_date"].into_iter();
    let days = days.filter(|name| parameters.contains(name));
    let days: Vec<_> = days.map(|name| format_ident!("{name}")).collect();
    let plan = quote! {
        let order = self.order.clone().map_err(Error::InvalidRequest)?;
        let start = self.start_id.clone().map_err(Error::InvalidRequest)?;
        let days: &[bool] = &[#(self.#days.clone().map_err(Error::InvalidRequest)?.is_some()),*];
        let dated = days.contains(&true);
        if dated && start.is_some() {
            return Err(Error::invalid_request("dates and `start_id` exclude each other"));
        }
        Ok(Plan::Ids { start, dated, descending: order == Some(crate::wire::Order::Desc) })
    };
    let seek = quote! {
        let At::Ids { start, descending, dated } = ask.at else { return self };
        let order = if descending { crate::wire::Order::Desc } else { crate::wire::Order::Asc };
        let mut call = self.limit(ask.limit).order(order);
        call.start_id = Ok(start);
        if !dated { #(call.#days = Ok(None);)* }
        call
    };
    (plan, seek)
}

/// What a list answers: the type of its records, what tells one (`record`) from the others, and the code
/// that turns `answer` into a page.
struct Answer {
    item: TokenStream,
    key: TokenStream,
    page: TokenStream,
    /// The schema of a record.
    record: Value,
}

fn answer(lowered: &Value, operation: &Value) -> Result<Answer, String> {
    let schema = &operation["responses"]["2XX"]["content"]["application/json"]["schema"];
    let schema = resolve(lowered, schema);
    let (schema, whole) = match schema.get("x-unwraps") {
        Some(list) => (list, quote! { answer.into_inner() }),
        None => (schema, quote! { answer }),
    };
    let answer = |items: &Value, page: TokenStream| {
        let key = match resolve(lowered, items)["properties"]["id"]["type"].as_str() {
            Some("integer") => quote! { Key::Id(record.id) },
            Some("string") => quote! { Key::name(&record.id) },
            _ => quote! { Key::content(record) },
        };
        let item = item_type(lowered, items)?;
        let record = items.clone();
        Ok(Answer {
            item,
            key,
            page,
            record,
        })
    };
    if schema["type"] == "array" {
        let page = quote! { Ok::<_, Error>(RawPage::new(#whole, None, true, Self::key)) };
        return answer(&schema["items"], page);
    }
    let data = &schema["properties"]["data"];
    if data["type"] == "array" {
        let meta = schema["properties"]
            .get("meta")
            .map_or(quote! { None }, |_| quote! { answer.meta });
        let page = quote! { Ok::<_, Error>(RawPage::new(answer.data, #meta, false, Self::key)) };
        return answer(&data["items"], page);
    }
    if schema.as_object().is_none_or(serde_json::Map::is_empty) {
        return Ok(Answer {
            item: quote! { serde_json::Value },
            key: quote! { Key::of_json(record) },
            page: quote! { RawPage::of_free_json(answer) },
            record: Value::Null,
        });
    }
    Err("marked as a list, but its answer holds none".into())
}

/// The field of a builder that a parameter is in.
fn builder_field(client: &syn::File, builder: &syn::Ident, parameter: &str) -> Option<syn::Ident> {
    let fields = builder_fields(client, builder)?;
    let mut names = fields.iter().filter_map(|field| field.ident.clone());
    names.find(|name| field_name(name) == parameter.to_snake_case())
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

fn item_type(lowered: &Value, schema: &Value) -> Result<TokenStream, String> {
    if let Some(own) = own_type(resolve(lowered, schema)) {
        return own.parse().map_err(|error| format!("`{own}`: {error}"));
    }
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
