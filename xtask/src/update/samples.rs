//! Fields within samples: whether they are there, put in, and given values of another kind.

use super::invent::kind_of;
use super::lock::Kind;
use super::place::Step;
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// How many places of a sample could hold something, and how many do.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Count {
    pub holders: usize,
    pub held: usize,
}

/// Counts what could hold the last of the steps.
pub fn count(value: &Value, steps: &[Step]) -> Count {
    let mut count = Count::default();
    let Some((last, parents)) = steps.split_last() else {
        return count;
    };
    super::shown::each_at(value, parents, &mut |holder| {
        let held = match (holder, last) {
            (Value::Object(map), Step::Field(name)) => map.contains_key(name),
            (Value::Object(map), Step::Value) => !map.is_empty(),
            (Value::Array(items), Step::Entry) => !items.is_empty(),
            _ => return,
        };
        count.holders += 1;
        count.held += usize::from(held);
    });
    count
}

/// Puts a value into the last place that could hold it. Returns whether there is one.
pub fn put(value: &mut Value, steps: &[Step], new: &Value) -> bool {
    let Some((last, parents)) = steps.split_last() else {
        return false;
    };
    let mut is_put = false;
    change_last(value, parents, &mut |holder| {
        is_put = match (holder, last) {
            (Value::Object(map), Step::Field(name)) => {
                if map.get(name).is_none_or(Value::is_null) {
                    map.insert(name.clone(), new.clone());
                }
                true
            }
            (Value::Object(map), Step::Value) if map.is_empty() => {
                map.insert("118".into(), new.clone());
                true
            }
            (Value::Array(items), Step::Entry) if items.is_empty() => {
                items.push(new.clone());
                true
            }
            _ => false,
        };
        is_put
    });
    is_put
}

/// Calls a function with what stands at a place, from the last one until it says that it is done.
fn change_last(
    value: &mut Value,
    steps: &[Step],
    change: &mut impl FnMut(&mut Value) -> bool,
) -> bool {
    let Some((first, rest)) = steps.split_first() else {
        return change(value);
    };
    match (first, value) {
        (Step::Field(name), Value::Object(map)) => match map.get_mut(name) {
            Some(value) => change_last(value, rest, change),
            None => false,
        },
        (Step::Value, Value::Object(map)) => map
            .values_mut()
            .any(|value| change_last(value, rest, change)),
        (Step::Entry, Value::Array(items)) => items
            .iter_mut()
            .rev()
            .any(|item| change_last(item, rest, change)),
        _ => false,
    }
}

/// Gives values of some kinds another value: all of them, or the last one. Returns how many.
pub fn replace(
    value: &mut Value,
    steps: &[Step],
    kinds: &BTreeSet<Kind>,
    new: &Value,
    all: bool,
) -> usize {
    let mut count = 0;
    change_last(value, steps, &mut |value| {
        if !kinds.contains(&kind_of(value)) {
            return false;
        }
        *value = new.clone();
        count += 1;
        !all
    });
    count
}

/// What holds the steps, from nothing: `{"data": [{"id": 1}]}`.
pub fn grown(steps: &[Step], new: &Value) -> Value {
    let mut value = new.clone();
    for step in steps.iter().rev() {
        value = match step {
            Step::Field(name) => Value::Object(Map::from_iter([(name.clone(), value)])),
            Step::Value => Value::Object(Map::from_iter([("118".to_owned(), value)])),
            Step::Entry => Value::Array(vec![value]),
        };
    }
    value
}
