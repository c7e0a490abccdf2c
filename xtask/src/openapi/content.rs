//! Content: a schema and named examples by media type.

use crate::json::{Json, object};
use heck::ToSnakeCase;
use indexmap::IndexMap;
use std::borrow::Cow;
use std::collections::HashMap;

/// What a request or an answer may hold, by media type. Most hold nothing.
#[derive(Debug, Default)]
pub struct Content<'a>(Option<Box<IndexMap<Cow<'a, str>, Media<'a>>>>);

/// What is said of one media type.
#[derive(Debug)]
pub struct Media<'a> {
    pub schema: Json<'a>,
    pub examples: Examples<'a>,
}

/// Examples by keys of their own.
#[derive(Debug, Default)]
pub struct Examples<'a> {
    entries: IndexMap<String, Json<'a>>,
    /// The last number that a name got, if it is the name of several.
    numbers: HashMap<String, usize>,
}

impl<'a> Content<'a> {
    /// What is said of a media type, so far nothing but its schema.
    pub fn media(
        &mut self,
        media_type: Cow<'a, str>,
        schema: impl FnOnce() -> Json<'a>,
    ) -> &mut Media<'a> {
        let media = self.0.get_or_insert_default().entry(media_type);
        media.or_insert_with(|| Media::of(schema()))
    }

    pub fn insert(&mut self, media_type: Cow<'a, str>, media: Media<'a>) {
        self.0.get_or_insert_default().insert(media_type, media);
    }

    pub fn extend(&mut self, other: Self) {
        for (media_type, media) in other.0.into_iter().flat_map(|others| *others) {
            // What is known of the schema comes first.
            let known = self.0.get_or_insert_default();
            known.entry(media_type).or_insert(media);
        }
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_none()
    }
}

impl<'a> From<Content<'a>> for Json<'a> {
    fn from(content: Content<'a>) -> Self {
        let entries = content.0.into_iter().flat_map(|media| *media);
        entries
            .map(|(media_type, media)| {
                let mut entry = Json::with_room(2);
                entry.push("schema", media.schema);
                if !media.examples.entries.is_empty() {
                    let examples = media.examples.entries.into_iter().collect();
                    entry.push("examples", Json::Data(Box::new(examples)));
                }
                (media_type, entry)
            })
            .collect()
    }
}

impl<'a> Media<'a> {
    /// A schema without examples.
    pub fn of(schema: Json<'a>) -> Self {
        Self {
            schema,
            examples: Examples::default(),
        }
    }
}

impl<'a> Examples<'a> {
    /// Adds an example under a key made of its name, unique among its neighbours.
    pub fn insert(&mut self, name: &'a str, value: Json<'a>) {
        let mut key = name.to_snake_case();
        if key.is_empty() {
            key.push_str("example");
        }
        if self.entries.contains_key(&key) {
            let number = self.numbers.entry(key.clone()).or_insert(1);
            key = loop {
                *number += 1;
                let numbered = format!("{key}_{number}");
                if !self.entries.contains_key(&numbered) {
                    break numbered;
                }
            };
        }
        // Readers of OpenAPI take a `$ref` for a reference, also where it is data: it is kept as text.
        let value = if holds_reference(&value) {
            value.to_string().into()
        } else {
            value
        };
        let example = object! { "summary": name, "value": value };
        self.entries.insert(key, example);
    }
}

/// Whether a key `$ref` stands anywhere in a value.
fn holds_reference(value: &Json<'_>) -> bool {
    match value {
        Json::Object(entries) => entries
            .iter()
            .any(|(key, value)| key == "$ref" || holds_reference(value)),
        Json::List(items) => items.iter().any(holds_reference),
        _ => false,
    }
}
