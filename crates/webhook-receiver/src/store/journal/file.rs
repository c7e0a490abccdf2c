//! The file of a journal: entries are appended, until the whole file is rewritten to make it smaller.

use super::line::{self, Entry, VERSION, append, append_flushed};
use super::place::{beside, is_current, private, real, sync_folder};
use crate::store::Memory;
use crate::store::index::{self, Index};
use chat2desk::webhook::Event;
use fs4::{FileExt, TryLockError};
use std::borrow::Cow;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

/// The file is rewritten when it is this many bytes longer than twice its length after the last rewriting.
const SLACK: u64 = 1 << 20;

/// The file, and its content in memory, which is ahead of the file by `lines`.
pub(super) struct Journal {
    path: PathBuf,
    /// Locked while it is open.
    file: File,
    index: Index,
    lines: Vec<u8>,
    length: u64,
    /// The length at which the file is rewritten.
    limit: u64,
}

/// Locks the file of a store.
///
/// A store that was just closed can hold its lock for a moment longer: while another thread starts a program, the new
/// process has every open file. So the lock is tried for a quarter of a second.
fn lock(file: &File) -> io::Result<()> {
    for _ in 0..50 {
        match FileExt::try_lock(file) {
            Err(TryLockError::WouldBlock) => thread::sleep(Duration::from_millis(5)),
            locked => return Ok(locked?),
        }
    }
    Ok(FileExt::try_lock(file)?)
}

impl Journal {
    pub(super) fn open(path: &Path, memory: Memory) -> io::Result<Self> {
        let path = real(path)?;
        let mut file = private().read(true).append(true).create(true).open(&path)?;
        lock(&file)?;
        if !is_current(&file, &path)? {
            // Another store has just rewritten the file.
            return Err(io::ErrorKind::WouldBlock.into());
        }
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        let mut index = Index::new(memory);
        let whole = line::read(&bytes, |entry| take(&mut index, entry))?;
        drop(bytes);
        index.restart(index::now());
        let mut journal = Self {
            path,
            file,
            index,
            lines: Vec::new(),
            length: u64::try_from(whole).unwrap_or(u64::MAX),
            limit: 0,
        };
        if !journal.rewrite()? {
            journal.go_on()?;
        }
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

    /// Writes all pending lines to the disk.
    pub(super) fn flush(&mut self) -> io::Result<()> {
        if self.lines.is_empty() {
            return Ok(());
        }
        if self.after(&self.lines) > self.limit && self.rewrite()? {
            return Ok(());
        }
        if !is_current(&self.file, &self.path)? {
            let reason = "the journal was moved or replaced while it was open; restart the program to open it again";
            return Err(io::Error::other(reason));
        }
        self.file.write_all(&self.lines)?;
        self.file.sync_data()?;
        self.length = self.after(&self.lines);
        self.lines.clear();
        let mut flushed = Vec::new();
        append_flushed(&mut flushed, self.length);
        self.file.write_all(&flushed)?;
        self.length = self.after(&flushed);
        Ok(())
    }

    /// The length of the file after these lines.
    fn after(&self, lines: &[u8]) -> u64 {
        let more = u64::try_from(lines.len()).unwrap_or(u64::MAX);
        self.length.saturating_add(more)
    }

    /// Replaces the file with one that holds only what the index holds. Returns whether it did. If that is
    /// not possible, such as without space for a second file, it is postponed: the present file is complete.
    fn rewrite(&mut self) -> io::Result<bool> {
        let mut lines = Vec::new();
        append(&mut lines, &Entry::Version(VERSION));
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
        let flushed = u64::try_from(lines.len()).unwrap_or(u64::MAX);
        append_flushed(&mut lines, flushed);

        let Ok(file) = self.replace(&lines) else {
            let _ = fs::remove_file(beside(&self.path, "new"));
            self.limit = self.after(&self.lines).saturating_add(SLACK);
            return Ok(false);
        };
        self.file = file;
        self.length = 0;
        self.length = self.after(&lines);
        self.limit = self.length.saturating_mul(2).saturating_add(SLACK);
        self.lines.clear();
        // Until then it is open which of the two files remains after a power failure.
        sync_folder(&self.path)?;
        Ok(true)
    }

    /// Replaces the present file with a new one, atomically.
    fn replace(&self, lines: &[u8]) -> io::Result<File> {
        let new = beside(&self.path, "new");
        // Left by a process that was killed, or a link that somebody put there. A link is removed, not followed.
        // What cannot be removed is in the way of the new file.
        let _ = fs::remove_file(&new);
        let mut file = private().append(true).create_new(true).open(&new)?;
        FileExt::try_lock(&file)?;
        file.write_all(lines)?;
        file.sync_all()?;
        if !is_current(&self.file, &self.path)? {
            // Another process has put a file there, which must not be replaced.
            return Err(io::ErrorKind::NotFound.into());
        }
        fs::rename(&new, &self.path)?;
        Ok(file)
    }

    /// Continues after the last complete line of the file.
    fn go_on(&mut self) -> io::Result<()> {
        self.file.set_len(self.length)?;
        if self.length == 0 {
            append(&mut self.lines, &Entry::Version(VERSION));
            sync_folder(&self.path)?;
        }
        Ok(())
    }
}

fn take(index: &mut Index, entry: Entry<'_>) {
    match entry {
        Entry::Accepted { key, at, event } => {
            index.accept(&key, &event, at);
        }
        Entry::Done { key } => {
            index.done(&key);
        }
        Entry::Remembered { key, at, message } => index.remember(&key, at, message),
        Entry::Gap { after } => index.set_gap(after),
        // Checked while reading.
        Entry::Version(_) | Entry::Flushed(_) => {}
    }
}
