//! Forms: a property a key, typed by all its values.

use super::content::{Examples, Media};
use super::parameters::descriptions;
use super::values::{take_required, typed, value_schema};
use crate::account::{Account, Kind};
use crate::json::{Json, object};
use crate::postman::KeyValue;
use indexmap::IndexMap;
use std::borrow::Cow;

/// The pairs of a form, under the name of its request.
pub type Form<'a> = (&'a str, &'a [KeyValue<'a>]);

/// What was seen of a key.
#[derive(Default)]
struct Seen<'a> {
    pairs: Vec<&'a KeyValue<'a>>,
    /// The number of the last form that had it enabled.
    enabled_in: Option<usize>,
    /// Whether one form has it more than once, or with several files.
    repeated: bool,
}

/// The content of a form.
pub fn form<'a>(samples: &[Form<'a>], place: &str, account: &mut Account) -> Media<'a> {
    let mut seen: IndexMap<&'a str, Seen<'a>> = IndexMap::new();
    for (number, (_, pairs)) in samples.iter().enumerate() {
        for pair in *pairs {
            let key = &*pair.key;
            if key.trim().is_empty() {
                if !pair.description.trim().is_empty() {
                    account.leave_out(
                        Kind::Description,
                        place,
                        "of a part of a form without a name",
                    );
                }
                continue;
            }
            let seen = seen.entry(key).or_default();
            if !pair.disabled {
                seen.repeated |= seen.enabled_in == Some(number) || pair.files > 1;
                seen.enabled_in = Some(number);
            }
            seen.pairs.push(pair);
        }
    }
    let mut properties: IndexMap<&'a str, Json<'a>> = IndexMap::new();
    let mut required: Vec<Json<'a>> = Vec::new();
    for (key, seen) in seen {
        let (property, is_required) = property(&seen, place, account);
        if is_required {
            required.push(key.into());
        }
        properties.insert(key, property);
    }
    let mut examples = Examples::default();
    for (name, pairs) in samples {
        examples.insert(name, example(pairs, &properties));
    }
    let mut schema =
        object! { "type": "object", "properties": properties.into_iter().collect::<Json<'_>>() };
    if !required.is_empty() {
        schema.push("required", required);
    }
    Media { schema, examples }
}

/// What a form sends, but for its files.
fn example<'a>(pairs: &'a [KeyValue<'a>], properties: &IndexMap<&'a str, Json<'a>>) -> Json<'a> {
    let mut sent: IndexMap<&str, Json<'a>> = IndexMap::new();
    for pair in pairs
        .iter()
        .filter(|pair| !pair.disabled && &*pair.kind != "file")
    {
        let key = &*pair.key;
        let Some(schema) = properties.get(key) else {
            continue;
        };
        let Some(items) = schema.get("items") else {
            sent.insert(key, typed(schema, pair.text()));
            continue;
        };
        let value = typed(items, pair.text());
        match sent.entry(key).or_insert_with(|| Json::List(Vec::new())) {
            Json::List(values) => values.push(value),
            other => *other = value,
        }
    }
    sent.into_iter().collect()
}

/// The schema of a form's key, and whether it is said to be required.
fn property<'a>(seen: &Seen<'a>, place: &str, account: &mut Account) -> (Json<'a>, bool) {
    let texts: Vec<&str> = seen
        .pairs
        .iter()
        .map(|pair| pair.description.trim())
        .collect();
    let description = descriptions(&texts, place, account);
    let (required, description) = take_required(&description);
    let mut schema = if seen.pairs.iter().any(|pair| &*pair.kind == "file") {
        object! { "type": "string", "format": "binary" }
    } else {
        let values = seen.pairs.iter().map(|pair| pair.text());
        let values = values.filter(|value| !value.contains("{{") && !value.is_empty());
        value_schema(&values.collect::<Vec<Cow<'_, str>>>())
    };
    if seen.repeated {
        schema = object! { "type": "array", "items": schema };
    }
    if !description.is_empty() {
        schema.push("description", description.to_owned());
    }
    (schema, required)
}
