//! Output: data on stdout, buffered, and messages for people on stderr.

use crate::exit::Failure;
use serde::Serialize;
use std::fmt::Display;
use std::io::{self, BufWriter, ErrorKind, Stdout, Write};

/// Stdout. Call [`flush`](Self::flush) at the end, and before each wait for something that may take long.
pub struct Output(BufWriter<Stdout>);

impl Output {
    pub fn new() -> Self {
        Self(BufWriter::with_capacity(1 << 16, io::stdout()))
    }

    /// Writes a line.
    pub fn line(&mut self, text: impl Display) -> Result<(), Failure> {
        written(writeln!(self.0, "{text}"))
    }

    /// Writes a value as a line of JSON.
    ///
    /// A record has a field of an unexpected type twice: as its default, and among the other fields as the server wrote
    /// it. As a value it has it once, as the server wrote it.
    pub fn json(&mut self, value: &impl Serialize) -> Result<(), Failure> {
        let value = serde_json::to_value(value).map_err(|error| Failure::of(&error))?;
        self.line(value)
    }

    pub fn flush(&mut self) -> Result<(), Failure> {
        written(self.0.flush())
    }
}

/// For writers that write to a writer. Pass their errors to [`written`].
impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// Returns a number with the noun for it: `1 message`, `2 messages`.
pub fn counted(number: impl TryInto<u64>, noun: &str) -> String {
    match number.try_into() {
        Ok(1) => format!("1 {noun}"),
        Ok(number) => format!("{number} {noun}s"),
        Err(_) => format!("many {noun}s"),
    }
}

/// Returns a text without the mark that some editors write at the beginning of a file.
pub fn without_bom(text: &str) -> &str {
    text.strip_prefix('\u{feff}').unwrap_or(text)
}

/// Converts an error of stdout.
pub fn written<T>(result: io::Result<T>) -> Result<T, Failure> {
    result.map_err(|error| match error.kind() {
        ErrorKind::BrokenPipe => Failure::ReaderGone,
        _ => Failure::other(format!("stdout cannot be written: {error}")),
    })
}

/// Writes a line to stderr, for people. If nobody reads it, nothing happens: `eprintln!` would panic.
pub fn note(text: impl Display) {
    let _ = writeln!(io::stderr(), "{text}");
}
