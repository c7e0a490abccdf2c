//! How fields are read: objects key by key, and what Postman writes in more than one way.

use super::KeyValue;
use crate::json::Json;
use htmd::HtmlToMarkdown;
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;
use std::sync::LazyLock;

/// A type that is read from an object. Unknown keys are passed over, and of a key that is there twice
/// the last value counts; a derived reader would refuse it.
macro_rules! read_from_object {
    ($(#[$doc:meta])* pub struct $name:ident<'a> {
        $($(#[$field_doc:meta])* $key:literal => $visibility:vis $field:ident: $type:ty,)*
    }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Default)]
        pub struct $name<'a> {
            $($(#[$field_doc])* $visibility $field: $type,)*
        }

        impl<'de: 'a, 'a> serde::Deserialize<'de> for $name<'a> {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct ObjectVisitor<'a>(std::marker::PhantomData<&'a ()>);

                impl<'de: 'a, 'a> serde::de::Visitor<'de> for ObjectVisitor<'a> {
                    type Value = $name<'a>;

                    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        f.write_str("an object")
                    }

                    fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<$name<'a>, A::Error> {
                        let mut object = $name::default();
                        while let Some(key) = map.next_key::<$crate::json::Text<'de>>()? {
                            match &*key {
                                $($key => object.$field = map.next_value()?,)*
                                _ => _ = map.next_value::<serde::de::IgnoredAny>()?,
                            }
                        }
                        Ok(object)
                    }
                }

                deserializer.deserialize_map(ObjectVisitor(std::marker::PhantomData))
            }
        }
    };
}
pub(super) use read_from_object;

/// A list; null is an empty one.
#[derive(Debug, Clone)]
pub struct List<T>(pub Vec<T>);

impl<T> Default for List<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Deref for List<T> {
    type Target = Vec<T>;

    fn deref(&self) -> &Vec<T> {
        &self.0
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for List<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let list: Option<Vec<T>> = Option::deserialize(deserializer)?;
        let mut list = list.unwrap_or_default();
        // Most lists have one entry, and room for four of these large ones.
        list.shrink_to_fit();
        Ok(Self(list))
    }
}

/// Headers are pairs, or the lines of a text.
#[derive(Debug, Clone, Default)]
pub struct Headers<'a>(pub Vec<KeyValue<'a>>);

impl<'de: 'a, 'a> Deserialize<'de> for Headers<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let read = text_or::<Vec<KeyValue<'a>>, _>(deserializer, "`header` as a list or a text")?;
        Ok(Self(match read {
            None => Vec::new(),
            Some(TextOr::Other(mut pairs)) => {
                pairs.shrink_to_fit();
                pairs
            }
            Some(TextOr::Text(text)) => text
                .lines()
                .filter_map(|line| line.split_once(':'))
                .map(|(key, value)| {
                    let (key, value) = (key.trim().to_owned(), value.trim().to_owned());
                    KeyValue::new(key, value)
                })
                .collect(),
        }))
    }
}

/// A description is a text, or an object that holds one; in a published documentation it is HTML.
#[derive(Debug, Clone, Default)]
pub struct Description<'a>(Cow<'a, str>);

impl Deref for Description<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Description<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = match Json::deserialize(deserializer)? {
            Json::Text(text) => text,
            object => object["content"]
                .as_str()
                .unwrap_or_default()
                .to_owned()
                .into(),
        };
        Ok(Self(if is_html(&text) {
            MARKDOWN.convert(&text).map_or(text, Cow::Owned)
        } else {
            text
        }))
    }
}

static MARKDOWN: LazyLock<HtmlToMarkdown> = LazyLock::new(HtmlToMarkdown::new);

/// Published documentations hold rendered descriptions.
fn is_html(text: &str) -> bool {
    let start = text.trim_start();
    let tags = [
        "<p>",
        "<h",
        "<ul>",
        "<ol>",
        "<div",
        "<table",
        "<blockquote",
        "<pre>",
        "<!DOCTYPE",
    ];
    tags.iter().any(|tag| start.starts_with(tag))
}

/// What Postman writes as a text or as something else.
pub enum TextOr<'a, T> {
    Text(Cow<'a, str>),
    Other(T),
}

/// Reads a text or something else; null is neither. `expected` says in errors what it is.
pub fn text_or<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
    expected: &'static str,
) -> Result<Option<TextOr<'de, T>>, D::Error> {
    let other = PhantomData;
    deserializer.deserialize_any(TextOrVisitor { expected, other })
}

struct TextOrVisitor<T> {
    expected: &'static str,
    other: PhantomData<T>,
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for TextOrVisitor<T> {
    type Value = Option<TextOr<'de, T>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.expected)
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Some(TextOr::Text(Cow::Borrowed(text))))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Some(TextOr::Text(Cow::Owned(text.to_owned()))))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Self::Value, A::Error> {
        let other = T::deserialize(SeqAccessDeserializer::new(list))?;
        Ok(Some(TextOr::Other(other)))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        let other = T::deserialize(MapAccessDeserializer::new(map))?;
        Ok(Some(TextOr::Other(other)))
    }
}
