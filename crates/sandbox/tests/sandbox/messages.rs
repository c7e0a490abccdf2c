//! Messages and the dialogs that they open.

use crate::{new_customer, sandbox};
use chat2desk::messages::Draft;
use chat2desk::types::*;
use chat2desk::wire::DialogState;
use std::time::Duration;

const CLIENT: i64 = 94_000_001;

#[tokio::test]
async fn sending_opens_a_dialog() {
    let sandbox = sandbox().await;
    let chat = sandbox.client();
    let client = new_customer(chat).await;
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
    let said = &error.field_errors()[0].messages[0];
    assert!(said.contains("already has state closed"), "{said}");
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
        sandbox.advance(Duration::from_secs(60));
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
    assert_eq!(status("Good morning").await, "seen");
    sandbox.advance(Duration::from_secs(25 * 3600));
    assert_eq!(status("Good morning").await, "failed");
    assert_eq!(status("@HSM@order|Ada").await, "seen");
}

/// A message that was sent without a dialog gets one when it is handed over.
#[tokio::test]
async fn a_message_is_handed_over_with_its_conversation() {
    let sandbox = sandbox().await;
    let chat = sandbox.client();
    let client = new_customer(chat).await;
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
    let dialog = chat.get_dialog(dialogs.data[0].id).send().await.unwrap();
    let dialog = &dialog.data;
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
    // The next matter is nobody's at first.
    let close = CloseRequestRequest::builder().client_id(CLIENT + 320);
    chat.close_request(close).send().await.unwrap();
    let third = sandbox.write_as(CLIENT + 320, "One more thing").unwrap();
    assert_eq!(operator(third).await, None);
}
