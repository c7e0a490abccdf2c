//! [`Raw`], the deserializer of the second reading, which reads directly from the text of a body.
//!
//! It can start at any value, which a reading from front to back cannot. It accepts what
//! [`lenient`](super::lenient) does, and also a list of one element in place of the element or the reverse, texts
//! that are not Unicode, numbers out of range and excessive nesting. It reports each of these.

use super::forms::{Flag, Float, Integer, Text, is_exact};
use super::mismatch::Mismatch;
use super::reading::{Step, enter, is_id, leave, report, report_keys};
use super::slices::{elements, kind, members};
use serde::de::value::MapAccessDeserializer;
use serde::de::{DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;
use std::borrow::Cow;
use std::collections::HashMap;

/// The deepest nesting of values, the same as serde_json's.
const DEPTH: u8 = 128;

/// A value in a text that was checked to be JSON.
#[derive(Clone, Copy)]
pub(super) struct Raw<'de> {
    text: &'de [u8],
    depth: u8,
}

impl<'de> Raw<'de> {
    pub(super) fn new(text: &'de [u8]) -> Self {
        Self { text, depth: 0 }
    }

    fn inner(self, text: &'de [u8]) -> Self {
        Self {
            text,
            depth: self.depth + 1,
        }
    }

    /// Reads the element of a list of one where a value of this type is expected, or the value itself. The id of a
    /// record is itself: another record may have the one in the list.
    fn single<T>(
        self,
        expected: &str,
        read: impl FnOnce(Self) -> Result<T, Mismatch>,
    ) -> Result<T, Mismatch> {
        let mut elements = self.elements();
        match (elements.next(), elements.next()) {
            (Some(only), None) if !is_id() => {
                report(expected);
                enter(Step::Index(0), only);
                let result = read(self.inner(only));
                leave();
                result
            }
            _ => read(self),
        }
    }

    /// Returns the elements of an array, or no elements for any other value.
    fn elements(self) -> impl Iterator<Item = &'de [u8]> {
        let is_array = kind(self.text) == "array";
        is_array.then(|| elements(self.text)).into_iter().flatten()
    }

    fn is_too_deep(self) -> bool {
        let is_too_deep = self.depth >= DEPTH;
        if is_too_deep {
            report("less deeply nested JSON");
        }
        is_too_deep
    }

    fn visit_array<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        let elements = self.elements().enumerate();
        visitor.visit_seq(Elements { of: self, elements })
    }

    fn visit_object<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        visitor.visit_map(Members::of(self))
    }

    fn visit_number<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        // JSON's numbers are ASCII.
        let text = std::str::from_utf8(self.text).unwrap_or_default();
        if let Ok(number) = text.parse::<u64>() {
            visitor.visit_u64(number)
        } else if let Ok(number) = text.parse::<i64>() {
            visitor.visit_i64(number)
        } else {
            match text.parse::<f64>() {
                Ok(number) if number.is_finite() => visitor.visit_f64(number),
                _ => {
                    report("number in range");
                    visitor.visit_unit()
                }
            }
        }
    }

    /// Returns the digits of a number that no numeric type can represent exactly.
    fn large_number(self) -> Option<&'de str> {
        let digits = std::str::from_utf8(self.text).ok()?;
        let is_large = matches!(kind(self.text), "integer" | "number")
            && digits.parse::<u64>().is_err()
            && digits.parse::<i64>().is_err()
            && digits.parse().is_ok_and(|number: f64| !is_exact(number));
        is_large.then_some(digits)
    }

    /// Returns a text, with U+FFFD in place of what is not Unicode, which is reported.
    fn string(self, report: impl FnOnce(&str)) -> Cow<'de, str> {
        if let Ok(text) = serde_json::from_slice::<&str>(self.text) {
            return Cow::Borrowed(text);
        }
        if let Ok(text) = serde_json::from_slice::<String>(self.text) {
            return Cow::Owned(text);
        }
        report("string of Unicode characters");
        let text = paired(&String::from_utf8_lossy(self.text));
        Cow::Owned(serde_json::from_str(&text).unwrap_or_default())
    }
}

/// Replaces each escaped surrogate without its other half by U+FFFD.
fn paired(json: &str) -> String {
    let mut mended = String::with_capacity(json.len());
    let mut rest = json;
    while let Some(place) = rest.find('\\') {
        let (before, escape) = rest.split_at(place);
        mended.push_str(before);
        // A pair of surrogates is two escapes.
        let pair = unit(escape).zip(escape.get(6..).and_then(unit));
        let length = match (unit(escape), pair) {
            (_, Some((0xd800..=0xdbff, 0xdc00..=0xdfff))) => 12,
            (Some(0xd800..=0xdfff), _) => {
                mended.push('\u{fffd}');
                rest = &escape[6..];
                continue;
            }
            (Some(_), _) => 6,
            // Another escape, with the character that it escapes.
            (None, _) => 1 + escape[1..].chars().next().map_or(0, char::len_utf8),
        };
        mended.push_str(&escape[..length]);
        rest = &escape[length..];
    }
    mended + rest
}

/// Returns the code unit of an escape `\uXXXX` at the beginning of a text.
fn unit(escape: &str) -> Option<u16> {
    let digits = escape.strip_prefix("\\u")?.get(..4)?;
    u16::from_str_radix(digits, 16).ok()
}

/// Methods for numbers, flags and texts, in all forms that [`lenient`](super::lenient) accepts.
macro_rules! scalars {
    ($expected:literal $form:ident: $($method:ident)*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
            self.single($expected, |value| value.deserialize_any($form(visitor)))
        })*
    };
}

impl<'de> Deserializer<'de> for Raw<'de> {
    type Error = Mismatch;

    scalars!("integer" Integer: deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64);
    scalars!("number" Float: deserialize_f32 deserialize_f64);
    scalars!("boolean" Flag: deserialize_bool);

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        self.single("string", |value| match value.large_number() {
            Some(digits) => visitor.visit_borrowed_str(digits),
            None => value.deserialize_any(Text(visitor)),
        })
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        self.deserialize_str(visitor)
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        match kind(self.text) {
            "null" => visitor.visit_unit(),
            "boolean" => visitor.visit_bool(self.text == b"true"),
            "string" => match self.string(report) {
                Cow::Borrowed(text) => visitor.visit_borrowed_str(text),
                Cow::Owned(text) => visitor.visit_string(text),
            },
            "array" | "object" if self.is_too_deep() => visitor.visit_unit(),
            "array" => self.visit_array(visitor),
            "object" => self.visit_object(visitor),
            _ => self.visit_number(visitor),
        }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        match kind(self.text) {
            _ if self.is_too_deep() => visitor.visit_unit(),
            "null" | "array" => self.visit_array(visitor),
            _ => {
                report("array");
                visitor.visit_seq(Only(Some(self)))
            }
        }
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        let is_empty_array = kind(self.text) == "array" && self.elements().next().is_none();
        // PHP writes an empty map as `[]`.
        if kind(self.text) == "null" || is_empty_array {
            return Self::new(b"{}").visit_object(visitor);
        }
        self.single("object", |object| match kind(object.text) {
            _ if object.is_too_deep() => visitor.visit_unit(),
            "object" => object.visit_object(visitor),
            // serde would read a list as the fields of a struct in their order.
            _ => Err(Mismatch::new(&visitor)),
        })
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Mismatch> {
        self.deserialize_map(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        match kind(self.text) {
            "null" => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Mismatch> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        visitor.visit_unit()
    }

    /// Needed for record types of the user's own.
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Mismatch> {
        match kind(self.text) {
            "string" => visitor.visit_enum(self.string(report).into_deserializer()),
            "object" => visitor.visit_enum(MapAccessDeserializer::new(Members::of(self))),
            _ => Err(Mismatch::new(&visitor)),
        }
    }

    forward_to_deserialize_any! {
        i128 u128 char bytes byte_buf unit unit_struct tuple tuple_struct identifier
    }
}

/// The elements of an array.
struct Elements<'de, I> {
    of: Raw<'de>,
    elements: I,
}

impl<'de, I: Iterator<Item = (usize, &'de [u8])>> SeqAccess<'de> for Elements<'de, I> {
    type Error = Mismatch;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Mismatch> {
        let Some((index, text)) = self.elements.next() else {
            return Ok(None);
        };
        enter(Step::Index(index), text);
        let element = seed.deserialize(self.of.inner(text));
        leave();
        element.map(Some)
    }
}

/// A value in place of a list of one element, which has the place of the list.
pub(super) struct Only<'de>(Option<Raw<'de>>);

impl Only<'_> {
    /// Returns no elements.
    pub(super) fn none() -> Self {
        Self(None)
    }
}

impl<'de> SeqAccess<'de> for Only<'de> {
    type Error = Mismatch;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Mismatch> {
        let only = self.0.take();
        only.map(|value| seed.deserialize(value.inner(value.text)))
            .transpose()
    }
}

/// The members of an object.
pub(super) struct Members<'de> {
    of: Raw<'de>,
    members: std::vec::IntoIter<(Cow<'de, str>, &'de [u8])>,
    /// The value of the last key, and its step.
    value: Option<(Step, &'de [u8])>,
}

impl<'de> Members<'de> {
    /// Returns no members.
    pub(super) fn none() -> Self {
        Self::of(Raw::new(b"{}"))
    }

    /// Collects the members; the last one counts if several have the same key.
    fn of(object: Raw<'de>) -> Self {
        let mut places: HashMap<Cow<'de, str>, usize> = HashMap::new();
        let mut different: Vec<(Cow<'de, str>, &'de [u8])> = Vec::new();
        let (mut are_double, mut are_odd) = (false, false);
        for (key, value) in members(object.text) {
            let key = object.inner(key).string(|_| are_odd = true);
            match places.get(&key) {
                Some(place) => {
                    different[*place].1 = value;
                    are_double = true;
                }
                None => {
                    places.insert(key.clone(), different.len());
                    different.push((key, value));
                }
            }
        }
        if are_double {
            report_keys("object with different keys");
        }
        if are_odd {
            report_keys("object with keys of Unicode characters");
        }
        Self {
            of: object,
            members: different.into_iter(),
            value: None,
        }
    }
}

impl<'de> Members<'de> {
    /// Notes the value of a key that was read.
    fn set_value(&mut self, key: Cow<'de, str>, is_name: bool, value: &'de [u8]) {
        let step = if is_name && is_plain(&key) {
            Step::Key(key.into_owned())
        } else {
            Step::Entry
        };
        self.value = Some((step, value));
    }

    /// Enters the value of the last key.
    fn enter_value(&mut self) -> Raw<'de> {
        let (step, text) = self.value.take().unwrap_or((Step::Entry, b"null"));
        enter(step, text);
        self.of.inner(text)
    }
}

impl<'de> MapAccess<'de> for Members<'de> {
    type Error = Mismatch;

    fn next_key_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Mismatch> {
        let Some((key, value)) = self.members.next() else {
            return Ok(None);
        };
        let mut is_name = false;
        let read = seed.deserialize(Key {
            key: &key,
            is_name: &mut is_name,
        })?;
        self.set_value(key, is_name, value);
        Ok(Some(read))
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Mismatch> {
        let value = seed.deserialize(self.enter_value());
        leave();
        value
    }
}

/// Returns whether a key looks like the name of a field.
fn is_plain(key: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
    key.starts_with(|c: char| c.is_ascii_lowercase()) && key.chars().all(plain)
}

/// A key, which records whether it is read as the name of a field.
struct Key<'a> {
    key: &'a str,
    is_name: &'a mut bool,
}

impl<'de> Deserializer<'de> for Key<'_> {
    type Error = Mismatch;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        visitor.visit_str(self.key)
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        *self.is_name = true;
        visitor.visit_str(self.key)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Mismatch> {
        visitor.visit_newtype_struct(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option
        unit unit_struct seq tuple tuple_struct map struct enum ignored_any
    }
}
