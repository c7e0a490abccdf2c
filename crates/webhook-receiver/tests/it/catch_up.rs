//! Gaps are filled from the API: what was delivered is not repeated, what was not comes once.

use crate::support::{event, verifier};
use chat2desk::webhook::{Event, Payload};
use chat2desk::wire::WebhookEvent;
use chat2desk::{Chat2Desk, types};
use chat2desk_webhook_receiver::{
    CatchUpError, JournalStore, Memory, MemoryStore, Receiver, Store,
};
use httpmock::Mock;
use httpmock::prelude::*;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use std::time::Duration;

fn chat(server: &MockServer) -> Chat2Desk {
    Chat2Desk::builder("token")
        .base_url(server.base_url())
        .build()
        .unwrap()
}

fn message(id: i64) -> Value {
    json!({
        "id": id, "type": "from_client", "text": "Where is order 1001?", "client_id": 94_000_001,
        "created": "2026-05-04T09:12:45 UTC", "read": 1,
    })
}

/// Messages from this id on are these, of so many that are left.
async fn messages(server: &MockServer, start_id: i64, ids: &[i64], limit: i64, left: i64) {
    let data: Vec<Value> = ids.iter().copied().map(message).collect();
    let page =
        json!({ "data": data, "meta": { "total": left, "limit": limit }, "status": "success" });
    let mock = server.mock_async(|when, then| {
        when.path("/v1/messages")
            .query_param("start_id", start_id.to_string());
        then.status(200).json_body(page);
    });
    mock.await;
}

/// The account's webhooks, registered for these events.
async fn webhooks<'a>(server: &'a MockServer, events: &[&[&str]]) -> Mock<'a> {
    let data: Vec<Value> = events
        .iter()
        .zip(1..)
        .map(|(events, id)| json!({ "id": id, "events": events, "status": "disable" }))
        .collect();
    let mock = server.mock_async(|when, then| {
        when.path("/v1/webhooks");
        then.status(200)
            .json_body(json!({ "data": data, "status": "success" }));
    });
    mock.await
}

type Handled = Arc<Mutex<Vec<(i64, bool)>>>;

async fn receiver(store: impl Store) -> (Receiver, Handled) {
    let handled = Handled::default();
    let noted = handled.clone();
    let receiver = Receiver::builder(verifier())
        .store(store)
        .start(move |delivery| {
            let id = delivery.message().and_then(|message| message.message_id);
            noted
                .lock()
                .unwrap()
                .push((id.unwrap(), delivery.is_replayed()));
            async { Ok::<_, std::io::Error>(()) }
        });
    (receiver.await.unwrap(), handled)
}

async fn all_handled(receiver: Receiver, handled: Handled) -> Vec<(i64, bool)> {
    assert_eq!(receiver.shutdown(Duration::from_secs(5)).await, 0);
    let mut handled = std::mem::take(&mut *handled.lock().unwrap());
    handled.sort_unstable();
    handled
}

#[test]
fn a_message_of_the_api_is_the_event_that_it_was() {
    for (type_, name) in [
        (json!("from_client"), "inbox"),
        (json!("to_client"), "outbox"),
        (json!("autoreply"), "outbox"),
        (json!("system"), "system_message"),
        (json!("comment"), "comment"),
        (json!("of_tomorrow"), "outbox"),
        (Value::Null, "outbox"),
    ] {
        let mut message = message(5);
        message["type"] = type_.clone();
        let message: types::Message = serde_json::from_value(message).unwrap();
        let replayed = Event::replayed(&message).unwrap();
        assert_eq!(replayed.name().unwrap().as_str(), name, "{type_}");
        assert_eq!(replayed.is_from_client(), name == "inbox");
        assert!(replayed.is_replayed() && replayed.drift().is_empty());
        assert_eq!(replayed.dedup_key(), event(5).dedup_key());
        assert_eq!(replayed.client_id(), Some(94_000_001));
        let time = replayed.occurred_at().unwrap().to_rfc3339();
        assert_eq!(time, "2026-05-04T09:12:45+00:00");
        let kept: Event = serde_json::from_str(&serde_json::to_string(&replayed).unwrap()).unwrap();
        assert!(kept.is_replayed(), "a store keeps the mark");
    }
    let message: types::Message = serde_json::from_value(message(5)).unwrap();
    let replayed = Event::replayed(&message).unwrap();
    let Payload::Inbox(payload) = replayed.payload() else {
        panic!("{replayed:?}")
    };
    assert_eq!(payload.other["read"], 1, "what only the API says is kept");
}

#[tokio::test]
async fn after_downtime_only_what_was_missed_is_handled() {
    let server = MockServer::start_async().await;
    webhooks(&server, &[]).await;
    let folder = tempfile::tempdir().unwrap();
    let open = || JournalStore::open(folder.path().join("journal"), Memory::default()).unwrap();

    let (first, handled) = receiver(open()).await;
    for id in [101, 103] {
        assert!(first.offer(event(id)).await.unwrap());
    }
    assert_eq!(
        all_handled(first, handled).await,
        [(101, false), (103, false)]
    );

    // 102 was not delivered before the end, 104 to 106 were written meanwhile, 107 comes before the gap
    // is filled.
    messages(&server, 101, &[101, 102, 103, 104], 4, 7).await;
    messages(&server, 105, &[105, 106, 107], 4, 3).await;
    let (second, handled) = receiver(open()).await;
    assert!(second.offer(event(107)).await.unwrap());
    let done = second.catch_up(&chat(&server)).await.unwrap();
    assert_eq!((done.read, done.missed), (7, 4));
    assert!(
        !second.offer(event(105)).await.unwrap(),
        "the vendor's late retry"
    );
    let missed = [
        (102, true),
        (104, true),
        (105, true),
        (106, true),
        (107, false),
    ];
    assert_eq!(all_handled(second, handled).await, missed);
}

#[tokio::test]
async fn a_gap_that_was_not_filled_to_its_end_is_filled_later() {
    let server = MockServer::start_async().await;
    webhooks(&server, &[]).await;
    let folder = tempfile::tempdir().unwrap();
    let open = || JournalStore::open(folder.path().join("journal"), Memory::default()).unwrap();

    let (first, handled) = receiver(open()).await;
    messages(&server, 11, &[11, 12], 2, 4).await;
    let failed = first.catch_up_since(&chat(&server), 10).await.unwrap_err();
    assert!(
        matches!(failed, CatchUpError::Api(_)),
        "{failed}: the second page is not there"
    );
    assert!(first.offer(event(90)).await.unwrap());
    all_handled(first, handled).await;

    messages(&server, 13, &[13, 90], 20, 2).await;
    let (second, handled) = receiver(open()).await;
    let done = second.catch_up(&chat(&server)).await.unwrap();
    assert_eq!(
        (done.read, done.missed),
        (2, 1),
        "from where it stopped, in another process"
    );
    assert_eq!(all_handled(second, handled).await, [(13, true)]);
}

#[tokio::test]
async fn a_message_that_cannot_be_read_does_not_stop_the_others() {
    let server = MockServer::start_async().await;
    webhooks(&server, &[]).await;
    let mut unreadable = message(0);
    unreadable["id"] = json!({ "of": "another kind" });
    let mut drifted = message(14);
    drifted["text"] = json!({ "of": "another kind" });
    let data = [message(11), unreadable.clone(), drifted, message(15)];
    let mock = server.mock_async(|when, then| {
        when.path("/v1/messages").query_param("start_id", "11");
        let meta = json!({ "total": 4, "limit": 200 });
        then.status(200)
            .json_body(json!({ "data": data, "meta": meta, "status": "success" }));
    });
    mock.await;
    let (receiver, handled) = receiver(MemoryStore::default()).await;
    let done = receiver.catch_up_since(&chat(&server), 10).await.unwrap();
    assert_eq!((done.read, done.missed), (3, 3));
    let invalid: Vec<Value> = done
        .invalid
        .iter()
        .map(|record| serde_json::from_str(record.json()).unwrap())
        .collect();
    assert_eq!(invalid, [unreadable]);
    assert_eq!(
        all_handled(receiver, handled).await,
        [(11, true), (14, true), (15, true)]
    );
}

#[tokio::test]
async fn with_nothing_known_nothing_is_read() {
    let server = MockServer::start_async().await;
    let (receiver, _) = receiver(MemoryStore::default()).await;
    let done = receiver.catch_up(&chat(&server)).await.unwrap();
    assert_eq!((done.read, done.missed), (0, 0));
}

#[tokio::test]
async fn only_events_that_somebody_subscribed_to_are_handed_over() {
    let server = MockServer::start_async().await;
    let types = [
        "from_client",
        "to_client",
        "comment",
        "system",
        "autoreply",
        "from_client",
    ];
    let data = (1..).zip(types).map(|(id, type_)| {
        let mut message = message(id);
        message["type"] = json!(type_);
        message
    });
    let page = json!({ "data": data.collect::<Vec<_>>(), "meta": { "total": 6, "limit": 200 } });
    let mock = server.mock_async(|when, then| {
        when.path("/v1/messages");
        then.status(200).json_body(page);
    });
    mock.await;

    let named = [WebhookEvent::Comment];
    type Case<'a> = (&'a [&'a [&'a str]], &'a [WebhookEvent], &'a [i64]);
    let cases: [Case<'_>; 5] = [
        (&[&["inbox"]], &[], &[1, 6]),
        (
            &[&["inbox", "new_client"], &["system_message"]],
            &[],
            &[1, 4, 6],
        ),
        (&[&["new_request"]], &[], &[]),
        (&[&["inbox"]], &named, &[3]),
        (&[], &[], &[1, 2, 3, 4, 5, 6]),
    ];
    for (registered, named, expected) in cases {
        let registration = webhooks(&server, registered).await;
        let handled = Handled::default();
        let noted = handled.clone();
        let receiver = Receiver::builder(verifier())
            .events(named.iter().cloned())
            .start(move |delivery| {
                let id = delivery.message().and_then(|message| message.message_id);
                noted.lock().unwrap().push((id.unwrap(), true));
                async { Ok::<_, std::io::Error>(()) }
            });
        let receiver = receiver.await.unwrap();
        let done = receiver.catch_up_since(&chat(&server), 0).await.unwrap();
        assert_eq!((done.read, done.missed), (6, expected.len() as u64));
        let ids: Vec<i64> = all_handled(receiver, handled)
            .await
            .into_iter()
            .map(|(id, _)| id)
            .collect();
        assert_eq!(ids, expected, "{registered:?} {named:?}");
        registration.delete_async().await;
    }
}
