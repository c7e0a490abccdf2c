//! [`State`], how far each file of a directory was written, in a file beside them.

use super::format::Format;
use crate::exit::Failure;
use chat2desk::Position;
use chrono::NaiveDate;
use fs4::{FileExt, TryLockError};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

const NAME: &str = ".chat2desk-state.json";

/// What the names of the state, of its lock and of its next version begin with.
pub const STEM: &str = ".chat2desk-state.";

/// The number of days whose beginnings are remembered.
pub const REMEMBERED: usize = 100;

/// How far each file of a directory was written.
pub struct State {
    path: PathBuf,
    content: Content,
    /// Held until the end, so that two exports cannot write the same files.
    _lock: File,
}

#[derive(Serialize, Deserialize, Default)]
struct Content {
    /// By the name of the file.
    files: BTreeMap<String, Entry>,
}

/// How far a file was written.
#[derive(Serialize, Deserialize, Clone, Default)]
pub struct Entry {
    pub what: What,
    #[serde(flatten)]
    pub point: Point,
    /// Whether the last run came to the end of the list.
    pub complete: bool,
    /// Whether the last run ended by itself, so that nothing of it is behind the point.
    #[serde(default)]
    pub ended: bool,
    /// Where each of the last days begins.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub days: Vec<Mark>,
}

/// What a file holds. An export with another one cannot go on with the file.
#[derive(Serialize, Deserialize, Clone, Default, PartialEq, Eq)]
pub struct What {
    pub stream: String,
    pub format: String,
    pub since: Option<NaiveDate>,
    pub until: Option<NaiveDate>,
    /// A hash of the first line, which has the columns.
    pub head: u64,
}

/// A place in a file, and in the list.
#[derive(Serialize, Deserialize, Clone, Default)]
pub struct Point {
    /// The length of the file in bytes.
    pub length: u64,
    /// A hash of the last bytes before this place.
    #[serde(default)]
    pub tail: Option<u64>,
    pub records: u64,
    pub position: Option<Position>,
}

/// Where a day begins.
#[derive(Serialize, Deserialize, Clone)]
pub struct Mark {
    pub day: NaiveDate,
    #[serde(flatten)]
    pub point: Point,
}

impl State {
    /// Reads the state of a directory, which is created.
    pub fn open(directory: &Path) -> Result<Self, Failure> {
        fs::create_dir_all(directory).map_err(|error| Failure::file(directory, &error))?;
        let path = directory.join(NAME);
        let lock = path.with_extension("lock");
        let file = File::create(&lock).map_err(|error| Failure::file(&lock, &error))?;
        match FileExt::try_lock(&file) {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let directory = directory.display();
                return Err(Failure::other(format!(
                    "another export writes to {directory}"
                )));
            }
            Err(TryLockError::Error(error)) => return Err(Failure::file(&lock, &error)),
        }
        let content = match fs::read(&path) {
            Ok(json) => serde_json::from_slice(&json).map_err(|error| {
                let path = path.display();
                Failure::other(format!(
                    "{path}: {error}; remove it, and export with --fresh"
                ))
            })?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => Content::default(),
            Err(error) => return Err(Failure::file(&path, &error)),
        };
        Ok(Self {
            path,
            content,
            _lock: file,
        })
    }

    /// Returns the name that a file has in the state of its directory.
    pub fn name(path: &Path) -> String {
        path.file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned()
    }

    /// Returns the position that a file has reached.
    pub fn position(&self, path: &Path) -> Option<&Position> {
        self.get(&Self::name(path))?.point.position.as_ref()
    }

    pub fn get(&self, file: &str) -> Option<&Entry> {
        self.content.files.get(file)
    }

    /// Sets the entry of a file, and writes the state to the disk.
    pub fn set(&mut self, file: &str, entry: Entry) -> Result<(), Failure> {
        self.content.files.insert(file.to_owned(), entry);
        self.write()
            .map_err(|error| Failure::file(&self.path, &error))
    }

    fn write(&self) -> io::Result<()> {
        let new = self.path.with_extension("new");
        let mut file = File::create(&new)?;
        file.write_all(&serde_json::to_vec(&self.content)?)?;
        file.sync_data()?;
        rename(&new, &self.path)
    }
}

/// Renames a file, so that it has its new name after a crash too.
pub fn rename(from: &Path, to: &Path) -> io::Result<()> {
    fs::rename(from, to)?;
    // Only on Unix can a directory be synchronized.
    #[cfg(unix)]
    if let Some(directory) = to.parent() {
        let directory = match directory.as_os_str().is_empty() {
            true => Path::new("."),
            false => directory,
        };
        File::open(directory)?.sync_all()?;
    }
    Ok(())
}

impl Entry {
    /// Returns whether a day is later than those that are remembered.
    pub fn is_later(&self, day: NaiveDate) -> bool {
        self.days.last().is_none_or(|last| last.day < day)
    }

    /// Adds the beginning of a later day.
    pub fn begin_day(&mut self, day: NaiveDate, point: Point) {
        self.days.push(Mark { day, point });
        let old = self.days.len().saturating_sub(REMEMBERED);
        self.days.drain(..old);
    }

    /// Goes back to the beginning of the first remembered day from `day` on, if there is one.
    pub fn rewind(&mut self, day: NaiveDate) {
        if let Some(index) = self.days.iter().position(|mark| mark.day >= day) {
            self.point = self.days[index].point.clone();
            self.days.truncate(index);
        }
    }
}

impl What {
    pub fn new(stream: &str, format: Format, head: &[u8]) -> Self {
        Self {
            stream: stream.to_owned(),
            format: format.name().to_owned(),
            since: None,
            until: None,
            head: hash(head),
        }
    }
}

/// Returns the hash of these bytes: FNV-1a, which is the same in every build.
pub fn hash(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}
