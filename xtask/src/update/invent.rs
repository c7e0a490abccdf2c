//! Invented values in place of the vendor's, which are those of real accounts: of the same shape, and nothing
//! of what they say.

use super::lock::Kind;
use super::place::is_field;
use crate::infer::format::Format;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// The values of the project's own samples by key: new samples speak of the same people and things.
#[derive(Debug, Default)]
pub struct Inventor {
    own: BTreeMap<String, Vec<Value>>,
}

impl Inventor {
    /// Learns from the samples of the project's collection.
    pub fn learn(&mut self, value: &Value, key: &str) {
        match value {
            Value::Object(map) => map.iter().for_each(|(key, value)| self.learn(value, key)),
            Value::Array(items) => items.iter().for_each(|item| self.learn(item, key)),
            Value::Null => {}
            scalar => {
                let known = self.own.entry(key.to_owned()).or_default();
                if !known.contains(scalar) {
                    known.push(scalar.clone());
                }
            }
        }
    }

    /// A value of the shape of another.
    pub fn value(&self, value: &Value, key: &str) -> Value {
        match value {
            Value::Null | Value::Bool(_) => value.clone(),
            Value::Array(items) => Value::Array(self.entries(items, key)),
            Value::Object(map) => self.object(map),
            scalar => self.scalar(scalar, key),
        }
    }

    /// The entries of a list that show something of its shape.
    fn entries(&self, items: &[Value], key: &str) -> Vec<Value> {
        let mut entries = Vec::new();
        let mut seen = Seen::default();
        for item in items {
            let entry = self.value(item, key);
            if seen.learns(&entry) {
                entries.push(entry);
            }
        }
        entries
    }

    /// Keys that are data become one of them; beside names of fields they are left out.
    fn object(&self, map: &Map<String, Value>) -> Value {
        let fields = map.iter().filter(|(key, _)| is_field(key));
        let mut invented: Map<String, Value> = fields
            .map(|(key, value)| (key.clone(), self.value(value, key)))
            .collect();
        if let (true, Some(value)) = (invented.is_empty(), map.values().next()) {
            invented.insert("118".into(), self.value(value, ""));
        }
        Value::Object(invented)
    }

    fn scalar(&self, value: &Value, key: &str) -> Value {
        let own = self.own.get(key).map(Vec::as_slice).unwrap_or_default();
        if own.contains(value) {
            return value.clone();
        }
        let is_alike = |own: &&Value| alike(own, value);
        match own.iter().find(is_alike) {
            Some(own) => own.clone(),
            None => plain(value),
        }
    }

    /// A value of a kind.
    pub fn of_kind(&self, kind: Kind, key: &str) -> Value {
        let plain = match kind {
            Kind::Null | Kind::Any => Value::Null,
            Kind::Boolean => json!(true),
            Kind::Integer => json!(118),
            Kind::Number => json!(1.5),
            Kind::String => json!("example"),
            Kind::Array => json!([]),
            Kind::Object => json!({}),
        };
        let own = self.own.get(key).map(Vec::as_slice).unwrap_or_default();
        let own = own.iter().find(|own| kind_of(own) == kind);
        own.cloned().unwrap_or(plain)
    }
}

/// The kind of a value.
pub fn kind_of(value: &Value) -> Kind {
    match value {
        Value::Null => Kind::Null,
        Value::Bool(_) => Kind::Boolean,
        Value::Number(number) if number.as_i64().is_some() => Kind::Integer,
        Value::Number(_) => Kind::Number,
        Value::String(_) => Kind::String,
        Value::Array(_) => Kind::Array,
        Value::Object(_) => Kind::Object,
    }
}

/// Whether a value may stand for another: of one kind, and texts of one form.
fn alike(own: &Value, other: &Value) -> bool {
    match (own, other) {
        (Value::String(own), Value::String(other)) => form(own) == form(other),
        (own, other) => kind_of(own) == kind_of(other),
    }
}

/// What a text looks like.
#[derive(PartialEq)]
enum Form {
    Empty,
    Formatted(Format),
    /// Digits and what is between them, such as times of one notation.
    Numeric(String),
    Text,
}

fn form(text: &str) -> Form {
    match Format::of(text) {
        Format::Plain | Format::Unseen => {}
        format => return Form::Formatted(format),
    }
    if text.trim().is_empty() {
        return Form::Empty;
    }
    let is_numeric = |c: char| c.is_ascii_digit() || "+-.,:/ ".contains(c);
    let digits = text.trim_end_matches(|c: char| c.is_ascii_uppercase());
    let is_number = digits.starts_with(|c: char| c.is_ascii_digit() || c == '+');
    if is_number && digits.chars().all(is_numeric) {
        // All whole numbers have one form, and all times of one notation.
        let is_whole = text.bytes().all(|byte| byte.is_ascii_digit());
        let mask = |c: char| if c.is_ascii_digit() { '0' } else { c };
        return Form::Numeric(match is_whole {
            true => "0".into(),
            false => text.chars().map(mask).collect(),
        });
    }
    Form::Text
}

/// An invented scalar of the shape of another.
fn plain(value: &Value) -> Value {
    const YEAR_2001: i64 = 1_000_000_000;
    const SECONDS: i64 = 1_777_885_965;
    let Value::String(text) = value else {
        let Some(number) = value.as_i64() else {
            return json!(1.5);
        };
        return match number {
            // Flags and counts of one.
            0 | 1 => value.clone(),
            _ if number / 1000 > YEAR_2001 => json!(SECONDS * 1000),
            _ if number > YEAR_2001 && number < 2 * YEAR_2001 => json!(SECONDS),
            118 => json!(119),
            _ => json!(118),
        };
    };
    json!(match form(text) {
        Form::Empty => text.clone(),
        Form::Formatted(Format::DateTime) => "2026-05-04T09:12:45Z".into(),
        Form::Formatted(Format::Date) => "2026-05-04".into(),
        Form::Formatted(Format::Uuid) => "00000000-0000-4000-8000-000000000118".into(),
        Form::Formatted(Format::Email) => "client@example.com".into(),
        Form::Formatted(_) => "https://example.com/118".into(),
        Form::Numeric(mask) => numeric(text, &mask),
        Form::Text if matches!(text.as_str(), "true" | "false") => text.clone(),
        Form::Text => "example".into(),
    })
}

/// Digits of the same notation: a time becomes another time, a phone number an invented one.
fn numeric(text: &str, mask: &str) -> String {
    const PHONE: usize = 7;
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    if !mask.contains([':', '-', '/']) && !mask.starts_with("00.00.") {
        return match digits < PHONE {
            true if mask.contains('.') => "1.5".into(),
            true => "118".into(),
            false => "15550100118".into(),
        };
    }
    let mut out = String::new();
    let mut is_time = false;
    let mut number = 0;
    for group in mask.split_inclusive(|c: char| c != '0') {
        let zeros = group.chars().filter(|c| *c == '0').count();
        let (separator, is_open) = match group.chars().last() {
            Some('0') | None => (None, true),
            Some(separator) => (Some(separator), false),
        };
        is_time |= separator == Some(':');
        out.push_str(match (zeros, is_time) {
            (0, _) => "",
            (4, _) => "2026",
            // Hours, minutes, seconds, and days and months that suit both orders.
            (2, true) => ["09", "12", "45"][number % 3],
            (2, false) => "05",
            (1, _) => "5",
            (_, _) => "118",
        });
        number = if is_time && zeros > 0 {
            number + 1
        } else {
            number
        };
        out.extend(separator.filter(|_| !is_open));
    }
    out
}

/// What samples show: kinds of values at places.
#[derive(Debug, Default)]
pub struct Seen {
    any: BTreeSet<String>,
    /// What all of them show.
    all: Option<BTreeSet<String>>,
}

impl Seen {
    /// Whether a sample shows something new, or lacks what all before have; it is seen then.
    pub fn learns(&mut self, value: &Value) -> bool {
        let mut places = BTreeSet::new();
        shown(value, "", &mut |place| _ = places.insert(place));
        let is_less = self.all.as_ref().is_none_or(|all| !all.is_subset(&places));
        if !is_less && places.is_subset(&self.any) {
            return false;
        }
        self.all = Some(match &self.all {
            Some(all) => all.intersection(&places).cloned().collect(),
            None => places.clone(),
        });
        self.any.extend(places);
        true
    }
}

fn shown(value: &Value, at: &str, tell: &mut impl FnMut(String)) {
    tell(format!("{at} {}", kind_of(value).name()));
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                shown(value, &format!("{at}/{key}"), tell);
            }
        }
        Value::Array(items) => items
            .iter()
            .for_each(|item| shown(item, &format!("{at}/"), tell)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::Inventor;
    use serde_json::json;

    #[test]
    fn values_have_the_shape_of_the_others_and_nothing_else_of_them() {
        let mut inventor = Inventor::default();
        inventor.learn(
            &json!({ "client_id": 94000001, "status": "success", "created": "2026-05-04T09:12:45 UTC", "phone": "15550100001" }),
            "",
        );
        let theirs = json!({
            "data": [
                { "client_id": 71717171, "phone": "79161234567", "created": "2021-11-09T17:01:02 UTC", "name": "Anna Petrova" },
                { "client_id": 71717172, "phone": "79161234568", "created": "2021-11-09T17:01:03 UTC", "name": "Boris" },
                { "client_id": 71717173, "phone": null },
            ],
            "status": "success", "mail": "anna@firm.ru", "at": "09.11.2021 17:01:02", "unix": 1636477262, "flag": 1,
            "url": "https://firm.ru/anna", "day": "2021-11-09", "price": 12.75, "note": "", "local": "2021-11-09 17:01",
            "by_phone": { "79161234567": "Anna", "79161234568": "Boris" }, "is_new": false, "last": "+7 (916) 123-45-67",
        });
        let invented = inventor.value(&theirs, "");
        assert_eq!(
            invented,
            json!({
                "data": [
                    { "client_id": 94000001, "phone": "15550100001", "created": "2026-05-04T09:12:45 UTC", "name": "example" },
                    { "client_id": 94000001, "phone": null },
                ],
                "status": "success", "mail": "client@example.com", "at": "05.05.2026 09:12:45", "unix": 1777885965, "flag": 1,
                "url": "https://example.com/118", "day": "2026-05-04", "price": 1.5, "note": "", "local": "2026-05-05 09:12",
                "by_phone": { "118": "example" }, "is_new": false, "last": "example",
            })
        );
        // Inventing again changes nothing.
        assert_eq!(inventor.value(&invented, ""), invented);
    }
}
