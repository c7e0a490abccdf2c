//! 20 000 records behind 20 ms of latency: a loop written by hand, the crate, and the crate with
//! `prefetch(8)`, in turns; the best turn of each counts.
//!
//! The crate's pages share a record each, which is what shows that nothing was lost between them; the fewest
//! calls for that are 101, where the loop, which shows nothing, makes 100.

#[path = "../tests/it/support/list_server.rs"]
mod list_server;

use chat2desk::{Chat2Desk, List, Listing, builder, types::ClientPage};
use list_server::{ListServer, Seen};
use std::sync::atomic::Ordering::SeqCst;
use std::sync::mpsc;
use std::time::{Duration, Instant};

const RECORDS: usize = 20_000;
const LATENCY: Duration = Duration::from_millis(20);
const ROUNDS: usize = 3;

fn main() {
    // The server has a thread of its own.
    let (send, receive) = mpsc::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            send.send(ListServer::start(RECORDS, LATENCY).await)
                .unwrap();
            std::future::pending::<()>().await;
        });
    });
    let server = receive.recv().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.unwrap().block_on(measure(&server));
}

async fn measure(server: &ListServer) {
    let chat = Chat2Desk::builder("token")
        .base_url(&server.url)
        .build()
        .unwrap();
    let http = reqwest::Client::new();
    let (mut by_hand, mut sequential, mut prefetched) =
        (Duration::MAX, Duration::MAX, Duration::MAX);
    let mut calls = [0; 3];
    for _ in 0..ROUNDS {
        let start = Instant::now();
        calls[0] = counted(&server.seen, loop_by_hand(&http, &server.url)).await;
        by_hand = by_hand.min(start.elapsed());
        let start = Instant::now();
        calls[1] = counted(&server.seen, read(chat.list_clients().prefetch(1))).await;
        sequential = sequential.min(start.elapsed());
        server.seen.most_in_flight.store(0, SeqCst);
        let start = Instant::now();
        calls[2] = counted(&server.seen, read(chat.list_clients().prefetch(8))).await;
        prefetched = prefetched.min(start.elapsed());
    }
    let most = server.seen.most_in_flight.load(SeqCst);
    assert!(most <= 8, "{most} pages at once");
    assert_eq!(calls, [100, 101, 101]);
    println!("by hand      {by_hand:?}, {} calls", calls[0]);
    println!("sequential   {sequential:?}, {} calls", calls[1]);
    println!(
        "prefetch(8)  {prefetched:?}, {} calls, {most} pages at once at most",
        calls[2]
    );
    let ratio = |a: Duration, b: Duration| a.as_secs_f64() / b.as_secs_f64();
    println!("speedup prefetch8 {:.2}", ratio(by_hand, prefetched));
    println!("ratio sequential {:.3}", ratio(sequential, by_hand));
}

async fn counted(seen: &Seen, reading: impl Future<Output = usize>) -> usize {
    let before = seen.requests.load(SeqCst);
    assert_eq!(reading.await, RECORDS);
    seen.requests.load(SeqCst) - before
}

async fn loop_by_hand(http: &reqwest::Client, url: &str) -> usize {
    let mut records = 0;
    loop {
        let url = format!("{url}/v1/clients?limit=200&offset={records}");
        let request = http.get(url).header("authorization", "token");
        let body = request.send().await.unwrap().bytes().await.unwrap();
        let page: ClientPage = serde_json::from_slice(&body).unwrap();
        for client in &page.data {
            std::hint::black_box(client.id);
        }
        records += page.data.len();
        if records >= usize::try_from(page.meta.unwrap().total.unwrap()).unwrap() {
            return records;
        }
    }
}

async fn read(clients: Listing<builder::ListClients>) -> usize {
    let mut records = 0;
    let mut clients = clients.items();
    while let Some(client) = clients.next().await {
        std::hint::black_box(client.unwrap().id);
        records += 1;
    }
    records
}
