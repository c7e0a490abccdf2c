//! The path of a journal without links, and files that only their owner may read.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

/// The most links that are followed, which is more than any system follows.
const LINKS: usize = 64;

/// Resolves all links of a path, so that rewriting replaces the file and not a link to it. The file need not exist.
pub(super) fn real(path: &Path) -> io::Result<PathBuf> {
    let mut path = path.to_owned();
    for _ in 0..LINKS {
        let error = match fs::canonicalize(&path) {
            Ok(path) if path.is_file() => return Ok(path),
            Ok(_) => {
                let reason = "the journal's path is not a file";
                return Err(io::Error::new(ErrorKind::InvalidInput, reason));
            }
            Err(error) => error,
        };
        path = match fs::read_link(&path) {
            // A link to a file that does not exist yet.
            Ok(target) => folder(&path).join(target),
            Err(_) => {
                let name = path.file_name().ok_or(error)?;
                return Ok(fs::canonicalize(folder(&path))?.join(name));
            }
        };
    }
    let reason = "the journal's path has too many symbolic links";
    Err(io::Error::new(ErrorKind::InvalidInput, reason))
}

fn folder(path: &Path) -> &Path {
    let folder = path.parent();
    let folder = folder.filter(|folder| !folder.as_os_str().is_empty());
    folder.unwrap_or(Path::new("."))
}

/// Returns the path of a file next to another one, with a further extension.
pub(super) fn beside(path: &Path, extension: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(extension);
    name.into()
}

/// Returns options that create files which only their owner may read.
pub(super) fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Whether an open file is the one at this path. Systems other than Unix do not allow moving an open file.
///
/// # Errors
/// Returns an error if nothing is at the path.
pub(super) fn is_current(file: &File, path: &Path) -> io::Result<bool> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let (open, there) = (file.metadata()?, fs::symlink_metadata(path)?);
        Ok((open.dev(), open.ino()) == (there.dev(), there.ino()))
    }
    #[cfg(not(unix))]
    {
        let _ = (file, path);
        Ok(true)
    }
}

/// Flushes the name of a new file to the disk. Systems other than Unix do that by themselves.
pub(super) fn sync_folder(path: &Path) -> io::Result<()> {
    #[cfg(unix)]
    File::open(folder(path))?.sync_all()?;
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}
