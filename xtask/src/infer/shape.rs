//! The shape of JSON values: what all samples of one place have in common.
//!
//! A [`Shape`] is the set of kinds that were seen. Merging is a union: commutative, associative and
//! idempotent but for the order in which fields were first seen and for how often.

use super::format::{Format, are_codes, are_counted_or_said, is_data};
use super::placeholder::{Stated, dynamic, stated};
use crate::json::Json;
use indexmap::IndexMap;
use std::borrow::Cow;
use std::hash::Hasher;
use std::sync::Arc;

/// The kinds of values seen in one place.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Shape<'a> {
    pub null: bool,
    pub boolean: bool,
    pub integer: bool,
    pub number: bool,
    pub string: bool,
    /// What the strings have in common.
    pub format: Format,
    /// A value that is known to be JSON and nothing else.
    pub any: bool,
    pub array: Option<Box<Shape<'a>>>,
    /// Shared until it is merged with another.
    pub object: Option<Arc<Object<'a>>>,
    /// The values of objects whose keys are data.
    pub map: Option<Box<Shape<'a>>>,
}

/// The objects seen in one place.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Object<'a> {
    /// How many samples there were.
    pub samples: usize,
    /// Whether its keys are documented to be data.
    pub map: bool,
    pub fields: IndexMap<Cow<'a, str>, Field<'a>>,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Field<'a> {
    pub shape: Shape<'a>,
    /// In how many samples it was present.
    pub seen: usize,
    /// What a table says of it.
    pub doc: Option<Box<Doc>>,
}

/// What documentation says of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Doc {
    pub description: String,
    pub required: bool,
}

/// Nobody names so many fields: such keys are data.
const FIELDS: usize = 5_000;

impl<'a> Shape<'a> {
    /// The shape of one sample.
    pub fn of(value: &Json<'a>) -> Self {
        let mut shape = Self::default();
        match value {
            Json::Null => shape.null = true,
            Json::Bool(_) => shape.boolean = true,
            // What no `i64` holds is a number.
            Json::Number(number) if number.as_i64().is_none() => shape.number = true,
            Json::Number(_) => shape.integer = true,
            Json::Text(text) => shape.text(text),
            Json::Data(value) => return Self::of(value),
            Json::Source(text) => {
                let value: Json<'a> = serde_json::from_str(text).unwrap_or_default();
                return Self::of(&value);
            }
            Json::Placeholder(placeholder) => match &placeholder.value {
                Some(value) => return Self::of(value),
                None => {
                    shape.state(stated(&placeholder.text).or_else(|| dynamic(&placeholder.text)))
                }
            },
            Json::List(items) => shape.array = Some(Self::of_all(items)),
            Json::Object(entries)
                if !entries.is_empty()
                    && (entries
                        .iter()
                        .all(|(key, _)| is_data(key) || key.contains("{{"))
                        || entries.len() > FIELDS
                        || are_codes(entries.iter().map(|(key, _)| &**key))) =>
            {
                shape.map = Some(Self::of_all(entries.iter().map(|(_, value)| value)));
            }
            Json::Object(entries) => {
                if let Some(values) = Self::of_equal_records(entries) {
                    shape.map = Some(Box::new(values));
                    return shape;
                }
                // What a variable is the key of may be any field.
                let entries = entries.iter().filter(|(key, _)| !key.contains("{{"));
                let field = |(key, value): &(Cow<'a, str>, Json<'a>)| {
                    let field = Field {
                        shape: Self::of(value),
                        seen: 1,
                        doc: None,
                    };
                    (key.clone(), field)
                };
                shape.object = Some(Arc::new(Object {
                    samples: 1,
                    map: false,
                    fields: entries.map(field).collect(),
                }));
            }
        }
        shape
    }

    /// What records have in common that stand under keys which are no names of fields: `user_1` and `user_2`,
    /// or names of cities. Records that differ are no values of one map.
    fn of_equal_records(entries: &[(Cow<'a, str>, Json<'a>)]) -> Option<Self> {
        let is_record = |value: &Json<'a>| !value.entries().is_empty();
        if entries.len() < 2 || !entries.iter().all(|(_, value)| is_record(value)) {
            return None;
        }
        if !are_counted_or_said(entries.iter().map(|(key, _)| &**key)) {
            return None;
        }
        let mut values = entries.iter().map(|(_, value)| Self::of(value));
        let first = values.next()?;
        let mut all = first.clone();
        for value in values {
            if !value.same_kinds(&first) {
                return None;
            }
            all.merge(&value);
        }
        Some(all)
    }

    fn text(&mut self, text: &str) {
        // What is filled in between quotes is a text.
        let filled = || dynamic(text).filter(|stated| matches!(stated, Stated::Text(_)));
        let stated = stated(text).or_else(filled);
        if stated.is_some() {
            self.state(stated);
            return;
        }
        self.string = true;
        // A text with a variable in it may be of any format.
        if !text.contains("{{") {
            self.format = Format::of(text);
        }
    }

    /// Takes it for what a placeholder says.
    fn state(&mut self, stated: Option<Stated>) {
        match stated {
            Some(Stated::Integer) => self.integer = true,
            Some(Stated::Number) => self.number = true,
            Some(Stated::Boolean) => self.boolean = true,
            Some(Stated::Text(format)) => {
                self.string = true;
                self.format = format;
            }
            Some(Stated::Any) | None => {}
        }
    }

    fn of_all<'v>(values: impl IntoIterator<Item = &'v Json<'a>>) -> Box<Self>
    where
        'a: 'v,
    {
        Box::new(Self::merged(values).unwrap_or_default())
    }

    /// What values have in common; none if there are none.
    pub fn merged<'v>(values: impl IntoIterator<Item = &'v Json<'a>>) -> Option<Self>
    where
        'a: 'v,
    {
        let shapes = values.into_iter().map(Self::of);
        shapes.reduce(Self::union)
    }

    /// What two have seen.
    #[must_use]
    pub fn union(mut self, other: Self) -> Self {
        self.merge(&other);
        self
    }

    /// Takes in what another shape has seen.
    pub fn merge(&mut self, other: &Self) {
        self.null |= other.null;
        self.boolean |= other.boolean;
        self.integer |= other.integer;
        self.number |= other.number;
        self.string |= other.string;
        self.any |= other.any;
        self.format = self.format.merged(other.format);
        merge_inner(&mut self.array, &other.array, |mine, theirs| {
            mine.merge(theirs)
        });
        merge_inner(&mut self.map, &other.map, |mine, theirs| mine.merge(theirs));
        merge_inner(&mut self.object, &other.object, |mine, theirs| {
            Arc::make_mut(mine).merge(theirs)
        });
    }

    /// Takes it that the fields of objects may be missing: in a request that changes what it names, those
    /// that one sample names.
    pub fn loosen(&mut self) {
        if let Some(object) = &mut self.object {
            for field in Arc::make_mut(object).fields.values_mut() {
                field.seen = 0;
                field.shape.loosen();
            }
        }
        let inner = [&mut self.array, &mut self.map].into_iter().flatten();
        inner.for_each(|shape| shape.loosen());
    }

    /// Whether two shapes could be one: in no place did they see values of different kinds, or one
    /// of them saw all kinds that the other did.
    pub fn agrees(&self, other: &Self) -> bool {
        let (mine, theirs) = (self.kinds(), other.kinds());
        let within = |small: u8, large: u8| small & !large == 0;
        if self.any || other.any {
            return true;
        }
        if !within(mine, theirs) && !within(theirs, mine) {
            return false;
        }
        let both = |mine: &Option<Box<Self>>, theirs: &Option<Box<Self>>| match (mine, theirs) {
            (Some(mine), Some(theirs)) => mine.agrees(theirs),
            _ => true,
        };
        let objects = match (&self.object, &other.object) {
            (Some(mine), Some(theirs)) => mine.shared_fields_agree(theirs),
            _ => true,
        };
        both(&self.array, &other.array) && both(&self.map, &other.map) && objects
    }

    fn same_kinds(&self, other: &Self) -> bool {
        let both = |mine: &Option<Box<Self>>, theirs: &Option<Box<Self>>| match (mine, theirs) {
            (Some(mine), Some(theirs)) => mine.same_kinds(theirs),
            (mine, theirs) => mine.is_none() && theirs.is_none(),
        };
        let objects = match (&self.object, &other.object) {
            (Some(mine), Some(theirs)) => mine.same_kinds(theirs),
            (mine, theirs) => mine.is_none() && theirs.is_none(),
        };
        let scalars = |shape: &Self| (shape.kinds(), shape.number, shape.null, shape.any);
        let items = both(&self.array, &other.array) && both(&self.map, &other.map);
        scalars(self) == scalars(other) && items && objects
    }

    /// Whether all samples were objects.
    pub fn is_object(&self) -> bool {
        let only = self.kinds().count_ones() == 1 && self.map.is_none();
        self.object.is_some() && only && !self.null && !self.any
    }

    /// What its schema shows at the first level, but for the names of objects and the formats of strings.
    fn outline(&self) -> [bool; 9] {
        [
            self.null,
            self.boolean,
            self.integer && !self.number,
            self.number,
            self.string,
            self.any,
            self.array.is_some(),
            self.object.is_some(),
            self.map.is_some(),
        ]
    }

    /// The items of its lists, and the values of its maps.
    fn inner(&self) -> impl Iterator<Item = &Self> {
        [&self.array, &self.map]
            .into_iter()
            .flatten()
            .map(|shape| &**shape)
    }

    /// Hashes the outlines of all levels of lists and maps.
    pub fn hash_outline(&self, state: &mut impl Hasher) {
        let bits = |bits, seen| bits << 1 | u16::from(seen);
        state.write_u16(self.outline().into_iter().fold(0, bits));
        self.inner().for_each(|shape| shape.hash_outline(state));
    }

    /// Whether the outlines of all levels are the same.
    pub fn has_outline_of(&self, other: &Self) -> bool {
        let mut pairs = self.inner().zip(other.inner());
        self.outline() == other.outline() && pairs.all(|(mine, theirs)| mine.has_outline_of(theirs))
    }

    /// The kinds other than null, a bit each.
    fn kinds(&self) -> u8 {
        let kinds = [
            self.boolean,
            self.integer || self.number,
            self.string,
            self.array.is_some(),
            self.object.is_some() || self.map.is_some(),
        ];
        kinds
            .into_iter()
            .enumerate()
            .map(|(bit, seen)| u8::from(seen) << bit)
            .sum()
    }
}

impl<'a> Object<'a> {
    pub fn merge(&mut self, other: &Self) {
        self.samples += other.samples;
        self.map |= other.map;
        for (key, theirs) in &other.fields {
            let Some(mine) = self.fields.get_mut(key) else {
                self.fields.insert(key.clone(), theirs.clone());
                continue;
            };
            mine.shape.merge(&theirs.shape);
            mine.seen += theirs.seen;
            if mine.doc.is_none() {
                mine.doc.clone_from(&theirs.doc);
            }
        }
    }

    /// Whether two objects could be one type: one has all fields of the other, in the same kinds.
    pub fn agrees(&self, other: &Self) -> bool {
        let (small, large) = if self.fields.len() <= other.fields.len() {
            (self, other)
        } else {
            (other, self)
        };
        let within = small
            .fields
            .keys()
            .all(|key| large.fields.contains_key(key));
        !small.fields.is_empty() && within && small.shared_fields_agree(large)
    }

    /// Whether two objects have the same fields in the same kinds, all the way down.
    pub fn same_kinds(&self, other: &Self) -> bool {
        let same = |(key, field): (&Cow<'a, str>, &Field<'a>)| {
            other
                .fields
                .get(key)
                .is_some_and(|known| known.shape.same_kinds(&field.shape))
        };
        self.fields.len() == other.fields.len() && self.fields.iter().all(same)
    }

    fn shared_fields_agree(&self, other: &Self) -> bool {
        let (small, large) = if self.fields.len() <= other.fields.len() {
            (self, other)
        } else {
            (other, self)
        };
        let mut shared = small
            .fields
            .iter()
            .filter_map(|(key, field)| Some((field, large.fields.get(key)?)));
        shared.all(|(mine, theirs)| mine.shape.agrees(&theirs.shape))
    }

    /// Whether the field is in every sample, or documented as required.
    pub fn requires(&self, field: &Field<'a>) -> bool {
        match &field.doc {
            Some(doc) => doc.required,
            None => self.samples > 0 && field.seen >= self.samples,
        }
    }
}

fn merge_inner<T: Clone>(mine: &mut Option<T>, theirs: &Option<T>, merge: impl FnOnce(&mut T, &T)) {
    match (mine, theirs) {
        (Some(mine), Some(theirs)) => merge(mine, theirs),
        (mine @ None, Some(theirs)) => *mine = Some(theirs.clone()),
        (_, None) => {}
    }
}
