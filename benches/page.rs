//! A list that comes on one page, ten times as long each time: how the time grows, and for how long the runtime
//! serves nobody else meanwhile.

use chat2desk::transport::{BoxFuture, Transport, TransportError};
use chat2desk::{Chat2Desk, List};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::time::{Duration, Instant};

const ROUNDS: usize = 5;

/// Answers with one page that holds all records.
struct OnePage(String);

impl OnePage {
    fn of(records: usize) -> Self {
        let data: Vec<String> = (1..=records)
            .map(|id| {
                format!(
                    r#"{{"id":{id},"name":"Customer {id}","phone":"1555010{id:06}","tags":[]}}"#
                )
            })
            .collect();
        let meta = format!(r#"{{"total":{records},"limit":{records},"offset":0}}"#);
        Self(format!(
            r#"{{"data":[{}],"meta":{meta},"status":"success"}}"#,
            data.join(",")
        ))
    }
}

impl Transport for OnePage {
    fn send(
        &self,
        _: reqwest::Request,
    ) -> BoxFuture<'_, Result<reqwest::Response, TransportError>> {
        let response = http::Response::new(self.0.clone());
        Box::pin(async { Ok(response.into()) })
    }
}

fn main() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let runtime = runtime.unwrap();
    let mut before = None;
    for records in [1_000, 10_000, 100_000] {
        let chat = Chat2Desk::builder("token").transport(OnePage::of(records));
        let chat = chat.max_body(1 << 30).build().unwrap();
        let (mut best, mut gap) = (Duration::MAX, Duration::MAX);
        for _ in 0..ROUNDS {
            let (time, longest) = runtime.block_on(read(&chat, records));
            (best, gap) = (best.min(time), gap.min(longest));
        }
        println!("{records:>7} records  {best:?}, the runtime was held for {gap:?} at most");
        if let Some(before) = before.replace(best) {
            println!(
                "ratio of ten times the records {:.1}",
                best.as_secs_f64() / before.as_secs_f64()
            );
        }
    }
}

/// Reads the list beside a task that asks to be served again and again; the longest that it waited.
async fn read(chat: &Chat2Desk, records: usize) -> (Duration, Duration) {
    let done = Arc::new(AtomicBool::new(false));
    let watch = tokio::spawn({
        let done = done.clone();
        async move {
            let (mut longest, mut last) = (Duration::ZERO, Instant::now());
            while !done.load(SeqCst) {
                tokio::task::yield_now().await;
                longest = longest.max(last.elapsed());
                last = Instant::now();
            }
            longest
        }
    });
    let start = Instant::now();
    let mut fields = chat.list_custom_client_fields().items();
    let mut read = 0_usize;
    while let Some(field) = fields.next().await {
        std::hint::black_box(field.unwrap().id);
        read += 1;
        if read.is_multiple_of(1_000) {
            // What the program does with the records is its own.
            tokio::task::yield_now().await;
        }
    }
    let time = start.elapsed();
    assert_eq!(read, records);
    done.store(true, SeqCst);
    (time, watch.await.unwrap())
}
