//! A journal on a disk that has no space left.

use super::{long, open};
use chat2desk_webhook_receiver::Store;
use std::path::PathBuf;
use std::process::Command;
use std::{env, fs};

const JOURNAL: &str = "CHAT2DESK_TEST_JOURNAL";

/// Not a test: the process that may write nothing.
#[tokio::test]
#[ignore = "a part of the test below, which starts it"]
async fn process() {
    let Some(path) = env::var_os(JOURNAL).map(PathBuf::from) else {
        return;
    };
    let store = open(&path).unwrap();
    assert_eq!(store.pending().await.unwrap().len(), 3);
    assert!(
        !store.accept("0", &long(0)).await.unwrap(),
        "a repeat needs no space"
    );
    // Nothing more is acknowledged, and nothing is harmed.
    store.accept("new", &long(3)).await.unwrap_err();
}

#[tokio::test]
async fn a_journal_on_a_full_disk_is_opened_and_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal");
    let store = open(&path).unwrap();
    for n in 0..3 {
        store.accept(&format!("{n}"), &long(n)).await.unwrap();
    }
    drop(store);
    let before = fs::read(&path).unwrap();
    // Files may not grow beyond half a megabyte, and the process does not die of trying.
    let status = Command::new("sh")
        .args(["-c", "trap '' XFSZ; ulimit -f 1000; exec \"$0\" \"$@\""])
        .arg(env::current_exe().unwrap())
        .args([
            "journal::full::process",
            "--exact",
            "--ignored",
            "--nocapture",
        ])
        .env(JOURNAL, &path)
        .status()
        .unwrap();
    assert!(status.success());
    assert_eq!(fs::read(&path).unwrap(), before);
    assert!(!folder.path().join("journal.new").exists());
    assert_eq!(open(&path).unwrap().pending().await.unwrap().len(), 3);
}
