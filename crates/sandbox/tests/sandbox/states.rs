//! What becomes of sent messages: their states, and the event `outbox_status`.

use crate::receiver::Receiver;
use crate::{external_customer, new_customer, sandbox};
use chat2desk::ErrorKind;
use chat2desk::messages::Draft;
use chat2desk::webhook::Payload;
use chat2desk::wire::MessageStatusCode;
use chat2desk_sandbox::{Fault, Rule, Sandbox};
use chrono::{DateTime, Utc};
use std::time::Duration;

const CLIENT: i64 = 94_000_001;

async fn send(sandbox: &Sandbox, client: i64) -> i64 {
    let message = sandbox.client().send_message(Draft::text(client, "Hello"));
    message.send().await.unwrap().data.message_id
}

async fn status(sandbox: &Sandbox, message: i64) -> String {
    let message = sandbox.client().get_message(message).send().await.unwrap();
    message.data.status.clone().unwrap()
}

/// The states that a receiver was told of: message, state, error, and the second of the event.
fn told(receiver: &Receiver) -> Vec<(i64, String, serde_json::Value, DateTime<Utc>)> {
    let events = receiver.take_events().into_iter();
    let states = events.filter_map(|event| {
        let Payload::OutboxStatus(status) = event.payload() else {
            return None;
        };
        let data = status.data.as_ref().unwrap();
        assert_eq!(data.client_id, Some(CLIENT));
        assert!(data.dialog_id.is_some());
        let state = data.gateway_status.as_ref().unwrap().to_string();
        let error = data.error.clone().unwrap_or_default();
        let at = event.occurred_at().unwrap();
        Some((data.id.unwrap(), state, error, at))
    });
    states.collect()
}

/// By the clock: in order, each at its time, also when all of them come at once.
#[tokio::test]
async fn a_message_passes_its_states() {
    let start = "2026-06-01T22:00:00Z".parse().unwrap();
    let sandbox = Sandbox::builder().clock(start).start().await.unwrap();
    let receiver = Receiver::start().await;
    receiver.register(&sandbox).await;
    sandbox.write_as(CLIENT, "Hello?").unwrap();
    let message = send(&sandbox, CLIENT).await;
    sandbox.advance(Duration::from_secs(3600));
    assert_eq!(status(&sandbox, message).await, "seen");
    sandbox.settle().await;
    let told = told(&receiver);
    let states: Vec<_> = told.iter().map(|(_, state, ..)| state.as_str()).collect();
    assert_eq!(states, ["pending", "sent", "delivered", "seen"]);
    let after = |(_, _, _, time): &(_, _, _, DateTime<Utc>)| (*time - told[0].3).num_seconds();
    let after: Vec<_> = told.iter().map(after).collect();
    assert_eq!(after, [0, 1, 2, 60]);
    assert!(told.iter().all(|(id, ..)| *id == message));
    // By the clock of Moscow it is the next day.
    let body = sandbox.deliveries().pop().unwrap().body;
    assert!(body.contains(r#""created":"2026-06-02T01:0"#), "{body}");
    assert!(body.contains(" MSK\""), "{body}");
}

/// Nobody has to ask or to move the clock.
#[tokio::test(start_paused = true)]
async fn states_come_by_themselves() {
    let sandbox = sandbox().await;
    let receiver = Receiver::start().await;
    receiver.register(&sandbox).await;
    sandbox.write_as(CLIENT, "Hello?").unwrap();
    send(&sandbox, CLIENT).await;
    let mut states = Vec::new();
    while states.len() < 2 {
        tokio::time::sleep(Duration::from_millis(100)).await;
        states.extend(told(&receiver));
    }
    assert_eq!(states[1].1, "sent");
}

#[tokio::test]
async fn a_message_fails_or_is_not_seen() {
    let sandbox = sandbox().await;
    let receiver = Receiver::start().await;
    receiver.register(&sandbox).await;
    sandbox.write_as(CLIENT, "Hello?").unwrap();
    let refused = Fault::NotDelivered("no such number".into());
    sandbox.inject(Rule::new(refused).on("send_message").times(1));
    sandbox.inject(Rule::new(Fault::NotSeen).on("send_message").after(1));
    let (failed, unseen) = (send(&sandbox, CLIENT).await, send(&sandbox, CLIENT).await);
    sandbox.advance(Duration::from_secs(3600));
    sandbox.settle().await;
    assert_eq!(status(&sandbox, failed).await, "failed");
    assert_eq!(status(&sandbox, unseen).await, "delivered");
    let told = told(&receiver);
    let of = |message: i64| {
        let of_message = told.iter().filter(|(id, ..)| *id == message);
        let states = of_message.map(|(_, state, error, _)| (state.as_str(), error.clone()));
        states.collect::<Vec<_>>()
    };
    assert_eq!(
        of(failed),
        [
            ("pending", serde_json::Value::Null),
            ("failed", "no such number".into())
        ]
    );
    assert_eq!(of(unseen).last().unwrap().0, "delivered");
    let messages = sandbox.client().list_messages().start_id(failed);
    let messages = messages.send().await.unwrap();
    let request = messages.data[0].request_id.unwrap();
    let of_request = sandbox.client().list_request_messages(request);
    let of_request = of_request.send().await.unwrap();
    let shown = of_request.iter().find(|message| message.id == failed);
    assert_eq!(shown.unwrap().gateway_status.as_deref(), Some("failed"));
}

/// Whoever delivers an external channel's messages says what became of them.
#[tokio::test]
async fn an_external_channel_tells_its_states() {
    let sandbox = sandbox().await;
    let chat = sandbox.client();
    let client = external_customer(chat).await;
    let message = send(&sandbox, client).await;
    sandbox.advance(Duration::from_secs(3600));
    assert_eq!(status(&sandbox, message).await, "pending");
    let receiver = Receiver::start().await;
    receiver.register(&sandbox).await;
    let codes = [
        (MessageStatusCode::Sent, "sent"),
        (MessageStatusCode::Failed, "failed"),
        (MessageStatusCode::Cancelled, "canceled"),
        (MessageStatusCode::Delivered, "delivered"),
        (MessageStatusCode::Seen, "seen"),
        (MessageStatusCode::Pending, "pending"),
    ];
    for (code, name) in codes {
        let set = chat.set_message_status(message, code);
        set.send().await.unwrap();
        assert_eq!(status(&sandbox, message).await, name);
    }
    sandbox.settle().await;
    assert_eq!(receiver.take().len(), 6);

    let other = new_customer(chat).await;
    let incoming = sandbox.write_as(client, "Thanks").unwrap();
    for message in [send(&sandbox, other).await, incoming] {
        let set = chat.set_message_status(message, MessageStatusCode::Seen);
        let error = set.send().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Validation);
    }
}

#[tokio::test]
async fn what_is_not_sent_yet_can_be_dropped() {
    let sandbox = sandbox().await;
    let chat = sandbox.client();
    let client = external_customer(chat).await;
    let (sent, unsent) = (send(&sandbox, client).await, send(&sandbox, client).await);
    let set = chat.set_message_status(sent, MessageStatusCode::Sent);
    set.send().await.unwrap();
    chat.delete_outbox().send().await.unwrap();
    let gone = chat.get_message(unsent).send().await.unwrap_err();
    assert!(gone.is_not_found());
    assert_eq!(status(&sandbox, sent).await, "sent");
    let dialogs = chat.list_client_dialogs(client).send().await.unwrap();
    let dialog = chat.get_dialog(dialogs.data[0].id).send().await.unwrap();
    assert_eq!(dialog.data.messages, Some(1));
    assert_eq!(dialog.data.last_message.as_ref().unwrap().id, sent);
}

/// The first message of the README and of the quickstart: to the customer who wrote last.
#[tokio::test]
async fn the_first_message_is_delivered() {
    let sandbox = sandbox().await;
    let newest = sandbox.client().list_messages().order("desc").limit(1);
    let newest = newest.send().await.unwrap();
    let last = newest.data[0].created.clone().unwrap().to_utc().unwrap();
    let since = sandbox.now() - last;
    assert!((0..30).contains(&since.num_seconds()), "{since}");
    assert_eq!(newest.data[0].client_id, Some(CLIENT));
    let message = send(&sandbox, CLIENT).await;
    sandbox.advance(Duration::from_secs(60));
    assert_eq!(status(&sandbox, message).await, "seen");
    assert_eq!(sandbox.calls_of("send_message")[0].note, None);
}

/// The API's records have no field for the reason; the event, the journal and the page have.
#[tokio::test]
async fn a_failed_message_says_why() {
    let sandbox = sandbox().await;
    let receiver = Receiver::start().await;
    receiver.register(&sandbox).await;
    sandbox.write_as(CLIENT, "Hello?").unwrap();
    sandbox.advance(Duration::from_secs(25 * 3600));
    let message = send(&sandbox, CLIENT).await;
    sandbox.advance(Duration::from_secs(1));
    sandbox.settle().await;
    assert_eq!(status(&sandbox, message).await, "failed");
    let reason = "the customer has been silent for more than 24 hours";
    let told = told(&receiver);
    assert_eq!(told.last().unwrap().2, reason);
    let note = sandbox.calls_of("send_message")[0].note.clone().unwrap();
    assert_eq!(note, format!("message {message} will fail: {reason}"));
    // What fails later succeeds as a call.
    assert_eq!(sandbox.calls_of("send_message")[0].status, Some(200));
}
