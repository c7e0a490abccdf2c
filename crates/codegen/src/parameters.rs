//! Generates the arguments of the operations in the table: what a call by name accepts, and where it is sent.

use crate::document::{SENT_AS, own_type, resolve};
use heck::ToSnakeCase;
use proc_macro2::TokenStream;
use quote::quote;
use serde_json::Value;
use std::collections::BTreeSet;

/// The type of days in the format of the filters.
const DAY_MONTH_YEAR: &str = "crate::wire::DayMonthYear";

/// The two documents: types of the crate have their values only in the public one.
#[derive(Clone, Copy)]
pub(crate) struct Documents<'a> {
    pub(crate) public: &'a Value,
    pub(crate) lowered: &'a Value,
}

impl<'a> Documents<'a> {
    /// Returns the code of the parameters of an operation in the document's order, then those in its body: the
    /// required ones first.
    ///
    /// # Errors
    /// A text with the parameter whose location is not supported.
    pub(crate) fn parameters(self, operation: &'a Value) -> Result<TokenStream, String> {
        let mut names = BTreeSet::new();
        let mut rows = Vec::new();
        let parameters = operation["parameters"].as_array().into_iter().flatten();
        for parameter in parameters {
            let key = parameter["name"].as_str().unwrap_or_default();
            let location = match parameter["in"].as_str() {
                Some("path") => quote! { Path },
                Some("query") => quote! { Query },
                Some("header") => quote! { Header },
                _ => return Err(format!("parameter `{key}`: no known place")),
            };
            let name = free(&mut names, key, &location);
            let help = parameter["description"].as_str().unwrap_or_default();
            let required = parameter["required"] == true;
            let schema = &parameter["schema"];
            rows.push(self.row(&name, key, &location, required, schema, help));
        }
        let (_, schema) = content(operation);
        let body = resolve(self.lowered, schema);
        let needed = body["required"].as_array();
        let is_required =
            |key: &str| needed.is_some_and(|needed| needed.iter().any(|needed| needed == key));
        let properties = body["properties"].as_object().into_iter().flatten();
        let (required, optional): (Vec<_>, Vec<_>) =
            properties.partition(|(key, _)| is_required(key));
        for (key, schema) in required.into_iter().chain(optional) {
            let location = quote! { Body };
            let name = free(&mut names, key, &location);
            let help = schema["description"].as_str();
            let help = help.or_else(|| resolve(self.lowered, schema)["description"].as_str());
            let required = is_required(key);
            rows.push(self.row(
                &name,
                key,
                &location,
                required,
                schema,
                help.unwrap_or_default(),
            ));
        }
        Ok(quote! { &[#(#rows),*] })
    }

    fn row(
        self,
        name: &str,
        key: &str,
        location: &TokenStream,
        required: bool,
        schema: &'a Value,
        help: &str,
    ) -> TokenStream {
        let kind = self.kind(schema);
        let nullable = self.is_nullable(schema);
        quote! {
            Parameter {
                name: #name, key: #key, location: ParameterLocation::#location, required: #required,
                nullable: #nullable, kind: #kind, help: #help,
            }
        }
    }

    /// Returns the code of the body of an operation.
    pub(crate) fn body(self, operation: &'a Value) -> TokenStream {
        let (media_type, schema) = content(operation);
        let Some(media_type) = media_type else {
            return quote! { None };
        };
        let media_type = operation["requestBody"][SENT_AS]
            .as_str()
            .unwrap_or(media_type);
        let kind = self.kind(schema);
        quote! { Some(RequestBody { media_type: #media_type, kind: #kind }) }
    }

    fn kind(self, schema: &'a Value) -> TokenStream {
        let schema = self.known(schema);
        let kinds = |branches: &'a Value| -> Vec<TokenStream> {
            let branches = branches.as_array().into_iter().flatten();
            branches.map(|branch| self.kind(branch)).collect()
        };
        if own_type(schema) == Some(DAY_MONTH_YEAR) {
            return quote! { ParameterKind::DayMonthYear };
        }
        if let [only] = schema["allOf"].as_array().map_or(&[][..], Vec::as_slice) {
            return self.kind(only);
        }
        if schema["x-open-enum"] == true {
            let branches = schema["anyOf"].as_array().into_iter().flatten();
            let values = branches.flat_map(|branch| texts(&branch["enum"]));
            return quote! { ParameterKind::Enum(&[#(#values),*]) };
        }
        for branches in ["oneOf", "anyOf"].map(|key| &schema[key]) {
            let kinds = kinds(branches);
            if !kinds.is_empty() {
                return quote! { ParameterKind::OneOf(&[#(#kinds),*]) };
            }
        }
        match schema["type"].as_str() {
            Some("integer") => quote! { ParameterKind::Integer },
            Some("number") => quote! { ParameterKind::Number },
            Some("boolean") => quote! { ParameterKind::Boolean },
            Some("string") if schema["format"] == "date" => quote! { ParameterKind::Date },
            Some("string") => quote! { ParameterKind::Text },
            Some("array") => {
                let items = self.kind(&schema["items"]);
                quote! { ParameterKind::List(&#items) }
            }
            Some("object") => quote! { ParameterKind::Object },
            _ => quote! { ParameterKind::Json },
        }
    }

    fn is_nullable(self, schema: &'a Value) -> bool {
        let schema = self.known(schema);
        let only = schema["allOf"].as_array().map_or(&[][..], Vec::as_slice);
        schema["nullable"] == true || matches!(only, [only] if self.is_nullable(only))
    }

    /// Follows a reference. The lowered document has no values of the crate's types: the public one has.
    fn known(self, schema: &'a Value) -> &'a Value {
        let lowered = resolve(self.lowered, schema);
        match own_type(lowered) {
            None | Some(DAY_MONTH_YEAR) => lowered,
            Some(_) => resolve(self.public, schema),
        }
    }
}

/// Returns the name of an argument, which no other argument of the operation has.
fn free(names: &mut BTreeSet<String>, key: &str, location: &TokenStream) -> String {
    let name = key.to_snake_case();
    let place = location.to_string().to_snake_case();
    let others = std::iter::successors(Some(name), |name| Some(format!("{place}_{name}")));
    let mut free = others.filter(|name| names.insert(name.clone()));
    free.next().unwrap_or_default()
}

/// Returns the texts of a list.
fn texts(values: &Value) -> Vec<&str> {
    let values = values.as_array().into_iter().flatten();
    values.filter_map(Value::as_str).collect()
}

/// Returns the media type of a body and its schema; null if the operation takes none.
fn content(operation: &Value) -> (Option<&str>, &Value) {
    let content = operation["requestBody"]["content"].as_object();
    let first = content.and_then(|content| content.iter().next());
    first.map_or((None, &Value::Null), |(media_type, content)| {
        (Some(media_type), &content["schema"])
    })
}
