//! Lines of a journal: entries with checksums, and what is readable of a damaged file.
//!
//! A line is a checksum, a space and an entry as JSON. After each flush an entry is added that says up to
//! where the file was flushed, and so acknowledged. It is flushed with what comes next: damage behind the
//! last such entry is of a write that never ended, and damage before it is damage.

use chat2desk::webhook::Event;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::io;

/// The version of the format. The first one had no checksums.
pub(super) const VERSION: u32 = 2;

/// Hexadecimal digits of a checksum: half of a SHA-256, which the signatures need anyway. Any damage
/// changes it, not only short ones.
const CHECKSUM: usize = 32;

/// An entry of the file.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Entry<'a> {
    /// The first one.
    Version(u32),
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
    /// All before this place of the file is on the disk.
    Flushed(u64),
}

/// Adds an entry.
pub(super) fn append(lines: &mut Vec<u8>, entry: &Entry<'_>) {
    // Strings and numbers can always be written.
    let json = serde_json::to_vec(entry).unwrap_or_default();
    lines.extend_from_slice(&checksum(&json));
    lines.push(b' ');
    lines.extend_from_slice(&json);
    lines.push(b'\n');
}

/// Adds the entry that all before this place is on the disk. It is a line of its own whatever became of
/// the end of the line before it.
pub(super) fn append_flushed(lines: &mut Vec<u8>, place: u64) {
    lines.push(b'\n');
    append(lines, &Entry::Flushed(place));
}

fn checksum(json: &[u8]) -> [u8; CHECKSUM] {
    let mut text = [0; CHECKSUM];
    let digest = Sha256::digest(json);
    let (half, _) = digest.split_at(CHECKSUM / 2);
    // Twice as many digits as bytes are room enough.
    let _ = base16ct::lower::encode(half, &mut text);
    text
}

/// Reads all entries; returns the length of what is whole.
///
/// # Errors
/// [`InvalidData`](io::ErrorKind::InvalidData) if what was acknowledged is damaged, with the place.
pub(super) fn read(file: &[u8], mut take: impl FnMut(Entry<'static>)) -> io::Result<usize> {
    if file.first() == Some(&b'{') {
        return Err(of_version(1));
    }
    let mut place: usize = 0;
    for line in file.split_inclusive(|byte| *byte == b'\n') {
        let is_first = place == 0;
        match entry(line) {
            _ if line == b"\n" && !is_first => {}
            Some(Entry::Version(VERSION)) if is_first => {}
            Some(Entry::Version(version)) if is_first => return Err(of_version(version)),
            Some(Entry::Flushed(flushed)) if !is_first && is_just_before(flushed, place) => {}
            Some(Entry::Version(_) | Entry::Flushed(_)) | None => {
                return unreadable(file, place);
            }
            Some(_) if is_first => return unreadable(file, place),
            Some(entry) => take(entry),
        }
        place = place.saturating_add(line.len());
    }
    Ok(place)
}

/// The entry of a whole line.
fn entry(line: &[u8]) -> Option<Entry<'static>> {
    let (checked, rest) = line.strip_suffix(b"\n")?.split_at_checked(CHECKSUM)?;
    let json = rest.strip_prefix(b" ")?;
    if checked != checksum(json) {
        return None;
    }
    serde_json::from_slice(json).ok()
}

/// Whether the place that an entry names is the one before the empty line that it stands behind.
fn is_just_before(flushed: u64, place: usize) -> bool {
    u64::try_from(place).is_ok_and(|place| flushed.checked_add(1) == Some(place))
}

fn of_version(version: u32) -> io::Error {
    let reason = format!(
        "the journal is of version {version} of its format, and this program reads version {VERSION}: let \
         the program that wrote it handle what waits, then move the file away"
    );
    io::Error::new(io::ErrorKind::InvalidData, reason)
}

/// The length of what is whole if the line at this place, and all after it, was never acknowledged.
fn unreadable(file: &[u8], place: usize) -> io::Result<usize> {
    let (_, rest) = file.split_at_checked(place).unwrap_or_default();
    let mut later = rest.split_inclusive(|byte| *byte == b'\n');
    if later.any(|line| matches!(entry(line), Some(Entry::Flushed(_)))) {
        let reason = format!(
            "the journal is damaged at byte {place}, within what was acknowledged: restore it from a \
             copy, or move it away and read the missing messages with `catch_up_since`"
        );
        return Err(io::Error::new(io::ErrorKind::InvalidData, reason));
    }
    Ok(place)
}
