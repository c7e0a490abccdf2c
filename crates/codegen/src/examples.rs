//! Examples of the operations that are used most, as code for their documentation. Each is a doctest.

/// Returns the lines of an operation's example, which use the client `chat`; `None` if it has none.
pub(crate) fn example(operation: &str) -> Option<&'static str> {
    let found = EXAMPLES.iter().find(|(id, _)| *id == operation);
    found.map(|(_, code)| *code)
}

const EXAMPLES: [(&str, &str); 22] = [
    (
        "assign_tags",
        "use chat2desk::types::AssignTagsRequest;

let tags = AssignTagsRequest::builder()
    .tag_ids(vec![1201, 1305])
    .assignee_type(\"client\")
    .assignee_id(94000001);
chat.assign_tags(tags).send().await?;
",
    ),
    (
        "close_request",
        "use chat2desk::dialogs::Closing;

chat.close_request(Closing::Request(75000011)).send().await?;
",
    ),
    (
        "create_client",
        "use chat2desk::types::CreateClientRequest;

let customer = CreateClientRequest::builder().phone(\"15550100004\").transport(\"whatsapp\");
let created = chat.create_client(customer).send().await?;
println!(\"{}\", created.data.id);
",
    ),
    (
        "create_tag",
        "use chat2desk::types::CreateTagRequest;

let tag = CreateTagRequest::builder()
    .tag_group_id(88)
    .tag_label(\"VIP\")
    .tag_description(\"Important client\")
    .tag_bg_color(\"2F80ED\")
    .tag_text_color(\"FFFFFF\");
chat.create_tag(tag).send().await?;
",
    ),
    (
        "create_webhook",
        "use chat2desk::{types::CreateWebhookRequest, wire::WebhookEvent};

let webhook = CreateWebhookRequest::builder()
    .name(\"CRM\")
    .url(\"https://example.com/c2d\")
    .events(vec![WebhookEvent::Inbox, WebhookEvent::Outbox]);
chat.create_webhook(webhook).send().await?;
",
    ),
    (
        "get_api_info",
        "let info = chat.get_api_info().send().await?;
println!(\"the token is valid; access mode {:?}\", info.data.mode);
",
    ),
    (
        "get_client",
        "let client = chat.get_client(94000001).send().await?;
println!(\"{:?}\", client.data.name);
",
    ),
    (
        "get_dialog",
        "let dialog = chat.get_dialog(18400001).send().await?;
println!(\"{:?}\", dialog.data.state);
",
    ),
    (
        "get_message",
        "let message = chat.get_message(5000000102).send().await?;
println!(\"{:?}\", message.data.status);
",
    ),
    (
        "import_messages",
        "use chat2desk::types::{ImportMessagesRequest, ImportedMessage};
use chat2desk::messages::{Author, PastMessage};

let noon = chrono::DateTime::from_timestamp(1777885965, 0).unwrap_or_default();
let question = PastMessage::text(Author::Client, noon, \"Where is my order?\");
let import = ImportMessagesRequest::builder()
    .client_id(94000001)
    .channel_id(58001)
    .transport(\"widget\")
    .messages(vec![ImportedMessage::from(question)]);
chat.import_messages(import).send().await?;
",
    ),
    (
        "list_channels",
        "for channel in chat.list_channels().collect_all().await? {
    println!(\"{} {:?}\", channel.id, channel.name);
}
",
    ),
    (
        "list_clients",
        "let mut clients = chat.list_clients().prefetch(8).items();
while let Some(client) = clients.next().await {
    println!(\"{}\", client?.id);
}
",
    ),
    (
        "list_dialogs",
        "let open = chat.list_dialogs().state(\"open\").collect_all().await?;
println!(\"{} open dialogs\", open.len());
",
    ),
    (
        "list_messages",
        "let mut messages = chat.list_messages().client_id(94000001).items();
while let Some(message) = messages.next().await {
    println!(\"{}\", message?.id);
}
",
    ),
    (
        "list_operators",
        "let online = chat.list_operators().online(1).collect_all().await?;
println!(\"{} operators are online\", online.len());
",
    ),
    (
        "list_tags",
        "for tag in chat.list_tags().collect_all().await? {
    println!(\"{} {:?}\", tag.id, tag.label);
}
",
    ),
    (
        "list_templates",
        "for template in chat.list_templates().collect_all().await? {
    println!(\"{}\", template.id);
}
",
    ),
    (
        "list_webhooks",
        "for webhook in chat.list_webhooks().collect_all().await? {
    println!(\"{} {:?}\", webhook.id, webhook.status);
}
",
    ),
    (
        "receive_message",
        "use chat2desk::messages::{Incoming, Sender};

let sender = Sender::id(\"shop-user-118\")?.nickname(\"Demo Customer\");
let message = Incoming::text(58001, sender, \"Where is my order?\");
chat.receive_message(message).send().await?;
",
    ),
    (
        "send_message",
        "use chat2desk::{messages::Draft, types::SendMessageRequest};

let message = SendMessageRequest::builder().client_id(94000001).text(\"Your order is ready\");
let sent = chat.send_message(message).send().await?;
println!(\"queued as message {}\", sent.data.message_id);

let draft = Draft::text(94000001, \"It is on its way\").link(\"Track\", \"https://example.com/118\");
chat.send_message(draft).send().await?;
",
    ),
    (
        "update_client",
        "use chat2desk::types::UpdateClientRequest;

let change = UpdateClientRequest::builder().nickname(\"Demo Customer\");
chat.update_client(94000001, change).send().await?;
",
    ),
    (
        "update_dialog",
        "use chat2desk::types::UpdateDialogRequest;

let change = UpdateDialogRequest::builder().operator_id(310001).state(\"closed\");
chat.update_dialog(18400001, change).send().await?;
",
    ),
];
