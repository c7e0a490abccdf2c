//! `chat2desk streams`: what can be exported, and what it costs in calls.

use crate::Common;
use crate::exit::Failure;
use crate::export::stream::{Stream, Way};
use crate::output::Output;
use chat2desk::Chat2Desk;
use serde::Serialize;
use serde_json::Map;

/// The records of a page that no other page has.
const NEW_PER_PAGE: u64 = 199;

/// Lists what can be exported, and what an export costs in calls
///
/// Makes a call for each list that has pages, to ask for its total.
#[derive(clap::Args)]
#[group(skip)]
pub struct Arguments {
    /// Prints JSON lines
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Row {
    stream: &'static str,
    operation: &'static str,
    /// How the same export goes on later.
    continues: &'static str,
    records: Option<u64>,
    /// The calls of a whole export; of reports, the least of each day.
    calls: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

impl Arguments {
    pub async fn run(self, common: &Common) -> Result<(), Failure> {
        let chat = common.account.open()?.client()?;
        let mut output = Output::new();
        if !self.json {
            output.line(format_args!(
                "{:<24} {:>10} {:>8}  continues",
                "STREAM", "RECORDS", "CALLS"
            ))?;
        }
        let (mut is_known, mut failure) = (false, None);
        for stream in Stream::all() {
            let mut row = Row::of(&stream);
            match row.ask(&chat, &stream).await {
                Ok(asked) => is_known |= asked,
                Err(other) if other.is_final() => return Err(other),
                Err(other) => {
                    row.calls = None;
                    row.error = Some(other.to_string());
                    failure = failure.or(Some(other));
                }
            }
            match self.json {
                true => output.json(&row)?,
                false => output.line(row.text())?,
            }
            output.flush()?;
        }
        // One list may be forbidden to the token, but not all of them.
        failure.filter(|_| !is_known).map_or(Ok(()), Err)
    }
}

impl Row {
    fn of(stream: &Stream) -> Self {
        Self {
            stream: stream.name,
            operation: stream.operation.id,
            continues: match stream.way {
                Way::ById => "by id",
                Way::ByDay => "by day",
                Way::Whole => "read as a whole",
            },
            records: None,
            calls: Some(1),
            error: None,
        }
    }

    /// Asks for the total of a list that has pages. Returns whether it did.
    async fn ask(&mut self, chat: &Chat2Desk, stream: &Stream) -> Result<bool, Failure> {
        if stream.way == Way::ByDay || !stream.has_pages() {
            return Ok(false);
        }
        let limit = [("limit".to_owned(), 1.into())];
        let page = chat.call(stream.operation, Map::from_iter(limit)).await?;
        self.records = page["meta"]["total"].as_u64();
        self.calls = self
            .records
            .map(|total| total.div_ceil(NEW_PER_PAGE).max(1));
        Ok(true)
    }

    fn text(&self) -> String {
        let number =
            |number: Option<u64>| number.map_or("?".to_owned(), |number| number.to_string());
        let unit = match self.continues {
            "by day" => "/day",
            _ => "",
        };
        let records = match (self.records, self.calls) {
            (None, Some(_)) => String::new(),
            (records, _) => number(records),
        };
        let error = self.error.as_ref().map(|error| format!("  {error}"));
        let calls = number(self.calls) + unit;
        format!(
            "{:<24} {records:>10} {calls:>8}  {}{}",
            self.stream,
            self.continues,
            error.unwrap_or_default()
        )
    }
}
