//! `chat2desk webhooks serve`: every genuine event is handed on, whatever fails, and no other.

use crate::serving::{Serve, Target};
use crate::support::{chat2desk, run, start};
use axum::http::StatusCode;
use chat2desk::webhook::sign;
use chat2desk::wire::WebhookEvent;
use chat2desk_sandbox::{Sandbox, TOKEN};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::io::{BufRead, BufReader};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

const NOW: Duration = Duration::ZERO;

fn message(id: usize) -> String {
    // Blanks that a parser would lose.
    format!(
        "{{\"hook_type\": \"inbox\",  \"message_id\": {id}, \"text\": \"Where is order {id}?\"}}"
    )
}

/// Delivers once; the status, if there is a response.
async fn deliver(http: &reqwest::Client, url: &str, token: &str, body: String) -> Option<u16> {
    let headers = sign(token, 1_777_885_965, body.as_bytes()).unwrap();
    let sent = http.post(url).headers(headers).body(body).send().await;
    sent.ok().map(|response| response.status().as_u16())
}

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
    for quarter in 1..=3 {
        while queue.1.load(Ordering::SeqCst) < queue.0.len() * quarter / 4 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        serve.child.kill().unwrap();
        serve.child.wait().unwrap();
        serve = begin(&address);
    }
    for sender in senders {
        sender.await.unwrap();
    }
    down.await.unwrap();

    let genuine: Vec<usize> = (0..deliveries).filter(|id| !forged(*id)).collect();
    let taken = |posts: &[crate::serving::Post]| {
        let taken = posts.iter().filter(|post| post.status == 204);
        let mut counts = HashMap::new();
        taken.for_each(|post| {
            *counts
                .entry(post.headers["x-chat2desk-key"].clone())
                .or_insert(0) += 1
        });
        counts
    };
    let posts = target
        .wait(|posts| taken(posts).len() == genuine.len())
        .await;
    let counts = taken(&posts);
    for id in &genuine {
        assert!(
            counts.contains_key(&format!("message:{id}")),
            "message {id}"
        );
    }
    for post in &posts {
        let id = post.headers["x-chat2desk-key"].trim_start_matches("message:");
        assert_eq!(post.body, message(id.parse().unwrap()), "unchanged");
        assert_eq!(post.headers["x-chat2desk-event"], "inbox");
        assert_eq!(post.headers["x-chat2desk-replayed"], "false");
    }
    // Only those that were being handed on when the process was killed.
    let twice: usize = counts.values().map(|count| count - 1).sum();
    assert!(twice <= 3 * 16, "{twice} events were taken twice");
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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_sample_of_trigger_is_verified_and_handed_on_once() {
    let (sandbox, home) = (
        Sandbox::start().await.unwrap(),
        tempfile::tempdir().unwrap(),
    );
    let (all, tickets) = tokio::join!(
        Target::start(|_| (NOW, StatusCode::OK)),
        Target::start(|_| (NOW, StatusCode::OK))
    );
    let only = format!("new_ticket={}/tickets", tickets.url);
    let arguments = [
        "--listen",
        "127.0.0.1:0",
        "--forward",
        &all.url,
        "--forward",
        &only,
    ];
    let serve = Serve::start(&mut chat2desk(&sandbox, home.path()), &arguments);
    let mut command = chat2desk(&sandbox, home.path());
    let trigger = [
        "webhooks",
        "trigger",
        "all",
        "--to",
        &serve.url,
        "--repeats",
        "2",
    ];
    let triggered = run(&mut command, trigger).await.code(0).json();
    assert_eq!(triggered.len(), 3 * WebhookEvent::KNOWN.len());
    assert!(triggered.iter().all(|line| line["status"] == 200));

    let events = WebhookEvent::KNOWN.len();
    let posts = all.wait(|posts| posts.len() >= events).await;
    let mut names: Vec<_> = posts
        .iter()
        .map(|post| &post.headers["x-chat2desk-event"])
        .collect();
    names.sort_unstable();
    let mut known: Vec<_> = WebhookEvent::KNOWN
        .iter()
        .map(WebhookEvent::as_str)
        .collect();
    known.sort_unstable();
    assert_eq!(names, known);
    let posts = tickets.wait(|posts| !posts.is_empty()).await;
    assert_eq!(
        (posts.len(), posts[0].headers["x-chat2desk-event"].as_str()),
        (1, "new_ticket")
    );

    let mut command = chat2desk(&sandbox, home.path());
    let forged = [
        "webhooks",
        "trigger",
        "all",
        "--to",
        &serve.url,
        "--bad-signature",
    ];
    let refused = run(&mut command, forged).await.code(0).json();
    assert!(refused.iter().all(|line| line["status"] == 401));
    // A receiver that accepts anything is told so.
    let mut command = chat2desk(&sandbox, home.path());
    let forged = [
        "webhooks",
        "trigger",
        "inbox",
        "--to",
        &tickets.url,
        "--bad-signature",
    ];
    let accepted = run(&mut command, forged).await.code(1);
    assert!(accepted.stderr.contains("does not verify"), "{accepted:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_target_that_took_an_event_does_not_get_it_again_for_another_one() {
    let (sandbox, home) = (
        Sandbox::start().await.unwrap(),
        tempfile::tempdir().unwrap(),
    );
    let good = Target::start(|_| (NOW, StatusCode::OK)).await;
    let bad = Target::start(|number| match number {
        0..3 => (NOW, StatusCode::FOUND),
        _ => (NOW, StatusCode::OK),
    });
    let bad = bad.await;
    let arguments = [
        "--listen",
        "127.0.0.1:0",
        "--forward",
        &bad.url,
        "--forward",
        &good.url,
    ];
    let arguments = [&arguments[..], &["--retry-after", "10ms"]].concat();
    let mut serve = Serve::start(&mut chat2desk(&sandbox, home.path()), &arguments);
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    assert_eq!(
        deliver(&http, &serve.url, TOKEN, message(1)).await,
        Some(200)
    );
    let posts = bad.wait(|posts| posts.len() == 4).await;
    let attempts: Vec<_> = posts
        .iter()
        .map(|post| &post.headers["x-chat2desk-attempt"])
        .collect();
    assert_eq!(attempts, ["1", "2", "3", "4"]);
    serve.end();
    assert_eq!(good.posts().len(), 1);
    assert!(
        serve.stderr().contains("does not take events"),
        "{}",
        serve.stderr()
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn events_are_printed_as_lines_until_the_reader_is_gone() {
    let (sandbox, home) = (
        Sandbox::start().await.unwrap(),
        tempfile::tempdir().unwrap(),
    );
    let arguments = ["--listen", "127.0.0.1:0", "--print"];
    let mut serve = Serve::start(&mut chat2desk(&sandbox, home.path()), &arguments);
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let body = "{\"hook_type\": \"inbox\",\n \"message_id\": 7,\r\n\t\"text\": \"two\\nlines\"}";
    assert_eq!(
        deliver(&http, &serve.url, TOKEN, body.into()).await,
        Some(200)
    );
    let mut line = String::new();
    let mut stdout = BufReader::new(serve.child.stdout.take().unwrap());
    stdout.read_line(&mut line).unwrap();
    let printed: Value = serde_json::from_str(&line).unwrap();
    let expected = json!({
        "event": "inbox", "key": "message:7", "replayed": false,
        "body": {"hook_type": "inbox", "message_id": 7, "text": "two\nlines"},
    });
    assert_eq!(printed, expected);
    drop(stdout);
    assert_eq!(
        deliver(&http, &serve.url, TOKEN, message(8)).await,
        Some(200)
    );
    assert_eq!(serve.child.wait().unwrap().code(), Some(0));

    // What nobody read is printed by the next one.
    let mut serve = Serve::start(&mut chat2desk(&sandbox, home.path()), &arguments);
    let mut line = String::new();
    let mut stdout = BufReader::new(serve.child.stdout.take().unwrap());
    stdout.read_line(&mut line).unwrap();
    assert!(line.contains("message:8"), "{line}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_webhook_is_registered_for_as_long_as_it_is_served() {
    let (sandbox, home) = (
        Sandbox::start().await.unwrap(),
        tempfile::tempdir().unwrap(),
    );
    let target = Target::start(|_| (NOW, StatusCode::OK)).await;
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = port.local_addr().unwrap().to_string();
    drop(port);
    let url = format!("http://{address}/hook");
    let forward = format!("inbox={}", target.url);
    let arguments = [
        "--listen",
        &address,
        "--forward",
        &forward,
        "--register",
        &url,
    ];
    let registered = async || {
        let webhooks = sandbox.client().list_webhooks().send().await.unwrap();
        webhooks.into_inner().data
    };
    for signal in ["kill", "end"] {
        let mut serve = Serve::start(&mut chat2desk(&sandbox, home.path()), &arguments);
        while !serve.stderr().contains("Registered as webhook") {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let webhooks = registered().await;
        assert_eq!(
            (webhooks.len(), &webhooks[0].events[..]),
            (1, &[WebhookEvent::Inbox][..])
        );
        let id = sandbox.write_as(94_000_001, "Hello").unwrap();
        let key = format!("message:{id}");
        target
            .wait(|posts| {
                posts
                    .iter()
                    .any(|post| post.headers["x-chat2desk-key"] == key)
            })
            .await;
        match signal {
            "kill" => serve.child.kill().unwrap(),
            _ => assert_eq!(serve.end().0, Some(0)),
        }
    }
    assert_eq!(registered().await, []);
    // A webhook of somebody else stays.
    let ensure = ["webhooks", "ensure", &url, "--events", "inbox"];
    run(&mut chat2desk(&sandbox, home.path()), ensure)
        .await
        .code(0);
    let mut serve = Serve::start(&mut chat2desk(&sandbox, home.path()), &arguments);
    while !serve.stderr().contains("stays at the end") {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    serve.end();
    assert_eq!(registered().await.len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn messages_that_were_not_delivered_are_read_from_the_api() {
    let (sandbox, home) = (
        Sandbox::start().await.unwrap(),
        tempfile::tempdir().unwrap(),
    );
    let target = Target::start(|_| (NOW, StatusCode::OK)).await;
    let arguments = [
        "--listen",
        "127.0.0.1:0",
        "--forward",
        &target.url,
        "--catch-up",
    ];
    let mut serve = Serve::start(&mut chat2desk(&sandbox, home.path()), &arguments);
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let first = sandbox.write_as(94_000_001, "one").unwrap();
    let first = usize::try_from(first).unwrap();
    assert_eq!(
        deliver(&http, &serve.url, TOKEN, message(first)).await,
        Some(200)
    );
    target.wait(|posts| posts.len() == 1).await;
    serve.end();
    let missed = sandbox.write_as(94_000_001, "two").unwrap();
    let _serve = Serve::start(&mut chat2desk(&sandbox, home.path()), &arguments);
    let key = format!("message:{missed}");
    let posts = target.wait(|posts| {
        posts
            .iter()
            .any(|post| post.headers["x-chat2desk-key"] == key)
    });
    let posts = posts.await;
    assert_eq!(
        posts.last().unwrap().headers["x-chat2desk-replayed"],
        "true"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn wrong_arguments_are_refused_before_anything_is_served() {
    let (sandbox, home) = (
        Sandbox::start().await.unwrap(),
        tempfile::tempdir().unwrap(),
    );
    for arguments in [
        &["--listen", "127.0.0.1:0"][..],
        &["--forward", "ftp://127.0.0.1/"],
        &["--forward", "inbx=http://127.0.0.1/"],
        &["--forward", "http://127.0.0.1/", "--print"],
        &["--print", "--keep"],
        &["--print", "--events", "inbx"],
    ] {
        let all = ["webhooks", "serve"].iter().chain(arguments);
        run(&mut chat2desk(&sandbox, home.path()), all)
            .await
            .code(2);
    }
    let arguments = ["--listen", "127.0.0.1:0", "--print"];
    let _first = Serve::start(&mut chat2desk(&sandbox, home.path()), &arguments);
    let mut second = chat2desk(&sandbox, home.path());
    let second = start(second.args(["webhooks", "serve"]).args(arguments));
    let ended = second.wait_with_output().unwrap();
    let text = String::from_utf8(ended.stderr).unwrap();
    assert!(text.contains("another process uses this journal"), "{text}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_event_that_nobody_takes_is_set_aside_after_its_attempts() {
    let (sandbox, home) = (
        Sandbox::start().await.unwrap(),
        tempfile::tempdir().unwrap(),
    );
    let target = Target::start(|_| (NOW, StatusCode::BAD_REQUEST)).await;
    let arguments = ["--listen", "127.0.0.1:0", "--forward", &target.url];
    let arguments = [
        &arguments[..],
        &["--attempts", "3", "--retry-after", "10ms"],
    ]
    .concat();
    let mut serve = Serve::start(&mut chat2desk(&sandbox, home.path()), &arguments);
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    assert_eq!(
        deliver(&http, &serve.url, TOKEN, message(1)).await,
        Some(200)
    );
    while !serve.stderr().contains("in 3 attempts") {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    serve.end();
    assert_eq!(target.posts().len(), 3);
    let failed = home.path().join("chat2desk-webhooks.journal.failed");
    let line: Value = serde_json::from_str(&std::fs::read_to_string(&failed).unwrap()).unwrap();
    assert_eq!(
        (&line["key"], &line["body"]["message_id"]),
        (&json!("message:1"), &json!(1))
    );
    let mode = std::os::unix::fs::PermissionsExt::mode(&failed.metadata().unwrap().permissions());
    assert_eq!(mode & 0o777, 0o600);
    // It is done: the next process does not hand it on.
    let mut serve = Serve::start(&mut chat2desk(&sandbox, home.path()), &arguments);
    serve.end();
    assert_eq!(target.posts().len(), 3);
}
