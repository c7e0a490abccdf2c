//! A receiver answers at once, and has every event handled.

use crate::support::{TOKEN, deliver, event, message, post, serve, signed, verifier};
use axum::routing::post as on_post;
use chat2desk::webhook::{Event, SIGNATURE_HEADER, sign};
use chat2desk_webhook_receiver::{
    Builder, Delivered, Delivery, Receiver, Refusal, Store, StoreError, StoreFuture,
};
use http::{HeaderMap, HeaderValue, Request};
use std::convert::Infallible;
use std::future::{pending, ready};
use std::io;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::{AcquireError, Notify, Semaphore, mpsc};
use tokio::time::Instant;

fn builder() -> Builder {
    Receiver::builder(verifier())
}

async fn ignore(_: Delivery) -> Result<(), Infallible> {
    Ok(())
}

/// A receiver whose handler sends on the ids of messages.
async fn observed(builder: Builder) -> (Receiver, mpsc::UnboundedReceiver<i64>) {
    let (sender, handled) = mpsc::unbounded_channel();
    let receiver = builder.start(move |delivery| {
        let id = delivery.message().and_then(|message| message.message_id);
        ready(sender.send(id.unwrap_or_default()))
    });
    (receiver.await.unwrap(), handled)
}

#[tokio::test]
async fn every_request_has_its_answer() {
    let receiver = builder().body_limit(500).start(ignore).await.unwrap();
    let url = serve(&receiver).await;
    let good = message(1).to_string();
    let scenario = r#"{"step": 3}"#;
    let mut bad_hex = signed(&good);
    bad_hex.insert(SIGNATURE_HEADER, HeaderValue::from_static("zz"));
    let long = format!("\"{}\"", "x".repeat(500));
    let number = "1000";
    let unknown = r#"{"hook_type": "unheard_of"}"#;
    for (headers, body, status, text) in [
        (signed(&good), &*good, 200, "accepted"),
        (signed(&good), &good, 200, "accepted before"),
        (signed(scenario), scenario, 200, "accepted"),
        (signed(unknown), unknown, 200, "accepted"),
        (HeaderMap::new(), &good, 401, "the signature is missing"),
        (bad_hex, &good, 401, "the signature is malformed"),
        (signed("{}"), &good, 401, "the signature is wrong"),
        (signed("{"), "{", 400, "the body is not JSON"),
        (signed(number), number, 400, "the body is not a JSON object"),
        (signed(&long), &long, 413, "the body is too long"),
    ] {
        assert_eq!(
            post(&url, headers, body).await,
            (status, text.to_owned()),
            "{body}"
        );
    }
    let get = reqwest::get(&url).await.unwrap();
    assert_eq!(get.status(), 405);
    let stats = receiver.stats();
    assert_eq!((stats.accepted, stats.repeats, stats.refused), (3, 1, 7));
}

#[tokio::test]
async fn a_secret_in_the_path() {
    let receiver = builder()
        .path_secret("open-sesame")
        .start(ignore)
        .await
        .unwrap();
    let url = serve(&receiver).await;
    for (path, status) in [
        ("/open-sesame", 200),
        ("/open-sesam", 404),
        ("/x", 404),
        ("", 404),
    ] {
        assert_eq!(deliver(&format!("{url}{path}"), 1).await, status, "{path}");
    }
    let unsigned = post(&format!("{url}/open-sesame"), HeaderMap::new(), "{}").await;
    assert_eq!(unsigned.0, 401, "the secret is beside the signature");
}

#[tokio::test]
async fn a_secret_instead_of_a_signature() {
    let receiver = builder().path_secret_instead_of_signature("open-sesame");
    let receiver = receiver.start(ignore).await.unwrap();
    let url = serve(&receiver).await;
    let good = format!("{url}/open-sesame");
    assert_eq!(post(&good, HeaderMap::new(), "{}").await.0, 200);
    assert_eq!(post(&url, HeaderMap::new(), "{}").await.0, 404);
    assert_eq!(post(&good, signed("{}"), "{}").await.0, 200);
    assert_eq!(
        post(&good, signed("[]"), "{}").await.0,
        401,
        "a wrong signature stays wrong"
    );
    let mut half = signed("{}");
    half.remove(SIGNATURE_HEADER);
    assert_eq!(post(&good, half, "{}").await.0, 401);
}

#[tokio::test]
async fn the_answer_does_not_wait_for_the_handler() {
    let receiver = builder()
        .start(|_| pending::<io::Result<()>>())
        .await
        .unwrap();
    let url = serve(&receiver).await;
    assert_eq!(deliver(&url, 1).await, 200);
    assert_eq!(receiver.stats().in_flight, 1);
}

#[tokio::test]
async fn without_room_the_vendor_is_to_try_again() {
    let gate = Arc::new(Semaphore::new(0));
    let (open, waits) = (gate.clone(), gate);
    let receiver = builder().capacity(2).start(move |_| {
        let gate = waits.clone();
        async move { gate.acquire().await.map(|permit| permit.forget()) }
    });
    let receiver = receiver.await.unwrap();
    let url = serve(&receiver).await;
    assert_eq!([deliver(&url, 1).await, deliver(&url, 2).await], [200, 200]);
    let turned_away = post(
        &url,
        signed(&message(3).to_string()),
        message(3).to_string(),
    )
    .await;
    assert_eq!(turned_away, (503, "at capacity".to_owned()));
    open.add_permits(3);
    // What `submit` gives waits for its turn; then there is room again.
    assert!(receiver.submit(event(4)).await.unwrap());
    while receiver.stats().in_flight > 0 {
        tokio::task::yield_now().await;
    }
    assert_eq!(
        deliver(&url, 3).await,
        200,
        "it was not remembered as accepted"
    );
    assert_eq!(
        (receiver.stats().turned_away, receiver.stats().accepted),
        (1, 4)
    );
}

#[tokio::test]
async fn a_repeat_is_acknowledged_and_goes_no_further() {
    let (receiver, mut handled) = observed(builder()).await;
    let url = serve(&receiver).await;
    for id in [1, 2, 1, 1, 2] {
        assert_eq!(deliver(&url, id).await, 200);
    }
    assert_eq!(receiver.shutdown(Duration::from_secs(5)).await, 0);
    let mut ids = Vec::new();
    while let Ok(id) = handled.try_recv() {
        ids.push(id);
    }
    ids.sort_unstable();
    assert_eq!(ids, [1, 2]);
}

#[tokio::test(start_paused = true)]
async fn what_fails_is_handed_over_again_later_and_later() {
    let attempts = Arc::new(Mutex::new(Vec::new()));
    let failures = Arc::new(Mutex::new(Vec::new()));
    let (times, notes, start) = (attempts.clone(), failures.clone(), Instant::now());
    let receiver = builder()
        .retry_delays(Duration::from_secs(1), Duration::from_secs(5))
        .on_failure(move |delivery, error| {
            notes
                .lock()
                .unwrap()
                .push(format!("{}: {error}", delivery.attempt));
        })
        .start(move |delivery| {
            times.lock().unwrap().push(start.elapsed().as_secs());
            async move {
                match delivery.attempt {
                    1 => Err("no database"),
                    2 => panic!("a bug"),
                    3 | 4 => Err("still none"),
                    _ => Ok(()),
                }
            }
        });
    let receiver = receiver.await.unwrap();
    assert!(receiver.offer(event(1)).await.unwrap());
    assert_eq!(receiver.shutdown(Duration::from_secs(60)).await, 0);
    assert_eq!(*attempts.lock().unwrap(), [0, 1, 3, 7, 12]);
    let failures = failures.lock().unwrap();
    assert_eq!(
        [&failures[0], &failures[3]],
        ["1: no database", "4: still none"]
    );
    assert!(
        failures[1] == "2: the handler panicked: a bug",
        "{failures:?}"
    );
    let stats = receiver.stats();
    assert_eq!((stats.failed, stats.handled, stats.in_flight), (4, 1, 0));
}

#[tokio::test(start_paused = true)]
async fn shutting_down_waits_so_long_and_says_what_is_left() {
    let receiver = builder().start(|delivery: Delivery| async move {
        let seconds = delivery.message().unwrap().message_id.unwrap();
        tokio::time::sleep(Duration::from_secs(seconds.unsigned_abs())).await;
        Ok::<_, Infallible>(())
    });
    let receiver = receiver.await.unwrap();
    for seconds in [5, 10, 100] {
        receiver.offer(event(seconds)).await.unwrap();
    }
    let late = receiver.clone();
    let (left, refused) = tokio::join!(receiver.shutdown(Duration::from_secs(30)), async move {
        tokio::task::yield_now().await;
        late.submit(event(1)).await
    });
    assert_eq!(left, 1);
    assert!(matches!(refused, Err(Refusal::Closed)), "{refused:?}");
    assert_eq!(receiver.stats().handled, 2);
    let answer = receiver.handle({
        let body = message(7).to_string();
        let mut request = Request::post("/").body(body.clone()).unwrap();
        *request.headers_mut() = signed(&body);
        request
    });
    assert_eq!(answer.await.status(), 503);
}

#[tokio::test]
async fn no_more_handlers_run_at_once_than_are_allowed() {
    let gate = Arc::new(Semaphore::new(0));
    let running = Arc::new(AtomicU32::new(0));
    let (waits, now) = (gate.clone(), running.clone());
    let receiver = builder().concurrency(3).start(move |_| {
        let (gate, now) = (waits.clone(), now.clone());
        async move {
            now.fetch_add(1, Ordering::SeqCst);
            gate.acquire().await?.forget();
            now.fetch_sub(1, Ordering::SeqCst);
            Ok::<_, AcquireError>(())
        }
    });
    let receiver = receiver.await.unwrap();
    for id in 0..20 {
        receiver.submit(event(id)).await.unwrap();
    }
    for handled in 0..17 {
        while receiver.stats().handled < handled || running.load(Ordering::SeqCst) < 3 {
            tokio::task::yield_now().await;
        }
        assert_eq!(running.load(Ordering::SeqCst), 3);
        gate.add_permits(1);
    }
    gate.add_permits(3);
    assert_eq!(receiver.shutdown(Duration::from_secs(5)).await, 0);
}

/// A store that takes its time, or fails.
struct Slow {
    gate: Arc<Notify>,
    fails: bool,
}

impl Store for Slow {
    fn accept<'a>(&'a self, _: &'a str, _: &'a Event) -> StoreFuture<'a, bool> {
        Box::pin(async {
            self.gate.notified().await;
            if self.fails {
                Err("disk full".into())
            } else {
                Ok(true)
            }
        })
    }

    fn done<'a>(&'a self, _: &'a str) -> StoreFuture<'a, ()> {
        Box::pin(ready(Ok(())))
    }

    fn pending(&self) -> StoreFuture<'_, Vec<(String, Event)>> {
        Box::pin(ready(Ok(vec![("left".into(), event(77))])))
    }
}

#[tokio::test]
async fn a_sender_that_hangs_up_loses_nothing() {
    let gate = Arc::new(Notify::new());
    let store = Slow {
        gate: gate.clone(),
        fails: false,
    };
    let (receiver, mut handled) = observed(builder().store(store)).await;
    assert_eq!(
        handled.recv().await,
        Some(77),
        "what waited in the store comes first"
    );
    let taking = receiver.offer(event(1));
    let hung_up = tokio::time::timeout(Duration::from_millis(10), taking).await;
    assert!(hung_up.is_err());
    gate.notify_one();
    assert_eq!(handled.recv().await, Some(1));
}

#[tokio::test]
async fn what_cannot_be_stored_is_not_acknowledged() {
    let gate = Arc::new(Notify::new());
    gate.notify_one();
    let store = Slow {
        gate: gate.clone(),
        fails: true,
    };
    let receiver = builder().store(store).start(ignore).await.unwrap();
    let url = serve(&receiver).await;
    assert_eq!(deliver(&url, 1).await, 500);
    gate.notify_one();
    let refused = receiver.offer(event(1)).await.unwrap_err();
    let source: &StoreError = match &refused {
        Refusal::Store(source) => source,
        other => panic!("{other:?}"),
    };
    assert_eq!(source.to_string(), "disk full");
    assert_eq!(receiver.stats().turned_away, 2);
}

#[tokio::test]
async fn the_extractor_verifies() {
    async fn webhook(Delivered(event): Delivered) -> String {
        event
            .name()
            .map(|name| name.to_string())
            .unwrap_or_default()
    }
    let app = axum::Router::new()
        .route("/", on_post(webhook))
        .with_state(verifier());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, app).await });

    let body = message(1).to_string();
    assert_eq!(
        post(&url, signed(&body), &body).await,
        (200, "inbox".to_owned())
    );
    assert_eq!(
        post(&url, signed("{}"), &body).await,
        (401, "the signature is wrong: the delivery was signed with another token, or not by the vendor".to_owned())
    );
    assert_eq!(
        post(&url, signed("{"), "{").await,
        (400, "the body is not JSON".to_owned())
    );
    let long = "x".repeat(3 << 20);
    let headers = sign(TOKEN, 1, long.as_bytes()).unwrap();
    assert_eq!(post(&url, headers, long).await.0, 413);
}
