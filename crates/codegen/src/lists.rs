//! Generates the implementations of `List`: how each list is traversed, its page requests, and its records.

use crate::builders::{builder_field, response_type};
use crate::document::{item_type, operations, own_type, resolve, variant};
use crate::names::struct_name;
use heck::ToSnakeCase;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::Value;

/// Returns the code of `OUT_DIR/lists.rs`.
///
/// # Errors
/// A text with the operation whose parameters or response do not fit its pagination.
pub fn lists(lowered: &Value, client: &syn::File) -> Result<TokenStream, String> {
    let paginated = operations(lowered).map(|(_, _, operation)| operation);
    let paginated = paginated.filter(|operation| operation.get("x-pagination").is_some());
    paginated
        .map(|operation| {
            let id = operation["operationId"].as_str().unwrap_or_default();
            list(lowered, operation, client).map_err(|reason| format!("operation `{id}`: {reason}"))
        })
        .collect()
}

/// Returns the implementation of `List` for a list operation.
fn list(lowered: &Value, operation: &Value, client: &syn::File) -> Result<TokenStream, String> {
    let id = operation["operationId"].as_str().unwrap_or_default();
    let builder = format_ident!("{}", struct_name(id));
    let style =
        variant(operation, "x-pagination", &["offset", "start_id", "single"])?.ok_or("no style")?;
    let Response {
        item,
        key,
        page,
        record,
    } = response(lowered, operation)?;
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
    let (traversal, seek) = match style.to_string().as_str() {
        "Offset" => (
            quote! { Ok(Traversal::Offset) },
            quote! { match request.start {
                Start::Offset(offset) => self.limit(request.limit).offset(offset),
                _ => self,
            } },
        ),
        "StartId" => by_id(&parameters),
        _ => (
            quote! { Ok(Traversal::Single) },
            quote! { let _ = request; self },
        ),
    };
    let body = response_type(client, &builder).ok_or("no builder")?;
    let pages = format_ident!("r#{id}");
    // Parameters that the read sets itself are no filters.
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
            fn created(&self, record: &#item) -> Option<DateTime<Utc>> {
                record.created.as_ref()?.to_utc()
            }
        }
    });
    Ok(quote! {
        impl List for builder::#builder {
            type Item = #item;
        }
        impl ListCall for builder::#builder {
            type Record = #item;
            fn operation(&self) -> &'static Operation { const { known(#id) } }
            fn traversal(&self) -> Result<Traversal, Error> { #traversal }
            fn with_page(self, request: PageRequest) -> Self { #seek }
            fn fetch(self) -> BoxFuture<'static, Result<RawPage<#item>, Error>> {
                fetched(self, #pages)
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
        pub(crate) fn #pages(response: Response<#body>) -> Result<RawPage<#item>, Error> {
            let (response, body, drift) = response.into_parts();
            let page = #page;
            Ok(page?.decoded_from(body, drift))
        }
    })
}

/// Returns the code that traverses a list by id. The builder's order, lowest id and dates determine what is read;
/// the server accepts dates only without a lowest id.
fn by_id(parameters: &[&str]) -> (TokenStream, TokenStream) {
    let days = ["start_date", "finish_date"].into_iter();
    let days = days.filter(|name| parameters.contains(name));
    let days: Vec<_> = days.map(|name| format_ident!("{name}")).collect();
    let traversal = quote! {
        let order = self.order.clone().map_err(Error::InvalidRequest)?;
        let start = self.start_id.clone().map_err(Error::InvalidRequest)?;
        let days: &[bool] = &[#(self.#days.clone().map_err(Error::InvalidRequest)?.is_some()),*];
        let dated = days.contains(&true);
        if dated && start.is_some() {
            return Err(Error::invalid_request(
                "dates and `start_id` exclude each other; set only one of them",
            ));
        }
        Ok(Traversal::Ids { start, dated, descending: order == Some(crate::wire::Order::Desc) })
    };
    let seek = quote! {
        let Start::Ids { start, descending, dated } = request.start else { return self };
        let order = if descending { crate::wire::Order::Desc } else { crate::wire::Order::Asc };
        let mut call = self.limit(request.limit).order(order);
        call.start_id = Ok(start);
        if !dated { #(call.#days = Ok(None);)* }
        call
    };
    (traversal, seek)
}

/// The response of a list: the type of its records, the code for the key of a `record`, and the code that converts
/// `response` to a page.
struct Response {
    item: TokenStream,
    key: TokenStream,
    page: TokenStream,
    /// The schema of a record.
    record: Value,
}

/// Returns the type of the records of a list operation.
pub(crate) fn record_type(lowered: &Value, operation: &Value) -> Option<TokenStream> {
    operation.get("x-pagination")?;
    Some(response(lowered, operation).ok()?.item)
}

fn response(lowered: &Value, operation: &Value) -> Result<Response, String> {
    let schema = &operation["responses"]["2XX"]["content"]["application/json"]["schema"];
    let schema = resolve(lowered, schema);
    let (schema, whole) = match schema.get("x-unwraps") {
        Some(list) => (list, quote! { response.into_inner() }),
        None => (schema, quote! { response }),
    };
    let id = operation["operationId"].as_str().unwrap_or_default();
    let builder = format_ident!("{}", struct_name(id));
    let of_record = quote! { <builder::#builder as ListCall>::key };
    let response = |items: &Value, page: TokenStream| {
        let key = match resolve(lowered, items)["properties"]["id"]["type"].as_str() {
            Some("integer") => quote! { Key::Id(record.id) },
            Some("string") => quote! { Key::name(&record.id) },
            _ => quote! { Key::content(record) },
        };
        let item = item_type(lowered, items)?;
        let record = items.clone();
        Ok(Response {
            item,
            key,
            page,
            record,
        })
    };
    if schema["type"] == "array" {
        let page = quote! { Ok::<_, Error>(RawPage::new(#whole, None, true, #of_record)) };
        return response(&schema["items"], page);
    }
    let data = &schema["properties"]["data"];
    if data["type"] == "array" {
        let meta = schema["properties"]
            .get("meta")
            .map_or(quote! { None }, |_| quote! { response.meta });
        let page = quote! { Ok::<_, Error>(RawPage::new(response.data, #meta, false, #of_record)) };
        return response(&data["items"], page);
    }
    if schema.as_object().is_none_or(serde_json::Map::is_empty) {
        return Ok(Response {
            item: quote! { serde_json::Value },
            key: quote! { Key::of_json(record) },
            page: quote! { RawPage::of_free_json(response) },
            record: Value::Null,
        });
    }
    Err("marked as a list, but its response contains none".into())
}
