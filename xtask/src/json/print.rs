//! Printing a document in parts, as `serde_json` prints it whole.

use super::Json;
use serde::Serialize;
use serde_json::Serializer;
use serde_json::ser::{Formatter, PrettyFormatter};
use std::io;

/// Entries of an object, printed without its braces.
#[derive(Debug)]
pub struct Printed {
    text: Vec<u8>,
    /// How many objects their own stands in.
    depth: usize,
}

impl Printed {
    /// Entries of an object that stands in others.
    pub fn within(depth: usize) -> Self {
        let text = Vec::new();
        Self { text, depth }
    }

    /// Entries of an object that stands in no other.
    pub fn document() -> Self {
        let (text, depth) = (b"{".to_vec(), 0);
        Self { text, depth }
    }

    /// Adds an entry.
    ///
    /// # Errors
    /// None that a [`Json`] can cause.
    pub fn push(&mut self, key: &str, value: &Json<'_>) -> io::Result<()> {
        let formatter = self.key(key)?;
        value.serialize(&mut Serializer::with_formatter(&mut self.text, formatter))?;
        Ok(())
    }

    /// Adds an object of printed parts.
    ///
    /// # Errors
    /// None that a [`Json`] can cause.
    pub fn push_object(&mut self, key: &str, parts: Vec<Self>) -> io::Result<()> {
        let mut formatter = self.key(key)?;
        formatter.begin_object(&mut self.text)?;
        let mut parts = parts.into_iter().filter(|part| !part.text.is_empty());
        if let Some(first) = parts.next() {
            // A part may be most of the document: what stands before it is moved, and not it.
            let before = std::mem::replace(&mut self.text, first.text);
            self.text.splice(..0, before);
            formatter.end_object_value(&mut self.text)?;
        }
        for part in parts {
            self.text.push(b',');
            self.text.extend(part.text);
            formatter.end_object_value(&mut self.text)?;
        }
        formatter.end_object(&mut self.text)
    }

    /// The document whose entries these are.
    pub fn finish(mut self) -> Vec<u8> {
        self.text.extend(b"\n}\n");
        self.text
    }

    /// Begins an entry.
    fn key(&mut self, key: &str) -> io::Result<PrettyFormatter<'static>> {
        let mut formatter = PrettyFormatter::new();
        for _ in 0..=self.depth {
            formatter.begin_object(&mut io::sink())?;
        }
        let is_first = matches!(*self.text, [] | [b'{']);
        formatter.begin_object_key(&mut self.text, is_first)?;
        serde_json::to_writer(&mut self.text, key)?;
        formatter.begin_object_value(&mut self.text)?;
        Ok(formatter)
    }
}

#[cfg(test)]
mod tests {
    use super::Printed;
    use crate::json::{Json, object};

    #[test]
    fn parts_are_printed_as_the_whole_is() {
        let item =
            || object! { "get": object! { "tags": vec![Json::from("é\n")], "x": object! {} } };
        for (first, second) in [(0, 0), (0, 1), (1, 0), (2, 1)] {
            let printed = |count: usize, name: &str| {
                let mut part = Printed::within(1);
                for number in 0..count {
                    part.push(&format!("/{name}\"{number}"), &item()).unwrap();
                }
                part
            };
            let mut document = Printed::document();
            document.push("openapi", &"3.0.3".into()).unwrap();
            let parts = vec![printed(first, "a"), printed(second, "b")];
            document.push_object("paths", parts).unwrap();
            let entries = |count: usize, name: &'static str| {
                (0..count).map(move |number| (format!("/{name}\"{number}"), item()))
            };
            let paths: Json<'_> = entries(first, "a").chain(entries(second, "b")).collect();
            let whole = object! { "openapi": "3.0.3", "paths": paths };
            let whole = serde_json::to_string_pretty(&whole).unwrap() + "\n";
            assert_eq!(String::from_utf8(document.finish()).unwrap(), whole);
        }
    }
}
