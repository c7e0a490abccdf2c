//! The memory that strangers can take of a receiver, measured at a process of its own.

use crate::support::{deliver, verifier};
use chat2desk::webhook::sign;
use chat2desk_webhook_receiver::Receiver;
use std::convert::Infallible;
use std::env;
use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;

const SERVER: &str = "CHAT2DESK_TEST_MEMORY";
const MIB: u64 = 1 << 20;

/// Not a test: the process that is measured. It serves itself, or has axum serve its router.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a part of the test below, which starts it"]
async fn process() {
    let Some(server) = env::var_os(SERVER) else {
        return;
    };
    let receiver = Receiver::builder(verifier())
        .capacity(1)
        .body_timeout(Duration::from_secs(3600));
    let receiver = receiver.start(|_| async { Ok::<_, Infallible>(()) });
    let receiver = receiver.await.unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    println!("\nlistening {}", listener.local_addr().unwrap());
    if server == "axum" {
        axum::serve(listener, receiver.router()).await.unwrap();
    } else {
        receiver.serve(listener, std::future::pending()).await;
    }
}

struct Process(Child);

impl Process {
    fn start(server: &str) -> (Self, String) {
        let mut child = Command::new(env::current_exe().unwrap())
            .args(["memory::process", "--exact", "--ignored", "--nocapture"])
            .env(SERVER, server)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let address =
            lines.find_map(|line| Some(line.ok()?.strip_prefix("listening ")?.to_owned()));
        (Self(child), address.unwrap())
    }

    /// Bytes in memory: now, or the most so far.
    fn memory(&self, name: &str) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.0.id())).unwrap();
        let line = status.lines().find(|line| line.starts_with(name)).unwrap();
        let kilobytes = line.split_whitespace().nth(1).unwrap();
        kilobytes.parse::<u64>().unwrap() << 10
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = (self.0.kill(), self.0.wait());
    }
}

/// Sends a post of 1 MiB but for its last byte, and holds the connection.
async fn slow_post(address: String, is_signed: bool, is_chunked: bool) -> TcpStream {
    let mut head = "POST / HTTP/1.1\r\nhost: a\r\n".to_owned();
    if is_signed {
        for (name, value) in &sign("another", 1, b"{}").unwrap() {
            head += &format!("{name}: {}\r\n", value.to_str().unwrap());
        }
    }
    let body = if is_chunked {
        // Of one byte each: what is kept for a chunk would count.
        head += "transfer-encoding: chunked\r\n\r\n";
        "1\r\nx\r\n".repeat(170_000)
    } else {
        head += "content-length: 1048576\r\n\r\n";
        "x".repeat((1 << 20) - 1)
    };
    let mut stream = TcpStream::connect(address).await.unwrap();
    // The server may have closed it, or not read on.
    let all = head + &body;
    let _ = timeout(Duration::from_secs(20), stream.write_all(all.as_bytes())).await;
    stream
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn slow_posts_take_no_more_memory_than_is_said() {
    for server in ["itself", "axum"] {
        for (posts, is_signed, is_chunked) in [
            (300, false, false),
            (300, true, false),
            (1000, true, false),
            (300, true, true),
        ] {
            let (process, address) = Process::start(server);
            let url = format!("http://{address}/");
            assert_eq!(deliver(&url, 1).await, 200);
            let before = process.memory("VmRSS");
            let posts: Vec<_> = (0..posts)
                .map(|_| tokio::spawn(slow_post(address.clone(), is_signed, is_chunked)))
                .collect();
            let mut held = Vec::new();
            for post in posts {
                held.push(post.await.unwrap());
            }
            let delivered = timeout(Duration::from_secs(30), deliver(&url, 2)).await;
            assert_eq!(delivered, Ok(200), "nobody is kept out");
            let most = process.memory("VmHWM") - before;
            println!(
                "{server}: {} posts, signed {is_signed}, chunked {is_chunked}: {} MB",
                held.len(),
                most >> 20
            );
            // As is said at `body_memory` and `connections`.
            let times = if server == "axum" { 3 } else { 2 };
            let bound = times * 16 * MIB + held.len() as u64 * (40 << 10);
            assert!(most < bound, "{} of {} MB", most >> 20, bound >> 20);
        }
    }
}
