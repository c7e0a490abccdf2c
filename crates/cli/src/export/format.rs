//! [`Format`], how records are written: JSON Lines, CSV, or messages of Singer.

use super::record::{Field, OTHER, split, time, with_times};
use super::schema::{Fields, Kind};
use super::singer;
use super::stream::Stream;
use crate::exit::Failure;
use chat2desk::RawRecord;

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// A record a line, as the server wrote it, with times in RFC 3339
    Jsonl,
    /// The fields of the document as columns, and the others as JSON in `_other`
    Csv,
    /// Messages for a Singer target, on stdout
    Singer,
}

impl Format {
    pub fn name(self) -> &'static str {
        match self {
            Self::Jsonl => "jsonl",
            Self::Csv => "csv",
            Self::Singer => "singer",
        }
    }
}

/// Writes the records of one stream.
pub struct Encoder {
    format: Format,
    stream: &'static str,
    fields: Fields,
    has_times: bool,
}

impl Encoder {
    pub fn new(format: Format, stream: &Stream) -> Self {
        let fields = Fields::of(stream.operation.id);
        Self {
            format,
            stream: stream.name,
            has_times: fields.has_times(),
            fields,
        }
    }

    /// Returns what comes before the first record.
    pub fn head(&self) -> Result<Vec<u8>, Failure> {
        match self.format {
            Format::Jsonl => Ok(Vec::new()),
            Format::Csv => self.row(self.columns().map(str::to_owned)),
            Format::Singer => Ok(singer::schema(self.stream, &self.fields)),
        }
    }

    fn columns(&self) -> impl Iterator<Item = &str> {
        let known = self.fields.0.iter().map(|(name, _)| name.as_str());
        known.chain([OTHER])
    }

    /// Adds a record.
    pub fn record(&self, record: &RawRecord, written: &mut Vec<u8>) -> Result<(), Failure> {
        let line = record.to_line();
        match self.format {
            Format::Jsonl => {
                match self.has_times {
                    true => written.extend(with_times(&line, &self.fields).as_bytes()),
                    false => written.extend(line.as_bytes()),
                }
                written.push(b'\n');
            }
            Format::Csv => {
                let (cells, other) = match split(&line, &self.fields, cell) {
                    Some((cells, other)) => (cells, json_of(&other)),
                    None => (vec![None; self.fields.0.len()], line),
                };
                let cells = cells.into_iter().map(Option::unwrap_or_default);
                written.extend(self.row(cells.chain([other]))?);
            }
            Format::Singer => {
                let message = singer::record(self.stream, &line, &self.fields)?;
                written.extend(message.as_bytes());
            }
        }
        Ok(())
    }

    fn row(&self, cells: impl IntoIterator<Item = String>) -> Result<Vec<u8>, Failure> {
        let mut writer = csv::WriterBuilder::new()
            .buffer_capacity(1024)
            .from_writer(Vec::new());
        let cells: Vec<String> = cells.into_iter().collect();
        writer
            .write_record(cells)
            .map_err(|error| Failure::of(&error))?;
        writer
            .into_inner()
            .map_err(|error| Failure::other(error.to_string()))
    }
}

/// Returns fields as a JSON object; nothing if there are none.
fn json_of(fields: &[Field<'_>]) -> String {
    let pairs: Vec<String> = fields.iter().map(Field::to_string).collect();
    match pairs.is_empty() {
        true => String::new(),
        false => format!("{{{}}}", pairs.join(",")),
    }
}

/// Returns the cell of a value: texts and numbers plainly, null empty, lists and objects as JSON.
fn cell(json: &str, kind: &Kind) -> Option<String> {
    if matches!(kind, Kind::Time)
        && let Some(time) = time(json)
    {
        return Some(time);
    }
    Some(match json.as_bytes().first() {
        Some(b'"') => serde_json::from_str(json).ok()?,
        Some(b'n') => String::new(),
        Some(b'{' | b'[') => {
            let mut written = String::new();
            super::record::write(json, kind, &mut written);
            written
        }
        _ => json.to_owned(),
    })
}
