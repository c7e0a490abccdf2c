//! The file of a journal: a line is an entry, lines are only added, until all is written anew.

use crate::webhook::Event;
use crate::webhook::store::Memory;
use crate::webhook::store::index::{self, Index};
use fs4::FileExt;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

/// The file is written anew when it has grown by this much beyond twice what is remembered.
const SLACK: u64 = 16 << 20;

/// A line of the file.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Entry<'a> {
    Accepted {
        key: Cow<'a, str>,
        at: u64,
        event: Cow<'a, Event>,
    },
    Done {
        key: Cow<'a, str>,
    },
    /// A handled event, once the file was written anew.
    Remembered {
        key: Cow<'a, str>,
        at: u64,
        message: Option<i64>,
    },
    Gap {
        after: Option<i64>,
    },
}

/// The file, and what it says once `lines` are flushed.
pub(super) struct Journal {
    path: PathBuf,
    file: File,
    index: Index,
    lines: Vec<u8>,
    length: u64,
    /// The length at which the file is written anew.
    limit: u64,
    _lock: File,
}

impl Journal {
    pub(super) fn open(path: PathBuf, memory: Memory) -> io::Result<Self> {
        let mut lock = private();
        let lock = lock.write(true).create(true).truncate(false);
        // Beside the file, which is replaced when it is written anew.
        let lock = lock.open(beside(&path, "lock"))?;
        FileExt::try_lock(&lock)?;
        let file = private().read(true).append(true).create(true).open(&path)?;
        let mut index = Index::new(memory);
        read(&file, &mut index)?;
        index.restart(index::now());
        let mut journal = Self {
            path,
            file,
            index,
            lines: Vec::new(),
            length: 0,
            limit: 0,
            _lock: lock,
        };
        // Without a line that was torn.
        journal.write_anew()?;
        Ok(journal)
    }

    pub(super) fn accept(&mut self, key: &str, event: &Event) -> bool {
        let at = index::now();
        let new = self.index.accept(key, event, at);
        if new {
            let (key, event) = (key.into(), Cow::Borrowed(event));
            append(&mut self.lines, &Entry::Accepted { key, at, event });
        }
        new
    }

    pub(super) fn done(&mut self, key: &str) {
        if self.index.done(key) {
            append(&mut self.lines, &Entry::Done { key: key.into() });
        }
    }

    pub(super) fn pending(&self) -> Vec<(String, Event)> {
        self.index.pending()
    }

    pub(super) fn gap(&self) -> Option<i64> {
        self.index.gap(index::now())
    }

    pub(super) fn set_gap(&mut self, after: Option<i64>) {
        self.index.set_gap(after);
        append(&mut self.lines, &Entry::Gap { after });
    }

    /// Puts all that was said onto the disk.
    pub(super) fn flush(&mut self) -> io::Result<()> {
        if self.lines.is_empty() {
            return Ok(());
        }
        let length = self.length + self.lines.len() as u64;
        if length > self.limit {
            return self.write_anew();
        }
        self.file.write_all(&self.lines)?;
        self.file.sync_data()?;
        self.length = length;
        self.lines.clear();
        Ok(())
    }

    /// Replaces the file by one with what is remembered: whole, or not at all.
    fn write_anew(&mut self) -> io::Result<()> {
        let mut lines = Vec::new();
        for (key, at, message) in self.index.handled() {
            let key = key.into();
            append(&mut lines, &Entry::Remembered { key, at, message });
        }
        for (key, at, event) in self.index.waiting() {
            let (key, event) = (key.into(), Cow::Borrowed(event));
            append(&mut lines, &Entry::Accepted { key, at, event });
        }
        let after = self.index.noted_gap();
        append(&mut lines, &Entry::Gap { after });

        let new = beside(&self.path, "new");
        let mut file = private();
        let mut file = file.write(true).create(true).truncate(true).open(&new)?;
        file.write_all(&lines)?;
        file.sync_all()?;
        fs::rename(&new, &self.path)?;
        sync_folder(&self.path)?;
        self.file = file;
        self.length = lines.len() as u64;
        self.limit = self.length * 2 + SLACK;
        self.lines.clear();
        Ok(())
    }
}

/// Takes in every whole line.
fn read(file: &File, index: &mut Index) -> io::Result<()> {
    let mut lines = BufReader::new(file);
    let (mut line, mut number) = (Vec::new(), 0);
    loop {
        line.clear();
        number += 1;
        lines.read_until(b'\n', &mut line)?;
        let entry = match line.split_last() {
            Some((b'\n', text)) => serde_json::from_slice(text),
            // The end, or a line that was never flushed and so never acknowledged.
            _ => return Ok(()),
        };
        match entry {
            Ok(Entry::Accepted { key, at, event }) => {
                index.accept(&key, &event, at);
            }
            Ok(Entry::Done { key }) => {
                index.done(&key);
            }
            Ok(Entry::Remembered { key, at, message }) => index.remember(&key, at, message),
            Ok(Entry::Gap { after }) => index.set_gap(after),
            Err(_) => {
                let reason = format!("line {number} of the journal cannot be read");
                return Err(io::Error::new(io::ErrorKind::InvalidData, reason));
            }
        }
    }
}

fn append(lines: &mut Vec<u8>, entry: &Entry<'_>) {
    let start = lines.len();
    match serde_json::to_writer(&mut *lines, entry) {
        Ok(()) => lines.push(b'\n'),
        // Strings and numbers can always be written.
        Err(_) => lines.truncate(start),
    }
}

fn beside(path: &Path, extension: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(extension);
    name.into()
}

/// Options of a file that only its owner may read.
fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Makes the new name of a file as durable as its contents; other systems do that by themselves.
fn sync_folder(path: &Path) -> io::Result<()> {
    #[cfg(unix)]
    {
        let folder = path
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty());
        File::open(folder.unwrap_or(Path::new(".")))?.sync_all()?;
    }
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}
