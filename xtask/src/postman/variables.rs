//! Variables: looked up from the request outwards, in values of variables too.

use super::KeyValue;
use std::borrow::Cow;
use std::collections::HashMap;

/// A place where variables are looked up: a request's, a folder's, the collection's, or the environments'.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Scope(u32);

/// The variables of a collection by scope.
#[derive(Debug, Clone, Default)]
pub struct Variables<'a>(Vec<Frame<'a>>);

#[derive(Debug, Clone, Default)]
struct Frame<'a> {
    outer: Option<Scope>,
    values: HashMap<Cow<'a, str>, Cow<'a, str>>,
}

/// What one text may take: more is a circle, or somebody who wants the converter to burst.
struct Budget {
    lookups: usize,
    bytes: usize,
}

impl<'a> Variables<'a> {
    /// The scope of the collection: outside of it there are environments only.
    pub const COLLECTION: Scope = Scope(1);

    /// Adds what a folder or request has variables of; the scope outside is theirs if there are none.
    pub fn open(&mut self, outer: Option<Scope>, pairs: Vec<KeyValue<'a>>) -> Scope {
        if let (Some(outer), true) = (outer, pairs.is_empty()) {
            return outer;
        }
        let mut frame = Frame {
            outer,
            values: HashMap::new(),
        };
        for pair in pairs {
            frame.add(pair);
        }
        self.0.push(frame);
        Scope(u32::try_from(self.0.len() - 1).unwrap_or(0))
    }

    /// A text with the values of its variables: what has none stays as it is.
    pub fn resolve<'t>(&self, scope: Scope, text: &'t str) -> Cow<'t, str> {
        if !text.contains("{{") {
            return Cow::Borrowed(text);
        }
        let mut budget = Budget {
            lookups: 200,
            bytes: 16_384,
        };
        let mut resolved = String::new();
        match self.write(scope, text, &mut resolved, &mut budget) {
            Some(()) => Cow::Owned(resolved),
            None => Cow::Borrowed(text),
        }
    }

    /// All values, in no order.
    pub fn values(&self) -> impl Iterator<Item = &str> {
        let values = self.0.iter().flat_map(|frame| frame.values.values());
        values.map(|value| &**value)
    }

    fn write(&self, scope: Scope, text: &str, out: &mut String, budget: &mut Budget) -> Option<()> {
        let mut rest = text;
        while let Some((before, name, after)) = variable(rest) {
            budget.lookups = budget.lookups.checked_sub(1)?;
            budget.bytes = budget.bytes.checked_sub(before.len())?;
            out.push_str(before);
            match self.value(scope, name) {
                Some(value) => self.write(scope, value, out, budget)?,
                None => out.push_str(&rest[before.len()..rest.len() - after.len()]),
            }
            rest = after;
        }
        budget.bytes = budget.bytes.checked_sub(rest.len())?;
        out.push_str(rest);
        Some(())
    }

    /// The value of a variable.
    fn value(&self, scope: Scope, name: &str) -> Option<&str> {
        let mut frame = self.0.get(scope.0 as usize);
        while let Some(known) = frame {
            if let Some(value) = known.values.get(name) {
                return Some(value);
            }
            frame = known.outer.and_then(|outer| self.0.get(outer.0 as usize));
        }
        None
    }
}

impl<'a> Frame<'a> {
    /// The last of several counts, as in Postman; one without a value is filled in by whoever imports the
    /// collection.
    fn add(&mut self, pair: KeyValue<'a>) {
        let value = pair.text().trim().to_owned();
        let key = pair.key.trim().to_owned();
        if !pair.disabled && !value.is_empty() {
            self.values.insert(key.into(), value.into());
        }
    }
}

/// The text before the first `{{name}}`, the name, and the text after it.
pub fn variable(text: &str) -> Option<(&str, &str, &str)> {
    let mut from = 0;
    loop {
        let start = from + text.get(from..)?.find("{{")?;
        let inner = &text[start + 2..];
        if let Some(end) = near(inner, "}}") {
            let name = inner[..end].trim();
            if !name.is_empty() && !name.contains(['{', '}']) {
                return Some((&text[..start], name, &inner[end + 2..]));
            }
        }
        from = start + 1;
    }
}

/// The name of a text that is nothing but a variable.
pub fn variable_name(text: &str) -> Option<&str> {
    let (before, name, after) = variable(text.trim())?;
    (before.is_empty() && after.is_empty()).then_some(name)
}

/// Where a text is found in the first part of another: a name is short, and a text of braces may be long.
pub fn near(text: &str, wanted: &str) -> Option<usize> {
    let mut end = text.len().min(256);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text[..end].find(wanted)
}

#[cfg(test)]
mod tests {
    use super::{KeyValue, Scope, Variables};

    fn scopes() -> (Variables<'static>, Scope) {
        let pair = |key: &'static str, value: &'static str| KeyValue::new(key, value);
        let off = KeyValue {
            disabled: true,
            ..pair("host", "off.example.com")
        };
        let mut variables = Variables::default();
        let root = variables.open(
            None,
            vec![
                pair("url", "https://{{ host }}/{{version}}"),
                pair("host", "api.example.com"),
                off,
                pair("version", "v1"),
                pair("empty", ""),
                pair("a", "{{b}}"),
                pair("b", "{{a}}"),
            ],
        );
        let folder = variables.open(Some(root), vec![pair("version", "v2"), pair("empty", " ")]);
        (variables, folder)
    }

    #[test]
    fn the_nearest_value_counts_in_values_too() {
        let (variables, folder) = scopes();
        for (text, resolved) in [
            ("{{url}}/x", "https://api.example.com/v2/x"),
            (
                "{{ version }}-{{nobody}}-{{empty}}",
                "v2-{{nobody}}-{{empty}}",
            ),
            ("{{a}}", "{{a}}"),
            ("{{}}{{ }}{{{host}}}", "{{}}{{ }}{api.example.com}"),
            ("plain {", "plain {"),
        ] {
            assert_eq!(variables.resolve(folder, text), resolved, "{text}");
        }
    }

    #[test]
    fn values_that_grow_without_end_are_none() {
        let keys: Vec<String> = (0..60).map(|number| format!("v{number}")).collect();
        let value = |number: usize| match number {
            59 => String::new(),
            number => format!("{{{{v{0}}}}}{{{{v{0}}}}}", number + 1),
        };
        let pairs = keys.iter().enumerate();
        let pairs = pairs.map(|(number, key)| KeyValue::new(key.clone(), value(number)));
        let mut variables = Variables::default();
        let scope = variables.open(None, pairs.collect());
        assert_eq!(variables.resolve(scope, "{{v0}}"), "{{v0}}");
    }
}
