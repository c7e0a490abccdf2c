//! The lines of a journal: how entries are written with checksums, and how damage is told from an unfinished write.
//!
//! A line is a checksum, a space and an entry as JSON. After each flush, an entry is added that says up to which
//! position the file was flushed and acknowledged. It is itself flushed with the next entries. Damage after the last
//! such entry is an unfinished write, which is removed. Damage before it is an error.

use chat2desk::webhook::Event;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::io;

/// The version of the format. Version 1 had no checksums.
pub(super) const VERSION: u32 = 2;

/// The hexadecimal digits of a checksum: half of a SHA-256, which the signatures need anyway. It detects damage of any
/// length.
const CHECKSUM: usize = 32;

/// An entry of the file.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Entry<'a> {
    /// The first entry.
    Version(u32),
    Accepted {
        key: Cow<'a, str>,
        at: u64,
        event: Cow<'a, Event>,
    },
    Done {
        key: Cow<'a, str>,
    },
    /// A handled event, after the file was rewritten.
    Remembered {
        key: Cow<'a, str>,
        at: u64,
        message: Option<i64>,
    },
    Gap {
        after: Option<i64>,
    },
    /// Everything before this position is on the disk.
    Flushed(u64),
}

/// Adds an entry.
pub(super) fn append(lines: &mut Vec<u8>, entry: &Entry<'_>) {
    // Strings and numbers can always be serialized.
    let json = serde_json::to_vec(entry).unwrap_or_default();
    lines.extend_from_slice(&checksum(&json));
    lines.push(b' ');
    lines.extend_from_slice(&json);
    lines.push(b'\n');
}

/// Adds the entry that everything before this position is on the disk. An empty line before it makes it a line of its
/// own, even if the end of the line before was lost.
pub(super) fn append_flushed(lines: &mut Vec<u8>, place: u64) {
    lines.push(b'\n');
    append(lines, &Entry::Flushed(place));
}

fn checksum(json: &[u8]) -> [u8; CHECKSUM] {
    let mut text = [0; CHECKSUM];
    let digest = Sha256::digest(json);
    let (half, _) = digest.split_at(CHECKSUM / 2);
    // The buffer has two digits for each byte.
    let _ = base16ct::lower::encode(half, &mut text);
    text
}

/// Reads all entries. Returns the length of the complete part of the file.
///
/// # Errors
/// Returns [`InvalidData`](io::ErrorKind::InvalidData) if acknowledged entries are damaged, with the position.
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

/// Returns the entry of a line, or `None` if the line is incomplete or damaged.
fn entry(line: &[u8]) -> Option<Entry<'static>> {
    let (checked, rest) = line.strip_suffix(b"\n")?.split_at_checked(CHECKSUM)?;
    let json = rest.strip_prefix(b" ")?;
    if checked != checksum(json) {
        return None;
    }
    serde_json::from_slice(json).ok()
}

/// Whether an entry names its own position, without the empty line before it.
fn is_just_before(flushed: u64, place: usize) -> bool {
    u64::try_from(place).is_ok_and(|place| flushed.checked_add(1) == Some(place))
}

fn of_version(version: u32) -> io::Error {
    let reason = format!(
        "the journal has version {version} of its format, but this program reads version {VERSION}: let the \
         program that wrote it handle the waiting events, then move the file away"
    );
    io::Error::new(io::ErrorKind::InvalidData, reason)
}

/// Returns the length of the complete part, if the line at this position and all later ones were never acknowledged.
///
/// # Errors
/// Returns [`InvalidData`](io::ErrorKind::InvalidData) otherwise, and if no journal was ever at this path.
fn unreadable(file: &[u8], place: usize) -> io::Result<usize> {
    let (_, rest) = file.split_at_checked(place).unwrap_or_default();
    let mut later = rest.split_inclusive(|byte| *byte == b'\n');
    if later.any(|line| matches!(entry(line), Some(Entry::Flushed(_)))) {
        let reason = format!(
            "the journal is damaged at byte {place}, within acknowledged entries: restore it from a copy, or \
             move it away and read the missing messages with `Receiver::catch_up_since`"
        );
        return Err(io::Error::new(io::ErrorKind::InvalidData, reason));
    }
    if place == 0 && !is_torn_header(file) {
        let reason = "the file is not a journal, and was left as it is: use another path, or move the file away";
        return Err(io::Error::new(io::ErrorKind::InvalidData, reason));
    }
    Ok(place)
}

/// Whether a file is what a power failure leaves of the first write: the beginning of the first line, and zeros.
fn is_torn_header(file: &[u8]) -> bool {
    let end = file.iter().rposition(|byte| *byte != 0);
    let (written, _) = file
        .split_at_checked(end.map_or(0, |end| end.saturating_add(1)))
        .unwrap_or_default();
    let mut header = Vec::new();
    append(&mut header, &Entry::Version(VERSION));
    header.starts_with(written)
}
