//! How each list operation is read: its strategy, its page requests, and what is in its responses.

use crate::adapt::struct_name;
use crate::builders::{builder_field, required_arguments};
use crate::document::{item_type, operations, own_type, resolve, variant};
use heck::ToSnakeCase;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::Value;

/// The code of `OUT_DIR/lists.rs`.
///
/// # Errors
/// Names the operation whose pagination cannot be done with its parameters or responses.
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
