//! Payloads: every documented shape has a field for all that it holds, and is written back as it came.

use crate::events::{event, samples};
use chat2desk::webhook::payload::{
    AiHintsRequested, AuthenticationEvent, ClientChannel, GatewayStatus, OneOrMany, Platform,
};
use chat2desk::webhook::{Event, Payload};
use chat2desk::wire::{LooseNumber, Messenger, WebhookEvent};
use serde_json::{Map, Value, json};

/// The typed payload as JSON, and what of the post has no field at its top level.
macro_rules! typed {
    ($event:expr, $($variant:ident)*) => {
        match $event.payload() {
            $(Payload::$variant(payload) => (json!(payload), payload.other.clone()),)*
            _ => panic!("{:?}", $event),
        }
    };
}

pub fn written(event: &Event) -> (Value, Map<String, Value>) {
    typed!(event, Inbox Outbox OutboxStatus NewClient ClientUpdated ClientAddedToBlacklist NewTag
        AddTagToClient DeleteTagFromClient AddTagToRequest DeleteTagFromRequest NewRequest CloseRequest
        CloseDialog DialogTransferred Comment SystemMessage ImportedMessage AiHintsRequested
        OperatorStatusChanged OperatorAuthenticationUpdated NewQrCode DeviceUpdated NewTicket
        TicketUpdated TicketDeleted)
}

/// What of the post has no field in the objects inside of a payload.
fn others_inside(payload: &Payload) -> Vec<&Map<String, Value>> {
    match payload {
        Payload::Inbox(message)
        | Payload::Outbox(message)
        | Payload::Comment(message)
        | Payload::SystemMessage(message)
        | Payload::ImportedMessage(message) => {
            let files = message.attachments.iter().flatten();
            let card = message.client.iter().map(|card| &card.other);
            card.chain(files.map(|file| &file.other)).collect()
        }
        Payload::OutboxStatus(status) => status.data.iter().map(|data| &data.other).collect(),
        Payload::NewClient(client)
        | Payload::ClientUpdated(client)
        | Payload::ClientAddedToBlacklist(client) => {
            let channels = client.channels.iter().flatten();
            channels.map(|channel| &channel.other).collect()
        }
        Payload::NewRequest(request) => {
            let cards = request.client.iter();
            let channels = cards
                .clone()
                .flat_map(|card| card.channels.iter().flatten());
            let channels = channels.map(|channel| &channel.other);
            cards.map(|card| &card.other).chain(channels).collect()
        }
        Payload::NewTicket(event)
        | Payload::TicketUpdated(event)
        | Payload::TicketDeleted(event) => {
            event.ticket.iter().map(|ticket| &ticket.other).collect()
        }
        _ => Vec::new(),
    }
}

/// Whether all that came is written with its value, nulls too; what is written besides is null.
fn comes_back(came: &Value, written: &Value) -> bool {
    match (came, written) {
        (Value::Object(came), Value::Object(written)) => {
            came.iter()
                .all(|(key, value)| written.get(key).is_some_and(|back| comes_back(value, back)))
                && written
                    .iter()
                    .all(|(key, value)| came.contains_key(key) || value.is_null())
        }
        (Value::Array(came), Value::Array(written)) => {
            came.len() == written.len()
                && came
                    .iter()
                    .zip(written)
                    .all(|(came, back)| comes_back(came, back))
        }
        _ => came == written,
    }
}

/// The samples, and further shapes that are documented or known of the API.
fn shapes() -> Vec<(String, Value)> {
    let samples = samples();
    let mut shapes: Vec<(String, Value)> = samples.clone().into_iter().collect();
    let mut vary = |name: &str, changes: &[(&str, Value)]| {
        let mut shape = samples[name].clone();
        for (place, value) in changes {
            *shape.pointer_mut(place).unwrap() = value.clone();
        }
        shapes.push((name.to_owned(), shape));
    };
    let none = json!({ "id": null, "transports": [null] });
    vary("client_updated", &[("/channels", none.clone())]);
    vary("client_updated", &[("/channels", json!([]))]);
    vary(
        "client_updated",
        &[(
            "/channels",
            json!([{ "id": 58_001, "transports": ["telegram", null] }]),
        )],
    );
    vary("new_request", &[("/client/channels", none)]);
    vary("new_request", &[("/client", Value::Null)]);
    vary("comment", &[("/attachments", json!([]))]);
    vary("new_ticket", &[("/ticket/id", json!(118))]);
    vary("ticket_updated", &[("/ticket/id", json!("118"))]);
    vary("operator_status_changed", &[("/online", json!(0))]);
    vary("new_qr_code", &[("/phone", json!("15550100199"))]);
    vary(
        "outbox_status",
        &[
            ("/data/gateway_status", json!("failed")),
            ("/data/error", json!({ "code": 7 })),
        ],
    );
    vary(
        "operator_authentication_updated",
        &[("/event", json!("logout")), ("/platform", json!("mobile"))],
    );
    let chosen = json!({ "client_id": 94_000_001, "message_id": 5_000_000_101_i64, "hint_id": 2,
        "hook_type": "ai_hints_requested", "event_time": "2026-05-04T09:12:45Z" });
    shapes.push(("ai_hints_requested".into(), chosen));
    shapes
}

#[test]
fn every_documented_shape_is_typed_whole_and_comes_back() {
    for (name, post) in shapes() {
        let event = event(&post);
        assert_eq!(
            (event.drift(), event.name().unwrap().as_str()),
            (&[][..], name.as_str())
        );
        let (written, other) = written(&event);
        assert!(other.is_empty(), "{name}: {:?}", other.keys());
        for other in others_inside(event.payload()) {
            assert!(other.is_empty(), "{name}: {:?}", other.keys());
        }
        let mut came = post.clone();
        came.as_object_mut()
            .unwrap()
            .retain(|key, _| key != "hook_type" && key != "event_time");
        assert!(
            comes_back(&came, &written),
            "{came}\nis written as\n{written}"
        );
    }
}

#[test]
fn what_has_no_field_is_kept_and_comes_back() {
    for (name, mut post) in samples() {
        post["x_new"] = json!({ "a": [1, null] });
        let (written, other) = written(&event(&post));
        assert_eq!(
            json!(other),
            json!({ "x_new": { "a": [1, null] } }),
            "{name}"
        );
        assert_eq!(written["x_new"], post["x_new"], "{name}");
    }
}

#[test]
fn two_events_call_themselves_otherwise_than_one_subscribes_to() {
    let own = |name: &str| {
        match name {
            "operator_status_changed" => "operator_status_updated",
            "device_updated" => "device_update",
            name => name,
        }
        .to_owned()
    };
    for (name, mut post) in samples() {
        assert_eq!(post["hook_type"], own(&name));
        let as_it_calls_itself = event(&post);
        post["hook_type"] = json!(name);
        let as_subscribed_to = event(&post);
        for event in [&as_it_calls_itself, &as_subscribed_to] {
            assert_eq!(event.name(), Some(WebhookEvent::from(name.as_str())));
            assert_eq!(event.drift(), []);
        }
        assert_eq!(as_it_calls_itself.payload(), as_subscribed_to.payload());
    }
}

#[test]
fn channels_are_one_type_whether_one_or_a_list_came() {
    let channels = |channels: Value| {
        let post = json!({ "hook_type": "client_updated", "channels": channels });
        let event = event(&post);
        let Payload::ClientUpdated(client) = event.payload() else {
            panic!("{event:?}")
        };
        assert_eq!(event.drift(), []);
        client.channels.clone()
    };
    let one = channels(json!({ "id": 58_001, "transports": ["telegram"] })).unwrap();
    let many = channels(json!([{ "id": "58001", "transports": ["telegram"] }])).unwrap();
    assert!(matches!(
        (&one, &many),
        (OneOrMany::One(_), OneOrMany::Many(_))
    ));
    assert_eq!(one[..], many[..]);
    let ids = |channels: &OneOrMany<ClientChannel>| -> Vec<Option<i64>> {
        channels.into_iter().map(|channel| channel.id).collect()
    };
    assert_eq!(ids(&one), [Some(58_001)]);
    assert_eq!(one[0].transports, Some(vec![Some(Messenger::Telegram)]));

    let unknown = channels(json!({ "id": null, "transports": [null] })).unwrap();
    assert_eq!(
        (unknown[0].id, &unknown[0].transports),
        (None, &Some(vec![None]))
    );
    assert_eq!(channels(json!([])).unwrap().len(), 0);
    assert_eq!(channels(Value::Null), None);

    let wrong = event(&json!({ "hook_type": "client_updated", "channels": { "id": "my words" } }));
    let drift: Vec<_> = wrong.drift().iter().map(ToString::to_string).collect();
    assert_eq!(drift, ["at `/channels/id`: expected integer, found string"]);
}

#[test]
fn a_delivery_status_is_told_by_the_clock_of_moscow() {
    for (text, state) in [
        ("pending", GatewayStatus::Pending),
        ("sent", GatewayStatus::Sent),
        ("failed", GatewayStatus::Failed),
        ("scheduled", GatewayStatus::Scheduled),
        ("canceled", GatewayStatus::Canceled),
        ("delivered", GatewayStatus::Delivered),
        ("seen", GatewayStatus::Seen),
        ("queued", GatewayStatus::Other("queued".into())),
    ] {
        let mut post = samples()["outbox_status"].clone();
        post["data"]["gateway_status"] = json!(text);
        let event = event(&post);
        let Payload::OutboxStatus(status) = event.payload() else {
            panic!("{event:?}")
        };
        let data = status.data.as_ref().unwrap();
        assert_eq!(data.gateway_status, Some(state));
        let created = data.created.as_ref().unwrap();
        assert_eq!(created.to_string(), "2026-05-04T12:12:45 MSK");
        assert_eq!(created.to_utc(), event.occurred_at());
        assert_eq!(event.client_id(), data.client_id);
    }
}

#[test]
fn hints_are_requested_and_chosen() {
    let hints = |post: &Value| -> AiHintsRequested {
        let event = event(post);
        assert_eq!(event.client_id(), Some(94_000_001));
        match event.payload() {
            Payload::AiHintsRequested(hints) => hints.clone(),
            _ => panic!("{event:?}"),
        }
    };
    let shapes = shapes().into_iter();
    let both = shapes.filter(|(name, _)| name == "ai_hints_requested");
    let both: Vec<_> = both.map(|(_, post)| post).collect();
    let (requested, chosen) = (hints(&both[0]), hints(&both[1]));
    assert_eq!(
        (requested.hint_id, requested.operator_id),
        (None, Some(310_001))
    );
    assert_eq!((chosen.hint_id, chosen.operator_id), (Some(2), None));
    assert_eq!(requested.message_id, chosen.message_id);
    let keys = both.iter().map(|post| event(post).dedup_key().unwrap());
    let keys: std::collections::BTreeSet<_> = keys.collect();
    assert_eq!(keys.len(), 2);
}

#[test]
fn operators_are_told_in_spellings_of_their_own() {
    for online in [json!(1), json!("1"), json!(true)] {
        let post =
            json!({ "hook_type": "operator_status_updated", "id": 310_001, "online": online });
        let event = event(&post);
        let Payload::OperatorStatusChanged(status) = event.payload() else {
            panic!("{event:?}")
        };
        assert_eq!((status.id, status.online), (Some(310_001), Some(true)));
        let written = json!(status);
        assert_eq!(
            (&written["id"], &written["online"]),
            (&json!("310001"), &json!(1))
        );
    }
    let event = event(&samples()["operator_authentication_updated"]);
    let Payload::OperatorAuthenticationUpdated(login) = event.payload() else {
        panic!("{event:?}")
    };
    assert_eq!(login.id, Some(310_001));
    assert_eq!(login.event, Some(AuthenticationEvent::Login));
    assert_eq!(login.platform, Some(Platform::Web));
}

#[test]
fn the_id_of_a_ticket_is_a_text_or_a_number_and_its_reporter_no_customer() {
    for (id, number, key) in [
        (json!("TICK-118"), None, "new_ticket:TICK-118:"),
        (json!("118"), Some(118), "new_ticket:118:"),
        (json!(118), Some(118), "new_ticket:118:"),
    ] {
        let mut post = samples()["new_ticket"].clone();
        post["ticket"]["id"] = id.clone();
        let event = event(&post);
        let Payload::NewTicket(ticket) = event.payload() else {
            panic!("{event:?}")
        };
        let ticket = ticket.ticket.as_ref().unwrap();
        assert_eq!(json!(ticket.id), id);
        assert_eq!(ticket.id.as_ref().and_then(LooseNumber::as_i64), number);
        assert!(event.dedup_key().unwrap().starts_with(key));
        assert_eq!(
            (ticket.reporter_id, event.client_id()),
            (Some(310_002), None)
        );
    }
}

#[test]
fn a_request_without_the_id_of_its_customer_has_the_card() {
    let mut post = samples()["new_request"].clone();
    post.as_object_mut().unwrap().remove("client_id");
    assert_eq!(event(&post).client_id(), Some(94_000_001));
    post["client"] = Value::Null;
    assert_eq!(event(&post).client_id(), None);
}
