//! Waits and amounts in odd forms, of a server or of the program: no call is blocked by them, and no limit is void.

use chat2desk::transport::{BoxFuture, RateLimit, RetryPolicy, Transport, TransportError};
use chat2desk::{Builder, Chat2Desk, ErrorKind, List};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};
use tokio::time::{Instant, timeout};

const SECOND: Duration = Duration::from_secs(1);

/// Answers the first calls with these headers of a 429, and the others with a success.
#[derive(Clone, Default)]
struct Script {
    refused: Vec<Vec<String>>,
    seen: Arc<Mutex<Vec<Instant>>>,
}

impl Script {
    /// Refuses one call with these values of `Retry-After`.
    fn refusing(waits: &[&str]) -> Self {
        let waits = waits.iter().map(|&wait| wait.to_owned()).collect();
        Self {
            refused: vec![waits],
            seen: Arc::default(),
        }
    }

    fn builder(&self) -> Builder {
        Chat2Desk::builder("token").transport(self.clone())
    }

    fn count(&self) -> usize {
        self.seen.lock().unwrap().len()
    }
}

impl Transport for Script {
    fn send(
        &self,
        _: reqwest::Request,
    ) -> BoxFuture<'_, Result<reqwest::Response, TransportError>> {
        let mut seen = self.seen.lock().unwrap();
        seen.push(Instant::now());
        let mut answer = http::Response::builder();
        let body = match self.refused.get(seen.len() - 1) {
            Some(waits) => {
                answer = answer.status(429);
                for wait in waits {
                    answer = answer.header("retry-after", wait);
                }
                "{}"
            }
            None => r#"{"data":{"id":7},"status":"success"}"#,
        };
        let answer = answer.body(body).unwrap();
        Box::pin(async move { Ok(answer.into()) })
    }
}

/// A time from now as a date with this offset.
fn date(seconds: u64, format: &str) -> String {
    let time = SystemTime::now() + Duration::from_secs(seconds);
    let time: chrono::DateTime<chrono::Utc> = time.into();
    time.format(format).to_string()
}

/// How long a call waits that is refused once with these values of `Retry-After`.
async fn waited(waits: &[&str]) -> Duration {
    let script = Script::refusing(waits);
    let policy = RetryPolicy::default().base_wait(Duration::ZERO);
    let chat = script.builder().retry(policy).build().unwrap();
    let start = Instant::now();
    chat.get_client(7).await.unwrap();
    start.elapsed()
}

#[tokio::test(start_paused = true)]
async fn a_wait_is_read_in_any_form() {
    let numbers: [&[&str]; 9] = [
        &["20.0"],
        &["20."],
        &["+20"],
        &["2e1"],
        &["1", "20"],
        &["20", "1"],
        &["5, 20"],
        &["soon", "20"],
        &["", "20"],
    ];
    for waits in numbers {
        assert_eq!(waited(waits).await, 20 * SECOND, "{waits:?}");
    }
    for format in [
        "%a, %d %b %Y %H:%M:%S GMT",
        "%a, %d %b %Y %H:%M:%S +0000",
        "%d %b %Y %H:%M:%S GMT",
        "%Y-%m-%dT%H:%M:%SZ",
        "%Y-%m-%dT%H:%M:%S+00:00",
        "%Y-%m-%d %H:%M:%SZ",
    ] {
        let date = date(20, format);
        let waited = waited(&[&date]).await;
        // Time passes until the date is read, and a date has no fraction.
        let wait = 15 * SECOND..=20 * SECOND;
        assert!(wait.contains(&waited), "{date}: {waited:?}");
    }
    for waits in [&["-20"][..], &["nan"], &[""], &["soon"], &["20 20 20"], &[]] {
        let script = Script::refusing(waits);
        let never = script.builder().retry(RetryPolicy::never()).build();
        let error = never.unwrap().get_client(7).await.unwrap_err();
        assert_eq!(error.retry_after(), None, "{waits:?}");
    }
    for waits in ["1e9", "1e400", "99999999999999999999"] {
        let script = Script::refusing(&[waits]);
        let error = script.builder().build().unwrap().get_client(7).await;
        let wait = error.unwrap_err().retry_after();
        assert!(wait >= Some(SECOND * 1_000_000_000), "{waits}: {wait:?}");
        assert_eq!(script.count(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn a_pause_may_be_as_long_as_numbers_are() {
    let script = Script::refusing(&["99999999999999999999"]);
    let limit = RateLimit::per_second(10).max_pause(Duration::MAX);
    let chat = script.builder().rate_limit(limit).build().unwrap();
    chat.get_client(7).await.unwrap_err();
    let error = chat.get_client(7).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::RateLimited);
    assert!(!error.was_sent() && script.count() == 1);
}

/// A web service sets a limit for each request that it handles, and not always the same one.
#[tokio::test(start_paused = true)]
async fn a_limit_that_is_set_again_does_not_begin_again() {
    let script = Script::default();
    let chat = script.builder().build().unwrap();
    let start = Instant::now();
    for number in 0..40 {
        let limit = RateLimit::per_second(if number % 2 == 0 { 2 } else { 4 });
        let chat = chat.with_rate_limit(limit).unwrap();
        chat.get_client(7).await.unwrap();
        // Set by others, and not used.
        chat.with_rate_limit(RateLimit::per_second(1)).unwrap();
        chat.with_rate_limit(RateLimit::per_second(3)).unwrap();
    }
    let rate = 40.0 / start.elapsed().as_secs_f64();
    // The highest of these limits, and one exception in the interval of the lowest.
    assert!(rate <= 5.5, "{rate} a second");

    // Nor does the pause that the server asked for end, and those who wait get the new pace.
    let script = Script::refusing(&["60"]);
    let chat = script.builder().rate_limit(RateLimit::per_minute(1));
    let chat = chat.retry(RetryPolicy::never()).build().unwrap();
    chat.get_client(7).await.unwrap_err();
    let start = Instant::now();
    let chat = chat.with_rate_limit(RateLimit::per_second(5)).unwrap();
    chat.get_client(7).await.unwrap();
    assert_eq!(start.elapsed().as_secs(), 60);
    let chat = chat.with_rate_limit(RateLimit::per_minute(1)).unwrap();
    let waiting: Vec<_> = (0..4)
        .map(|_| tokio::spawn(chat.get_client(7).into_future()))
        .collect();
    tokio::time::sleep(SECOND).await;
    let start = Instant::now();
    chat.with_rate_limit(RateLimit::per_second(5)).unwrap();
    for call in waiting {
        call.await.unwrap().unwrap();
    }
    assert!(start.elapsed() <= SECOND, "{:?}", start.elapsed());
}

/// A list whose total is what no list can have, read with as many pages at once as a number can say.
#[tokio::test(start_paused = true)]
async fn no_number_of_pages_is_too_many() {
    #[derive(Clone, Default)]
    struct Lying(Arc<Mutex<usize>>);

    impl Transport for Lying {
        fn send(
            &self,
            request: reqwest::Request,
        ) -> BoxFuture<'_, Result<reqwest::Response, TransportError>> {
            *self.0.lock().unwrap() += 1;
            let offset = request.url().query_pairs().find(|(key, _)| key == "offset");
            let offset: i64 = offset.unwrap().1.parse().unwrap();
            let ids = (offset + 1..=50).take(10);
            let data: Vec<_> = ids.map(|id| format!(r#"{{"id":{id}}}"#)).collect();
            let meta = format!(r#"{{"total":{},"limit":10}}"#, i64::MAX);
            let body = format!(
                r#"{{"data":[{}],"meta":{meta},"status":"success"}}"#,
                data.join(",")
            );
            Box::pin(async move { Ok(http::Response::new(body).into()) })
        }
    }

    let lying = Lying::default();
    let chat = Chat2Desk::builder("token").transport(lying.clone());
    let chat = chat.build().unwrap();
    let clients = chat.list_clients().page_size(10).prefetch(usize::MAX);
    let read = tokio::task::spawn(clients.collect_all());
    let read = timeout(60 * SECOND, read).await.unwrap().unwrap();
    assert_eq!(read.unwrap_err().kind(), ErrorKind::Incomplete);
    let requests = *lying.0.lock().unwrap();
    assert!(requests <= 1_000, "{requests}");
}
