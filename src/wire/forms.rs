//! Visitors that accept every form in which the server was seen to write numbers, flags and texts.

use serde::de::{Error, Visitor};
use std::fmt;

/// Returns whether a float can distinguish this number from its neighbours: up to 2^53.
pub(super) fn is_exact(number: f64) -> bool {
    number.abs() <= 9_007_199_254_740_992.0
}

pub(super) struct Integer<V>(pub(super) V);
pub(super) struct Float<V>(pub(super) V);
pub(super) struct Flag<V>(pub(super) V);
pub(super) struct Text<V>(pub(super) V);

/// Methods of a visitor that forward the value unchanged.
macro_rules! pass {
    () => {
        type Value = V::Value;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            self.0.expecting(f)
        }
    };
    ($($method:ident: $type:ty),*) => {
        pass!();

        $(fn $method<E: Error>(self, value: $type) -> Result<V::Value, E> {
            self.0.$method(value)
        })*
    };
}

pub(super) use pass;

impl<'de, V: Visitor<'de>> Visitor<'de> for Integer<V> {
    pass!(visit_i64: i64, visit_u64: u64);

    fn visit_f64<E: Error>(self, value: f64) -> Result<V::Value, E> {
        if value.fract() == 0.0 && is_exact(value) {
            return self.0.visit_i64(value as i64);
        }
        self.0.visit_f64(value)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<V::Value, E> {
        match text.trim().parse::<i64>() {
            Ok(number) => self.0.visit_i64(number),
            Err(_) => self.0.visit_str(text),
        }
    }
}

impl<'de, V: Visitor<'de>> Visitor<'de> for Float<V> {
    pass!(visit_i64: i64, visit_u64: u64, visit_f64: f64);

    fn visit_str<E: Error>(self, text: &str) -> Result<V::Value, E> {
        match text.trim().parse::<f64>() {
            // Rust also parses `nan` and `inf`, which are no JSON numbers.
            Ok(number) if number.is_finite() => self.0.visit_f64(number),
            _ => self.0.visit_str(text),
        }
    }
}

impl<'de, V: Visitor<'de>> Visitor<'de> for Flag<V> {
    pass!(visit_bool: bool);

    fn visit_u64<E: Error>(self, value: u64) -> Result<V::Value, E> {
        match value {
            0 | 1 => self.0.visit_bool(value == 1),
            _ => self.0.visit_u64(value),
        }
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<V::Value, E> {
        match text {
            "true" | "1" => self.0.visit_bool(true),
            "false" | "0" => self.0.visit_bool(false),
            _ => self.0.visit_str(text),
        }
    }
}

impl<'de, V: Visitor<'de>> Visitor<'de> for Text<V> {
    pass!(visit_str: &str, visit_string: String, visit_borrowed_str: &'de str);

    fn visit_i64<E: Error>(self, value: i64) -> Result<V::Value, E> {
        self.0.visit_string(value.to_string())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<V::Value, E> {
        self.0.visit_string(value.to_string())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<V::Value, E> {
        // Rounded digits would be another text: the second reading has them as the server wrote them.
        match is_exact(value) {
            true => self.0.visit_string(value.to_string()),
            false => self.0.visit_f64(value),
        }
    }
}
