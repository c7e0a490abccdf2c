//! Calls that are polled late, or by a runtime that stands still: they keep no other call waiting, and what passes
//! meanwhile is not counted against the server.

use super::server::{Server, answer};
use chat2desk::transport::{BoxFuture, RateLimit, Transport, TransportError};
use chat2desk::{Chat2Desk, List};
use futures_util::{FutureExt, StreamExt, stream};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::runtime::{Builder, Runtime};
use tokio::time::{Instant, sleep, timeout};

const SECOND: Duration = Duration::from_secs(1);

/// Takes down when it was called, and answers a little later.
#[derive(Clone, Default)]
struct Times(Arc<Mutex<Vec<Instant>>>);

impl Transport for Times {
    fn send(
        &self,
        _: reqwest::Request,
    ) -> BoxFuture<'_, Result<reqwest::Response, TransportError>> {
        self.0.lock().unwrap().push(Instant::now());
        let body = r#"{"data":{"id":7},"status":"success"}"#;
        Box::pin(async move {
            sleep(Duration::from_millis(5)).await;
            Ok(http::Response::new(body).into())
        })
    }
}

impl Times {
    fn client(&self, limit: RateLimit) -> Chat2Desk {
        let chat = Chat2Desk::builder("token").transport(self.clone());
        chat.rate_limit(limit).build().unwrap()
    }

    /// The shortest time between a call and the one after the next.
    fn shortest(&self) -> Duration {
        let times = self.0.lock().unwrap();
        let pauses = times.windows(3).map(|times| times[2] - times[0]);
        pauses.min().unwrap_or(Duration::MAX)
    }
}

fn runtime() -> Runtime {
    let builder = Builder::new_current_thread().enable_all().build();
    builder.unwrap()
}

/// A synchronous program has a runtime in each thread. One of them stands still while its calls wait.
#[test]
fn a_runtime_that_stands_still_holds_up_no_other() {
    let times = Times::default();
    let chat = times.client(RateLimit::per_second(10));
    let still = runtime();
    still.block_on(async {
        chat.get_client(7).await.unwrap();
        for _ in 0..3 {
            let chat = chat.clone();
            tokio::spawn(async move { chat.get_client(7).await });
        }
        let given_up = timeout(Duration::from_millis(20), chat.get_client(7).send());
        assert!(given_up.await.is_err());
    });
    let chat = chat.with_timeout(5 * SECOND);
    let start = Instant::now();
    for _ in 0..3 {
        runtime().block_on(async { chat.get_client(7).await.unwrap() });
    }
    assert!(start.elapsed() < SECOND, "{:?}", start.elapsed());
    drop(still);
}

/// The first calls are polled once. The last one has those in front of it, and no more.
#[tokio::test(start_paused = true)]
async fn calls_that_nobody_polls_cost_their_places_alone() {
    let times = Times::default();
    let chat = times.client(RateLimit::per_second(10));
    chat.get_client(7).await.unwrap();
    let start = Instant::now();
    let mut waiting: Vec<_> = (0..5)
        .map(|_| Box::pin(chat.get_client(7).send()))
        .collect();
    for call in &mut waiting {
        assert!(call.as_mut().now_or_never().is_none());
    }
    chat.get_client(7).await.unwrap();
    assert_eq!(start.elapsed().as_millis(), 600);
    // Dropped without another look: their places are free again.
    let mut more: Vec<_> = (0..5)
        .map(|_| Box::pin(chat.get_client(7).send()))
        .collect();
    for call in &mut more {
        assert!(call.as_mut().now_or_never().is_none());
    }
    drop(more);
    chat.get_client(7).await.unwrap();
    assert_eq!(start.elapsed().as_millis(), 700);
    for call in waiting {
        call.await.unwrap();
    }
}

/// A consumer that takes long over each record, with calls ahead that it does not poll meanwhile: they are not sent
/// all at once when it does.
#[tokio::test(start_paused = true)]
async fn a_slow_consumer_does_not_save_up_calls() {
    let times = Times::default();
    let chat = times.client(RateLimit::per_second(10));
    let chat = chat.with_timeout(20 * SECOND);
    let calls = stream::iter(0..60).map(|_| chat.get_client(7).send());
    let mut calls = calls.buffer_unordered(20);
    let mut done = 0;
    while let Some(client) = calls.next().await {
        client.unwrap_or_else(|error| panic!("after {done}: {error}"));
        done += 1;
        sleep(2 * SECOND).await;
    }
    assert_eq!(done, 60);
    let shortest = times.shortest();
    assert!(shortest >= SECOND / 10, "three calls in {shortest:?}");
}

#[tokio::test(start_paused = true)]
async fn hundreds_that_give_up_leave_the_queue_to_the_rest() {
    let times = Times::default();
    let chat = times.client(RateLimit::per_second(100));
    let start = Instant::now();
    let calls: Vec<_> = (0..1_000)
        .map(|number| {
            let chat = chat.clone();
            tokio::spawn(async move {
                let call = chat.get_client(7).send();
                match number % 10 {
                    0 => call.await.is_ok(),
                    _ => timeout(SECOND, call).await.is_ok(),
                }
            })
        })
        .collect();
    let mut sent = 0;
    for call in calls {
        sent += u32::from(call.await.unwrap());
    }
    // Those of the first second, and the patient ones behind them.
    assert!((185..=195).contains(&sent), "{sent}");
    let pace = SECOND * (sent - 1) / 100;
    assert!(start.elapsed() >= pace, "{:?}", start.elapsed());
    assert!(
        start.elapsed() <= pace + SECOND / 10,
        "{:?}",
        start.elapsed()
    );
}

/// A loop that asks for the next record and for something else, whichever comes first, and begins anew each time.
#[tokio::test(start_paused = true)]
async fn a_record_is_not_lost_with_the_future_that_waited_for_it() {
    let server = Server::start(vec![answer(
        "200 OK",
        "",
        br#"{"data":[{"id":1},{"id":2},{"id":3}],"meta":{"total":3,"limit":200},"status":"success"}"#,
    )])
    .await;
    let chat = server.client();
    let mut clients = chat.list_clients().items();
    let mut ids = Vec::new();
    loop {
        tokio::select! {
            biased;
            () = tokio::task::yield_now() => {}
            next = clients.next() => match next {
                Some(client) => ids.push(client.unwrap().id),
                None => break,
            },
        }
    }
    assert_eq!(ids, [1, 2, 3]);
}

/// A page whose names have this length.
fn large(name: usize) -> Vec<u8> {
    let records: Vec<_> = (1..200)
        .map(|id| format!(r#"{{"id":{id},"name":"{}"}}"#, "x".repeat(name)))
        .collect();
    let list = records.join(",");
    let body =
        format!(r#"{{"data":[{list}],"meta":{{"total":199,"limit":200}},"status":"success"}}"#);
    body.into_bytes()
}

/// The response is there in time. The program looks for it later than the timeouts.
#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_response_that_is_looked_at_late_is_no_late_response() {
    let server = Server::start(vec![answer("200 OK", "", &large(20_000))]).await;
    let limit = Duration::from_millis(200);
    let chat = server.client().with_timeout(limit).with_read_timeout(limit);
    // Far enough to send it, and into the body.
    for polled in [1, 5, 20, 50] {
        let mut call = Box::pin(chat.list_clients().send());
        let done = timeout(Duration::from_millis(polled), call.as_mut()).await;
        sleep(3 * limit).await;
        let clients = match done {
            Ok(done) => done,
            Err(_) => call.await,
        };
        let clients = clients.unwrap_or_else(|error| panic!("after {polled} ms: {error}"));
        assert_eq!(clients.data.len(), 199);
    }
}

/// A program that computes for longer than the timeouts, in the thread that also reads.
#[tokio::test]
async fn a_thread_that_is_busy_is_no_slow_server() {
    // The server has a thread of its own.
    let (tell, url) = std::sync::mpsc::channel();
    let (_stop, stopped) = tokio::sync::oneshot::channel::<()>();
    std::thread::spawn(move || {
        runtime().block_on(async {
            let server = Server::start(vec![answer("200 OK", "", &large(2_000))]).await;
            tell.send(server.url().to_owned()).unwrap();
            let _ = stopped.await;
        });
    });
    let url = url.recv().unwrap();
    let limit = Duration::from_millis(200);
    let chat = Chat2Desk::builder("token").base_url(url).timeout(limit);
    let chat = chat.read_timeout(limit).build().unwrap();
    for pause in [0, 1, 2, 5, 10, 20] {
        let call = chat.clone();
        let call = tokio::spawn(async move { call.list_clients().collect_all().await });
        sleep(Duration::from_millis(pause)).await;
        std::thread::sleep(2 * limit);
        let clients = call.await.unwrap();
        let clients = clients.unwrap_or_else(|error| panic!("after {pause} ms: {error}"));
        assert_eq!(clients.len(), 199);
    }
}

/// A page far longer than any that was asked for, with a record that cannot be read: other tasks of the thread go on
/// while it is read.
#[tokio::test]
async fn a_long_page_leaves_the_thread_to_others() {
    struct Page(bytes::Bytes);

    impl Transport for Page {
        fn send(
            &self,
            request: reqwest::Request,
        ) -> BoxFuture<'_, Result<reqwest::Response, TransportError>> {
            let is_first = !request.url().query().unwrap().contains("start_id");
            let rest = bytes::Bytes::from_static(br#"{"data":[],"meta":{"total":0}}"#);
            let body = if is_first { self.0.clone() } else { rest };
            let answer = http::Response::new(body);
            Box::pin(async { Ok(answer.into()) })
        }
    }

    let records: Vec<_> = (1..=20_000)
        .map(|id| match id {
            7 => r#"{"id":"seven"}"#.to_owned(),
            _ => format!(
                r#"{{"id":{id},"text":"{}","created":"2026-05-04T09:00:00 UTC"}}"#,
                "x".repeat(100)
            ),
        })
        .collect();
    let list = records.join(",");
    let body = format!(r#"{{"data":[{list}],"meta":{{"total":20000}},"status":"success"}}"#);
    let chat = Chat2Desk::builder("token").transport(Page(body.into()));
    let chat = chat.build().unwrap();
    // A thread that handles the page itself lets the other task run a few times only.
    let turns = Arc::new(std::sync::atomic::AtomicU64::new(0));
    let noted = turns.clone();
    let other = tokio::spawn(async move {
        loop {
            tokio::task::yield_now().await;
            noted.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        }
    });
    for is_raw in [false, true] {
        turns.store(0, std::sync::atomic::Ordering::Relaxed);
        let list = chat.list_messages();
        let read = match is_raw {
            true => list
                .raw()
                .resume_from(None)
                .collect_all()
                .await
                .unwrap()
                .len(),
            false => {
                let list = list.skip_invalid(drop).resume_from(None);
                list.collect_all().await.unwrap().len()
            }
        };
        assert!(read >= 19_999, "{read}");
        let turns = turns.load(std::sync::atomic::Ordering::Relaxed);
        assert!(turns > 1_000, "{turns}");
    }
    other.abort();
}
