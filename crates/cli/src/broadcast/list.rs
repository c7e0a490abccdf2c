//! The recipients of a broadcast: the rows of a CSV file, all of which are checked before anything is sent.

use super::text::Pattern;
use crate::exit::Failure;
use chat2desk::clients::digits;
use std::collections::HashMap;
use std::fmt;
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
/// If a row has no address or an empty text, with its line.
pub fn read(file: &Path, patterns: &[Pattern]) -> Result<Vec<Recipient>, Failure> {
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .from_path(file)
        .map_err(|error| unreadable(file, &error))?;
    let headers = reader.headers().map_err(|error| unreadable(file, &error))?;
    // Excel writes a mark before the first name.
    let names: Vec<String> = headers
        .iter()
        .map(|name| name.trim_start_matches('\u{feff}').to_owned())
        .collect();
    let has = |name: &str| names.iter().any(|known| known == name);
    if !has("client_id") && !has("phone") {
        return Err(Failure::usage(format!(
            "{} has no column `phone` or `client_id`",
            file.display()
        )));
    }
    for name in patterns.iter().flat_map(Pattern::columns) {
        if !has(name) {
            return Err(Failure::usage(format!(
                "the text has {{{name}}}, but {} has no column of that name",
                file.display()
            )));
        }
    }
    let mut recipients = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| unreadable(file, &error))?;
        let line = record.position().map_or(0, csv::Position::line);
        let columns = names.iter().map(String::as_str).zip(&record).collect();
        let recipient = recipient(line, &columns, patterns);
        recipients.push(recipient.map_err(|reason| {
            Failure::usage(format!("{}, line {line}: {reason}", file.display()))
        })?);
    }
    Ok(recipients)
}

fn recipient(
    line: u64,
    columns: &HashMap<&str, &str>,
    patterns: &[Pattern],
) -> Result<Recipient, &'static str> {
    let filled = |name| columns.get(name).filter(|text| !text.is_empty());
    let address = match (filled("client_id"), filled("phone")) {
        (Some(id), _) => Address::Client(id.parse().map_err(|_| "`client_id` is no number")?),
        (None, Some(phone)) => Address::Phone(digits(phone).ok_or("`phone` is no phone number")?),
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

/// An error without what the file holds.
fn unreadable(file: &Path, error: &csv::Error) -> Failure {
    let line = error
        .position()
        .map(|position| format!(", line {}", position.line()));
    let reason = match error.kind() {
        csv::ErrorKind::Io(error) => error.to_string(),
        csv::ErrorKind::Utf8 { .. } => "is not UTF-8".into(),
        csv::ErrorKind::UnequalLengths {
            expected_len, len, ..
        } => {
            format!("has {len} columns in place of {expected_len}")
        }
        _ => "is no CSV".into(),
    };
    Failure::usage(format!(
        "{}{}: {reason}",
        file.display(),
        line.unwrap_or_default()
    ))
}
