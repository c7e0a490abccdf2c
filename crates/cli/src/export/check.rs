//! What is checked before anything is called or written, and clap cannot check.

use super::Arguments;
use super::format::Format;
use super::state::STEM;
use super::stream::Way;
use crate::exit::Failure;
use chat2desk::Position;
use std::path::Path;

impl Arguments {
    /// Checks the arguments.
    pub(super) fn check(&self) -> Result<(), Failure> {
        let to_stdout = self.to == Path::new("-");
        let singer = self.format == Format::Singer;
        let days = self.since.zip(self.until);
        if let Some((since, until)) = days.filter(|(since, until)| since > until) {
            return Err(Failure::usage(format!(
                "--since {since} is after --until {until}"
            )));
        }
        let reports = || {
            self.streams
                .iter()
                .filter(|stream| stream.way == Way::ByDay)
        };
        if let (None, Some(report)) = (self.since, reports().next()) {
            return Err(Failure::usage(format!("{} needs --since", report.name)));
        }
        if singer && !to_stdout {
            return Err(Failure::usage(
                "singer is for a target that reads stdout: leave out --to",
            ));
        }
        if self.state.is_some() && !singer {
            return Err(Failure::usage(
                "--state is for --format singer; files have their own state",
            ));
        }
        if to_stdout && !singer && self.streams.len() > 1 {
            return Err(Failure::usage(
                "stdout takes one stream; several need a directory in --to",
            ));
        }
        let is_file = self.to.is_file() && self.streams.len() > 1;
        if is_file {
            let to = self.to.display();
            return Err(Failure::usage(format!(
                "{to} is a file; several streams need a directory"
            )));
        }
        if to_stdout {
            return Ok(());
        }
        if !self.to.is_dir() {
            check_path(&self.to)?;
        }
        self.streams
            .iter()
            .try_for_each(|stream| check_path(&self.path(stream)))
    }

    /// Checks that reports do not end before the day that they have reached, which would change nothing.
    pub(super) fn check_reached(&self, position: &Position) -> Result<(), String> {
        let until = self.until();
        match position.day().filter(|reached| *reached > until) {
            Some(reached) => Err(format!(
                "it was exported up to {reached}, which is after {until}; --fresh exports it anew"
            )),
            None => Ok(()),
        }
    }
}

/// Checks that an export can have this file for itself.
fn check_path(path: &Path) -> Result<(), Failure> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let shown = path.display();
    if name.starts_with(STEM) {
        return Err(Failure::usage(format!(
            "{shown} has the name of the state of exports; use another file"
        )));
    }
    let is_special = path.metadata().is_ok_and(|found| !found.is_file());
    // The entries are links to what this process has open, which may be files.
    let directories = ["/dev", "/dev/fd", "/proc/self/fd"].map(Path::new);
    let is_link = path
        .parent()
        .is_some_and(|parent| directories.contains(&parent));
    if is_special || is_link {
        return Err(Failure::usage(format!(
            "{shown} is not a regular file, and nothing in it can be continued; leave out --to for stdout"
        )));
    }
    Ok(())
}
