//! Measures how many deliveries per second a receiver accepts. `wrk` posts them over loopback, on the same machine.
//!
//! `cargo bench --package chat2desk-webhook-receiver --bench webhook_load [-- journal] [slow]`
//!
//! Every delivery is signed, verified, read, new to the store, queued and handled. With `journal`, it is on the disk
//! before the response. With `slow`, 1 000 other senders begin requests at the same time and never finish them, half of
//! them with a made-up signature.

use chat2desk::webhook::{Verifier, sign};
use chat2desk_webhook_receiver::{JournalStore, Memory, Receiver};
use serde_json::{Value, json};
use std::convert::Infallible;
use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::future::pending;
use std::net::SocketAddr;
use std::process::Command;
use std::time::Duration;
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::time::sleep;

const TOKEN: &str = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";
const SECONDS: &str = "10s";
/// The number of different messages that `wrk` posts in turn. The receiver has forgotten a message when it comes again.
const MESSAGES: i64 = 40_000;
const MEMORY: usize = 10_000;
/// The number of senders that are not the vendor, with `slow`.
const STRANGERS: usize = 1000;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    let folder = tempfile::tempdir()?;
    let deliveries = folder.path().join("deliveries");
    fs::write(&deliveries, signed_deliveries()?)?;

    let memory = Memory {
        keys: MEMORY,
        ..Memory::default()
    };
    let builder = Receiver::builder(Verifier::new(TOKEN)?).capacity(10_000);
    let journal = std::env::args().any(|argument| argument == "journal");
    let builder = if journal {
        builder.store(JournalStore::open(folder.path().join("journal"), memory)?)
    } else {
        builder.store(chat2desk_webhook_receiver::MemoryStore::new(memory))
    };
    let receiver = builder.start(|_| async { Ok::<_, Infallible>(()) }).await?;
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}/", listener.local_addr()?);
    let address = listener.local_addr()?;
    let (app, serving) = (receiver.router(), receiver.clone());
    tokio::spawn(async move { serving.serve_router(app, listener, pending()).await });

    let before = resident();
    if std::env::args().any(|argument| argument == "slow") {
        for number in 0..STRANGERS {
            tokio::spawn(slow_posts(address, number % 2 == 0));
        }
    }
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/webhook_load.lua");
    let mut wrk = Command::new("wrk");
    wrk.args(["-t1", "-c64", "-d", SECONDS, "-s", script, &url, "--"])
        .arg(&deliveries);
    let status = tokio::task::spawn_blocking(move || wrk.status()).await?;
    let status = status.map_err(|error| {
        format!("cannot run wrk; install it, such as with `apt install wrk`: {error}")
    })?;
    if !status.success() {
        return Err("wrk failed".into());
    }
    let left = receiver.shutdown(Duration::from_secs(10)).await;
    println!("{:?}, {left} left", receiver.stats());
    println!(
        "memory before {} MB, after {} MB",
        before >> 20,
        resident() >> 20
    );
    Ok(())
}

/// Sends a request at one byte per half second, and begins another one when it is refused.
async fn slow_posts(address: SocketAddr, is_signed: bool) {
    let mut head = "POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 1000000\r\n".to_owned();
    if is_signed {
        head += &format!(
            "x-signature: {}\r\nx-timestamp: 1777885965\r\n",
            "0".repeat(64)
        );
    }
    head += "\r\n";
    loop {
        if let Ok(mut stream) = TcpStream::connect(address).await {
            let mut sent = stream.write_all(head.as_bytes()).await;
            while sent.is_ok() {
                sleep(Duration::from_millis(500)).await;
                sent = stream.write_all(b"x").await;
            }
        }
        sleep(Duration::from_millis(500)).await;
    }
}

/// Returns a line for each delivery: time, signature, body.
fn signed_deliveries() -> Result<String, Box<dyn Error + Send + Sync>> {
    let mut post: Value = include_str!("../../sandbox/src/samples/inbox.json").parse()?;
    let mut lines = String::new();
    for id in 1..=MESSAGES {
        post["message_id"] = json!(id);
        let body = post.to_string();
        let headers = sign(TOKEN, 1_777_885_965, body.as_bytes())?;
        let signature = headers["x-signature"].to_str()?;
        writeln!(lines, "1777885965 {signature} {body}")?;
    }
    Ok(lines)
}

/// Returns the resident memory of this process in bytes, or 0 on systems other than Linux.
fn resident() -> u64 {
    let pages = fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages: Option<u64> = pages.split(' ').nth(1).and_then(|pages| pages.parse().ok());
    pages.unwrap_or_default() * 4096
}
