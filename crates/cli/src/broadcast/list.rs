//! The recipients of a broadcast: the rows of a CSV file, all of which are checked before anything is sent.

use super::text::Pattern;
use super::{phone, quotes};
use crate::exit::Failure;
use crate::output::{counted, without_bom};
use std::collections::HashMap;
use std::fmt;
use std::fs;
use std::path::Path;

/// Who gets a message.
#[derive(Clone, PartialEq, Eq, Hash)]
pub enum Address {
    Client(i64),
    /// The digits of a phone number.
    Phone(String),
}

/// A row of the file.
pub struct Recipient {
    /// The line of the file, for messages to people.
    pub line: u64,
    pub address: Address,
    /// The texts of the message: that of the message itself, or those of a template's variables.
    pub texts: Vec<String>,
}

/// As the journal writes it.
impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Client(id) => write!(f, "client:{id}"),
            Self::Phone(digits) => write!(f, "phone:{digits}"),
        }
    }
}

/// Reads the recipients, and fills the patterns with the columns of each.
///
/// # Errors
/// If the file is no CSV, or if a row has no address or an empty text, with its line.
pub fn read(file: &Path, patterns: &[Pattern]) -> Result<Vec<Recipient>, Failure> {
    let bytes =
        fs::read(file).map_err(|error| Failure::usage(format!("{}: {error}", file.display())))?;
    let at = |line: u64, reason: &str| {
        Failure::usage(format!("{}, line {line}: {reason}", file.display()))
    };
    let text = std::str::from_utf8(&bytes).map_err(|error| {
        let line = line_at(&bytes, error.valid_up_to());
        at(line, "it is not UTF-8; save the file as CSV UTF-8")
    })?;
    let text = without_bom(text);
    // The library accepts quotes that are wrong, and reads something else than what was meant.
    if let Some((line, reason)) = quotes::fault(text) {
        return Err(at(line, reason));
    }
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .flexible(true)
        .from_reader(text.as_bytes());
    let names = reader.headers().map_err(|error| Failure::of(&error))?;
    let names = names.clone();
    check_names(file, &names, patterns)?;
    let mut recipients = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| Failure::of(&error))?;
        let place = record.position().map_or(0, csv::Position::byte);
        let line = line_at(
            text.as_bytes(),
            usize::try_from(place).unwrap_or(usize::MAX),
        );
        if record.len() != names.len() {
            return Err(at(
                line,
                &format!(
                    "it has {} in place of {}",
                    counted(record.len(), "column"),
                    names.len()
                ),
            ));
        }
        let columns = names.iter().zip(&record).collect();
        let recipient = recipient(line, &columns, patterns);
        recipients.push(recipient.map_err(|reason| at(line, reason))?);
    }
    Ok(recipients)
}

/// Checks that there are all columns that are needed, and each once.
fn check_names(
    file: &Path,
    names: &csv::StringRecord,
    patterns: &[Pattern],
) -> Result<(), Failure> {
    let file = file.display();
    let has = |name: &str| names.iter().any(|known| known == name);
    // A column without a name is of no use, so two of them do no harm.
    let mut named = names
        .iter()
        .enumerate()
        .filter(|(_, name)| !name.is_empty());
    if let Some((_, name)) =
        named.find(|(index, name)| names.iter().take(*index).any(|other| other == *name))
    {
        return Err(Failure::usage(format!(
            "{file} has two columns of the name `{name}`"
        )));
    }
    if !has("client_id") && !has("phone") {
        // Without names, the first line is a customer, who must not be quoted.
        let digits = |name: &str| name.chars().filter(char::is_ascii_digit).count();
        let found = match names.iter().any(|name| digits(name) >= 4) {
            _ if names.iter().all(str::is_empty) => "is empty".to_owned(),
            true => "is no line of names".to_owned(),
            false => format!("names `{}`", names.iter().collect::<Vec<_>>().join("`, `")),
        };
        return Err(Failure::usage(format!(
            "{file} has no column `phone` or `client_id`: its first line {found}; names are separated by commas"
        )));
    }
    for name in patterns.iter().flat_map(Pattern::columns) {
        if !has(name) {
            return Err(Failure::usage(format!(
                "the text has {{{name}}}, but {file} has no column of that name"
            )));
        }
    }
    Ok(())
}

/// Returns the line that begins at a place of the file, or behind the line breaks that are there.
///
/// The library counts the lines of a file in another way: not those that are empty, for example.
fn line_at(file: &[u8], place: usize) -> u64 {
    let is_break = |byte: &u8| matches!(byte, b'\r' | b'\n');
    let (before, rest) = file.split_at(place.min(file.len()));
    let breaks = rest.iter().take_while(|byte| is_break(byte)).count();
    let before = &file[..before.len() + breaks];
    let breaks = before.iter().enumerate().filter(|(index, byte)| {
        // Both of them end one line.
        is_break(byte) && !(**byte == b'\r' && file.get(index + 1) == Some(&b'\n'))
    });
    breaks.fold(1, |line, _| line + 1)
}

fn recipient(
    line: u64,
    columns: &HashMap<&str, &str>,
    patterns: &[Pattern],
) -> Result<Recipient, &'static str> {
    let filled = |name| columns.get(name).filter(|text| !text.is_empty());
    let address = match (filled("client_id"), filled("phone")) {
        (Some(id), _) => {
            let id = id.parse().ok().filter(|id| *id > 0);
            Address::Client(id.ok_or("`client_id` is no number of a client")?)
        }
        (None, Some(phone)) => Address::Phone(phone::read(phone)?),
        (None, None) => return Err("there is neither a `phone` nor a `client_id`"),
    };
    let texts: Vec<String> = patterns
        .iter()
        .map(|pattern| pattern.fill(columns))
        .collect();
    if texts.iter().any(|text| text.trim().is_empty()) {
        return Err("the text is empty");
    }
    Ok(Recipient {
        line,
        address,
        texts,
    })
}
