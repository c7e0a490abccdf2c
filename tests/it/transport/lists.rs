//! Lists under limits and deadlines: nobody waits for a future that nobody polls, on a clock that the tests turn.

use chat2desk::statistics::RequestStats;
use chat2desk::transport::{BoxFuture, RateLimit, Transport, TransportError};
use chat2desk::{Chat2Desk, ErrorKind, Items, List, types};
use futures_util::StreamExt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;
use tokio::time::{Instant, sleep, timeout};

const SECOND: Duration = Duration::from_secs(1);

/// A list of customers in the process, each page after so long; any other call at once.
#[derive(Clone)]
struct Account {
    records: i64,
    delay: Duration,
    requests: Arc<AtomicU64>,
    /// How many of them were answered.
    answered: Arc<AtomicU64>,
}

fn account(records: i64, delay: Duration) -> Account {
    Account {
        records,
        delay,
        requests: Arc::default(),
        answered: Arc::default(),
    }
}

impl Transport for Account {
    fn send(
        &self,
        request: reqwest::Request,
    ) -> BoxFuture<'_, Result<reqwest::Response, TransportError>> {
        self.requests.fetch_add(1, Relaxed);
        let url = request.url().clone();
        let number = |name: &str| -> Option<i64> {
            let mut pairs = url.query_pairs();
            pairs.find(|(key, _)| key == name)?.1.parse().ok()
        };
        let (body, delay) = match (number("offset"), number("limit")) {
            (Some(offset), Some(limit)) => {
                let end = self.records.min(offset + limit);
                let records: Vec<_> = (offset..end)
                    .map(|n| format!(r#"{{"id":{}}}"#, n + 1))
                    .collect();
                let meta = format!(
                    r#"{{"total":{},"limit":{limit},"offset":{offset}}}"#,
                    self.records
                );
                let body = format!(
                    r#"{{"data":[{}],"meta":{meta},"status":"success"}}"#,
                    records.join(",")
                );
                (body, self.delay)
            }
            _ => (
                r#"{"data":{"id":7},"status":"success"}"#.to_owned(),
                Duration::ZERO,
            ),
        };
        Box::pin(async move {
            sleep(delay).await;
            self.answered.fetch_add(1, Relaxed);
            Ok(http::Response::new(body).into())
        })
    }
}

fn client(account: &Account) -> chat2desk::Builder {
    Chat2Desk::builder("token").transport(account.clone())
}

/// Pages that are read ahead wait for permits, too; a call beside them waits for its own turn and no longer.
#[tokio::test(start_paused = true)]
async fn a_call_in_the_loop_waits_for_the_pace_and_no_longer() {
    for (prefetch, page) in [(1, 20), (2, 20), (8, 20), (8, 3), (32, 5)] {
        let account = account(400, Duration::from_millis(30));
        let chat = client(&account).rate_limit(RateLimit::per_second(10));
        let chat = chat.timeout(10 * SECOND).build().unwrap();
        let mut clients = chat
            .list_clients()
            .page_size(page)
            .prefetch(prefetch)
            .items();
        let mut read = 0_u32;
        while let Some(client) = clients.next().await {
            client.unwrap();
            read += 1;
            if read.is_multiple_of(10) {
                let start = Instant::now();
                chat.get_client(7).send().await.unwrap();
                // Those in front: the pages that are asked for ahead, one every 100 ms.
                let most = Duration::from_millis(100) * (u32::try_from(prefetch).unwrap() + 1);
                assert!(
                    start.elapsed() <= most,
                    "{prefetch} {page}: {:?}",
                    start.elapsed()
                );
            }
        }
        assert_eq!(read, 400, "{prefetch} {page}");
    }
}

/// Deadlines are those of the server: what the program does meanwhile does not count.
#[tokio::test(start_paused = true)]
async fn a_slow_program_is_no_slow_server() {
    for prefetch in [1, 4] {
        let account = account(200, SECOND);
        let chat = client(&account)
            .timeout(2 * SECOND)
            .read_timeout(2 * SECOND);
        let chat = chat.build().unwrap();
        let mut pages = chat.list_clients().page_size(20).prefetch(prefetch).pages();
        let mut read = 0;
        while let Some(page) = pages.next().await {
            read += page
                .unwrap_or_else(|error| panic!("after {read}: {error}"))
                .items
                .len();
            sleep(Duration::from_millis(2_500)).await;
        }
        assert_eq!(read, 200);
        // A program that asks for a record, and then for a long time for none.
        let mut clients = chat.list_clients().items();
        let first = timeout(Duration::from_millis(10), clients.next()).await;
        assert!(first.is_err());
        sleep(60 * SECOND).await;
        assert_eq!(clients.next().await.unwrap().unwrap().id, 1);
    }
}

#[tokio::test(start_paused = true)]
async fn a_stream_is_kept_and_moved_and_its_pages_end_with_it() {
    struct Export {
        clients: Items<types::Client>,
    }
    let account = account(2_000, SECOND);
    let mut export = {
        // Nothing of the client is left but what the stream owns.
        let chat = client(&account).build().unwrap();
        let clients = chat.list_clients().page_size(20).prefetch(8).items();
        Export { clients }
    };
    let first = tokio::spawn(async move {
        let first = export.clients.next().await.unwrap().unwrap().id;
        (first, export)
    });
    let (first, mut export) = first.await.unwrap();
    assert_eq!(first, 1);
    let rest: Vec<_> = export.clients.by_ref().take(30).collect().await;
    assert_eq!(rest.len(), 30);
    drop(export);
    sleep(10 * SECOND).await;
    let requests = account.requests.load(Relaxed);
    assert!(requests <= 12, "{requests}");
    sleep(60 * SECOND).await;
    assert_eq!(
        account.requests.load(Relaxed),
        requests,
        "nobody asks any more"
    );
}

#[tokio::test(start_paused = true)]
async fn requests_on_their_way_end_with_the_stream() {
    let account = account(2_000, SECOND);
    let chat = client(&account).build().unwrap();
    let mut clients = chat.list_clients().page_size(20).prefetch(8).items();
    for _ in 0..20 {
        clients.next().await.unwrap().unwrap();
    }
    assert!(timeout(SECOND / 2, clients.next()).await.is_err());
    assert_eq!(account.requests.load(Relaxed), 9);
    drop(clients);
    sleep(10 * SECOND).await;
    assert_eq!(account.answered.load(Relaxed), 1);
}

/// A list of 11 pages, and a day of a report that has as many.
#[tokio::test(start_paused = true)]
async fn pages_read_ahead_take_the_time_of_one() {
    for (prefetch, seconds) in [(1, 11), (2, 6), (5, 3), (10, 2)] {
        let account = account(1_000, SECOND);
        let chat = client(&account).build().unwrap();
        let start = Instant::now();
        let clients = chat.list_clients().page_size(100).prefetch(prefetch);
        assert_eq!(clients.collect_all().await.unwrap().len(), 1_000);
        assert_eq!(start.elapsed().as_secs(), seconds, "{prefetch}");
        let start = Instant::now();
        let day = chrono::NaiveDate::from_ymd_opt(2026, 5, 4).unwrap();
        let rows = chat.report::<RequestStats>(day);
        let rows = rows.page_size(100).prefetch(prefetch).collect_all().await;
        assert_eq!(rows.unwrap().len(), 1_000);
        assert_eq!(start.elapsed().as_secs(), seconds, "{prefetch}");
        assert_eq!(account.requests.load(Relaxed), 22);
    }
}

#[tokio::test(start_paused = true)]
async fn a_permit_that_came_too_late_is_for_the_next() {
    let account = account(0, Duration::ZERO);
    let chat = client(&account).rate_limit(RateLimit::per_second(1));
    let chat = chat.build().unwrap();
    // The permit of a call that nobody polls is issued after a second. Then the call is dropped.
    let dropped_at = async |late: Duration| {
        let mut unpolled = Box::pin(chat.get_client(7).into_future());
        assert!(timeout(Duration::ZERO, unpolled.as_mut()).await.is_err());
        sleep(late).await;
        drop(unpolled);
    };
    let times = async |calls: usize| {
        let start = Instant::now();
        for _ in 0..calls {
            chat.get_client(7).await.unwrap();
        }
        start.elapsed().as_millis()
    };
    assert_eq!(times(1).await, 0);
    dropped_at(Duration::from_millis(1_200)).await;
    assert_eq!(times(1).await, 0, "nothing was sent with it");
    // A permit is of no use once the next one is due.
    sleep(10 * SECOND).await;
    for idle in [SECOND, 5 * SECOND] {
        assert_eq!(times(1).await, 0);
        dropped_at(Duration::from_millis(1_200)).await;
        sleep(idle).await;
        assert_eq!(times(2).await, 1_000, "after {idle:?}");
        sleep(10 * SECOND).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_wait_that_is_dropped_gives_its_place_to_the_next() {
    let account = account(0, Duration::ZERO);
    let chat = client(&account)
        .rate_limit(RateLimit::per_second(1))
        .build()
        .unwrap();
    chat.get_client(7).send().await.unwrap();
    let start = Instant::now();
    let call = || chat.get_client(7).send();
    // Polled once, and then never again.
    let mut unpolled = Box::pin(call());
    assert!(timeout(Duration::ZERO, unpolled.as_mut()).await.is_err());
    let dropped: Vec<_> = (0..5).map(|_| Box::pin(call())).collect();
    for mut call in dropped {
        assert!(timeout(Duration::ZERO, call.as_mut()).await.is_err());
    }
    call().await.unwrap();
    assert_eq!(start.elapsed().as_millis(), 2_000, "one is in front");
    unpolled.await.unwrap();
    assert_eq!(
        start.elapsed().as_millis(),
        2_000,
        "its permit has come meanwhile"
    );
}

#[tokio::test(start_paused = true)]
async fn what_a_token_used_outlives_its_clients() {
    let account = account(0, Duration::ZERO);
    let pool = client(&account).rate_limit(RateLimit::per_second(10));
    let pool = pool.call_budget(8).build().unwrap();
    let start = Instant::now();
    for _ in 0..5 {
        let chat = pool.with_token("tenant").unwrap();
        chat.get_client(7).send().await.unwrap();
    }
    assert_eq!(start.elapsed().as_millis(), 400);
    assert_eq!(pool.with_token("tenant").unwrap().calls_made(), 5);

    // One tenant has limits of its own.
    let start = Instant::now();
    for _ in 0..3 {
        let chat = pool.with_token("tenant").unwrap();
        let chat = chat.with_rate_limit(RateLimit::per_second(1)).unwrap();
        chat.get_client(7).send().await.unwrap();
    }
    assert_eq!(start.elapsed().as_millis(), 2_000);
    let tenant = pool.with_token("tenant").unwrap();
    let error = tenant.get_client(7).send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::BudgetExceeded);
    tenant
        .with_call_budget(9)
        .get_client(7)
        .send()
        .await
        .unwrap();
    let start = Instant::now();
    let other = pool.with_token("other").unwrap();
    for _ in 0..2 {
        other.get_client(7).send().await.unwrap();
    }
    assert_eq!(
        start.elapsed().as_millis(),
        100,
        "the others have the pool's"
    );
    assert!(pool.with_rate_limit(RateLimit::per_second(0)).is_err());
}

#[tokio::test(start_paused = true)]
async fn many_tokens_are_remembered_and_not_all() {
    let account = account(0, Duration::ZERO);
    let pool = client(&account).build().unwrap();
    let kept = pool.with_token("kept").unwrap();
    kept.get_client(7).send().await.unwrap();
    let tenant = |number: u32| pool.with_token(format!("tenant-{number}")).unwrap();
    for number in 0..10_000 {
        tenant(number).get_client(7).send().await.unwrap();
    }
    // A tenth is forgotten: those that were used least recently.
    for (number, calls) in [(9_999, 1), (2_000, 1), (0, 0)] {
        assert_eq!(tenant(number).calls_made(), calls, "{number}");
    }
    for number in 10_000..30_000 {
        let chat = tenant(number);
        if number == 29_999 {
            chat.get_client(7).send().await.unwrap();
        }
    }
    assert_eq!(
        pool.with_token("kept").unwrap().calls_made(),
        1,
        "it is in use"
    );
    assert_eq!(tenant(29_999).calls_made(), 1, "it is the last");
    assert_eq!(tenant(9_999).calls_made(), 0, "it is forgotten");
}

#[tokio::test(start_paused = true)]
async fn limits_may_be_as_large_as_numbers_are() {
    let account = account(0, Duration::ZERO);
    for limit in [
        RateLimit::per_second(u32::MAX),
        RateLimit::per_second(1).burst(u32::MAX),
        RateLimit::per_minute(1).burst(u32::MAX),
        RateLimit::per_minute(u32::MAX)
            .burst(u32::MAX)
            .max_pause(Duration::MAX),
    ] {
        let chat = client(&account).rate_limit(limit).build().unwrap();
        let start = Instant::now();
        for _ in 0..20 {
            chat.get_client(7).send().await.unwrap();
        }
        assert!(start.elapsed() < SECOND / 10, "{limit:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn no_more_pages_are_asked_for_than_are_wanted() {
    let account = account(10_000, Duration::ZERO);
    let chat = client(&account).build().unwrap();
    let clients = chat.list_clients().page_size(10).prefetch(50).max_items(25);
    assert_eq!(clients.collect_all().await.unwrap().len(), 25);
    let requests = account.requests.load(Relaxed);
    assert!(requests <= 4, "{requests}");
}

/// 64 readings at once under one limit, each with pages ahead and calls inside its loop: nobody waits for longer than
/// all that can be in front takes.
#[tokio::test(start_paused = true)]
async fn a_storm_of_readings_keeps_to_the_pace() {
    const TASKS: u32 = 64;
    const PREFETCH: u32 = 4;
    let account = account(100, Duration::from_millis(40));
    let chat = client(&account).rate_limit(RateLimit::per_second(100));
    let chat = chat.timeout(60 * SECOND).build().unwrap();
    let interval = SECOND / 100;
    // Of each other task: its pages ahead, and one call.
    let most = interval * (TASKS * (PREFETCH + 1) + 1);
    let start = Instant::now();
    let tasks: Vec<_> = (0..TASKS)
        .map(|number| {
            let chat = chat.clone();
            tokio::spawn(async move {
                let mut read = 0_u32;
                let clients = chat.list_clients().page_size(10);
                let mut clients = clients.prefetch(usize::try_from(PREFETCH).unwrap()).items();
                while let Some(client) = clients.next().await {
                    client.unwrap();
                    read += 1;
                    match (read + number) % 17 {
                        0 => {
                            let start = Instant::now();
                            chat.get_client(7).await.unwrap();
                            assert!(start.elapsed() <= most, "{:?}", start.elapsed());
                        }
                        // Given up: its place goes to the next.
                        1 => drop(timeout(interval / 2, chat.get_client(7).into_future()).await),
                        2 => sleep(Duration::from_millis(25)).await,
                        _ => {}
                    }
                }
                read
            })
        })
        .collect();
    for task in tasks {
        assert_eq!(task.await.unwrap(), 100);
    }
    let requests = u32::try_from(account.requests.load(Relaxed)).unwrap();
    // Nothing was sent faster than the limit, and little slower.
    let pace = interval * (requests - 1);
    assert!(
        start.elapsed() >= pace,
        "{requests} in {:?}",
        start.elapsed()
    );
    assert!(
        start.elapsed() <= pace + SECOND,
        "{requests} in {:?}",
        start.elapsed()
    );
}

/// A synchronous program makes a runtime for each call, and shuts it down while another call waits.
#[test]
fn a_limit_outlives_the_runtime_that_served_it() {
    let runtime = || {
        let builder = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .start_paused(true)
            .build();
        builder.unwrap()
    };
    let account = account(0, Duration::ZERO);
    let chat = client(&account).rate_limit(RateLimit::per_minute(1));
    let chat = chat.timeout(600 * SECOND);
    let first = runtime();
    let chat = first.block_on(async {
        let chat = chat.build().unwrap();
        chat.get_client(7).await.unwrap();
        let waiting = chat.get_client(7).into_future();
        assert!(timeout(SECOND, waiting).await.is_err());
        // It waits still when its runtime ends.
        let waiting = chat.clone();
        tokio::spawn(async move { waiting.get_client(7).await });
        tokio::task::yield_now().await;
        chat
    });
    drop(first);
    runtime().block_on(async { chat.get_client(7).await.unwrap() });
    assert_eq!(account.requests.load(Relaxed), 2);
}
