//! Writing files whole: all of them, or none.

use std::fs;
use std::io::{self, Write};
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
        if path.is_dir() {
            let reason = format!("{} is a folder", path.display());
            return Err(io::Error::new(io::ErrorKind::IsADirectory, reason));
        }
        let folder = path
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty());
        let mut file = NamedTempFile::new_in(folder.unwrap_or(Path::new(".")))?;
        file.write_all(text.as_bytes())?;
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let readable = fs::Permissions::from_mode(0o644);
            file.as_file().set_permissions(readable)?;
        }
        ready.push((file, path));
    }
    for (file, path) in ready {
        file.persist(path)?;
    }
    Ok(())
}
