//! [`ToFile`], the target that is a file, with the state of its directory.

use super::file::DataFile;
use super::format::Encoder;
use super::state::{Entry, Point, State, What};
use super::stream::{Stream, Way};
use super::write::{Day, Ended, Target};
use crate::exit::{Code, Failure};
use chat2desk::{ErrorKind, Position, RawRecord};
use chrono::{Days, Utc};
use std::io::ErrorKind::NotFound;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// The least time between two states on the disk.
const INTERVAL: Duration = Duration::from_millis(500);

/// A file, with the state of its directory. Neither is touched before the first page arrived.
pub struct ToFile<'a> {
    state: &'a mut State,
    name: String,
    path: PathBuf,
    file: DataFile,
    encoder: Encoder,
    entry: Entry,
    way: Way,
    is_known: bool,
    is_resumed: bool,
    has_begun: bool,
    saved: Option<Instant>,
    buffer: Vec<u8>,
}

/// What a run is to do with a file.
pub struct Wanted {
    pub what: What,
    /// Begins anew, whatever the file is.
    pub fresh: bool,
    /// The days before today that are written anew.
    pub refresh: u64,
    /// Whether the number of records is limited. Such a part of a whole list always has the list's beginning.
    pub is_limited: bool,
}

impl<'a> ToFile<'a> {
    /// Finds the file as the last run left it.
    pub fn open(
        state: &'a mut State,
        path: &Path,
        stream: &Stream,
        encoder: Encoder,
        wanted: Wanted,
    ) -> Result<Self, Failure> {
        let name = State::name(path);
        let shown = path.display();
        let Wanted { what, fresh, .. } = wanted;
        let known = state.get(&name).filter(|_| !fresh).cloned();
        if known.as_ref().is_some_and(|known| known.what != what) {
            return Err(Failure::usage(format!(
                "{shown} was exported with another stream, format, period or columns; use another file, or --fresh"
            )));
        }
        let whole = stream.way == Way::Whole;
        // A whole list has its name only when it is complete.
        let mut writing = path.to_owned();
        if whole {
            writing.as_mut_os_string().push(".new");
        }
        let is_unknown =
            |known: Option<&Entry>, path: &Path| known.is_none() && !fresh && path.exists();
        let unfinished = known.as_ref().filter(|known| !whole || !known.complete);
        let unknown = [(known.as_ref(), path), (unfinished, &writing)];
        if let Some((_, path)) = unknown
            .into_iter()
            .find(|(known, path)| is_unknown(*known, path))
        {
            return Err(Failure::usage(format!(
                "{} exists, but was not exported to; use another file, or --fresh",
                path.display()
            )));
        }
        let goes_on =
            |known: &Entry| !whole || (!known.complete && !wanted.is_limited && writing.exists());
        let known = known.filter(goes_on);
        let is_known = known.is_some();
        let mut entry = known.unwrap_or_else(|| Entry {
            what,
            ..Entry::default()
        });
        let find = |point: &Point, ends_there| {
            DataFile::at(&writing, point, ends_there)
                .map_err(|error| Failure::file(&writing, &error))
        };
        let mut file = match is_known {
            true => find(&entry.point, entry.ended)?,
            false => DataFile::new(&writing),
        };
        if entry.complete {
            let first = Utc::now()
                .date_naive()
                .checked_sub_days(Days::new(wanted.refresh));
            if let Some(first) = first.filter(|_| wanted.refresh > 0) {
                entry.rewind(first);
                file = find(&entry.point, false)?;
            }
        }
        let is_resumed = entry.point.position.is_some();
        Ok(Self {
            state,
            name,
            path: path.to_owned(),
            file,
            encoder,
            entry,
            way: stream.way,
            is_known,
            is_resumed,
            has_begun: false,
            saved: None,
            buffer: Vec::new(),
        })
    }

    fn failed(&self, error: &std::io::Error) -> Failure {
        Failure::file(self.file.path(), error)
    }

    /// Begins to write, once.
    fn begin(&mut self) -> Result<(), Failure> {
        if self.has_begun {
            return Ok(());
        }
        self.entry.complete = false;
        self.entry.ended = false;
        // Before the file is written: a run that is killed now must know it as its own.
        self.state.set(&self.name, self.entry.clone())?;
        self.has_begun = true;
        if self.file.length() > 0 {
            return Ok(());
        }
        let head = self.encoder.head()?;
        self.file.write(&head).map_err(|error| self.failed(&error))
    }

    /// Returns the place that is written to.
    fn point(&self, position: Option<Position>) -> Point {
        Point {
            length: self.file.length(),
            tail: Some(self.file.tail()),
            records: self.entry.point.records,
            position,
        }
    }

    fn save(&mut self, position: Option<Position>) -> Result<(), Failure> {
        self.begin()?;
        self.file.sync().map_err(|error| self.failed(&error))?;
        self.entry.point = self.point(position);
        self.state.set(&self.name, self.entry.clone())?;
        self.saved = Some(Instant::now());
        Ok(())
    }

    /// Saves where the run ended. A run to which nothing came leaves everything as it was.
    fn stop(&mut self, position: Option<Position>) -> Result<(), Failure> {
        match self.has_begun {
            true => {
                self.entry.ended = true;
                self.save(position)
            }
            false => Ok(()),
        }
    }

    /// Forgets a whole list that was not read exactly, so that the next run reads it from the beginning.
    fn discard(self) -> Result<(), Failure> {
        if !self.is_known && !self.has_begun {
            return Ok(());
        }
        // Before the state: a file without one would look like somebody else's.
        match std::fs::remove_file(self.file.path()) {
            Err(error) if error.kind() != NotFound => return Err(self.failed(&error)),
            _ => {}
        }
        let entry = Entry {
            what: self.entry.what.clone(),
            complete: true,
            ..Entry::default()
        };
        self.state.set(&self.name, entry)
    }

    /// Gives a whole list its name.
    fn publish(mut self, position: Option<Position>) -> Result<(), Failure> {
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
        state.set(&name, entry)
    }
}

impl Target for ToFile<'_> {
    fn position(&self) -> Option<Position> {
        self.entry.point.position.clone()
    }

    fn record(&mut self, record: &RawRecord, begins: Option<Day>) -> Result<(), Failure> {
        self.begin()?;
        if let Some((day, position)) = begins.filter(|(day, _)| self.entry.is_later(*day)) {
            self.entry.begin_day(day, self.point(position));
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
        match ended {
            Ended::Whole(total) if self.way == Way::Whole => {
                let records = self.entry.point.records;
                if self.is_resumed && total.is_some_and(|total| records < total) {
                    let text = format!(
                        "{}: records moved between two runs; run the same command again to read the list anew",
                        self.path.display()
                    );
                    self.discard()?;
                    return Err(Failure::new(Code::Incomplete, text));
                }
                self.publish(position)
            }
            Ended::Enough if self.way == Way::Whole => self.publish(position),
            Ended::Whole(_) => {
                self.begin()?;
                self.entry.complete = true;
                self.stop(position)
            }
            Ended::Enough => {
                self.begin()?;
                self.stop(position)
            }
            Ended::Failed(error) if error.kind() == ErrorKind::Incomplete => match self.way {
                Way::Whole => self.discard(),
                // The rows of a truncated day must not look complete to the next run.
                Way::ByDay => {
                    let last = self.entry.days.last().map(|last| last.day);
                    self.stop(position)?;
                    if let Some(last) = last {
                        self.entry.rewind(last);
                        self.entry.complete = false;
                        self.entry.ended = false;
                        self.state.set(&self.name, self.entry.clone())?;
                    }
                    Ok(())
                }
                Way::ById => self.stop(position),
            },
            Ended::Failed(_) => self.stop(position),
        }
    }
}
