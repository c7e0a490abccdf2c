//! Each change raises its events, with the fields that the vendor documents.

use crate::receiver::Receiver;
use crate::{external_customer, sandbox};
use chat2desk::messages::Draft;
use chat2desk::types::*;
use chat2desk::wire::WebhookEvent;
use chat2desk_sandbox::simulator::{sample, samples};
use serde_json::Value;
use std::collections::{BTreeSet, HashSet};

const CLIENT: i64 = 94_000_001;

/// The paths of a payload's fields. What the fields below hold depends on the account.
fn fields(payload: &Value) -> BTreeSet<String> {
    const OPEN: [&str; 3] = ["custom_fields", "extra_data", "ticket"];
    let mut fields = BTreeSet::new();
    let mut parts = vec![(String::new(), payload)];
    while let Some((path, part)) = parts.pop() {
        for (name, value) in part.as_object().into_iter().flatten() {
            let path = format!("{path}/{name}");
            if !OPEN.contains(&name.as_str()) {
                parts.push((path.clone(), value));
            }
            fields.insert(path);
        }
    }
    fields
}

#[tokio::test]
async fn each_change_is_told() {
    use WebhookEvent::*;
    let sandbox = sandbox().await;
    let receiver = Receiver::start().await;
    receiver.register(&sandbox).await;
    let chat = sandbox.client();
    macro_rules! tells {
        ($change:expr, $events:expr) => {{
            let result = $change;
            sandbox.settle().await;
            assert_eq!(receiver.take(), $events, stringify!($change));
            result
        }};
    }
    macro_rules! call {
        ($call:expr, $events:expr) => {
            tells!($call.send().await.unwrap(), $events)
        };
    }
    let client = tells!(external_customer(chat).await, [NewClient]);
    let message = tells!(
        sandbox.write_as(client, "Hello?").unwrap(),
        [NewRequest, Inbox]
    );
    call!(
        chat.send_message(Draft::text(client, "Hello!")),
        [Outbox, OutboxStatus]
    );
    for (kind, event) in [("comment", Comment), ("system", SystemMessage)] {
        let note = SendMessageRequest::builder().client_id(client).text("Nice");
        call!(chat.send_message(note.type_(kind)), [event]);
    }
    let message = chat.get_message(message).send().await.unwrap();
    let (dialog, request) = (message.data.dialog_id.unwrap(), message.data.request_id);
    let tags = |kind: &str, id: i64| {
        let tags = AssignTagsRequest::builder().tag_ids(vec![1201]);
        chat.assign_tags(tags.assignee_type(kind).assignee_id(id))
    };
    call!(tags("request", request.unwrap()), [AddTagToRequest]);
    let tagged = chat.get_request(request.unwrap()).send().await.unwrap();
    assert_eq!(tagged.data.tags[0]["label"], "VIP");
    let from = RemoveTagRequest::builder().request_id(request.unwrap());
    call!(chat.remove_tag(1201, from), [DeleteTagFromRequest]);
    let give = UpdateDialogRequest::builder().operator_id(310_002);
    call!(chat.update_dialog(dialog, give), [DialogTransferred]);
    let close = UpdateDialogRequest::builder().state("closed");
    call!(
        chat.update_dialog(dialog, close),
        [CloseRequest, CloseDialog]
    );
    let comment = UpdateClientRequest::builder().comment("Calls back");
    call!(chat.update_client(client, comment), [ClientUpdated]);
    call!(tags("client", client), [AddTagToClient]);
    call!(tags("client", client), [] as [WebhookEvent; 0]);
    let from = RemoveTagRequest::builder().client_id(client);
    call!(chat.remove_tag(1201, from), [DeleteTagFromClient]);
    let tag = CreateTagRequest::builder()
        .tag_group_id(88)
        .tag_label("New");
    let tag = tag.tag_description("d").tag_bg_color("2F80ED");
    call!(chat.create_tag(tag.tag_text_color("FFFFFF")), [NewTag]);
    call!(
        chat.set_operator_status(310_001, 1),
        [OperatorStatusChanged]
    );
    tells!(
        assert!(sandbox.set_online(310_001, false)),
        [OperatorAuthenticationUpdated]
    );
    let ticket = CreateTicketRequest::builder().summary("Call back");
    let ticket = call!(chat.create_ticket(ticket), [NewTicket]).into_inner();
    let status = UpdateTicketRequest::builder().status(4);
    call!(chat.update_ticket(&ticket.data.id, status), [TicketUpdated]);
    call!(chat.delete_ticket(&ticket.data.id), [TicketDeleted]);
    let old = chat2desk::types::ImportedMessage::builder()
        .timestamp("1777885965")
        .type_("from_client");
    let import = ImportMessagesRequest::builder()
        .client_id(client)
        .channel_id(58_001)
        .transport("telegram")
        .messages(vec![old.text("Hello").try_into().unwrap()]);
    call!(chat.import_messages(import), [ImportedMessage]);

    // All that the vendor documents is in them, and nothing else.
    let deliveries = sandbox.deliveries();
    for delivery in &deliveries {
        let body = serde_json::from_str(&delivery.body).unwrap();
        let documented = sample(&delivery.event).unwrap();
        assert_eq!(fields(&body), fields(&documented), "{:?}", delivery.event);
        let time = body["event_time"].as_str().unwrap();
        assert_eq!(time.len(), "2026-05-04T09:12:45.250417Z".len());
    }
    // What nothing in the sandbox causes can be posted.
    let raised: HashSet<_> = deliveries.iter().map(|delivery| &delivery.event).collect();
    let events = samples();
    let others = events.iter().filter(|(event, _)| !raised.contains(event));
    let others: Vec<_> = others.collect();
    let names: Vec<_> = others.iter().map(|(event, _)| event.as_str()).collect();
    let expected = [
        "client_added_to_blacklist",
        "ai_hints_requested",
        "new_qr_code",
        "device_updated",
    ];
    assert_eq!(names, expected);
    for (event, payload) in others {
        sandbox.post_event(event.clone(), payload.clone());
        sandbox.settle().await;
        assert_eq!(receiver.take(), std::slice::from_ref(event));
    }
}

/// The events tell what happened, not only that something did.
#[tokio::test]
async fn events_tell_what_changed() {
    let sandbox = sandbox().await;
    let receiver = Receiver::start().await;
    receiver.register(&sandbox).await;
    let chat = sandbox.client();
    let client = CLIENT + 320;
    let message = sandbox.write_as(client, "Hello?").unwrap();
    for operator in [310_002, 310_003] {
        let transfer = chat.transfer_message(message, operator);
        transfer.send().await.unwrap();
    }
    let close = CloseRequestRequest::builder().client_id(client);
    chat.close_request(close).send().await.unwrap();
    sandbox.settle().await;
    let told = |event: WebhookEvent| {
        let deliveries = sandbox.deliveries().into_iter();
        let of_event = deliveries.filter(|delivery| delivery.event == event);
        let bodies = of_event.map(|delivery| serde_json::from_str(&delivery.body).unwrap());
        bodies.collect::<Vec<Value>>()
    };
    let opened = told(WebhookEvent::NewRequest).remove(0);
    assert_eq!(opened["start_message_id"], message);
    assert_eq!(
        (&opened["by_client"], &opened["is_new_client"]),
        (&true.into(), &true.into())
    );
    assert_eq!(opened["client"]["id"], client);
    let given = told(WebhookEvent::DialogTransferred);
    assert_eq!(given[0]["last_operator_id"], Value::Null);
    assert_eq!(given[1]["last_operator_id"], 310_002);
    assert_eq!(given[1]["current_operator_id"], 310_003);
    let closed = told(WebhookEvent::CloseRequest).remove(0);
    assert_eq!(closed["end_message_id"], message);
    assert_eq!(closed["request_id"], opened["request_id"]);
    assert_eq!(told(WebhookEvent::CloseDialog)[0]["operator_id"], 310_003);
}
