//! Writing a document: path by path and component by component, each made, checked and printed while it is in the
//! processor's caches, and never held with the others.

use crate::account::Notes;
use crate::json::{Json, Printer};
use crate::{parallel, readable};
use serde::de::value::Error as Unreadable;
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::fmt;
use std::io::{self, Write};
use std::sync::Arc;

/// So many paths are made at once: enough for several threads, few enough to be little.
const BATCH: usize = 8_000;

/// What a document is made of.
pub trait Source<'a>: Sync {
    /// What becomes a path.
    type Item: Send;
    /// What becomes a component, beside its name.
    type Schema;

    /// What the document says of a path.
    fn item(&self, item: Self::Item, notes: &mut Notes) -> Json<'a>;

    /// Tells the components that one refers to.
    fn references(&self, name: &str, schema: &Self::Schema, tell: &mut impl FnMut(&str));

    /// The schema of a component.
    fn schema(&self, name: &str, schema: Self::Schema) -> Json<'a>;
}

/// A document that is not written yet.
#[derive(Debug)]
pub struct Unwritten<'a, S: Source<'a>> {
    /// All of it but what its paths and schemas hold.
    pub frame: Json<'a>,
    pub paths: Vec<(Cow<'a, str>, S::Item)>,
    /// By name.
    pub schemas: Vec<(Arc<str>, S::Schema)>,
    pub source: S,
}

/// What was written.
#[derive(Debug, Default)]
pub struct Written {
    pub operations: usize,
    pub components: usize,
    pub notes: Notes,
}

/// Why a document was not written.
#[derive(Debug)]
pub enum Failure {
    /// It does not fit OpenAPI 3.0.
    Unreadable(Unreadable),
    Io(io::Error),
}

impl From<Unreadable> for Failure {
    fn from(error: Unreadable) -> Self {
        Self::Unreadable(error)
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable(error) => write!(f, "the result is not OpenAPI 3.0: {error}"),
            Self::Io(error) => write!(f, "the result cannot be written: {error}"),
        }
    }
}

/// Some paths of a document.
#[derive(Default)]
struct Part {
    printed: Vec<u8>,
    operations: usize,
    /// The components that they refer to.
    used: HashSet<String>,
    notes: Notes,
}

impl<'a, S: Source<'a>> Unwritten<'a, S> {
    /// Writes it. Components that no path reaches are dropped.
    ///
    /// # Errors
    /// What does not fit OpenAPI 3.0, and what cannot be written; a part is written by then.
    pub fn write(mut self, mut out: impl Write) -> Result<Written, Failure> {
        readable::frame(&self.frame)?;
        out.write_all(b"{")?;
        let mut document = Printer::new(out, 0);
        let mut written = Written::default();
        let mut used = HashSet::new();
        let frame = std::mem::take(&mut self.frame);
        for (key, value) in frame.entries() {
            match (&**key, value) {
                ("paths", Json::Object(_)) => {
                    document.begin(key)?;
                    self.write_paths(&mut document, &mut used, &mut written)?;
                    document.end()?;
                }
                ("components", Json::Object(kinds)) => {
                    document.begin(key)?;
                    for (key, value) in kinds {
                        match (&**key, value) {
                            ("schemas", Json::Object(_)) => {
                                document.begin(key)?;
                                self.write_schemas(&mut document, &mut used, &mut written)?;
                                document.end()?;
                            }
                            _ => document.push(key, value)?,
                        }
                    }
                    document.end()?;
                }
                _ => document.push(key, value)?,
            }
        }
        let mut out = document.finish();
        out.write_all(b"\n}\n")?;
        out.flush()?;
        Ok(written)
    }

    fn write_paths(
        &mut self,
        document: &mut Printer<impl Write>,
        used: &mut HashSet<String>,
        written: &mut Written,
    ) -> Result<(), Failure> {
        let source = &self.source;
        let mut paths = std::mem::take(&mut self.paths).into_iter();
        // A few may be large each, and are made by one thread anyway.
        let size = if paths.len() < parallel::MANY {
            1
        } else {
            BATCH
        };
        while paths.len() > 0 {
            let batch = paths.by_ref().take(size).collect();
            for part in parallel::parts(batch, |paths| part(paths, source)) {
                let part: Part = part?;
                document.push_printed(&part.printed)?;
                used.extend(part.used);
                written.operations += part.operations;
                written.notes.add(part.notes);
            }
        }
        Ok(())
    }

    fn write_schemas(
        &mut self,
        document: &mut Printer<impl Write>,
        used: &mut HashSet<String>,
        written: &mut Written,
    ) -> Result<(), Failure> {
        let mut schemas = std::mem::take(&mut self.schemas);
        let places = schemas.iter().enumerate();
        let places = places.map(|(place, (name, _))| (name.clone(), place));
        let places: HashMap<Arc<str>, usize> = places.collect();
        // And those that only such components refer to.
        let mut queue: Vec<String> = used.iter().cloned().collect();
        while let Some(name) = queue.pop() {
            if let Some(place) = places.get(&*name) {
                let (name, schema) = &schemas[*place];
                self.source.references(name, schema, &mut |name| {
                    if note(used, name) {
                        queue.push(name.to_owned());
                    }
                });
            }
        }
        schemas.retain(|(name, _)| used.contains(&**name));
        for (name, schema) in schemas {
            let schema = self.source.schema(&name, schema);
            readable::schema(&schema)?;
            document.push(&name, &schema)?;
            written.components += 1;
        }
        Ok(())
    }
}

/// Makes and prints some paths.
fn part<'a, S: Source<'a>>(
    paths: Vec<(Cow<'a, str>, S::Item)>,
    source: &S,
) -> Result<Part, Failure> {
    let mut part = Part::default();
    let mut printer = Printer::new(Vec::new(), 1);
    for (path, made) in paths {
        let item = source.item(made, &mut part.notes);
        part.operations += readable::path(&path, &item)?;
        references(&item, &mut |name| _ = note(&mut part.used, name));
        printer.push(&path, &item)?;
    }
    part.printed = printer.finish();
    Ok(part)
}

/// A document that is there as a whole.
#[derive(Debug)]
pub struct Whole;

impl<'a> Source<'a> for Whole {
    type Item = Json<'a>;
    type Schema = Json<'a>;

    fn item(&self, item: Json<'a>, _: &mut Notes) -> Json<'a> {
        item
    }

    fn references(&self, _: &str, schema: &Json<'a>, tell: &mut impl FnMut(&str)) {
        references(schema, tell);
    }

    fn schema(&self, _: &str, schema: Json<'a>) -> Json<'a> {
        schema
    }
}

impl<'a, S: Source<'a>> Unwritten<'a, S> {
    /// The document with all that its paths and schemas hold.
    pub fn whole(mut self, notes: &mut Notes) -> Json<'a> {
        let source = &self.source;
        let schemas = self.schemas.into_iter();
        let schemas = schemas.map(|(name, schema)| {
            let schema = source.schema(&name, schema);
            (name.to_string(), schema)
        });
        let schemas: Json<'a> = schemas.collect();
        let paths = self.paths.into_iter();
        let paths = paths.map(|(path, item)| (path, source.item(item, notes)));
        let paths: Json<'a> = paths.collect();
        if let Some(place) = self.frame.get_mut("paths") {
            *place = paths;
        }
        let components = self.frame.get_mut("components");
        if let Some(place) = components.and_then(|components| components.get_mut("schemas")) {
            *place = schemas;
        }
        self.frame
    }
}

impl<'a> Unwritten<'a, Whole> {
    /// A document to be written, taken apart.
    pub fn of(mut frame: Json<'a>) -> Self {
        let take = |place: Option<&mut Json<'a>>| match place {
            Some(Json::Object(entries)) => std::mem::take(entries),
            _ => Vec::new(),
        };
        let paths = take(frame.get_mut("paths"));
        let components = frame.get_mut("components");
        let schemas = take(components.and_then(|components| components.get_mut("schemas")));
        let schemas = schemas.into_iter();
        let schemas = schemas.map(|(name, schema)| (name.into(), schema));
        Self {
            frame,
            paths,
            schemas: schemas.collect(),
            source: Whole,
        }
    }
}

/// Adds a name to those that are used, unless it is there.
fn note(used: &mut HashSet<String>, name: &str) -> bool {
    !used.contains(name) && used.insert(name.to_owned())
}

/// Tells the components that something refers to.
fn references(node: &Json<'_>, tell: &mut impl FnMut(&str)) {
    for (key, value) in node.entries() {
        let target = value.as_str().filter(|_| key == "$ref");
        if let Some(name) = target.and_then(|name| name.strip_prefix("#/components/schemas/")) {
            tell(name);
        }
        references(value, tell);
    }
    node.items().iter().for_each(|item| references(item, tell));
}
