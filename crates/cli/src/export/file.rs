//! [`DataFile`], a file that is written up to a point from which a later run goes on.

use super::state::rename;
use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// A file of records.
pub struct DataFile {
    path: PathBuf,
    file: BufWriter<File>,
    length: u64,
}

impl DataFile {
    /// Opens or creates a file. What is behind `length` was written after the last state, and is removed.
    ///
    /// # Errors
    /// Also if the file is shorter.
    pub fn open(path: &Path, length: u64) -> io::Result<Self> {
        let options = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(path);
        let mut file = options?;
        if file.metadata()?.len() < length {
            let text = "the file is shorter than when it was exported; --fresh exports it anew";
            return Err(io::Error::other(text));
        }
        file.set_len(length)?;
        file.seek(SeekFrom::End(0))?;
        Ok(Self {
            path: path.to_owned(),
            file: BufWriter::with_capacity(1 << 16, file),
            length,
        })
    }

    pub fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes)?;
        self.length += bytes.len() as u64;
        Ok(())
    }

    pub fn length(&self) -> u64 {
        self.length
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Waits until everything is on the disk.
    pub fn sync(&mut self) -> io::Result<()> {
        self.file.flush()?;
        self.file.get_ref().sync_data()
    }

    /// Gives the complete file its name.
    pub fn publish(mut self, name: &Path) -> io::Result<()> {
        self.sync()?;
        rename(&self.path, name)
    }
}
