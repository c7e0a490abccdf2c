//! [`DataFile`], a file that is written up to a point from which a later run goes on.

use super::state::{Point, hash, rename};
use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// The number of bytes before a point that show whether the file is as it was written.
const TAIL: usize = 4096;

/// A file of records. It is opened, and what is behind its point removed, when something is written.
pub struct DataFile {
    path: PathBuf,
    opened: Option<BufWriter<File>>,
    length: u64,
    /// At least the last [`TAIL`] bytes.
    last: Vec<u8>,
}

impl DataFile {
    /// Names a file that is written from its beginning.
    pub fn new(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
            opened: None,
            length: 0,
            last: Vec::new(),
        }
    }

    /// Finds a file as it was left at a point. With `ends_there` nothing may be behind it; otherwise the run that
    /// wrote it was killed, and what is behind was written after its last state.
    ///
    /// # Errors
    /// If the file is missing, or is not as it was written.
    pub fn at(path: &Path, point: &Point, ends_there: bool) -> io::Result<Self> {
        let found = Self {
            length: point.length,
            ..Self::new(path)
        };
        let mut file = match File::open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => {
                return match point.length {
                    0 => Ok(found),
                    _ => Err(unusable("is missing, but was exported to")),
                };
            }
            Err(error) => return Err(error),
        };
        let length = file.metadata()?.len();
        if length < point.length {
            return Err(unusable("is shorter than when it was exported"));
        }
        let start = point.length.saturating_sub(TAIL as u64);
        let mut last = Vec::with_capacity(2 * TAIL);
        file.seek(SeekFrom::Start(start))?;
        file.take(point.length - start).read_to_end(&mut last)?;
        let found = Self { last, ..found };
        // A state of an earlier version has no hash.
        let is_as_written = match point.tail {
            Some(tail) => found.tail() == tail,
            None => found.last.last().is_none_or(|last| *last == b'\n'),
        };
        if !is_as_written || (ends_there && length > point.length) {
            return Err(unusable("was changed since it was exported"));
        }
        Ok(found)
    }

    fn open(&self) -> io::Result<BufWriter<File>> {
        let options = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&self.path);
        let mut file = options?;
        if file.metadata()?.len() < self.length {
            return Err(unusable("is shorter than when it was exported"));
        }
        file.set_len(self.length)?;
        file.seek(SeekFrom::End(0))?;
        Ok(BufWriter::with_capacity(1 << 16, file))
    }

    fn opened(&mut self) -> io::Result<&mut BufWriter<File>> {
        let file = match self.opened.take() {
            Some(file) => file,
            None => self.open()?,
        };
        Ok(self.opened.insert(file))
    }

    pub fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.opened()?.write_all(bytes)?;
        self.length += bytes.len() as u64;
        self.last
            .extend_from_slice(&bytes[bytes.len().saturating_sub(TAIL)..]);
        if self.last.len() > 8 * TAIL {
            self.last.drain(..self.last.len() - TAIL);
        }
        Ok(())
    }

    pub fn length(&self) -> u64 {
        self.length
    }

    /// Returns a hash of the last bytes.
    pub fn tail(&self) -> u64 {
        hash(&self.last[self.last.len().saturating_sub(TAIL)..])
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Waits until everything is on the disk.
    pub fn sync(&mut self) -> io::Result<()> {
        let file = self.opened()?;
        file.flush()?;
        file.get_ref().sync_data()
    }

    /// Gives the complete file its name.
    pub fn publish(mut self, name: &Path) -> io::Result<()> {
        self.sync()?;
        rename(&self.path, name)
    }
}

fn unusable(how: &str) -> io::Error {
    io::Error::other(format!(
        "the file {how}; put it back as it was, or export it anew with --fresh"
    ))
}
