//! Many deliveries, as bad as they come: repeated, out of order, and to a handler that fails.

use crate::support::{TOKEN, message, verifier};
use chat2desk::webhook::sign;
use chat2desk_webhook_receiver::{Memory, MemoryStore, Receiver};
use http::{Request, StatusCode};
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

const EVENTS: u64 = 90_000;
const REPEATS: u64 = 10_000;
/// More than there are events, so that none is forgotten.
const KEYS: usize = 95_000;
const CAPACITY: usize = 256;

/// A generator of the same numbers every time (SplitMix64).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % limit
    }
}

#[tokio::test(start_paused = true)]
async fn every_event_is_handled_and_none_twice() {
    let mut numbers = Numbers(6);
    let mut deliveries: Vec<u64> = (1..=EVENTS).collect();
    deliveries.extend(
        (0..REPEATS)
            .map(|_| 1 + numbers.below(EVENTS))
            .collect::<Vec<_>>(),
    );
    for last in (1..deliveries.len()).rev() {
        let other = numbers.below(last as u64 + 1);
        deliveries.swap(last, usize::try_from(other).unwrap());
    }

    let effects = Arc::new(Mutex::new(HashMap::<i64, u32>::new()));
    let (noted, attempts, most) = (
        effects.clone(),
        AtomicU64::new(0),
        Arc::new(AtomicU64::new(0)),
    );
    let store = Arc::new(MemoryStore::new(Memory {
        keys: KEYS,
        ..Memory::default()
    }));
    let receiver = Receiver::builder(verifier())
        .store(store.clone())
        .capacity(CAPACITY);
    let receiver = receiver.start(move |delivery| {
        let fails = Numbers(attempts.fetch_add(1, Ordering::Relaxed)).below(10) < 3;
        let noted = noted.clone();
        async move {
            tokio::task::yield_now().await;
            if fails {
                return Err("at random");
            }
            let id = delivery.message().and_then(|message| message.message_id);
            *noted.lock().unwrap().entry(id.unwrap()).or_default() += 1;
            Ok(())
        }
    });
    let receiver = receiver.await.unwrap();

    // The vendor's part: what is turned away comes again later.
    let mut turned_away = 0;
    while !deliveries.is_empty() {
        let mut again = Vec::new();
        for id in deliveries {
            let body = message(id.try_into().unwrap()).to_string();
            let mut request = Request::post("/").body(body.clone()).unwrap();
            *request.headers_mut() = sign(TOKEN, 1_777_885_965, body.as_bytes()).unwrap();
            match receiver.handle(request).await.status() {
                StatusCode::OK => {}
                StatusCode::SERVICE_UNAVAILABLE => {
                    again.push(id);
                    tokio::time::sleep(Duration::from_secs(1)).await;
                }
                status => panic!("{status}"),
            }
            most.fetch_max(receiver.stats().in_flight, Ordering::Relaxed);
        }
        turned_away += again.len();
        deliveries = again;
    }
    assert_eq!(receiver.shutdown(Duration::from_secs(3600)).await, 0);

    let effects = effects.lock().unwrap();
    assert_eq!(effects.len() as u64, EVENTS);
    assert!(effects.values().all(|count| *count == 1));
    let stats = receiver.stats();
    assert_eq!((stats.handled, stats.repeats), (EVENTS, REPEATS));
    assert!(stats.failed > EVENTS / 4, "{stats:?}");
    assert!(turned_away > 0 && most.load(Ordering::Relaxed) <= CAPACITY as u64);
    assert!(store.len() <= KEYS + CAPACITY);
}
