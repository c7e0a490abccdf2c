//! A journal that is reached by links: one store, and the file is replaced where it is.

use super::{open, state};
use crate::support::event;
use chat2desk::webhook::Event;
use chat2desk_webhook_receiver::{JournalStore, Memory, Store};
use std::fs;
use std::io::ErrorKind;
use std::os::unix::fs::symlink;
use std::path::PathBuf;

#[tokio::test]
async fn one_file_has_one_store_by_whatever_name() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    fs::create_dir(at("real")).unwrap();
    symlink(at("real"), at("folder")).unwrap();
    symlink("real/journal", at("link")).unwrap();
    symlink(at("link"), at("second")).unwrap();
    // The first store makes the file, through links to what does not exist yet.
    let store = open(&at("second")).unwrap();
    store.accept("a", &event(1)).await.unwrap();
    fs::hard_link(at("real/journal"), at("hard")).unwrap();
    let names: [PathBuf; 6] = [
        at("real/journal"),
        at("folder/journal"),
        at("link"),
        at("second"),
        at("hard"),
        at("real/../folder/./journal"),
    ];
    for name in &names {
        let error = open(name).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::WouldBlock, "{}", name.display());
    }
    // Written anew, which replaces the file and no link.
    let long = "x".repeat(1 << 20);
    let long = format!("{{\"text\":\"{long}\"}}");
    let long = Event::parse_unverified(long).unwrap();
    for n in 0..18 {
        store.accept(&format!("{n}"), &long).await.unwrap();
        store.done(&format!("{n}")).await.unwrap();
    }
    for link in ["folder", "link", "second"] {
        assert!(at(link).is_symlink(), "{link}");
    }
    let error = open(&at("second")).unwrap_err();
    assert_eq!(
        error.kind(),
        ErrorKind::WouldBlock,
        "it is locked as before"
    );
    drop(store);
    for name in &names[..4] {
        let store = open(name).unwrap();
        assert_eq!(state(&store).await.waiting[0].0, "a");
    }
}

#[tokio::test]
async fn a_planted_link_is_not_followed() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    fs::write(at("precious"), "of somebody").unwrap();
    for planted in ["journal.new", "journal.lock", "journal.tmp"] {
        symlink(at("precious"), at(planted)).unwrap();
    }
    let store = open(&at("journal")).unwrap();
    store.accept("a", &event(1)).await.unwrap();
    drop(store);
    assert_eq!(state(&open(&at("journal")).unwrap()).await.waiting.len(), 1);
    assert_eq!(fs::read(at("precious")).unwrap(), b"of somebody");
    assert!(!at("journal").is_symlink());
}

#[test]
fn what_is_no_file_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    symlink(at("a"), at("b")).unwrap();
    symlink(at("b"), at("a")).unwrap();
    open(&at("a")).unwrap_err();
    let error = JournalStore::open(folder.path(), Memory::default()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    open(&at("no folder/journal")).unwrap_err();
}

#[tokio::test]
async fn nothing_is_acknowledged_into_a_file_that_is_gone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal");
    let away = folder.path().join("away");
    for replaced in [false, true] {
        let store = open(&path).unwrap();
        store.accept("a", &event(1)).await.unwrap();
        fs::rename(&path, &away).unwrap();
        if replaced {
            drop(open(&path).unwrap());
        }
        store.accept("b", &event(2)).await.unwrap_err();
        drop(store);
        assert_eq!(state(&open(&away).unwrap()).await.waiting.len(), 1);
        let _ = (fs::remove_file(&path), fs::remove_file(&away));
    }
}
