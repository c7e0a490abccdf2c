//! The documentation of an operation, for its method of `Chat2Desk` and for its builder.

use crate::builders::body_type;
use crate::document::operations;
use crate::examples::example;
use crate::lists::record_type;
use crate::names::{contents_of, field_name, implemented, struct_name, type_argument};
use heck::ToSnakeCase;
use quote::ToTokens;
use serde_json::Value;
use std::collections::HashMap;
use syn::{ImplItem, Item, Type};

/// The types of the crate that convert into a body, besides its builder.
const CONVERSIONS: [(&str, &str); 3] = [
    (
        "CloseRequestRequest",
        "a [`Closing`](crate::dialogs::Closing)",
    ),
    (
        "ReceiveMessageRequest",
        "an [`Incoming`](crate::messages::Incoming)",
    ),
    ("SendMessageRequest", "a [`Draft`](crate::messages::Draft)"),
];

/// Returns the documentation of each builder, by its name.
pub(crate) fn builders(lowered: &Value, client: &syn::File) -> HashMap<String, String> {
    let each = operations(lowered).map(|(path, verb, operation)| {
        let id = operation["operationId"].as_str().unwrap_or_default();
        let next = if operation.get("x-pagination").is_some() {
            "`send().await` requests one page. [`items`](crate::List::items) and \
             [`collect_all`](crate::List::collect_all) read the list to its end.\n\n"
        } else {
            ""
        };
        let page = page(lowered, client, (path, verb, operation));
        let text = format!(
            "A call of [`Chat2Desk::{id}`](crate::Chat2Desk::{id}), not yet sent.\n\n{next}{page}"
        );
        (struct_name(id), text)
    });
    each.collect()
}

/// Returns the documentation of an operation's method.
pub(crate) fn method(
    lowered: &Value,
    client: &syn::File,
    operation: (&str, &str, &Value),
) -> String {
    let id = operation.2["operationId"].as_str().unwrap_or_default();
    let mut text = page(lowered, client, operation);
    if let Some(code) = example(id) {
        text += &format!(
            "\n\n```no_run\n# use chat2desk::{{Chat2Desk, Error, List}};\n\
             # async fn run(chat: &Chat2Desk) -> Result<(), Error> {{\n{code}# Ok(()) }}\n```"
        );
    }
    text
}

/// Returns what the operation does, its evidence, its arguments and its response.
fn page(
    lowered: &Value,
    client: &syn::File,
    (path, verb, operation): (&str, &str, &Value),
) -> String {
    let text = |key: &str| operation[key].as_str().unwrap_or_default();
    let evidence = match text("x-evidence") {
        "captured" => "real responses were seen.",
        "documented" => "the response is known from the vendor's documentation.",
        "typed" => "the response is known from published client programs.",
        "inferred" => "the response is inferred from similar operations.",
        "none" => "no response was ever published, so it is free JSON.",
        _ => "the operation is new, and its evidence was not rated yet.",
    };
    let effects = if verb == "get" && operation["x-side-effects"] == true {
        " **It changes state although it is a GET.**"
    } else {
        ""
    };
    let description = match text("description") {
        "" => text("summary"),
        description => description,
    };
    let Call {
        required,
        optional,
        response,
    } = call(lowered, client, operation);
    let verb = verb.to_uppercase();
    let mut page = linked(lowered, description);
    page +=
        &format!("\n\n`{verb} {path}`. [Evidence](crate::Evidence): {evidence}{effects}{response}");
    if let Some(record) = record_type(lowered, operation) {
        let record = syn::parse2(record).map_or_else(|_| String::new(), |kind| type_text(&kind));
        page += &format!(" It is a [`List`](crate::List) of {record}.");
    }
    for (title, lines) in [("Arguments", required), ("Optional parameters", optional)] {
        if !lines.is_empty() {
            page += &format!("\n\n**{title}**\n\n{}", lines.join("\n"));
        }
    }
    page
}

/// The arguments of a call, a line each, and a sentence on its response.
#[derive(Default)]
struct Call {
    required: Vec<String>,
    optional: Vec<String>,
    response: String,
}

fn call(lowered: &Value, client: &syn::File, operation: &Value) -> Call {
    let mut call = Call::default();
    let builder = struct_name(operation["operationId"].as_str().unwrap_or_default());
    let parameters: Vec<&Value> = operation["parameters"]
        .as_array()
        .into_iter()
        .flatten()
        .collect();
    for item in contents_of(client, "builder") {
        match item {
            Item::Struct(item) if item.ident == builder => {
                let mut fields: Vec<_> = item.fields.iter().collect();
                let of = |field: &syn::Field| {
                    let name = field_name(field.ident.as_ref()?);
                    let is_it = |known: &&&Value| {
                        known["name"].as_str().unwrap_or_default().to_snake_case() == name
                    };
                    parameters.iter().position(|known| is_it(&known))
                };
                // In the document's order, the body last.
                fields.sort_by_key(|field| of(field).unwrap_or(usize::MAX));
                for field in fields {
                    let place = of(field);
                    call.add(
                        lowered,
                        &builder,
                        field,
                        place.map(|place| parameters[place]),
                    );
                }
            }
            Item::Impl(block) if implemented(block).as_ref() == Some(&builder) => {
                call.response = block.items.iter().find_map(response).unwrap_or_default();
            }
            _ => {}
        }
    }
    call
}

impl Call {
    fn add(
        &mut self,
        lowered: &Value,
        builder: &str,
        field: &syn::Field,
        parameter: Option<&Value>,
    ) {
        let Some(identifier) = &field.ident else {
            return;
        };
        let Type::Path(result) = &field.ty else {
            return;
        };
        let name = field_name(identifier);
        let description = parameter.and_then(|parameter| parameter["description"].as_str());
        let description = description.map(first_sentence).unwrap_or_default();
        let description = linked(lowered, description);
        match type_argument(&result.path) {
            _ if identifier == "client" => {}
            Some(Type::Path(path)) if is_option(&path.path) => {
                let value = type_argument(&path.path).map(type_text).unwrap_or_default();
                self.optional.push(format!(
                    "* [`{name}`](crate::builder::{builder}::{identifier}): {value}. {description}"
                ));
            }
            Some(Type::Path(path)) if of_builder(&path.path).is_some() => {
                let body = of_builder(&path.path).unwrap_or_default();
                let other = CONVERSIONS.iter().find(|(known, _)| *known == body);
                let other = other.map(|(_, other)| format!(", or {other}"));
                self.required.push(format!(
                    "* `{name}`: [`{body}`](crate::types::{body}) or its \
                     [builder](crate::types::{body}::builder){}.",
                    other.unwrap_or_default()
                ));
            }
            Some(value) => {
                let value = type_text(value);
                self.required
                    .push(format!("* `{name}`: {value}. {description}"));
            }
            None => {}
        }
    }
}

/// Returns a sentence on the response, if the item is the method `send`.
fn response(item: &ImplItem) -> Option<String> {
    let body = type_text(body_type(item)?);
    Some(format!(
        " `send` returns a [`Response`](crate::Response) of {body}."
    ))
}

fn is_option(path: &syn::Path) -> bool {
    path.segments
        .last()
        .is_some_and(|last| last.ident == "Option")
}

/// Returns `X` of `types::builder::X`.
fn of_builder(path: &syn::Path) -> Option<String> {
    let mut names = path.segments.iter().rev().map(|segment| &segment.ident);
    let name = names.next()?;
    names
        .next()
        .is_some_and(|module| module == "builder")
        .then(|| name.to_string())
}

/// Returns a type as text, with a link if it is one of the crate.
fn type_text(kind: &Type) -> String {
    let Type::Path(path) = kind else {
        return format!("`{}`", kind.to_token_stream());
    };
    let names = path.path.segments.iter();
    let names: Vec<String> = names.map(|segment| segment.ident.to_string()).collect();
    let inner = type_argument(&path.path).map(type_text);
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    match (names.as_slice(), inner) {
        ([.., "Vec"], Some(inner)) => format!("a list of {inner}"),
        (["serde_json" | "", .., "Value"], _) | ([.., "serde_json", "Value"], _) => {
            "free JSON (`serde_json::Value`)".to_owned()
        }
        ([.., "serde_json", "Map"], _) => "free JSON (`serde_json::Map`)".to_owned(),
        (["crate", "wire", name], None) => format!("[`{name}`](crate::wire::{name})"),
        (["crate", "wire", name], Some(inner)) => {
            format!("[`{name}`](crate::wire::{name}) of {inner}")
        }
        (["types", name] | ["crate", "generated", "types", name], _) => {
            format!("[`{name}`](crate::types::{name})")
        }
        ([.., name], _) => format!("`{name}`"),
        ([], _) => String::new(),
    }
}

/// Returns the first sentence of a description.
fn first_sentence(text: &str) -> &str {
    let end = text.find(". ").map_or(text.len(), |end| end + 1);
    &text[..end]
}

/// Makes links of the operations that a description names in backticks.
pub(crate) fn linked(lowered: &Value, description: &str) -> String {
    let is_operation =
        |word: &str| operations(lowered).any(|(_, _, operation)| operation["operationId"] == word);
    let pieces = description.split('`').enumerate();
    let pieces = pieces.map(|(index, piece)| match index % 2 {
        0 => piece.to_owned(),
        _ if is_operation(piece) => format!("[`{piece}`](crate::Chat2Desk::{piece})"),
        _ => format!("`{piece}`"),
    });
    pieces.collect()
}
