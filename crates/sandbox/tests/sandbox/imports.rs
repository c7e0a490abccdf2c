//! Messages that were exchanged elsewhere come into the history at their own times.

use crate::receiver::Receiver;
use crate::{new_customer, sandbox};
use chat2desk::types::*;
use chat2desk::webhook::Payload;
use chat2desk::{ErrorKind, List};
use chat2desk_sandbox::Sandbox;
use std::time::Duration;

/// 2026-05-04T09:12:45Z
const LONG_AGO: i64 = 1_777_885_965;

fn message(at: i64, kind: &str) -> builder::ImportedMessage {
    ImportedMessage::builder()
        .timestamp(at.to_string())
        .type_(kind)
}

async fn import(
    sandbox: &Sandbox,
    client: i64,
    messages: Vec<builder::ImportedMessage>,
) -> Result<Vec<serde_json::Value>, chat2desk::Error> {
    let messages = messages.into_iter().map(|message| message.try_into());
    let messages: Vec<ImportedMessage> = messages.collect::<Result<_, _>>().unwrap();
    let request = ImportMessagesRequest::builder()
        .client_id(client)
        .channel_id(58_001)
        .transport("telegram")
        .messages(messages);
    let imported = sandbox.client().import_messages(request).send().await?;
    assert_eq!(imported.status.as_deref(), Some("success"));
    Ok(imported.into_inner().errors)
}

#[tokio::test]
async fn imported_messages_have_their_own_times() {
    let sandbox = sandbox().await;
    let receiver = Receiver::start().await;
    receiver.register(&sandbox).await;
    let chat = sandbox.client();
    let client = new_customer(chat).await;
    let now = sandbox.write_as(client, "Still there?").unwrap();
    let messages = vec![
        message(LONG_AGO, "from_client")
            .text("Where is my order?")
            .external_id("old-118"),
        message(LONG_AGO + 60, "to_client").attachment("https://example.com/118.jpg"),
        message(LONG_AGO + 90, "to_client")
            .text("Sent")
            .operator_id(310_002),
    ];
    assert!(import(&sandbox, client, messages).await.unwrap().is_empty());
    let listed = chat.list_messages().client_id(client);
    let listed = listed.collect_all().await.unwrap();
    let times = listed.iter().map(|message| {
        let time = message.created.as_ref().unwrap().to_utc().unwrap();
        time.timestamp()
    });
    let times: Vec<_> = times.skip(1).collect();
    assert_eq!(times, [LONG_AGO, LONG_AGO + 60, LONG_AGO + 90]);
    assert_eq!(listed[1].extra_data["external_id"], "old-118");
    let operators: Vec<_> = listed[1..]
        .iter()
        .map(|message| message.operator_id)
        .collect();
    assert_eq!(
        operators,
        [None, Some(310_001), Some(310_002)],
        "the administrator unless given"
    );
    let of_day = chat.list_messages().client_id(client);
    let of_day = of_day.start_date("04-05-2026").finish_date("05-05-2026");
    assert_eq!(of_day.send().await.unwrap().data.len(), 3);
    // What is old does not come last in its dialog, and opens nothing.
    let dialog = chat.list_client_dialogs(client).send().await.unwrap();
    let dialog = chat.get_dialog(dialog.data[0].id).send().await.unwrap();
    assert_eq!(dialog.data.last_message.as_ref().unwrap().id, now);
    assert_eq!(
        (dialog.data.messages, dialog.data.operator_id),
        (Some(4), None)
    );
    // Whoever wrote so long ago was not there after that.
    let since = |at: i64| chat.list_clients().created_after(at).phone("[tg] 118");
    assert_eq!(since(LONG_AGO - 1).send().await.unwrap().data.len(), 1);
    assert_eq!(since(LONG_AGO).send().await.unwrap().data.len(), 0);

    sandbox.settle().await;
    let told = receiver.take_events().into_iter();
    let told = told.filter_map(|event| match event.payload() {
        Payload::ImportedMessage(message) => message.message_id,
        _ => None,
    });
    let ids: Vec<_> = listed[1..].iter().map(|message| message.id).collect();
    assert_eq!(told.collect::<Vec<_>>(), ids);
}

#[tokio::test]
async fn a_wrong_import_imports_nothing() {
    let sandbox = sandbox().await;
    let client = new_customer(sandbox.client()).await;
    let right = || message(LONG_AGO, "from_client").text("Hello");
    let future = (sandbox.now() + Duration::from_secs(3600)).timestamp();
    for wrong in [
        message(LONG_AGO, "from_client"),
        message(LONG_AGO, "comment").text("Hello"),
        message(LONG_AGO, "to_client").attachment("118.jpg"),
        message(future, "from_client").text("Hello"),
        right().timestamp("yesterday"),
    ] {
        let error = import(&sandbox, client, vec![right(), wrong]).await;
        assert_eq!(error.unwrap_err().kind(), ErrorKind::Validation);
    }
    let eleven = vec![right(); 11];
    let error = import(&sandbox, client, eleven).await.unwrap_err();
    assert_eq!(error.status().unwrap(), 400);
    let nobody = import(&sandbox, 1, vec![right()]).await.unwrap_err();
    assert_eq!(nobody.field_errors()[0].field, "client_id");
    let listed = sandbox.client().list_messages().client_id(client);
    assert_eq!(listed.collect_all().await.unwrap().len(), 0);
    import(&sandbox, client, vec![right(); 10]).await.unwrap();
}

/// An old message does not bring others into the list before their time.
#[tokio::test]
async fn an_import_lists_nothing_early() {
    let sandbox = Sandbox::builder().listed_after(Duration::from_secs(60));
    let sandbox = sandbox.start().await.unwrap();
    let client = 94_000_001;
    let id = sandbox.write_as(client, "Hello?").unwrap();
    let old = message(LONG_AGO, "from_client").text("Hello");
    import(&sandbox, client, vec![old]).await.unwrap();
    let listed = async || {
        let messages = sandbox.client().list_messages().start_id(id);
        messages.collect_all().await.unwrap().len()
    };
    assert_eq!(listed().await, 0);
    sandbox.advance(Duration::from_secs(60));
    assert_eq!(listed().await, 2);
}
