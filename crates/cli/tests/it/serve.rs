//! `chat2desk webhooks serve`: every genuine event is handed on, whatever fails, and no other.

use crate::serving::{NOW, Post, Serve, Target, deliver, message};
use crate::support::chat2desk;
use axum::http::StatusCode;
use chat2desk_sandbox::{Sandbox, TOKEN};
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

fn number(name: &str, default: usize) -> usize {
    let set = std::env::var(name).ok();
    set.map_or(default, |text| text.parse().unwrap())
}

/// The sizes of the first test: 10 000 deliveries and a minute take some minutes.
fn sizes() -> (usize, Duration) {
    let deliveries = number("CHAT2DESK_TEST_DELIVERIES", 400);
    let outage = number("CHAT2DESK_TEST_OUTAGE_SECONDS", 1);
    (deliveries, Duration::from_secs(outage as u64))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_genuine_event_is_handed_on_through_failures_and_kills() {
    let (sandbox, home) = (
        Sandbox::start().await.unwrap(),
        tempfile::tempdir().unwrap(),
    );
    let (deliveries, outage) = sizes();
    let target = Target::start(|number| match number % 5 {
        4 => (NOW, StatusCode::INTERNAL_SERVER_ERROR),
        _ => (NOW, StatusCode::NO_CONTENT),
    });
    let target = Arc::new(target.await);
    let arguments = |listen: &str| {
        let forward = format!("{}/chat", target.url);
        let arguments = [
            "--listen",
            listen,
            "--forward",
            &forward,
            "--retry-after",
            "50ms",
        ];
        let arguments = arguments.into_iter().chain(["--longest-retry", "1s"]);
        arguments.map(str::to_owned).collect::<Vec<_>>()
    };
    let begin = |listen: &str| {
        let arguments = arguments(listen);
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        Serve::start(&mut chat2desk(&sandbox, home.path()), &arguments)
    };
    let mut serve = begin("127.0.0.1:0");
    let (url, address) = (serve.url.clone(), serve.address());

    // Each tenth is delivered twice, and each twentieth is forged, which is told by its id.
    let forged = |id: usize| id % 20 == 7;
    let mut all: Vec<usize> = (0..deliveries).chain((0..deliveries).step_by(10)).collect();
    fastrand::Rng::with_seed(7).shuffle(&mut all);
    let queue = Arc::new((all, AtomicUsize::new(0)));
    let senders = (0..8).map(|_| {
        let (url, queue) = (url.clone(), queue.clone());
        tokio::spawn(async move {
            let http = reqwest::Client::builder().no_proxy().build().unwrap();
            while let Some(id) = queue.0.get(queue.1.fetch_add(1, Ordering::SeqCst)) {
                let (token, expected) = match forged(*id) {
                    true => ("forged", 401),
                    false => (TOKEN, 200),
                };
                // As the vendor does, again until there is a success, or a refusal.
                loop {
                    match deliver(&http, &url, token, message(*id)).await {
                        Some(status) if status == expected => break,
                        Some(status) => assert_eq!(status, 503, "message {id}"),
                        None => {}
                    }
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
            }
        })
    });
    let senders: Vec<_> = senders.collect();
    let down = target.clone();
    let down = tokio::spawn(async move { down.break_down(outage).await });
    let genuine: Vec<usize> = (0..deliveries).filter(|id| !forged(*id)).collect();
    // While deliveries arrive, and twice while what was accepted is handed on.
    let mut kills = Vec::new();
    for third in 0..3 {
        let is_time = || match third {
            0 => queue.1.load(Ordering::SeqCst) > queue.0.len() / 3,
            _ => target.posts().len() > genuine.len() * third / 3,
        };
        while !is_time() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        let begun = Instant::now();
        serve.child.kill().unwrap();
        serve.child.wait().unwrap();
        serve = begin(&address);
        kills.push((begun, Instant::now()));
    }
    for sender in senders {
        sender.await.unwrap();
    }
    down.await.unwrap();

    /// When each event was taken.
    fn taken(posts: &[Post]) -> HashMap<&str, Vec<Instant>> {
        let mut times: HashMap<&str, Vec<Instant>> = HashMap::new();
        for post in posts.iter().filter(|post| post.status == 204) {
            let key = post.headers["x-chat2desk-key"].as_str();
            times.entry(key).or_default().push(post.at);
        }
        times
    }
    let posts = target
        .wait(|posts| taken(posts).len() == genuine.len())
        .await;
    let counts = taken(&posts);
    for id in &genuine {
        assert!(
            counts.contains_key(format!("message:{id}").as_str()),
            "message {id}"
        );
    }
    for post in &posts {
        let id = post.headers["x-chat2desk-key"].trim_start_matches("message:");
        assert_eq!(post.body, message(id.parse().unwrap()), "unchanged");
        assert_eq!(post.headers["x-chat2desk-event"], "inbox");
        assert_eq!(post.headers["x-chat2desk-replayed"], "false");
    }
    // Only if the process was killed right after the first time, when that was not on the disk yet.
    let flush = Duration::from_secs(2);
    let mut twice = 0;
    for times in counts.values() {
        for pair in times.windows(2) {
            let explains = |(begun, ended): &(Instant, Instant)| {
                pair[0] + flush > *begun && pair[0] < *ended && *begun < pair[1]
            };
            assert!(kills.iter().any(explains), "{pair:?} {kills:?}");
            twice += 1;
        }
    }
    let (code, _) = serve.end();
    assert_eq!(code, Some(0));
    eprintln!(
        "{} events, {} posts, {twice} taken twice",
        genuine.len(),
        posts.len()
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_delivery_is_acknowledged_before_a_slow_target_responds() {
    let (sandbox, home) = (
        Sandbox::start().await.unwrap(),
        tempfile::tempdir().unwrap(),
    );
    let target = Target::start(|_| (Duration::from_secs(10), StatusCode::OK)).await;
    let arguments = ["--listen", "127.0.0.1:0", "--forward", &target.url];
    let mut serve = Serve::start(&mut chat2desk(&sandbox, home.path()), &arguments);
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let deliveries = number("CHAT2DESK_TEST_DELIVERIES", 100);
    let mut times = Vec::new();
    let started = Instant::now();
    for id in 0..deliveries {
        let begun = Instant::now();
        assert_eq!(
            deliver(&http, &serve.url, TOKEN, message(id)).await,
            Some(200)
        );
        times.push(begun.elapsed());
    }
    times.sort_unstable();
    let at = |share: usize| times[times.len() * share / 100];
    eprintln!(
        "p50 {:?}, p99 {:?}, all {:?}",
        at(50),
        at(99),
        started.elapsed()
    );
    // A hundred of them, whose targets need ten seconds each.
    assert!(at(99) < Duration::from_secs(1), "{:?}", at(99));
    assert_eq!(serve.end().0, Some(0));
    assert!(
        serve.stderr().contains("the next start hands them on"),
        "{}",
        serve.stderr()
    );
}
