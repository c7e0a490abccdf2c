//! Stores remember; a journal remembers across its own end.

use crate::support::event;
use chat2desk::webhook::Event;
use chat2desk_webhook_receiver::{JournalStore, Memory, MemoryStore, Store};
use std::collections::HashSet;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;
use std::time::Duration;

fn memory(keys: usize) -> Memory {
    Memory {
        keys,
        ..Memory::default()
    }
}

fn open(path: &Path) -> JournalStore {
    JournalStore::open(path, memory(1000)).unwrap()
}

async fn keys(store: &impl Store) -> Vec<String> {
    let pending = store.pending().await.unwrap();
    pending.into_iter().map(|(key, _)| key).collect()
}

async fn remembers(store: &impl Store) {
    assert!(store.accept("a", &event(1)).await.unwrap());
    assert!(store.accept("b", &event(2)).await.unwrap());
    assert!(
        !store.accept("a", &event(1)).await.unwrap(),
        "while it waits"
    );
    assert_eq!(keys(store).await, ["a", "b"], "in the order of acceptance");
    store.done("a").await.unwrap();
    store.done("never accepted").await.unwrap();
    assert!(
        !store.accept("a", &event(1)).await.unwrap(),
        "once it is done"
    );
    assert_eq!(keys(store).await, ["b"]);
}

async fn forgets(store: &impl Store) {
    for key in ["a", "b", "c", "d"] {
        store.accept(key, &event(1)).await.unwrap();
    }
    for key in ["c", "a", "b"] {
        store.done(key).await.unwrap();
    }
    // Room for two keys of handled events: the first handled goes first, what waits never does.
    store.accept("e", &event(1)).await.unwrap();
    assert!(!store.accept("a", &event(1)).await.unwrap());
    assert!(store.accept("c", &event(1)).await.unwrap());
    assert_eq!(keys(store).await, ["d", "e", "c"]);
}

#[tokio::test]
async fn both_stores_remember_and_forget_alike() {
    let folder = tempfile::tempdir().unwrap();
    remembers(&MemoryStore::default()).await;
    remembers(&open(&folder.path().join("one"))).await;
    forgets(&MemoryStore::new(memory(2))).await;
    forgets(&JournalStore::open(folder.path().join("two"), memory(2)).unwrap()).await;
}

/// Writing it anew is for journals that have grown: it takes a new file.
#[cfg(unix)]
#[tokio::test]
async fn a_small_journal_is_not_written_anew() {
    use std::os::unix::fs::MetadataExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal");
    let store = open(&path);
    let file = fs::metadata(&path).unwrap().ino();
    for id in 0..100 {
        store.accept(&format!("{id}"), &event(id)).await.unwrap();
        store.done(&format!("{id}")).await.unwrap();
    }
    assert_eq!(fs::metadata(&path).unwrap().ino(), file);
}

#[tokio::test]
async fn a_store_in_memory_counts_its_keys() {
    let store = MemoryStore::default();
    assert!(store.is_empty());
    for (number, key) in ["a", "b", "c"].into_iter().enumerate() {
        assert_eq!(store.len(), number);
        store.accept(key, &event(1)).await.unwrap();
        assert!(!store.is_empty());
    }
    store.done("a").await.unwrap();
    assert_eq!(store.len(), 3, "also those of handled events");
    assert_eq!(format!("{store:?}"), "MemoryStore { keys: 3, .. }");
}

/// Dropping a journal waits until it is written and unlocked.
#[tokio::test]
async fn a_journal_that_was_dropped_can_be_opened_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal");
    let long = format!(r#"{{"text":"{}"}}"#, "x".repeat(1 << 20));
    let long = Event::parse_unverified(long).unwrap();
    for number in 0..3 {
        let store = open(&path);
        // Nobody waits for the reply.
        drop(store.accept(&format!("{number}"), &long));
        drop(store);
        let written = fs::metadata(&path).unwrap().len();
        let store = open(&path);
        assert_eq!(store.pending().await.unwrap().len(), 1);
        assert!(written > 1 << 20, "{written}");
        store.done(&format!("{number}")).await.unwrap();
    }
}

#[tokio::test]
async fn a_key_is_forgotten_with_age() {
    let store = MemoryStore::new(Memory {
        age: Duration::ZERO,
        keys: 10,
    });
    store.accept("a", &event(1)).await.unwrap();
    store.done("a").await.unwrap();
    let seconds =
        |at: std::time::SystemTime| at.duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    let then = seconds(std::time::SystemTime::now());
    while seconds(std::time::SystemTime::now()) <= then {
        std::thread::yield_now();
    }
    assert!(store.accept("a", &event(1)).await.unwrap());
}

#[tokio::test]
async fn a_journal_goes_on_where_it_ended() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal");
    let store = open(&path);
    let second = JournalStore::open(&path, memory(1)).unwrap_err();
    assert_eq!(second.kind(), ErrorKind::WouldBlock);
    for (key, id) in [("a", 1), ("b", 2), ("c", 3)] {
        store.accept(key, &event(id)).await.unwrap();
    }
    store.done("b").await.unwrap();
    store.set_gap(Some(41)).await.unwrap();
    drop(store);

    // Twice: after reading lines, and after reading what was written anew.
    for _ in 0..2 {
        let store = open(&path);
        let pending = store.pending().await.unwrap();
        let pending: Vec<(&str, &Event)> =
            pending.iter().map(|(key, event)| (&**key, event)).collect();
        assert_eq!([pending[0].0, pending[1].0,], ["a", "c"]);
        assert_eq!(pending[1].1.raw(), event(3).raw());
        assert!(!store.accept("b", &event(2)).await.unwrap());
        assert_eq!(store.gap().await.unwrap(), Some(41));
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(
            fs::metadata(&path).unwrap().permissions().mode() & 0o777,
            0o600
        );
    }
}

#[tokio::test]
async fn a_journal_is_bounded_on_disk_and_keeps_what_waits() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal");
    let store = JournalStore::open(&path, memory(100)).unwrap();
    let long = format!(
        r#"{{"hook_type":"unheard_of","text":"{}"}}"#,
        "x".repeat(1 << 20)
    );
    let long = Event::parse_unverified(long).unwrap();
    store.accept("waits", &event(1)).await.unwrap();
    for n in 0..60 {
        let key = format!("long {n}");
        store.accept(&key, &long).await.unwrap();
        store.done(&key).await.unwrap();
        assert!(
            fs::metadata(&path).unwrap().len() < 20 << 20,
            "60 MB went through it"
        );
    }
    drop(store);
    let store = JournalStore::open(&path, memory(100)).unwrap();
    assert_eq!(keys(&store).await, ["waits"]);
    assert!(!store.accept("long 59", &long).await.unwrap());
}

#[cfg(unix)]
#[tokio::test]
async fn nothing_is_acknowledged_once_writing_has_failed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal");
    let store = JournalStore::open(&path, memory(100)).unwrap();
    store.accept("a", &event(1)).await.unwrap();
    // The next time that the file is written anew there is no folder to write it to.
    let long = format!("\"{}\"", "x".repeat(17 << 20));
    fs::remove_dir_all(folder.path()).unwrap();
    let long = Event::parse_unverified(long).unwrap();
    let error = store.accept("b", &long).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "the journal cannot be written; after the cause is removed, open it again by restarting the program"
    );
    assert!(error.source().unwrap().to_string().contains("No such file"));
    store.accept("c", &event(2)).await.unwrap_err();
    store.accept("a", &event(1)).await.unwrap_err();
}

#[tokio::test]
async fn where_messages_may_be_missing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal");
    let store = open(&path);
    assert_eq!(store.gap().await.unwrap(), None, "nothing is known");
    for id in [105, 101, 110] {
        store
            .accept(&format!("message:{id}"), &event(id))
            .await
            .unwrap();
    }
    assert_eq!(
        store.gap().await.unwrap(),
        Some(100),
        "all of the last hours are read again"
    );
    drop(store);
    let store = open(&path);
    store.accept("message:90", &event(90)).await.unwrap();
    assert_eq!(
        store.gap().await.unwrap(),
        Some(100),
        "what comes after a start does not change it"
    );
    store.set_gap(Some(104)).await.unwrap();
    assert_eq!(store.gap().await.unwrap(), Some(104));
    store.set_gap(None).await.unwrap();
    assert_eq!(store.gap().await.unwrap(), Some(89));
}

#[tokio::test]
async fn concurrent_repeats_are_accepted_once() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder.path().join("journal"));
    let event = event(1);
    let accepts = (0..100).map(|n| {
        let key = format!("{}", n % 10);
        let (store, event) = (&store, &event);
        async move { store.accept(&key, event).await.unwrap().then_some(key) }
    });
    let accepted = futures_util::future::join_all(accepts).await;
    let accepted: Vec<String> = accepted.into_iter().flatten().collect();
    assert_eq!(
        (
            accepted.len(),
            accepted.iter().collect::<HashSet<_>>().len()
        ),
        (10, 10)
    );
}
