//! A receiver that is killed again and again loses nothing that it acknowledged.

use crate::support::{message, signed, verifier};
use chat2desk_webhook_receiver::{Delivery, JournalStore, Memory, Receiver};
use std::collections::{BTreeSet, HashMap};
use std::fs::{self, OpenOptions};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicI64, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use std::{env, io};
use tokio::net::TcpListener;

const FOLDER: &str = "CHAT2DESK_TEST_RECEIVER";

/// Not a test: the process that is killed. Its handler writes an id to a file, half of the time only
/// at the second attempt.
#[tokio::test]
#[ignore = "a part of the test below, which starts it"]
async fn process() {
    let Some(folder) = env::var_os(FOLDER).map(PathBuf::from) else {
        return;
    };
    let effects = OpenOptions::new()
        .append(true)
        .create(true)
        .open(folder.join("effects"))
        .unwrap();
    let effects = Arc::new(effects);
    let memory = Memory {
        keys: 2000,
        ..Memory::default()
    };
    let store = JournalStore::open(folder.join("journal"), memory).unwrap();
    let receiver = Receiver::builder(verifier())
        .store(store)
        .retry_delays(Duration::from_millis(1), Duration::from_millis(5))
        .start(move |delivery: Delivery| {
            let effects = effects.clone();
            async move {
                let id = delivery
                    .message()
                    .and_then(|message| message.message_id)
                    .unwrap_or_default();
                if id % 2 == 0 && delivery.attempt == 1 {
                    return Err(io::Error::other("the first attempt of every second one"));
                }
                (&*effects).write_all(format!("{id}\n").as_bytes())
            }
        })
        .await
        .unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    println!("\nlistening {}", listener.local_addr().unwrap());
    receiver.serve(listener, std::future::pending()).await;
}

/// Starts the process above; its address once it listens.
fn start(folder: &Path) -> (Child, String) {
    let mut child = Command::new(env::current_exe().unwrap())
        .args(["restart::process", "--exact", "--ignored", "--nocapture"])
        .env(FOLDER, folder)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let address = lines.find_map(|line| Some(line.ok()?.strip_prefix("listening ")?.to_owned()));
    (child, address.unwrap())
}

fn handled(folder: &Path) -> HashMap<i64, u32> {
    let effects = fs::read_to_string(folder.join("effects")).unwrap_or_default();
    let mut counts = HashMap::new();
    for line in effects.lines() {
        *counts.entry(line.parse().unwrap()).or_default() += 1;
    }
    counts
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost_by_kills() {
    // At another count every time: killed while it takes in, while it handles, while it answers.
    kill(8, 0, |acknowledged, round, _| {
        acknowledged >= 20 + 37 * round as usize
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost_by_kills_while_the_journal_is_written_anew() {
    // A hundred take minutes: `CHAT2DESK_TEST_KILLS=100`.
    let kills = env::var("CHAT2DESK_TEST_KILLS").ok();
    let kills: u32 = kills.map_or(20, |kills| kills.parse().unwrap());
    let killed_amid = Arc::new(AtomicU32::new(0));
    let counted = killed_amid.clone();
    // Long messages make the journal grow. The new file is there for as long as it is written.
    let enough = move |acknowledged, round: u32, folder: &Path| {
        let new = fs::metadata(folder.join("journal.new"));
        // At another length of it every time; at the latest after so many messages.
        let length = u64::from(round % 5) * 20_000;
        let is_amid = acknowledged > 0 && new.is_ok_and(|new| new.len() >= length);
        counted.fetch_add(is_amid.into(), Ordering::Relaxed);
        is_amid || acknowledged > 150
    };
    kill(kills, 100_000, enough).await;
    let killed_amid = killed_amid.load(Ordering::Relaxed);
    println!("killed amid writing anew: {killed_amid} of {kills}");
    assert!(killed_amid >= kills / 2, "{killed_amid} of {kills}");
}

/// Kills the process again and again, each time that it is enough by what it has acknowledged since it
/// was started, the round and its folder; messages have texts of this length.
async fn kill(rounds: u32, length: usize, enough: impl Fn(usize, u32, &Path) -> bool) {
    let folder = tempfile::tempdir().unwrap();
    let acknowledged = Arc::new(Mutex::new(BTreeSet::new()));
    let next = Arc::new(AtomicI64::new(1));
    // One for all: TLS takes long to set up.
    let client = reqwest::Client::new();
    for round in 0..rounds {
        let (mut child, address) = start(folder.path());
        let clients: Vec<_> = (0..16)
            .map(|_| {
                let (acknowledged, next) = (acknowledged.clone(), next.clone());
                let url = format!("http://{address}/");
                let client = client.clone();
                tokio::spawn(async move {
                    loop {
                        let id = next.fetch_add(1, Ordering::Relaxed);
                        let mut body = message(id);
                        if length > 0 {
                            body["text"] = "x".repeat(length).into();
                        }
                        let body = body.to_string();
                        let request = client.post(&url).headers(signed(&body)).body(body);
                        // Until the process is killed.
                        let Ok(answer) = request.send().await else {
                            return;
                        };
                        if answer.status() == 200 {
                            acknowledged.lock().unwrap().insert(id);
                        }
                    }
                })
            })
            .collect();
        let before = acknowledged.lock().unwrap().len();
        let patience = Instant::now();
        loop {
            let since = acknowledged.lock().unwrap().len() - before;
            if enough(since, round, folder.path()) {
                break;
            }
            assert!(
                patience.elapsed() < Duration::from_secs(60),
                "it acknowledges nothing"
            );
            // Not on a thread that the clients run on, and short: the new file is there for milliseconds.
            std::thread::sleep(Duration::from_micros(200));
        }
        child.kill().unwrap();
        child.wait().unwrap();
        for client in clients {
            client.await.unwrap();
        }
    }

    // The last one is left alone until it has handled what the others left.
    let (mut child, _) = start(folder.path());
    let acknowledged = acknowledged.lock().unwrap().clone();
    let missing = || {
        let handled = handled(folder.path());
        acknowledged
            .iter()
            .filter(|id| !handled.contains_key(id))
            .count()
    };
    let patience = Instant::now();
    while missing() > 0 && patience.elapsed() < Duration::from_secs(20) {
        std::thread::sleep(Duration::from_millis(5));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(missing(), 0, "of {} acknowledged", acknowledged.len());
    // Twice only what was handled and not yet noted when its process was killed.
    let handled = handled(folder.path());
    let twice = handled.values().filter(|count| **count > 1).count();
    assert!(
        twice <= rounds as usize * 16,
        "{twice} of {}",
        handled.len()
    );
}
