//! Whole lists of a server with many records: in advance, resumed, and backwards.

use crate::support::list_server::ListServer;
use chat2desk::{Chat2Desk, List, Position};
use std::sync::atomic::Ordering::SeqCst;
use std::time::Duration;

/// Customers of a server that counts what is asked of it.
async fn customers(records: usize) -> (ListServer, Chat2Desk) {
    let server = ListServer::start(records, Duration::from_millis(2)).await;
    let chat = Chat2Desk::builder("token").base_url(&server.url).build();
    (server, chat.unwrap())
}

#[tokio::test]
async fn pages_in_advance_come_in_order_and_cost_no_calls() {
    for (records, calls) in [(0, 1), (1, 1), (199, 1), (201, 2), (1000, 6), (3000, 16)] {
        for prefetch in [1, 2, 8, 100] {
            let (server, chat) = customers(records).await;
            let clients = chat
                .list_clients()
                .prefetch(prefetch)
                .collect_all()
                .await
                .unwrap();
            assert_eq!(clients.len(), records);
            assert!(clients.is_sorted_by_key(|client| client.id));
            assert_eq!(
                server.seen.requests.load(SeqCst),
                calls,
                "{records} by {prefetch}"
            );
            assert!(server.seen.most_in_flight.load(SeqCst) <= prefetch);
        }
    }
}

#[tokio::test]
async fn no_more_pages_are_held_than_asked_for() {
    let (server, chat) = customers(4000).await;
    let mut pages = chat.list_clients().prefetch(4).pages();
    let mut taken = 0;
    while let Some(page) = pages.next().await {
        page.unwrap();
        taken += 1;
        // The reader takes its time: what was sent meanwhile is done.
        while server.seen.in_flight.load(SeqCst) > 0 {
            tokio::task::yield_now().await;
        }
        assert!(server.seen.requests.load(SeqCst) <= taken + 3);
    }
    assert_eq!(taken, 21);
}

#[tokio::test]
async fn reading_goes_on_after_any_record() {
    let (_server, chat) = customers(50).await;
    let all = chat.list_clients().collect_all().await.unwrap();
    for stop in 0..=all.len() {
        let mut ids = Vec::new();
        let mut first = chat.list_clients().page_size(7).items();
        for _ in 0..stop {
            ids.push(first.next().await.unwrap().unwrap().id);
        }
        let saved = serde_json::to_string(&first.position()).unwrap();
        assert!(saved.len() < 1000, "{saved}");
        let saved: Option<Position> = serde_json::from_str(&saved).unwrap();
        let rest = chat.list_clients().page_size(9).resume_from(saved);
        ids.extend(
            rest.collect_all()
                .await
                .unwrap()
                .iter()
                .map(|client| client.id),
        );
        assert_eq!(ids, all.iter().map(|client| client.id).collect::<Vec<_>>());
    }
}

#[tokio::test]
async fn messages_backwards_to_a_given_id() {
    let (server, chat) = customers(2500).await;
    let messages = chat.list_messages().start_id(94_000_101).order("desc");
    let messages = messages.collect_all().await.unwrap();
    let ids: Vec<_> = messages.iter().map(|message| message.id).collect();
    assert_eq!(ids, (94_000_101..=94_002_500).rev().collect::<Vec<_>>());
    // A page holds 200; windows of ids are a little smaller.
    assert!(server.seen.requests.load(SeqCst) <= 17);

    let newest = chat
        .list_messages()
        .order("desc")
        .max_items(3)
        .collect_all()
        .await
        .unwrap();
    let ids: Vec<_> = newest.iter().map(|message| message.id).collect();
    assert_eq!(ids, [94_002_500, 94_002_499, 94_002_498]);

    let mut some = chat.list_messages().order("desc").page_size(50).items();
    let mut ids = Vec::new();
    for _ in 0..777 {
        ids.push(some.next().await.unwrap().unwrap().id);
    }
    let rest = chat
        .list_messages()
        .order("desc")
        .resume_from(some.position());
    ids.extend(
        rest.collect_all()
            .await
            .unwrap()
            .iter()
            .map(|message| message.id),
    );
    assert_eq!(ids, (94_000_001..=94_002_500).rev().collect::<Vec<_>>());
}
