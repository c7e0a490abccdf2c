//! [`ToFile`], the target that is a file, with the state of its directory.

use super::file::DataFile;
use super::format::Encoder;
use super::state::{Entry, Point, State, What};
use super::stream::{Stream, Way};
use super::write::{Day, Ended, Target};
use crate::exit::{Code, Failure};
use chat2desk::{ErrorKind, Position, RawRecord};
use chrono::{Days, Utc};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// The least time between two states on the disk.
const INTERVAL: Duration = Duration::from_millis(500);

/// A file, with the state of its directory.
pub struct ToFile<'a> {
    state: &'a mut State,
    name: String,
    path: PathBuf,
    file: DataFile,
    encoder: Encoder,
    entry: Entry,
    way: Way,
    is_resumed: bool,
    saved: Option<Instant>,
    buffer: Vec<u8>,
}

impl<'a> ToFile<'a> {
    /// Opens the file where the last run left it, or `fresh`. `refresh` days before today are written anew.
    pub fn open(
        state: &'a mut State,
        path: &Path,
        stream: &Stream,
        encoder: Encoder,
        what: What,
        fresh: bool,
        refresh: u64,
    ) -> Result<Self, Failure> {
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let shown = path.display();
        let known = state.get(&name).filter(|_| !fresh).cloned();
        if known.as_ref().is_some_and(|known| known.what != what) {
            return Err(Failure::usage(format!(
                "{shown} was exported with another stream, format, period or columns; use another file, or --fresh"
            )));
        }
        let whole = stream.way == Way::Whole;
        if known.is_none() && !whole && !fresh && path.exists() {
            return Err(Failure::usage(format!(
                "{shown} exists, but was not exported to; use another file, or --fresh"
            )));
        }
        // A whole list has its name only when it is complete.
        let mut writing = path.to_owned();
        if whole {
            writing.as_mut_os_string().push(".new");
        }
        let known = known.filter(|known| !whole || (!known.complete && writing.exists()));
        let is_resumed = known
            .as_ref()
            .is_some_and(|known| known.point.position.is_some());
        let mut entry = known.unwrap_or_else(|| Entry {
            what,
            ..Entry::default()
        });
        if entry.complete {
            let first = Utc::now().date_naive().checked_sub_days(Days::new(refresh));
            if let Some(first) = first.filter(|_| refresh > 0) {
                entry.rewind(first);
            }
        }
        entry.complete = false;
        // Before the file exists, so that it is known whose it is, however early the process is killed.
        state.set(&name, Some(entry.clone()))?;
        let failed = |error| Failure::file(&writing, &error);
        let mut file = DataFile::open(&writing, entry.point.length).map_err(failed)?;
        if entry.point.length == 0 {
            file.write(&encoder.head()?).map_err(failed)?;
        }
        Ok(Self {
            state,
            name,
            path: path.to_owned(),
            file,
            encoder,
            entry,
            way: stream.way,
            is_resumed,
            saved: None,
            buffer: Vec::new(),
        })
    }

    fn failed(&self, error: &std::io::Error) -> Failure {
        Failure::file(self.file.path(), error)
    }

    fn save(&mut self, position: Option<Position>) -> Result<(), Failure> {
        self.entry.point.length = self.file.length();
        self.entry.point.position = position;
        self.file.sync().map_err(|error| self.failed(&error))?;
        self.state.set(&self.name, Some(self.entry.clone()))?;
        self.saved = Some(Instant::now());
        Ok(())
    }

    /// Forgets a whole list that was not read exactly, so that the next run reads it from the beginning.
    fn discard(self) -> Result<(), Failure> {
        self.state.set(&self.name, None)?;
        std::fs::remove_file(self.file.path()).map_err(|error| self.failed(&error))
    }
}

impl Target for ToFile<'_> {
    fn position(&self) -> Option<Position> {
        self.entry.point.position.clone()
    }

    fn record(&mut self, record: &RawRecord, begins: Option<Day>) -> Result<(), Failure> {
        if let Some((day, position)) = begins {
            let point = Point {
                length: self.file.length(),
                records: self.entry.point.records,
                position,
            };
            self.entry.begin_day(day, point);
        }
        self.buffer.clear();
        self.encoder.record(record, &mut self.buffer)?;
        self.file
            .write(&self.buffer)
            .map_err(|error| self.failed(&error))?;
        self.entry.point.records += 1;
        Ok(())
    }

    fn page(&mut self, position: Option<Position>) -> Result<(), Failure> {
        match self.saved.is_none_or(|saved| saved.elapsed() >= INTERVAL) {
            true => self.save(position),
            false => Ok(()),
        }
    }

    fn end(mut self, position: Option<Position>, ended: Ended<'_>) -> Result<(), Failure> {
        let whole = self.way == Way::Whole;
        match ended {
            Ended::Whole(total) if whole => {
                let records = self.entry.point.records;
                if self.is_resumed && total.is_some_and(|total| records < total) {
                    let text = format!(
                        "{}: records moved between two runs; run the same command again to read the list anew",
                        self.path.display()
                    );
                    self.discard()?;
                    return Err(Failure::new(Code::Incomplete, text));
                }
                self.save(position)?;
                let Self {
                    state,
                    name,
                    path,
                    file,
                    mut entry,
                    ..
                } = self;
                file.publish(&path)
                    .map_err(|error| Failure::file(&path, &error))?;
                entry.complete = true;
                entry.point.position = None;
                state.set(&name, Some(entry))
            }
            Ended::Whole(_) => {
                self.entry.complete = true;
                self.save(position)
            }
            Ended::Enough => self.save(position),
            Ended::Failed(error) if error.kind() == ErrorKind::Incomplete => match self.way {
                Way::Whole => self.discard(),
                // The rows of a truncated day must not look complete to the next run.
                Way::ByDay => {
                    let last = self.entry.days.last().map(|last| last.day);
                    self.save(position)?;
                    if let Some(last) = last {
                        self.entry.rewind(last);
                    }
                    self.state.set(&self.name, Some(self.entry.clone()))
                }
                Way::ById => self.save(position),
            },
            Ended::Failed(_) => self.save(position),
        }
    }
}
