//! The simulator delivers as the vendor does; a receiver makes the best of it.

use crate::support::{TOKEN, message, serve, verifier};
use axum::extract::{Request, State};
use axum::http::StatusCode;
use chat2desk::webhook::{Event, TIMESTAMP_HEADER};
use chat2desk::wire::WebhookEvent;
use chat2desk_sandbox::simulator::{RETRIES, Simulator, sample, samples};
use chat2desk_webhook_receiver::Receiver;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::time::Instant;

/// A server that answers with these statuses, one after the other, then with 200; what it was asked.
#[derive(Clone, Default)]
struct Server {
    statuses: Arc<Mutex<Vec<u16>>>,
    times: Arc<Mutex<Vec<u64>>>,
    stamps: Arc<Mutex<Vec<String>>>,
}

async fn server(statuses: &[u16]) -> (Server, String) {
    let server = Server::default();
    *server.statuses.lock().unwrap() = statuses.iter().rev().copied().collect();
    let start = Instant::now();
    let answer = async move |State(server): State<Server>, request: Request| {
        server.times.lock().unwrap().push(start.elapsed().as_secs());
        let stamp = request.headers()[TIMESTAMP_HEADER]
            .to_str()
            .unwrap()
            .to_owned();
        server.stamps.lock().unwrap().push(stamp);
        let status = server.statuses.lock().unwrap().pop().unwrap_or(200);
        StatusCode::from_u16(status).unwrap()
    };
    let app = axum::Router::new()
        .fallback(answer)
        .with_state(server.clone());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, app).await });
    (server, url)
}

#[tokio::test]
async fn the_vendors_schedule() {
    for (answers, statuses, delivered) in [
        (&[][..], vec![Some(200)], true),
        (&[204], vec![Some(204)], true),
        (&[503, 500], vec![Some(503), Some(500), Some(200)], true),
        (&[401, 401, 401, 401], vec![Some(401); 4], false),
    ] {
        let (server, url) = server(answers).await;
        tokio::time::pause();
        let outcome = Simulator::new(url, TOKEN)
            .unwrap()
            .deliver(&message(1))
            .await;
        assert_eq!(
            (outcome.is_delivered(), &outcome.statuses),
            (delivered, &statuses)
        );
        let times = server.times.lock().unwrap().clone();
        for (pair, delay) in times.windows(2).zip(RETRIES) {
            assert!(pair[1] - pair[0] >= delay.as_secs(), "{times:?}");
        }
        tokio::time::resume();
    }
    let nobody = Simulator::new("http://127.0.0.1:1/", TOKEN).unwrap();
    tokio::time::pause();
    assert_eq!(nobody.deliver(&message(1)).await.statuses, [None; 4]);
}

#[tokio::test]
async fn the_signature_of_the_first_attempt_may_be_kept() {
    let (server, url) = server(&[500]).await;
    tokio::time::pause();
    let vendor = Simulator::new(url, TOKEN).unwrap().sign_anew(false);
    assert!(vendor.deliver(&message(1)).await.is_delivered());
    let stamps = server.stamps.lock().unwrap().clone();
    assert_eq!(stamps[0], stamps[1]);
}

#[test]
fn every_event_has_a_sample() {
    assert_eq!(samples().len(), 26);
    for (event, post) in samples() {
        let read = Event::parse_unverified(post.to_string()).unwrap();
        assert_eq!(read.name(), Some(event));
    }
    assert_eq!(sample(&WebhookEvent::Other("unheard_of".into())), None);
    let shown = format!(
        "{:?}",
        Simulator::new("http://127.0.0.1/", "secret").unwrap()
    );
    assert!(!shown.contains("secret"), "{shown}");
    Simulator::new("http://127.0.0.1/", "").unwrap_err();
}

#[tokio::test]
async fn all_events_twice_and_out_of_order_are_handled_once() {
    let handled = Arc::new(Mutex::new(HashMap::<String, u32>::new()));
    let noted = handled.clone();
    let receiver = Receiver::builder(verifier())
        .capacity(20)
        .concurrency(2)
        .start(move |delivery| {
            let noted = noted.clone();
            async move {
                tokio::task::yield_now().await;
                if delivery.attempt == 1 {
                    return Err("the first attempt");
                }
                let key = delivery.name().unwrap().to_string();
                *noted.lock().unwrap().entry(key).or_default() += 1;
                Ok(())
            }
        });
    let receiver = receiver.await.unwrap();
    let url = serve(&receiver).await;
    tokio::time::pause();
    let vendor = Simulator::new(url, TOKEN)
        .unwrap()
        .repeats(1.0)
        .shuffle(6)
        .at_once(52);
    let outcomes = vendor
        .deliver_all(samples().into_iter().map(|(_, post)| post))
        .await;
    assert_eq!(outcomes.len(), 52);
    assert!(outcomes.iter().all(|outcome| outcome.is_delivered()));
    assert_eq!(receiver.shutdown(Duration::from_secs(600)).await, 0);
    assert!(receiver.stats().turned_away > 0, "it had room for twenty");
    let handled = std::mem::take(&mut *handled.lock().unwrap());
    assert_eq!(handled.len(), 26);
    assert!(handled.values().all(|count| *count == 1), "{handled:?}");
}
