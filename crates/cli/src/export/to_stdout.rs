//! [`ToStdout`], the target that is stdout, with the state that Singer has.

use super::format::Encoder;
use super::singer;
use super::stream::Way;
use super::write::{Day, Ended, Target};
use crate::exit::Failure;
use crate::output::{Output, written};
use chat2desk::{ErrorKind, Position, RawRecord};
use serde::Deserialize;
use serde_json::{Map, Value};
use std::fmt::Display;
use std::io::Write;

/// Stdout.
pub struct ToStdout<'a> {
    pub output: &'a mut Output,
    pub encoder: Encoder,
    pub singer: Option<Bookmarks<'a>>,
    pub buffer: Vec<u8>,
}

/// The state of Singer, which has a bookmark for each stream.
pub struct Bookmarks<'a> {
    pub all: &'a mut Map<String, Value>,
    pub stream: &'static str,
    pub way: Way,
}

impl Bookmarks<'_> {
    /// Returns the STATE message, if the stream can be continued.
    fn message(&mut self, position: Option<Position>) -> Option<Vec<u8>> {
        let position = position.filter(|_| self.way != Way::Whole)?;
        let bookmark = serde_json::json!({ "position": position });
        self.all.insert(self.stream.to_owned(), bookmark);
        Some(singer::state(self.all))
    }
}

/// Returns the bookmarks of a file of states, of which the last one counts: a target writes one after another.
pub fn bookmarks(text: &str) -> Result<Map<String, Value>, String> {
    let text = text.trim_start_matches('\u{feff}').trim();
    if text.is_empty() {
        return Ok(Map::new());
    }
    let last = text.lines().next_back().unwrap_or_default();
    // One state may be on several lines.
    let state: Value = serde_json::from_str(text)
        .or_else(|_| serde_json::from_str(last))
        .map_err(|error| no_state(&error))?;
    // Some runners pass the whole message.
    let state = state.get("value").unwrap_or(&state);
    match (state, state.get("bookmarks")) {
        (_, Some(Value::Object(bookmarks))) => Ok(bookmarks.clone()),
        (Value::Object(state), None) if state.is_empty() => Ok(Map::new()),
        _ => Err(no_state(&"it has no `bookmarks`")),
    }
}

fn no_state(reason: &dyn Display) -> String {
    format!("the last line is no state of Singer: {reason}; leave out --state to begin anew")
}

/// Returns the position of a bookmark.
pub fn position(bookmark: &Value) -> Result<Position, String> {
    Position::deserialize(&bookmark["position"])
        .map_err(|error| format!("its bookmark cannot be read: {error}; --fresh begins it anew"))
}

impl Target for ToStdout<'_> {
    fn position(&self) -> Option<Position> {
        let singer = self.singer.as_ref()?;
        // Those that cannot be read were refused.
        position(singer.all.get(singer.stream)?).ok()
    }

    fn record(&mut self, record: &RawRecord, _: Option<Day>) -> Result<(), Failure> {
        self.buffer.clear();
        self.encoder.record(record, &mut self.buffer)?;
        written(self.output.write_all(&self.buffer))
    }

    fn page(&mut self, position: Option<Position>) -> Result<(), Failure> {
        if let Some(message) = self
            .singer
            .as_mut()
            .and_then(|singer| singer.message(position))
        {
            written(self.output.write_all(&message))?;
        }
        self.output.flush()
    }

    fn end(mut self, position: Option<Position>, ended: Ended<'_>) -> Result<(), Failure> {
        match ended {
            Ended::Failed(error) if error.kind() == ErrorKind::Incomplete => self.output.flush(),
            _ => self.page(position),
        }
    }
}
