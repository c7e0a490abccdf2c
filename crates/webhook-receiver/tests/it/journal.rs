//! A journal that was damaged, moved, linked to, or has no space: whole, or refused with its place.

#[cfg(unix)]
mod full;
#[cfg(unix)]
mod links;

use crate::support::event;
use chat2desk::webhook::Event;
use chat2desk_webhook_receiver::{JournalStore, Memory, Store};
use sha2::{Digest, Sha256};
use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::runtime::Builder;

fn open(path: &Path) -> std::io::Result<JournalStore> {
    JournalStore::open(path, Memory::default())
}

/// All that a store tells: what waits, what is known to be handled, and the gap.
#[derive(Debug, Clone, PartialEq)]
struct State {
    waiting: Vec<(String, Vec<u8>)>,
    is_handled: bool,
    gap: Option<i64>,
}

async fn state(store: &JournalStore) -> State {
    let pending = store.pending().await.unwrap();
    let waiting: Vec<_> = pending
        .into_iter()
        .map(|(key, event)| (key, event.raw().to_vec()))
        .collect();
    let waits = waiting.iter().any(|(key, _)| key == "b");
    State {
        gap: store.gap().await.unwrap(),
        // Asked last: it is accepted if it is not known.
        is_handled: !waits && !store.accept("b", &event(2)).await.unwrap(),
        waiting,
    }
}

/// A journal, and how long it was when each state was acknowledged.
struct Written {
    bytes: Vec<u8>,
    states: Vec<(usize, State)>,
}

async fn write(folder: &Path) -> Written {
    let path = folder.join("written");
    let store = open(&path).unwrap();
    let mut states = Vec::new();
    let mut seen = State {
        waiting: Vec::new(),
        is_handled: false,
        gap: None,
    };
    for step in 0..6 {
        match step {
            1..=3 => {
                let (key, event) = (["a", "b", "c"][step - 1], event(step.try_into().unwrap()));
                store.accept(key, &event).await.unwrap();
                seen.waiting.push((key.into(), event.raw().to_vec()));
                seen.gap = Some(0);
            }
            4 => {
                store.done("b").await.unwrap();
                seen.waiting.remove(1);
                seen.is_handled = true;
            }
            5 => {
                store.set_gap(Some(41)).await.unwrap();
                seen.gap = Some(41);
            }
            _ => {}
        }
        let bytes = fs::read(&path).unwrap();
        // The entry that all before it was flushed stands behind an empty line.
        let empty = bytes
            .windows(2)
            .rposition(|bytes| bytes == b"\n\n")
            .unwrap();
        states.push((empty + 1, seen.clone()));
    }
    let bytes = fs::read(&path).unwrap();
    Written { bytes, states }
}

/// Opens a copy with these bytes.
fn reopen(folder: &Path, bytes: &[u8]) -> std::io::Result<JournalStore> {
    let path = folder.join("copy");
    fs::write(&path, bytes).unwrap();
    open(&path)
}

/// Runs `check` for each of the numbers below `end`, several at a time, each in a folder for itself and no other at that
/// time: most of it is waiting for the disk.
fn side_by_side(end: usize, check: impl AsyncFn(&Path, usize) + Sync) {
    let next = AtomicUsize::new(0);
    let work = || {
        let folder = tempfile::tempdir().unwrap();
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= end {
                return;
            }
            runtime.block_on(check(folder.path(), number));
        }
    };
    std::thread::scope(|scope| (0..8).for_each(|_| drop(scope.spawn(work))));
}

/// The place that an error of damage names.
fn place(error: &std::io::Error) -> usize {
    assert_eq!(error.kind(), ErrorKind::InvalidData, "{error}");
    let text = error.to_string();
    let place = text.split("damaged at byte ").nth(1).unwrap();
    place.split(',').next().unwrap().parse().unwrap()
}

#[tokio::test]
async fn every_flipped_bit_is_refused_with_its_place_or_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let Written { bytes, states } = write(folder.path()).await;
    let (last, whole) = states.last().unwrap();
    side_by_side(bytes.len() * 8, async |folder, bit| {
        let mut flipped = bytes.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        // Only the last entry, which says that all before it was flushed, can be done without.
        match reopen(folder, &flipped) {
            Ok(store) if bit / 8 >= *last => assert_eq!(state(&store).await, *whole, "bit {bit}"),
            Ok(_) => panic!("bit {bit} is read"),
            Err(error) => {
                assert!(bit / 8 < *last, "bit {bit}: {error}");
                // The place is that of the line.
                let line = bytes[..bit / 8].iter().rposition(|byte| *byte == b'\n');
                assert_eq!(place(&error), line.map_or(0, |end| end + 1), "bit {bit}");
            }
        }
    });
}

#[tokio::test]
async fn every_truncation_is_the_journal_of_an_earlier_moment() {
    let folder = tempfile::tempdir().unwrap();
    let Written { bytes, states } = write(folder.path()).await;
    side_by_side(bytes.len() + 1, async |folder, length| {
        let store = reopen(folder, &bytes[..length]).unwrap();
        let before = states.iter().rfind(|(end, _)| *end <= length);
        let expected = before.map_or(&states[0].1, |(_, state)| state);
        assert_eq!(state(&store).await, *expected, "{length} bytes");
        // It goes on from there, and nothing of the torn end comes back.
        assert!(store.accept("new", &event(9)).await.unwrap());
        drop(store);
        let store = open(&folder.join("copy")).unwrap();
        let waiting = state(&store).await.waiting;
        assert_eq!(waiting.last().unwrap().0, "new", "{length} bytes");
    });
}

#[tokio::test]
async fn zeros_in_what_was_never_acknowledged_are_cut_off() {
    let folder = tempfile::tempdir().unwrap();
    let Written { bytes, states } = write(folder.path()).await;
    // The last three steps as one batch, whose end was never noted.
    let start = states[2].0;
    let acknowledged = bytes[start..].windows(2).position(|bytes| bytes == b"}\n");
    let start = start + acknowledged.unwrap() + 2;
    let batch: Vec<&[u8]> = bytes[start..]
        .split_inclusive(|byte| *byte == b'\n')
        .filter(|line| *line != b"\n" && !String::from_utf8_lossy(line).contains("flushed"))
        .collect();
    assert_eq!(batch.len(), 3);
    let whole = [&bytes[..start], &batch.concat()].concat();
    let mut seen = 0;
    for from in (start..whole.len()).step_by(17) {
        for length in [1, 2, 64, 4096] {
            let mut torn = whole.clone();
            let to = whole.len().min(from + length);
            torn[from..to].fill(0);
            torn.resize(whole.len().max(from + length), 0);
            let store = reopen(folder.path(), &torn).unwrap();
            let state = state(&store).await;
            assert!(
                states[2..].iter().any(|(_, known)| *known == state),
                "{state:?}"
            );
            seen = seen.max(state.waiting.len());
        }
    }
    assert_eq!(seen, 3, "what is whole before the zeros is kept");
    // The same within what was acknowledged is damage.
    for from in (1..start - 8).step_by(11) {
        let mut torn = bytes.clone();
        torn[from..from + 8].fill(0);
        let error = reopen(folder.path(), &torn).unwrap_err();
        assert!(place(&error) <= from, "{error} {from}");
    }
}

#[tokio::test]
async fn lines_that_were_moved_or_lost_are_damage() {
    let folder = tempfile::tempdir().unwrap();
    let Written { bytes, states } = write(folder.path()).await;
    let lines: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
    for lost in 0..lines.len() - 1 {
        let mut rest = lines.clone();
        rest.remove(lost);
        let Ok(store) = reopen(folder.path(), &rest.concat()) else {
            continue;
        };
        assert_eq!(state(&store).await, states.last().unwrap().1, "line {lost}");
    }
    for twice in 1..lines.len() {
        let mut more = lines.clone();
        more.insert(twice, lines[twice]);
        let Ok(store) = reopen(folder.path(), &more.concat()) else {
            continue;
        };
        assert_eq!(
            state(&store).await,
            states.last().unwrap().1,
            "line {twice}"
        );
    }
}

#[test]
fn another_version_of_the_format_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let first = b"{\"gap\":{\"after\":null}}\n{\"done\":{\"key\":\"my words\"}}\n";
    let error = reopen(folder.path(), first).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidData);
    let text = error.to_string();
    assert!(
        text.starts_with("the journal has version 1 of its format"),
        "{text}"
    );
    assert!(!text.contains("my words"), "{text}");
    let kept = fs::read(folder.path().join("copy")).unwrap();
    assert_eq!(kept, first, "it is left as it is");
}

/// An entry as the journal writes it, with its checksum.
fn line(json: &str) -> Vec<u8> {
    let digest = Sha256::digest(json);
    let checksum = base16ct::lower::encode_string(&digest[..16]);
    format!("{checksum} {json}\n").into_bytes()
}

#[tokio::test]
async fn a_journal_has_one_first_line() {
    let folder = tempfile::tempdir().unwrap();
    let bytes = write(folder.path()).await.bytes;
    let (first, next) = (line("{\"version\":2}"), line("{\"version\":3}"));
    assert!(
        bytes.starts_with(&first),
        "`line` is as the journal writes it"
    );
    // Two journals in one file, of the same version and of another.
    for second in [&first, &next] {
        let both = [&bytes, second, &bytes[first.len()..]].concat();
        let error = reopen(folder.path(), &both).unwrap_err();
        assert_eq!(place(&error), bytes.len());
    }
    // The first line is lost.
    let error = reopen(folder.path(), &bytes[first.len()..]).unwrap_err();
    assert_eq!(place(&error), 0);
    // A version that does not exist yet.
    let later = [next, line("{\"gap\":{\"after\":null}}")].concat();
    let error = reopen(folder.path(), &later).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidData);
    let text = error.to_string();
    assert!(
        text.starts_with("the journal has version 3 of its format"),
        "{text}"
    );
}

#[test]
fn a_file_that_is_no_journal_is_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    drop(open(&folder.path().join("new")).unwrap());
    let header = fs::read(folder.path().join("new")).unwrap();
    let end = header.iter().position(|byte| *byte == b'\n').unwrap() + 1;
    let header = &header[..end];
    for foreign in [
        &b"my notes\n"[..],
        b"my notes",
        b"\n",
        b" ",
        b"0123456789abcdef0123456789abcdef {\"version\":2}\n",
        b"\0\0\0\0PNG",
        &[header, b"x"].concat()[1..],
        &[&header[..end - 1], b" "].concat(),
        &[&header[..9], b"\nmy notes\n"].concat(),
        &[0xff; 64],
    ] {
        let error = reopen(folder.path(), foreign).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidData);
        let text = error.to_string();
        assert!(text.contains("not a journal"), "{text}");
        assert_eq!(fs::read(folder.path().join("copy")).unwrap(), foreign);
    }
    // What a power failure can leave of the first write is begun anew.
    for length in 0..end {
        let torn = [&header[..length], &[0; 8]].concat();
        reopen(folder.path(), &torn).unwrap();
    }
}

fn long(n: usize) -> Event {
    let text = format!("{{\"text\":\"{n} {}\"}}", "x".repeat(1 << 20));
    Event::parse_unverified(text).unwrap()
}

#[tokio::test]
async fn without_space_for_a_second_file_it_goes_on_in_the_first() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal");
    let new = folder.path().join("journal.new");
    let store = open(&path).unwrap();
    store.accept("a", &event(1)).await.unwrap();
    drop(store);
    // A torn end, and nothing can be written beside the file.
    let whole = fs::metadata(&path).unwrap().len();
    let mut file = OpenOptions::new().append(true).open(&path).unwrap();
    file.write_all(b"0123 torn").unwrap();
    fs::create_dir(&new).unwrap();
    let store = open(&path).unwrap();
    assert_eq!(
        fs::metadata(&path).unwrap().len(),
        whole,
        "the torn end is cut off"
    );
    for n in 0..40 {
        store.accept(&format!("{n}"), &long(n)).await.unwrap();
        store.done(&format!("{n}")).await.unwrap();
    }
    assert!(fs::metadata(&path).unwrap().len() > 40 << 20);
    // As soon as there is space again it is written anew.
    fs::remove_dir(&new).unwrap();
    for n in 40..60 {
        store.accept(&format!("{n}"), &long(n)).await.unwrap();
        store.done(&format!("{n}")).await.unwrap();
    }
    assert!(fs::metadata(&path).unwrap().len() < 20 << 20);
    drop(store);
    let store = open(&path).unwrap();
    assert_eq!(store.pending().await.unwrap().len(), 1);
    assert!(!store.accept("0", &long(0)).await.unwrap());
}

#[tokio::test]
async fn the_longest_age_is_for_ever() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal");
    let memory = Memory {
        age: Duration::MAX,
        keys: usize::MAX,
    };
    for known in [false, true] {
        let store = JournalStore::open(&path, memory).unwrap();
        assert_eq!(store.accept("a", &event(7)).await.unwrap(), !known);
        store.done("a").await.unwrap();
        assert!(!store.accept("a", &event(7)).await.unwrap());
        assert_eq!(store.gap().await.unwrap(), Some(6));
    }
}

#[tokio::test]
async fn a_post_that_is_no_unicode_is_kept_byte_by_byte() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal");
    let odd = b"{\"hook_type\":\"inbox\",\"text\":\"\xff\xfe\"}".to_vec();
    let store = open(&path).unwrap();
    let event = Event::parse_unverified(odd.clone()).unwrap();
    store.accept("a", &event).await.unwrap();
    drop(store);
    let (_, kept) = open(&path).unwrap().pending().await.unwrap().remove(0);
    assert_eq!(kept.raw(), &odd);
    assert_eq!(kept.payload(), event.payload());
}
