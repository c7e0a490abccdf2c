//! Writing files whole: all of them, or none.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, BufWriter, Seek, Write};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// Writes every text beside its place first, so that a failure leaves what was there, and never half of it. What
/// holds its text already is left alone.
///
/// # Errors
/// Those of the file system.
pub fn write(texts: &[(PathBuf, String)]) -> io::Result<()> {
    let is_new = |path: &Path, text: &str| fs::read(path).ok().as_deref() != Some(text.as_bytes());
    let texts = texts.iter().filter(|(path, text)| is_new(path, text));
    let mut ready = Vec::new();
    for (path, text) in texts {
        let mut file = beside(path)?;
        file.write_all(text.as_bytes())?;
        ready.push((file, path));
    }
    for (file, path) in ready {
        file.persist(path)?;
    }
    Ok(())
}

/// A file that is written while its content is made, beside its place until it is whole.
#[derive(Debug)]
pub struct Growing(BufWriter<NamedTempFile>);

impl Growing {
    /// Begins a file for a place.
    ///
    /// # Errors
    /// Those of the file system.
    pub fn new(path: &Path) -> io::Result<Self> {
        const ROOM: usize = 1 << 16;
        Ok(Self(BufWriter::with_capacity(ROOM, beside(path)?)))
    }

    /// Puts the file in its place, unless that holds the same.
    ///
    /// # Errors
    /// Those of the file system.
    pub fn finish(self, path: &Path) -> io::Result<()> {
        let mut file = self
            .0
            .into_inner()
            .map_err(io::IntoInnerError::into_error)?;
        if !is_same(file.as_file_mut(), path)? {
            file.persist(path)?;
        }
        Ok(())
    }
}

impl Write for Growing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// A new file in the folder of another.
fn beside(path: &Path) -> io::Result<NamedTempFile> {
    if path.is_dir() {
        let reason = format!("{} is a folder", path.display());
        return Err(io::Error::new(io::ErrorKind::IsADirectory, reason));
    }
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let file = NamedTempFile::new_in(folder.unwrap_or(Path::new(".")))?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let readable = fs::Permissions::from_mode(0o644);
        file.as_file().set_permissions(readable)?;
    }
    Ok(file)
}

/// Whether a file holds what stands at a path.
fn is_same(file: &mut File, path: &Path) -> io::Result<bool> {
    let Ok(known) = File::open(path) else {
        return Ok(false);
    };
    if known.metadata()?.len() != file.metadata()?.len() {
        return Ok(false);
    }
    file.rewind()?;
    let (mut one, mut other) = (BufReader::new(file), BufReader::new(known));
    loop {
        let (mine, theirs) = (one.fill_buf()?, other.fill_buf()?);
        let length = mine.len().min(theirs.len());
        if length == 0 || mine[..length] != theirs[..length] {
            return Ok(mine.is_empty() && theirs.is_empty());
        }
        one.consume(length);
        other.consume(length);
    }
}
