//! Printing a document entry by entry, as `serde_json` prints it whole.

use super::Json;
use serde::Serialize;
use serde_json::Serializer;
use serde_json::ser::{Formatter, PrettyFormatter};
use std::io::{self, Write};

/// Prints the entries of an object, without its braces.
#[derive(Debug)]
pub struct Printer<W> {
    out: W,
    /// How many objects their own stands in.
    depth: usize,
    is_first: bool,
}

impl<W: Write> Printer<W> {
    /// Prints the entries of an object that stands in `depth` others.
    pub fn new(out: W, depth: usize) -> Self {
        let is_first = true;
        Self {
            out,
            depth,
            is_first,
        }
    }

    /// Adds an entry.
    ///
    /// # Errors
    /// Those of what is written to.
    pub fn push(&mut self, key: &str, value: &Json<'_>) -> io::Result<()> {
        let formatter = self.key(key)?;
        value.serialize(&mut Serializer::with_formatter(&mut self.out, formatter))?;
        Ok(())
    }

    /// Adds entries that were printed for this place.
    ///
    /// # Errors
    /// Those of what is written to.
    pub fn push_printed(&mut self, entries: &[u8]) -> io::Result<()> {
        if entries.is_empty() {
            return Ok(());
        }
        if !std::mem::take(&mut self.is_first) {
            self.out.write_all(b",")?;
        }
        self.out.write_all(entries)
    }

    /// Begins an object, whose entries follow.
    ///
    /// # Errors
    /// Those of what is written to.
    pub fn begin(&mut self, key: &str) -> io::Result<()> {
        self.key(key)?;
        self.out.write_all(b"{")?;
        self.depth += 1;
        self.is_first = true;
        Ok(())
    }

    /// Ends the object that was begun last.
    ///
    /// # Errors
    /// Those of what is written to.
    pub fn end(&mut self) -> io::Result<()> {
        if !std::mem::take(&mut self.is_first) {
            let indent = "  ".repeat(self.depth);
            write!(self.out, "\n{indent}")?;
        }
        self.depth -= 1;
        self.out.write_all(b"}")
    }

    /// What was written to.
    pub fn finish(self) -> W {
        self.out
    }

    /// Begins an entry.
    fn key(&mut self, key: &str) -> io::Result<PrettyFormatter<'static>> {
        let mut formatter = PrettyFormatter::new();
        for _ in 0..=self.depth {
            formatter.begin_object(&mut io::sink())?;
        }
        let is_first = std::mem::take(&mut self.is_first);
        formatter.begin_object_key(&mut self.out, is_first)?;
        serde_json::to_writer(&mut self.out, key)?;
        formatter.begin_object_value(&mut self.out)?;
        Ok(formatter)
    }
}

#[cfg(test)]
mod tests {
    use super::Printer;
    use crate::json::{Json, object};

    #[test]
    fn parts_are_printed_as_the_whole_is() {
        let item =
            || object! { "get": object! { "tags": vec![Json::from("é\n")], "x": object! {} } };
        for (first, second) in [(0, 0), (0, 1), (1, 0), (2, 1)] {
            let printed = |count: usize, name: &str| {
                let mut part = Printer::new(Vec::new(), 1);
                for number in 0..count {
                    part.push(&format!("/{name}\"{number}"), &item()).unwrap();
                }
                part.finish()
            };
            let mut document = Printer::new(b"{".to_vec(), 0);
            document.push("openapi", &"3.0.3".into()).unwrap();
            document.begin("paths").unwrap();
            document.push_printed(&printed(first, "a")).unwrap();
            document.push_printed(&printed(second, "b")).unwrap();
            document.end().unwrap();
            document.push("x", &object! {}).unwrap();
            let entries = |count: usize, name: &'static str| {
                (0..count).map(move |number| (format!("/{name}\"{number}"), item()))
            };
            let paths: Json<'_> = entries(first, "a").chain(entries(second, "b")).collect();
            let whole = object! { "openapi": "3.0.3", "paths": paths, "x": object! {} };
            let whole = serde_json::to_string_pretty(&whole).unwrap();
            let printed = String::from_utf8(document.finish()).unwrap() + "\n}";
            assert_eq!(printed, whole);
        }
    }
}
