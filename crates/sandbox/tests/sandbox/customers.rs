//! Customers and their tags.

use crate::{new_customer, sandbox};
use chat2desk::messages::{Draft, Incoming, Sender};
use chat2desk::types::*;
use chat2desk::wire::ClearableText;
use chat2desk::{ErrorKind, List};

const CLIENT: i64 = 94_000_001;

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
            .message()
            .is_some_and(|said| said.contains("client does not belong"))
    );
    let from = || RemoveTagRequest::builder().client_id(CLIENT + 1);
    let remove = || chat.remove_tag(1305, from()).send();
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

/// Filters that the vendor documents, beside those by number.
#[tokio::test]
async fn customers_are_found_by_what_is_known_of_them() {
    let sandbox = sandbox().await;
    let chat = sandbox.client();
    let client = new_customer(chat).await;
    let fields = serde_json::json!({ "5": "Gold" });
    let change = || UpdateClientRequest::builder();
    let known = change()
        .custom_fields(fields.as_object().unwrap().clone())
        .assigned_phone("15550109998")
        .nickname("Zoe");
    let known = chat.update_client(client, known).send().await.unwrap();
    assert_eq!(known.data.client_phone.as_deref(), Some("15550109998"));
    assert_eq!(known.data.assigned_name.as_deref(), Some("Zoe"));
    let ids = async |list: chat2desk::builder::ListClients| {
        let page = list.send().await.unwrap();
        page.data.iter().map(|client| client.id).collect::<Vec<_>>()
    };
    let list = || chat.list_clients().limit(200);
    assert_eq!(ids(list().client_phone("15550109998")).await, [client]);
    let by_field = |text: &str| list().custom_field_id(5).custom_field_text(text);
    assert_eq!(ids(by_field("Gold")).await, [client]);
    assert_eq!(ids(by_field("Silver")).await, [0; 0]);
    // One of the tags is enough.
    let tags = AssignTagsRequest::builder().tag_ids(vec![1305]);
    let tags = tags.assignee_type("client").assignee_id(client);
    chat.assign_tags(tags).send().await.unwrap();
    let all = chat
        .list_clients()
        .tags("1201,1305")
        .collect_all()
        .await
        .unwrap();
    assert!(all.len() > 1 && all.last().unwrap().id == client);
    // By the first message.
    let start = sandbox.now().timestamp() - 1;
    assert_eq!(ids(list().created_after(start)).await, [0; 0]);
    sandbox.write_as(client, "Hello?").unwrap();
    assert_eq!(ids(list().created_after(start)).await, [client]);

    let nameless = change().nickname(ClearableText::Clear);
    let nameless = chat.update_client(client, nameless).send().await.unwrap();
    assert_eq!(nameless.data.assigned_name, None);
    let elsewhere = change().external_id(17).external_service("pipes");
    let error = chat
        .update_client(client, elsewhere)
        .send()
        .await
        .unwrap_err();
    assert_eq!(error.field_errors()[0].field, "external_service");
}

/// Everything of the sender and the message is where the vendor documents it.
#[tokio::test]
async fn a_customer_writes_with_all_that_is_known() {
    let sandbox = sandbox().await;
    let chat = sandbox.client();
    let fields = serde_json::json!({ "5": "Gold" });
    let sender = || FromClient::builder().id("shop-119").nickname("Demo");
    let known = sender()
        .client_phone("15550109997")
        .custom_fields(fields.as_object().unwrap().clone());
    let data = serde_json::json!({ "external_id": "ext-119" });
    let message = || ReceiveMessageRequest::builder().channel_id(58_001);
    let place = message()
        .from_client(known)
        .location("55.75 37.61")
        .extra_data(data.as_object().unwrap().clone());
    chat.receive_message(place).send().await.unwrap();
    let found = chat.list_clients().phone("shop-119").send().await.unwrap();
    let client = &found.data[0];
    assert_eq!(client.client_phone.as_deref(), Some("15550109997"));
    assert_eq!(client.custom_fields["5"], "Gold");
    let read = chat.list_messages().client_id(client.id);
    let read = read.send().await.unwrap();
    assert_eq!(read.data[0].coordinates.as_deref(), Some("55.75,37.61"));
    assert_eq!(read.data[0].extra_data["external_id"], "ext-119");
    let message = || message().from_client(sender());
    let both = message()
        .image("https://example.com/a.jpg")
        .video("https://example.com/a.mp4");
    for (wrong, field) in [
        (both, "image"),
        (message().location("here"), "location"),
        (message(), "body"),
    ] {
        let error = chat.receive_message(wrong).send().await.unwrap_err();
        assert_eq!(error.field_errors()[0].field, field);
    }
}
