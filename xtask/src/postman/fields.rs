//! How fields are read: objects key by key, and what Postman writes in more than one way.

use super::Item;
use crate::json::{Json, Text};
use htmd::HtmlToMarkdown;
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Error, MapAccess, SeqAccess, Unexpected, Visitor};
use serde::{Deserialize, Deserializer};
use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;
use std::sync::LazyLock;

/// A type that is read from an object; what is written for none is an empty one. Unknown keys are passed over, and of a key that is there twice
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

                    fn visit_unit<E>(self) -> Result<$name<'a>, E> {
                        Ok($name::default())
                    }

                    fn visit_bool<E>(self, _: bool) -> Result<$name<'a>, E> {
                        Ok($name::default())
                    }

                    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<$name<'a>, E> {
                        match text {
                            "" => Ok($name::default()),
                            text => Err(E::invalid_type(serde::de::Unexpected::Str(text), &self)),
                        }
                    }

                    /// PHP writes an empty object so.
                    fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut list: A) -> Result<$name<'a>, A::Error> {
                        match list.next_element::<serde::de::IgnoredAny>()? {
                            None => Ok($name::default()),
                            Some(_) => Err(serde::de::Error::invalid_type(serde::de::Unexpected::Seq, &self)),
                        }
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

                deserializer.deserialize_any(ObjectVisitor(std::marker::PhantomData))
            }
        }
    };
}
pub(super) use read_from_object;

/// A list. Null is an empty one, and so is what PHP writes for one, `{}`; entries that are null are none.
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
        let mut list = deserializer.deserialize_any(ListVisitor(|| None))?;
        // Most lists have one entry, and room for four of these large ones.
        list.shrink_to_fit();
        Ok(Self(list))
    }
}

/// Reads a list, with what stands for an entry that is null.
pub struct ListVisitor<T>(pub fn() -> Option<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for ListVisitor<T> {
    type Value = Vec<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_unit<E>(self) -> Result<Vec<T>, E> {
        Ok(Vec::new())
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Vec<T>, E> {
        match text {
            "" => Ok(Vec::new()),
            text => Err(E::invalid_type(Unexpected::Str(text), &self)),
        }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut entries: A) -> Result<Vec<T>, A::Error> {
        let mut list = Vec::new();
        while let Some(entry) = entries.next_element::<Option<T>>()? {
            list.extend(entry.or_else(self.0));
        }
        Ok(list)
    }

    /// The entries of a list that lost some are written by PHP with their numbers.
    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Vec<T>, A::Error> {
        let mut list = Vec::new();
        while let Some((_, entry)) = entries.next_entry::<Text<'de>, Option<T>>()? {
            list.extend(entry.or_else(self.0));
        }
        Ok(list)
    }
}

/// Items of a collection: those that are null are accounted for, and so they are read as empty ones.
#[derive(Debug, Clone, Default)]
pub struct Items<'a>(pub Vec<Item<'a>>);

impl<'de: 'a, 'a> Deserialize<'de> for Items<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut list = deserializer.deserialize_any(ListVisitor(|| Some(Item::default())))?;
        list.shrink_to_fit();
        Ok(Self(list))
    }
}

/// Whether something is so: a truth, or its words.
#[derive(Debug, Clone, Copy, Default)]
pub struct Flag(pub bool);

impl<'de> Deserialize<'de> for Flag {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let words = Json::deserialize(deserializer)?;
        Ok(Self(match &words {
            Json::Bool(so) => *so,
            Json::Number(number) => number.as_f64() != Some(0.0),
            Json::Text(text) => ["true", "yes", "1"].contains(&&*text.trim().to_ascii_lowercase()),
            _ => false,
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
        Ok(Self(if is_html(&text) && !is_deep(&text) {
            MARKDOWN.convert(&text).map_or(text, Cow::Owned)
        } else {
            text
        }))
    }
}

static MARKDOWN: LazyLock<HtmlToMarkdown> = LazyLock::new(|| {
    let builder = HtmlToMarkdown::builder();
    builder.skip_tags(vec!["script", "style"]).build()
});

/// Whether elements stand in each other deeper than anybody writes; what converts them would take the whole
/// stack.
fn is_deep(html: &str) -> bool {
    const DEEPEST: usize = 256;
    // These need no end.
    const OPEN: [&str; 12] = [
        "br", "dd", "dt", "hr", "img", "input", "li", "option", "p", "td", "th", "tr",
    ];
    let mut depth = 0usize;
    let mut deepest = 0;
    for tag in html.split('<').skip(1) {
        let (is_end, name) = tag
            .strip_prefix('/')
            .map_or((false, tag), |name| (true, name));
        let end = name
            .find(|c: char| !c.is_ascii_alphanumeric())
            .unwrap_or(name.len());
        let name = &name[..end];
        if name.is_empty() || OPEN.iter().any(|open| name.eq_ignore_ascii_case(open)) {
            continue;
        }
        depth = if is_end {
            depth.saturating_sub(1)
        } else {
            depth + 1
        };
        deepest = deepest.max(depth);
    }
    deepest > DEEPEST
}

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

    fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
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
