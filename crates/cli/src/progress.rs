//! Progress of long work: a bar on a terminal, and nothing elsewhere.

use crate::output;
use indicatif::{ProgressBar, ProgressStyle};
use std::fmt::Display;

/// A bar that counts records. It is removed when it is dropped.
pub struct Progress(ProgressBar);

impl Progress {
    /// Starts a bar with this label. With `quiet`, nothing is ever shown.
    pub fn new(label: &str, quiet: bool) -> Self {
        let bar = match quiet {
            true => ProgressBar::hidden(),
            // Hidden too, unless stderr is a terminal.
            false => ProgressBar::no_length(),
        };
        bar.set_style(style("{prefix} {human_pos} {msg}"));
        bar.set_prefix(label.to_owned());
        Self(bar)
    }

    /// Shows that `done` of `total` records are done.
    pub fn set(&self, done: u64, total: Option<u64>) {
        if let Some(total) = total
            && self.0.length() != Some(total)
        {
            self.0.set_length(total);
            self.0.set_style(style(
                "{prefix} {wide_bar} {human_pos} of {human_len} {msg}",
            ));
        }
        self.0.set_position(done);
    }

    /// Shows a text behind the numbers.
    pub fn text(&self, text: impl Display) {
        self.0.set_message(text.to_string());
    }

    /// Writes a line to stderr, above the bar.
    pub fn note(&self, text: impl Display) {
        self.0.suspend(|| output::note(text));
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}
