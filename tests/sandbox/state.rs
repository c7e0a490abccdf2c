//! What a call changes, later calls see.

use crate::sandbox;
use chat2desk::messages::{Draft, Incoming, Sender};
use chat2desk::sandbox::{Sandbox, TOKEN};
use chat2desk::types::*;
use chat2desk::wire::{DialogState, MessageType};
use chat2desk::{Chat2Desk, ErrorKind, List};
use chrono::{NaiveDate, TimeZone, Utc};
use std::time::Duration;

const CLIENT: i64 = 94_000_001;

#[tokio::test]
async fn the_token_is_checked() {
    let sandbox = Sandbox::builder().token("demo").start().await.unwrap();
    let stranger = sandbox.client().with_token(TOKEN).unwrap();
    let error = stranger.list_clients().send().await.unwrap_err();
    assert_eq!(
        (error.kind(), error.message()),
        (ErrorKind::Auth, Some("Token is not correct"))
    );
    let nobody = reqwest::get(format!("{}/v1/clients", sandbox.url()))
        .await
        .unwrap();
    assert_eq!(nobody.status(), 401);
    assert!(nobody.text().await.unwrap().contains("You need to auth"));
    let known = Chat2Desk::builder("demo")
        .base_url(sandbox.url())
        .build()
        .unwrap();
    known.list_clients().send().await.unwrap();
    let journal = format!("{:?} {sandbox:?}", sandbox.calls());
    assert!(!journal.contains("demo"), "{journal}");
}

#[tokio::test]
async fn a_customer_is_made_once() {
    let sandbox = sandbox().await;
    let chat = sandbox.client();
    let new = || {
        CreateClientRequest::builder()
            .phone("15550109999")
            .transport("whatsapp")
            .nickname("Test")
    };
    let made = chat.create_client(new()).send().await.unwrap().data.id;
    let error = chat.create_client(new()).send().await.unwrap_err();
    assert_eq!(error.existing_client_id(), Some(made));
    let elsewhere = chat
        .create_client(new().transport("telegram"))
        .send()
        .await
        .unwrap();
    assert_ne!(elsewhere.data.id, made);
    for (request, says) in [
        (
            new().phone("1").transport("pigeon"),
            "transport is incorrect",
        ),
        (new().phone("2").channel_id(0), "channel not found"),
    ] {
        let error = chat.create_client(request).send().await.unwrap_err();
        assert!(error.to_string().contains(says), "{error}");
    }
    let fields = |json: serde_json::Value| json.as_object().unwrap().clone();
    for (custom, kept) in [
        (serde_json::json!({ "5": "Gold", "6": "a" }), 2),
        (serde_json::json!({ "6": "" }), 1),
    ] {
        let change = UpdateClientRequest::builder()
            .comment("Calls back")
            .custom_fields(fields(custom));
        chat.update_client(made, change).send().await.unwrap();
        let client = chat.get_client(made).send().await.unwrap();
        assert_eq!(client.data.comment.as_deref(), Some("Calls back"));
        assert_eq!(client.data.custom_fields.len(), kept);
    }
}

#[tokio::test]
async fn sending_opens_a_dialog() {
    let sandbox = sandbox().await;
    let chat = sandbox.client();
    let request = CreateClientRequest::builder()
        .phone("15550109999")
        .transport("telegram");
    let client = chat.create_client(request).send().await.unwrap().data.id;
    let quiet = SendMessageRequest::builder()
        .client_id(client)
        .text("Hello")
        .open_dialog(false);
    let sent = chat.send_message(quiet).send().await.unwrap();
    assert_eq!((sent.data.dialog_id, sent.data.request_id), (None, None));

    let sent = chat
        .send_message(Draft::text(client, "Hello"))
        .send()
        .await
        .unwrap();
    let (dialog, request) = (sent.data.dialog_id.unwrap(), sent.data.request_id.unwrap());
    let opened = chat.get_dialog(dialog).send().await.unwrap();
    assert_eq!(opened.data.state, Some(DialogState::Open));
    assert_eq!(
        opened.data.last_message.as_ref().unwrap().id,
        sent.data.message_id
    );
    let again = chat
        .send_message(Draft::text(client, "Still there?"))
        .send()
        .await
        .unwrap();
    assert_eq!(
        (again.data.dialog_id, again.data.request_id),
        (Some(dialog), Some(request))
    );
    let of_request = chat.list_request_messages(request).send().await.unwrap();
    assert_eq!(of_request.len(), 2);

    chat.close_request(CloseRequestRequest::builder().client_id(client))
        .send()
        .await
        .unwrap();
    let closed = chat.get_dialog(dialog).send().await.unwrap();
    assert_eq!(closed.data.state, Some(DialogState::Closed));
    let close = UpdateDialogRequest::builder().state("closed");
    let error = chat.update_dialog(dialog, close).send().await.unwrap_err();
    assert!(
        error.to_string().contains("already has state closed"),
        "{error}"
    );
    let other = chat
        .send_message(Draft::text(client, "One more thing"))
        .send()
        .await
        .unwrap();
    assert_eq!(other.data.dialog_id, Some(dialog));
    assert!(other.data.request_id.unwrap() > request);
}

#[tokio::test]
async fn what_cannot_be_sent_is_refused() {
    let sandbox = sandbox().await;
    let chat = sandbox.client();
    let draft = || {
        SendMessageRequest::builder()
            .client_id(CLIENT)
            .text("Hello")
    };
    for (request, field) in [
        (draft().client_id(1), "client_id"),
        (SendMessageRequest::builder().client_id(CLIENT), "text"),
        (draft().channel_id(5), "channel_id"),
        (draft().type_("from_client"), "type"),
        (draft().attachment("here.jpg"), "attachment"),
        (draft().transport("pigeon"), "transport"),
    ] {
        let error = chat.send_message(request).send().await.unwrap_err();
        assert_eq!(error.field_errors()[0].field, field, "{error}");
    }
    let error = chat
        .send_message(draft().operator_id(5))
        .send()
        .await
        .unwrap_err();
    assert!(
        error.to_string().contains("Operator 5 not found"),
        "{error}"
    );
}

#[tokio::test]
async fn a_day_after_the_customer_wrote_whatsapp_takes_only_templates() {
    let sandbox = sandbox().await;
    let chat = sandbox.client();
    let status = async |text: &str| {
        let request = SendMessageRequest::builder().client_id(CLIENT).text(text);
        let sent = chat
            .send_message(request)
            .send()
            .await
            .unwrap()
            .data
            .message_id;
        chat.get_message(sent)
            .send()
            .await
            .unwrap()
            .data
            .status
            .clone()
            .unwrap()
    };
    sandbox.write_as(CLIENT, "Hello?").unwrap();
    assert_eq!(status("Good morning").await, "sent");
    sandbox.advance(Duration::from_secs(25 * 3600));
    assert_eq!(status("Good morning").await, "failed");
    assert_eq!(status("@HSM@order|Ada").await, "sent");
}

#[tokio::test]
async fn a_customer_writes_from_a_channel_of_yours() {
    let sandbox = sandbox().await;
    let chat = sandbox.client();
    let sender = || Sender::id("shop-118").unwrap();
    for _ in 0..2 {
        chat.receive_message(Incoming::text(58_001, sender(), "Hello?"))
            .send()
            .await
            .unwrap();
    }
    let found = chat.list_clients().phone("shop-118").send().await.unwrap();
    let [client] = found.data.as_slice() else {
        panic!("{}", found.data.len())
    };
    let messages = chat
        .list_messages()
        .client_id(client.id)
        .collect_all()
        .await
        .unwrap();
    assert!(messages.len() == 2 && messages.iter().all(Message::is_from_client));
    assert_eq!(messages[0].read, Some(0));
    // Whoever is answered has been read.
    chat.send_message(Draft::text(client.id, "Hello!"))
        .send()
        .await
        .unwrap();
    let message = chat.get_message(messages[0].id).send().await.unwrap();
    assert_eq!(message.data.read, Some(1));
    chat.mark_message_unread(messages[0].id)
        .send()
        .await
        .unwrap();
    let unread = chat
        .list_messages()
        .client_id(client.id)
        .read(0)
        .collect_all()
        .await
        .unwrap();
    assert_eq!(unread.len(), 1);

    let both = FromClient::builder().id("shop-118").phone("15550100002");
    let both = ReceiveMessageRequest::builder()
        .channel_id(58_001)
        .body("Hello")
        .from_client(both);
    let error = chat.receive_message(both).send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Validation);
}

#[tokio::test]
async fn tags_are_attached_once_and_detached_once() {
    let sandbox = sandbox().await;
    let chat = sandbox.client();
    let tags = |ids: Vec<i64>, id: i64| {
        let request = AssignTagsRequest::builder()
            .tag_ids(ids)
            .assignee_type("client")
            .assignee_id(id);
        chat.assign_tags(request).send()
    };
    let has = async || {
        let client = chat.get_client(CLIENT + 1).send().await.unwrap();
        client
            .data
            .tags
            .iter()
            .map(|tag| tag.id)
            .collect::<Vec<_>>()
    };
    // Twice is as once, and tags that there are not do no harm.
    for _ in 0..2 {
        tags(vec![1305, 0], CLIENT + 1).await.unwrap();
        assert_eq!(has().await, [1305]);
    }
    assert!(
        tags(vec![1305], 1)
            .await
            .unwrap_err()
            .to_string()
            .contains("client does not belong")
    );
    let remove = || chat.remove_tag(1305).client_id(CLIENT + 1).send();
    remove().await.unwrap();
    assert!(
        remove()
            .await
            .unwrap_err()
            .to_string()
            .contains("client not found")
    );
    assert_eq!(has().await, [0; 0]);

    let new = CreateTagRequest::builder()
        .tag_group_id(88)
        .tag_label("New")
        .tag_description("d");
    let new = new.tag_bg_color("2F80ED").tag_text_color("FFFFFF");
    let tag = chat.create_tag(new).send().await.unwrap().data.id;
    let tag = chat.get_tag(tag).send().await.unwrap();
    assert_eq!(tag.data.group_name.as_deref(), Some("Client kind"));
}

#[tokio::test]
async fn tickets_operators_and_dialogs_change() {
    let sandbox = sandbox().await;
    let chat = sandbox.client();
    let ticket = CreateTicketRequest::builder()
        .summary("Call back")
        .deadline("2026-09-01");
    let ticket = chat
        .create_ticket(ticket)
        .send()
        .await
        .unwrap()
        .data
        .id
        .clone();
    chat.update_ticket(&ticket, UpdateTicketRequest::builder().status(4))
        .send()
        .await
        .unwrap();
    let read = chat.get_ticket(&ticket).send().await.unwrap();
    assert_eq!(
        (read.data.status, read.data.summary.as_deref()),
        (Some(4), Some("Call back"))
    );
    chat.delete_ticket(&ticket).send().await.unwrap();
    assert!(
        chat.get_ticket(&ticket)
            .send()
            .await
            .unwrap_err()
            .is_not_found()
    );

    chat.set_operator_status(310_001, 1).send().await.unwrap();
    let operator = chat.get_operator(310_001).send().await.unwrap();
    assert_eq!(operator.data.offline_type.as_deref(), Some("busy"));

    let message = sandbox.write_as(CLIENT, "Hello?").unwrap();
    chat.transfer_message(message, 310_002)
        .send()
        .await
        .unwrap();
    let dialog = chat
        .get_message(message)
        .send()
        .await
        .unwrap()
        .data
        .dialog_id
        .unwrap();
    let given = chat.get_dialog(dialog).send().await.unwrap();
    assert_eq!(given.data.operator_id, Some(310_002));
    let error = chat.transfer_message(message, 1).send().await.unwrap_err();
    assert!(
        error.to_string().contains("Operator 1 not found"),
        "{error}"
    );
    let sent = chat
        .send_message(Draft::text(CLIENT, "Hello!"))
        .send()
        .await
        .unwrap();
    assert_eq!(sent.data.operator_id, Some(310_002));
    assert_eq!(sent.data.type_, Some(MessageType::ToClient));
}

/// A message that was sent without a dialog gets one when it is handed over.
#[tokio::test]
async fn a_message_is_handed_over_with_its_conversation() {
    let sandbox = sandbox().await;
    let chat = sandbox.client();
    let request = CreateClientRequest::builder()
        .phone("15550109999")
        .transport("telegram");
    let client = chat.create_client(request).send().await.unwrap().data.id;
    let quiet = SendMessageRequest::builder()
        .client_id(client)
        .text("Hello");
    let quiet = chat.send_message(quiet.open_dialog(false)).send();
    let message = quiet.await.unwrap().data.message_id;
    chat.transfer_message(message, 310_003)
        .send()
        .await
        .unwrap();
    let dialogs = chat.list_client_dialogs(client).send().await.unwrap();
    let dialog = &dialogs.data[0];
    assert_eq!(
        (dialog.messages, dialog.operator_id),
        (Some(1), Some(310_003))
    );
    assert_eq!(dialog.last_message.as_ref().unwrap().id, message);
    let request = dialog.last_request_id.unwrap();
    let messages = chat.list_request_messages(request).send().await.unwrap();
    assert_eq!(messages.len(), 1);
}

/// Who writes: nobody before somebody is assigned, and a program in the name of the account's user.
#[tokio::test]
async fn messages_have_the_operator_of_their_dialog() {
    let sandbox = sandbox().await;
    let chat = sandbox.client();
    let operator = async |id: i64| {
        let message = chat.get_message(id).send().await.unwrap();
        message.data.operator_id
    };
    let first = sandbox.write_as(CLIENT + 320, "Hello?").unwrap();
    assert_eq!(operator(first).await, None);
    let automatic = SendMessageRequest::builder()
        .client_id(CLIENT + 320)
        .text("One moment");
    let automatic = chat.send_message(automatic.type_("autoreply")).send();
    assert_eq!(automatic.await.unwrap().data.operator_id, None);
    let sent = chat
        .send_message(Draft::text(CLIENT + 320, "Hello!"))
        .send();
    assert_eq!(sent.await.unwrap().data.operator_id, Some(310_001));
    let second = sandbox.write_as(CLIENT + 320, "Thanks").unwrap();
    assert_eq!(operator(second).await, Some(310_001));
}

#[tokio::test]
async fn who_waits_for_an_answer() {
    let sandbox = sandbox().await;
    let waiting = async || {
        let dialogs = sandbox
            .client()
            .list_unanswered_dialogs()
            .limit(600)
            .send()
            .await
            .unwrap();
        dialogs
            .data
            .iter()
            .filter_map(|dialog| dialog.last_message.as_ref()?.client_id)
            .collect::<Vec<_>>()
    };
    let before = waiting().await.len();
    sandbox.write_as(CLIENT, "Hello?").unwrap();
    assert_eq!(waiting().await.len(), before);
    sandbox.advance(Duration::from_secs(601));
    assert!(waiting().await.contains(&CLIENT));
}

/// Reports are made of what happened.
#[tokio::test]
async fn a_report_follows_the_conversation() {
    let start = Utc.with_ymd_and_hms(2026, 6, 1, 9, 0, 0).unwrap();
    let sandbox = Sandbox::builder().clock(start).start().await.unwrap();
    let chat = sandbox.client();
    let day = NaiveDate::from_ymd_opt(2026, 6, 1).unwrap();
    let rows = async |report: &str| {
        let rows = chat.get_statistics(report, day).send().await.unwrap();
        rows.data.clone()
    };
    assert_eq!(rows("request_stats").await.len(), 0);
    // A customer without an open dialog.
    let client = CreateClientRequest::builder()
        .phone("15550109999")
        .transport("telegram");
    let client = chat.create_client(client).send().await.unwrap().data.id;
    sandbox.write_as(client, "Hello?").unwrap();
    sandbox.advance(Duration::from_secs(42));
    let answer = SendMessageRequest::builder()
        .client_id(client)
        .text("Hello!")
        .operator_id(310_001);
    chat.send_message(answer).send().await.unwrap();
    let stats = rows("request_stats").await;
    let [request] = stats.as_slice() else {
        panic!("{} rows", stats.len())
    };
    let reaction = request.reaction_time.as_ref().unwrap();
    assert!((42..45).contains(&reaction.as_i64().unwrap()));
    assert_eq!(request.operator_name.as_deref(), Some("Ann Agent"));
    for report in ["operator_events", "operator_stats", "operator_replies"] {
        assert_eq!(rows(report).await.len(), 1, "{report}");
    }
    let error = chat
        .get_statistics("weather", day)
        .send()
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Validation);
}

#[tokio::test]
async fn operations_of_unknown_behaviour_say_so() {
    let sandbox = sandbox().await;
    let header = |response: reqwest::Response| {
        let header = response.headers().get("x-sandbox-answer");
        header.map(|value| value.to_str().unwrap().to_owned())
    };
    let get = async |path: &str| {
        let request = reqwest::Client::new().get(format!("{}{path}", sandbox.url()));
        header(request.header("authorization", TOKEN).send().await.unwrap())
    };
    assert_eq!(get("/v1/countries").await.as_deref(), Some("example"));
    assert_eq!(
        get("/v1/scenarios/menu_items").await.as_deref(),
        Some("example")
    );
    assert_eq!(get("/v1/clients").await, None);
}

#[tokio::test]
async fn parameters_travel_in_a_form_or_the_query_as_well() {
    let sandbox = sandbox().await;
    let http = reqwest::Client::new();
    let post = |query: &str| {
        http.post(format!("{}/v1/messages{query}", sandbox.url()))
            .header("authorization", TOKEN)
    };
    let form = post("").header("content-type", "application/x-www-form-urlencoded");
    let form = form
        .body("client_id=94000001&text=Hello%21")
        .send()
        .await
        .unwrap();
    assert_eq!(form.status(), 200);
    let query = post("?client_id=94000001&text=Hello").send().await.unwrap();
    assert_eq!(query.status(), 200);
    let broken = post("")
        .header("content-type", "application/json")
        .body("{")
        .send()
        .await
        .unwrap();
    assert_eq!(broken.status(), 400);
    let last = sandbox
        .client()
        .list_messages()
        .order("desc")
        .limit(2)
        .send()
        .await
        .unwrap();
    let texts: Vec<_> = last
        .data
        .iter()
        .filter_map(|message| message.text.as_deref())
        .collect();
    assert_eq!(texts, ["Hello", "Hello!"]);
}
