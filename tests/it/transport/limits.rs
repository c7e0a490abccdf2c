//! Time and amounts: waits, deadlines, rates and budgets, on a clock that the tests turn.

use chat2desk::transport::{BoxFuture, RateLimit, RetryPolicy, Transport, TransportError};
use chat2desk::types::SendMessageRequest;
use chat2desk::{Builder, Chat2Desk, ErrorKind};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};
use tokio::time::Instant;

const SECOND: Duration = Duration::from_secs(1);

/// Answers in the process: a status and headers for each request, in turn; then `200` for ever.
#[derive(Clone, Default)]
struct Script {
    answers: Arc<Mutex<VecDeque<(u16, String)>>>,
    /// When each request came, and with which token.
    seen: Arc<Mutex<Vec<(Instant, String)>>>,
}

impl Script {
    fn new(answers: impl IntoIterator<Item = (u16, &'static str)>) -> Self {
        let answers = answers
            .into_iter()
            .map(|(status, wait)| (status, wait.to_owned()));
        Self {
            answers: Arc::new(Mutex::new(answers.collect())),
            seen: Arc::default(),
        }
    }

    fn builder(&self) -> Builder {
        Chat2Desk::builder("token").transport(self.clone())
    }

    fn client(&self) -> Chat2Desk {
        self.builder().build().unwrap()
    }

    fn count(&self) -> usize {
        self.seen.lock().unwrap().len()
    }

    /// The times of all requests since `start`, in milliseconds.
    fn times(&self, start: Instant) -> Vec<u128> {
        let seen = self.seen.lock().unwrap();
        seen.iter()
            .map(|(time, _)| (*time - start).as_millis())
            .collect()
    }
}

impl Transport for Script {
    fn send(
        &self,
        request: reqwest::Request,
    ) -> BoxFuture<'_, Result<reqwest::Response, TransportError>> {
        let token = request.headers()["authorization"]
            .to_str()
            .unwrap()
            .to_owned();
        self.seen.lock().unwrap().push((Instant::now(), token));
        let next = self.answers.lock().unwrap().pop_front();
        Box::pin(async move {
            let (status, wait) = next.unwrap_or((200, String::new()));
            let mut answer = http::Response::builder().status(status);
            if !wait.is_empty() {
                answer = answer.header("retry-after", wait);
            }
            let body = r#"{"data":{"id":7,"message_id":9},"status":"success"}"#;
            Ok(answer.body(body).unwrap().into())
        })
    }
}

/// A transport that fails before it sends, or never answers.
struct Stuck {
    fails: bool,
}

impl Transport for Stuck {
    fn send(
        &self,
        _: reqwest::Request,
    ) -> BoxFuture<'_, Result<reqwest::Response, TransportError>> {
        Box::pin(async {
            if self.fails {
                return Err(TransportError::not_sent("no route"));
            }
            std::future::pending().await
        })
    }
}

#[tokio::test(start_paused = true)]
async fn a_retry_waits_as_long_as_the_server_asks() {
    let script = Script::new([(429, "7"), (503, "20")]);
    let start = Instant::now();
    script.client().get_client(7).send().await.unwrap();
    let times = script.times(start);
    assert_eq!(times.len(), 3);
    assert_eq!(times[0], 0);
    assert!((7_000..7_501).contains(&times[1]), "{times:?}");
    assert!((27_000..28_502).contains(&times[2]), "{times:?}");
}

#[tokio::test(start_paused = true)]
async fn a_retry_waits_until_a_date() {
    let date = httpdate::fmt_http_date(SystemTime::now() + SECOND * 12);
    let script = Script::default();
    script.answers.lock().unwrap().push_back((429, date));
    let start = Instant::now();
    script.client().get_client(7).send().await.unwrap();
    let waited = script.times(start)[1];
    // The date has no fractions of a second.
    assert!((10_500..12_501).contains(&waited), "{waited}");
}

#[tokio::test(start_paused = true)]
async fn no_wait_passes_the_end_of_the_call() {
    let script = Script::new([(503, "20"); 9]);
    let start = Instant::now();
    let chat = script.client().with_timeout(SECOND * 30);
    let error = chat.get_client(7).send().await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Server, 2));
    assert_eq!(error.retry_after(), Some(SECOND * 20));
    assert!(start.elapsed() < SECOND * 21);
    assert!(error.to_string().ends_with("after 2 attempts"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn the_whole_call_has_an_end() {
    let builder = Chat2Desk::builder("token").transport(Stuck { fails: false });
    let chat = builder.build().unwrap();
    for (timeout, read_timeout, expected) in [(5, 60, 5), (90, 8, 8), (u64::MAX, 3, 3)] {
        let start = Instant::now();
        let chat = chat
            .with_timeout(Duration::from_secs(timeout))
            .with_read_timeout(SECOND * read_timeout);
        let error = chat.get_client(7).send().await.unwrap_err();
        assert!(error.is_timeout() && !error.is_retryable(), "{error:?}");
        assert_eq!(start.elapsed().as_secs(), expected);
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_may_wait_as_long_as_its_program_wants() {
    struct Slow(Duration);
    impl Transport for Slow {
        fn send(
            &self,
            _: reqwest::Request,
        ) -> BoxFuture<'_, Result<reqwest::Response, TransportError>> {
            Box::pin(async {
                tokio::time::sleep(self.0).await;
                Ok(http::Response::new(r#"{"data":{"id":7}}"#).into())
            })
        }
    }
    let day = SECOND * 24 * 3600;
    let chat = Chat2Desk::builder("token").transport(Slow(day * 400));
    let chat = chat.timeout(Duration::MAX).read_timeout(Duration::MAX);
    chat.build().unwrap().get_client(7).send().await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn what_was_not_sent_is_repeated_and_not_counted() {
    let builder = Chat2Desk::builder("token").transport(Stuck { fails: true });
    let chat = builder.build().unwrap();
    let message = SendMessageRequest::builder().client_id(7).text("hello");
    let error = chat.send_message(message).send().await.unwrap_err();
    assert_eq!((error.attempts(), chat.calls_made()), (4, 0));
    let once = chat.with_retry(RetryPolicy::never());
    let error = once.get_client(7).send().await.unwrap_err();
    assert_eq!(error.attempts(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_server_in_trouble_is_not_sent_a_multiple() {
    let script = Script::new(std::iter::repeat_n((503, ""), 5_000));
    let chat = script.client();
    for _ in 0..1_000 {
        chat.get_client(7).send().await.unwrap_err();
    }
    // All clones, and other accounts, spend the same 100 retries.
    chat.clone().get_client(7).send().await.unwrap_err();
    let other = chat.with_token("other").unwrap();
    other.get_client(7).send().await.unwrap_err();
    assert_eq!(script.count(), 1_000 + 100 + 2);
}

#[tokio::test(start_paused = true)]
async fn calls_that_succeed_pay_for_retries() {
    let failing = |answers: usize| Script::new(std::iter::repeat_n((503, ""), answers));
    let script = failing(1_000);
    let chat = script.client();
    while script.count() < 200 {
        chat.get_client(7).send().await.unwrap_err();
    }
    // Nothing is left. Five calls without a retry pay for one.
    for (succeed, attempts) in [(4, 1), (1, 2), (0, 1), (9, 2)] {
        script.answers.lock().unwrap().clear();
        for _ in 0..succeed {
            chat.get_client(7).send().await.unwrap();
        }
        script
            .answers
            .lock()
            .unwrap()
            .extend(failing(9).answers.lock().unwrap().drain(..));
        let error = chat.get_client(7).send().await.unwrap_err();
        assert_eq!(error.attempts(), attempts, "after {succeed}");
    }
    // A call that succeeds after a retry pays it back.
    let script = Script::new([(503, ""), (200, "")].repeat(1_000));
    let chat = script.client();
    for _ in 0..1_000 {
        chat.get_client(7).send().await.unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn a_wait_for_a_permit_is_no_wait_for_the_server() {
    let script = Script::default();
    let chat = script.builder().rate_limit(RateLimit::per_minute(1));
    let chat = chat.timeout(SECOND * 90).read_timeout(SECOND * 5);
    let chat = chat.build().unwrap();
    let start = Instant::now();
    for _ in 0..2 {
        chat.get_client(7).send().await.unwrap();
    }
    assert_eq!(start.elapsed().as_secs(), 60);
}

#[tokio::test(start_paused = true)]
async fn a_rate_is_kept_and_turns_are_fair() {
    let script = Script::default();
    let limit = RateLimit::per_second(10).burst(3);
    let chat = script.builder().rate_limit(limit).build().unwrap();
    let start = Instant::now();
    let done = Arc::new(Mutex::new(Vec::new()));
    let mut tasks = Vec::new();
    for number in 0..20 {
        // Clones, other settings and other ways to the same token share one rate.
        let chat = match number % 3 {
            0 => chat.clone(),
            1 => chat.with_timeout(SECOND * 60),
            _ => chat.with_token("token").unwrap(),
        };
        let done = done.clone();
        tasks.push(tokio::spawn(async move {
            chat.get_client(7).send().await.unwrap();
            done.lock().unwrap().push(number);
        }));
        tokio::task::yield_now().await;
    }
    for task in tasks {
        task.await.unwrap();
    }
    assert_eq!(*done.lock().unwrap(), (0..20).collect::<Vec<_>>());
    let times = script.times(start);
    assert_eq!(times[..3], [0, 0, 0]);
    for (index, time) in times.iter().enumerate().skip(3) {
        let expected = 100 * (index as u128 - 2);
        assert!((expected..=expected + 20).contains(time), "{times:?}");
    }
    assert_eq!(chat.calls_made(), 20);

    // Another token has a rate of its own, at once.
    let start = Instant::now();
    let other = chat.with_token("other").unwrap();
    other.get_client(7).send().await.unwrap();
    assert_eq!((start.elapsed(), other.calls_made()), (Duration::ZERO, 1));
}

#[tokio::test(start_paused = true)]
async fn a_429_holds_every_call_of_the_token() {
    let script = Script::new([(429, "9")]);
    let limit = RateLimit::per_second(1_000).burst(1_000);
    let chat = script.builder().rate_limit(limit).build().unwrap();
    let start = Instant::now();
    let first = tokio::spawn({
        let chat = chat.clone();
        async move { chat.get_client(7).send().await }
    });
    tokio::task::yield_now().await;
    while script.count() == 0 {
        tokio::task::yield_now().await;
    }
    let patient = tokio::spawn({
        let chat = chat.clone();
        async move { chat.get_client(8).send().await }
    });
    tokio::task::yield_now().await;
    // A call that cannot wait so long says so at once, behind one that can, and how long it would have been.
    let error = chat
        .with_timeout(SECOND * 5)
        .get_client(7)
        .send()
        .await
        .unwrap_err();
    assert_eq!(
        (error.kind(), error.status()),
        (ErrorKind::RateLimited, None)
    );
    assert_eq!(error.retry_after(), Some(SECOND * 9));
    assert!(!error.was_sent() && error.is_retryable() && start.elapsed() < SECOND);
    // Another account is not held.
    chat.with_token("other")
        .unwrap()
        .get_client(7)
        .send()
        .await
        .unwrap();
    assert!(start.elapsed() < SECOND);
    chat.get_client(7).send().await.unwrap();
    assert!(start.elapsed() >= SECOND * 9 && start.elapsed() < SECOND * 10);
    first.await.unwrap().unwrap();
    patient.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_budget_of_calls_ends_before_it_is_exceeded() {
    let script = Script::default();
    let chat = script.builder().call_budget(5).build().unwrap();
    for _ in 0..5 {
        chat.clone().get_client(7).send().await.unwrap();
    }
    let error = chat.get_client(7).send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::BudgetExceeded);
    assert!(!error.was_sent() && !error.is_retryable());
    assert!(error.to_string().contains("all 5"), "{error}");
    assert_eq!((chat.calls_made(), script.count()), (5, 5));
    // An account of its own.
    chat.with_token("other")
        .unwrap()
        .get_client(7)
        .send()
        .await
        .unwrap();
}

#[test]
fn a_rate_that_lets_nothing_through_is_refused() {
    for limit in [RateLimit::per_second(0), RateLimit::per_minute(1).burst(0)] {
        let error = Chat2Desk::builder("token")
            .rate_limit(limit)
            .build()
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config);
        assert!(error.to_string().contains("rate limit"), "{error}");
    }
}

#[tokio::test]
async fn the_quota_of_the_company_in_both_forms() {
    let server = httpmock::MockServer::start_async().await;
    for (data, used, left) in [
        (
            r#"{"mode":"demo","requests_this_month":"1250"}"#,
            Some(1250),
            None,
        ),
        (
            r#"{"api_calls":{"used_this_month":3,"left_free_requests":97,"left_paid_requests":"1000"}}"#,
            Some(3),
            Some(1097),
        ),
        (
            r#"{"api_calls":{"used_this_month":3,"left_free_requests":97,"left_paid_requests":null}}"#,
            Some(3),
            None,
        ),
        (
            r#"{"requests_this_month":2,"api_calls":{"used_this_month":3,"left_free_requests":-4,"left_paid_requests":0}}"#,
            Some(3),
            Some(0),
        ),
        (r#"{"api_calls":null}"#, None, None),
    ] {
        let info = server.mock_async(|when, then| {
            when.path("/v1/companies/api_info");
            then.status(200)
                .body(format!(r#"{{"data":{data},"status":"success"}}"#));
        });
        let info = info.await;
        let builder = Chat2Desk::builder("token").base_url(server.base_url());
        let quota = builder.build().unwrap().quota().await.unwrap();
        assert_eq!((quota.used(), quota.left()), (used, left), "{data}");
        assert_eq!(
            quota.mode.as_deref(),
            data.contains("demo").then_some("demo")
        );
        info.delete_async().await;
    }
}

#[test]
fn messages_have_a_documented_rate() {
    let limit = RateLimit::messages();
    assert_eq!(limit, RateLimit::per_second(15));
    Chat2Desk::builder("token")
        .rate_limit(limit)
        .build()
        .unwrap();
}
