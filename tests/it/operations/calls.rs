//! The 76 calls: each operation through its builder, with every parameter and field set.

use chat2desk::types::*;
use chat2desk::wire::MessageStatusCode;
use chat2desk::{Chat2Desk, Drift, Error};
use chrono::NaiveDate;
use serde_json::{Map, Value, json};
use std::ops::Deref;
use std::pin::Pin;

type Sent = Pin<Box<dyn Future<Output = Result<Answer, Error>>>>;

type Bare = Pin<Box<dyn Future<Output = ()>>>;

/// A response as the client read it.
#[derive(Debug, PartialEq)]
pub struct Answer {
    pub json: Value,
    pub drift: Vec<Drift>,
}

impl Deref for Answer {
    type Target = Value;

    fn deref(&self) -> &Value {
        &self.json
    }
}

/// A call, and what it must put on the wire.
pub struct Call {
    pub id: &'static str,
    pub id_in_path: &'static str,
    /// What stands for the path's second parameter.
    pub second_in_path: &'static str,
    pub query: Vec<(&'static str, &'static str)>,
    pub body: Option<Value>,
    pub send: Box<dyn Fn(Chat2Desk) -> Sent>,
    /// Sends the same call without what is optional outside of the body.
    pub bare: Box<dyn Fn(Chat2Desk) -> Bare>,
}

/// `call!(operation(arguments) .setter(value)… => "id in path" & "second in path" ? "query" ; body)`; the parts after
/// the arrow are optional.
macro_rules! call {
    ($id:ident($($argument:expr),*) $(.$setter:ident($value:expr))* $(=> $path:literal $(& $second:literal)?)? $(? $query:literal)? $(; $body:expr)?) => {{
        Call {
            id: stringify!($id),
            id_in_path: concat!($($path)?),
            second_in_path: concat!($($($second)?)?),
            query: pairs(concat!($($query)?)),
            body: None$(.or(Some($body)))?,
            // The API has deprecated operations, and they are called as well.
            #[allow(deprecated)]
            send: Box::new(|chat| Box::pin(async move {
                let answer = chat.$id($($argument),*)$(.$setter($value))*.send().await?;
                Ok(Answer {
                    json: serde_json::to_value(&*answer).unwrap(),
                    drift: answer.drift().to_vec(),
                })
            })),
            #[allow(deprecated)]
            bare: Box::new(|chat| Box::pin(async move {
                let _ = chat.$id($($argument),*).send().await;
            })),
        }
    }};
}

/// The pairs of a query.
fn pairs(query: &'static str) -> Vec<(&'static str, &'static str)> {
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    pairs.map(|pair| pair.split_once('=').unwrap()).collect()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn map(value: Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
}

fn button(kind: &str) -> Button {
    let button = Button::builder()
        .type_(kind)
        .text("Track")
        .payload("track")
        .color("green")
        .url("https://example.com");
    button.try_into().unwrap()
}

fn button_json(kind: &str) -> Value {
    json!({ "type": kind, "text": "Track", "payload": "track", "color": "green", "url": "https://example.com" })
}

#[rustfmt::skip]
pub fn calls() -> Vec<Call> {
    vec![
        // messages
        call!(list_messages().transport("telegram").channel_id(58_001).client_id(94_000_001).type_("from_client").dialog_id(18_400_001).read(0)
            .order("desc").start_date(day("2026-05-04")).finish_date("05-05-2026").operator_id(310_001).start_id(5_000_000_102_i64)
            .direction_reverse(true).limit(200)
            ? "transport=telegram&channel_id=58001&client_id=94000001&type=from_client&dialog_id=18400001&read=0&order=desc&start_date=04-05-2026&finish_date=05-05-2026&operator_id=310001&start_id=5000000102&direction_reverse=true&limit=200"),
        call!(get_message(5_000_000_101) => "5000000101"),
        call!(send_message(SendMessageRequest::builder().client_id(94_000_001).text("Hello").attachment("https://example.com/a.jpg")
                .attachment_filename("a.jpg").pdf("https://example.com/a.pdf").type_("comment").transport("wa_dialog")
                .channel_id(58_001).operator_id(310_001).open_dialog(false).encrypted(true).external_id("crm-1").reply_message_id(5_000_000_101_i64)
                .inline_buttons(vec![button("url")]).keyboard(Keyboard::builder().buttons(vec![button("reply")]))
                .interactive(json!({ "type": "list" })))
            ; json!({ "client_id": 94_000_001, "text": "Hello", "attachment": "https://example.com/a.jpg", "attachment_filename": "a.jpg",
                "pdf": "https://example.com/a.pdf", "type": "comment", "transport": "wa_dialog", "channel_id": 58_001, "operator_id": 310_001,
                "open_dialog": false, "encrypted": true, "external_id": "crm-1", "reply_message_id": 5_000_000_101_i64,
                "inline_buttons": [button_json("url")], "keyboard": { "buttons": [button_json("reply")] },
                "interactive": { "type": "list" } })),
        call!(receive_message(ReceiveMessageRequest::builder().channel_id(58_001).body("Hello")
                .from_client(FromClient::builder().phone("15550100002").nickname("Demo").avatar("https://example.com/a.png")
                    .client_phone("15550100003").custom_fields(map(json!({ "1": "VIP" }))))
                .image("https://example.com/i.png").video("https://example.com/v.mp4")
                .location("55.75 37.61").attachment("https://example.com/f").attachment_filename("f")
                .transport("external").extra_data(map(json!({ "external_id": "ext-1" }))))
            ; json!({ "channel_id": 58_001, "body": "Hello",
                "from_client": { "phone": "15550100002", "nickname": "Demo", "avatar": "https://example.com/a.png",
                    "client_phone": "15550100003", "custom_fields": { "1": "VIP" } },
                "image": "https://example.com/i.png", "video": "https://example.com/v.mp4", "location": "55.75 37.61",
                "attachment": "https://example.com/f", "attachment_filename": "f", "transport": "external",
                "extra_data": { "external_id": "ext-1" } })),
        call!(import_messages(ImportMessagesRequest::builder().client_id(94_000_001).channel_id(58_001).transport("widget")
                .messages(vec![ImportedMessage::builder().timestamp("1777885965").text("Hello").type_("to_client")
                    .attachment("https://example.com/a.jpg").operator_id(310_001).external_id("old-1").try_into().unwrap()]))
            ; json!({ "client_id": 94_000_001, "channel_id": 58_001, "transport": "widget", "messages": [{ "timestamp": "1777885965",
                "text": "Hello", "type": "to_client", "attachment": "https://example.com/a.jpg", "operator_id": 310_001, "external_id": "old-1" }] })),
        call!(set_message_status(5_000_000_102, MessageStatusCode::Delivered) => "5000000102" & "6"),
        call!(mark_message_read(5_000_000_101) => "5000000101"),
        call!(mark_message_unread(5_000_000_101) => "5000000101"),
        call!(transfer_message(5_000_000_101, 310_001).force_assign(true) => "5000000101" ? "operator_id=310001&force_assign=true"),
        call!(transfer_message_to_group(5_000_000_101, 701).force_assign(true).force(false) => "5000000101" ? "group_id=701&force_assign=true&force=false"),
        call!(assign_message(5_000_000_101, AssignMessageRequest::builder().operator_id(310_001)) => "5000000101"; json!({ "operator_id": 310_001 })),
        call!(delete_outbox()),
        // clients
        call!(list_clients().phone("15550100002").client_phone("15550100003").tags("1201,1305").custom_field_id(5).custom_field_text("Gold")
            .created_after(1_777_880_000).order("asc").limit(50).offset(100)
            ? "phone=15550100002&client_phone=15550100003&tags=1201,1305&custom_field[id]=5&custom_field[text]=Gold&created_after=1777880000&order=asc&limit=50&offset=100"),
        call!(get_client(94_000_001) => "94000001"),
        call!(create_client(CreateClientRequest::builder().phone("15550100002").transport("whatsapp").channel_id(58_001).nickname("Test").assigned_phone("15550100003"))
            ; json!({ "phone": "15550100002", "transport": "whatsapp", "channel_id": 58_001, "nickname": "Test", "assigned_phone": "15550100003" })),
        call!(update_client(94_000_001, UpdateClientRequest::builder().nickname("Test").assigned_phone("15550100003").comment("c").extra_comment_1("1").extra_comment_2("2").extra_comment_3("3")
                .custom_fields(map(json!({ "5": "Gold" }))).external_id(ExternalId::Text("CRM-1".into())).external_service("amo")) => "94000001"
            ; json!({ "nickname": "Test", "assigned_phone": "15550100003", "comment": "c", "extra_comment_1": "1", "extra_comment_2": "2", "extra_comment_3": "3",
                "custom_fields": { "5": "Gold" }, "external_id": "CRM-1", "external_service": "amo" })),
        call!(list_client_dialogs(94_000_001).limit(20).offset(0).order("desc") => "94000001" ? "limit=20&offset=0&order=desc"),
        call!(get_client_last_question(94_000_001) => "94000001"),
        call!(list_client_questions(94_000_001).start_date(day("2025-10-10")).finish_date(day("2026-10-10")).limit(20).offset(0) => "94000001"
            ? "start_date=10-10-2025&finish_date=10-10-2026&limit=20&offset=0"),
        call!(list_client_transports(94_000_001) => "94000001"),
        call!(list_custom_client_fields()),
        // channels
        call!(list_channels().phone("15550100001").limit(20).offset(0) ? "phone=15550100001&limit=20&offset=0"),
        call!(get_channel(58_001) => "58001"),
        // dialogs
        call!(list_dialogs().operator_id(310_001).state("open").order("desc").limit(20).offset(0) ? "operator_id=310001&state=open&order=desc&limit=20&offset=0"),
        call!(list_unanswered_dialogs().limit(600) ? "limit=600"),
        call!(get_dialog(18_400_001) => "18400001"),
        call!(update_dialog(18_400_001, UpdateDialogRequest::builder().operator_id(310_001).state("closed").initiator_id(310_002).force_assign(true)) => "18400001"
            ; json!({ "operator_id": 310_001, "state": "closed", "initiator_id": 310_002, "force_assign": true })),
        // requests
        call!(get_request(75_000_011) => "75000011"),
        call!(list_request_messages(75_000_011).limit(300) => "75000011" ? "limit=300"),
        call!(close_request(CloseRequestRequest::builder().request_id(75_000_011).client_id(94_000_001)); json!({ "request_id": 75_000_011, "client_id": 94_000_001 })),
        // tags
        call!(list_tags().limit(20).offset(0) ? "limit=20&offset=0"),
        call!(get_tag(1201) => "1201"),
        call!(create_tag(CreateTagRequest::builder().tag_group_id(88).tag_label("VIP").tag_description("d").tag_bg_color("2F80ED").tag_text_color("FFFFFF").order_show(1))
            ; json!({ "tag_group_id": 88, "tag_label": "VIP", "tag_description": "d", "tag_bg_color": "2F80ED", "tag_text_color": "FFFFFF", "order_show": 1 })),
        call!(create_tag_group(CreateTagGroupRequest::builder().tag_group_name("Kind").order_show(1).display(0))
            ; json!({ "tag_group_name": "Kind", "order_show": 1, "display": 0 })),
        call!(assign_tags(AssignTagsRequest::builder().tag_ids(vec![1201, 1305]).assignee_type("client").assignee_id(94_000_001))
            ; json!({ "tag_ids": [1201, 1305], "assignee_type": "client", "assignee_id": 94_000_001 })),
        call!(remove_tag(1201, RemoveTagRequest::builder().client_id(94_000_001).request_id(75_000_011)) => "1201"
            ; json!({ "client_id": 94_000_001, "request_id": 75_000_011 })),
        // templates
        call!(list_templates().limit(20).offset(0) ? "limit=20&offset=0"),
        call!(get_template(501) => "501"),
        // operators
        call!(list_operators().phone("15550100006").email("agent@example.org").online(1).status_id(1).role("operator").status("enabled").limit(20).offset(0)
            ? "phone=15550100006&email=agent@example.org&online=1&status_id=1&role=operator&status=enabled&limit=20&offset=0"),
        call!(get_operator(310_001) => "310001"),
        call!(create_operator(map(json!({ "email": "new@example.org" }))); json!({ "email": "new@example.org" })),
        call!(update_operator(310_001, UpdateOperatorRequest::builder().status_id(1)) => "310001"; json!({ "status_id": 1 })),
        call!(list_operator_statuses()),
        call!(set_operator_status(310_001, 1) => "310001" ? "status_id=1"),
        call!(list_operator_groups()),
        call!(list_access_rights()),
        call!(get_access_right(20417) => "20417"),
        // statistics
        call!(get_statistics("request_stats", day("2026-05-04")).limit(200).offset(400) ? "report=request_stats&date=2026-05-04&limit=200&offset=400"),
        call!(list_web_analytics_data().date_from(day("2026-05-04")).date_to(day("2026-05-05")).order("asc").client_id(94_000_001).limit(20).offset(0)
            ? "date_from=2026-05-04&date_to=2026-05-05&order=asc&client_id=94000001&limit=20&offset=0"),
        // scenarios
        call!(list_menu_items(ListMenuItemsRequest::builder().channel_id(58_001)); json!({ "channel_id": 58_001 })),
        call!(send_menu_item(SendMenuItemRequest::builder().client_id(94_000_001).menu_item_id(42_001)); json!({ "client_id": 94_000_001, "menu_item_id": 42_001 })),
        // tickets
        call!(list_tickets().limit(20).offset(0) ? "limit=20&offset=0"),
        call!(get_ticket("TICK-118") => "TICK-118"),
        call!(create_ticket(CreateTicketRequest::builder().summary("s").description("d").status(1).priority(1).deadline("2026-09-01").assignee_id(310_001).reporter_id(310_002).request_ids(vec![75_000_011]))
            ; json!({ "summary": "s", "description": "d", "status": 1, "priority": 1, "deadline": "2026-09-01", "assignee_id": 310_001, "reporter_id": 310_002, "request_ids": [75_000_011] })),
        call!(update_ticket("TICK-118", UpdateTicketRequest::builder().summary("s").description("d").status(4).priority(1).deadline("2026-09-01").assignee_id(310_001).reporter_id(310_002).request_ids(vec![75_000_011])) => "TICK-118"
            ; json!({ "summary": "s", "description": "d", "status": 4, "priority": 1, "deadline": "2026-09-01", "assignee_id": 310_001, "reporter_id": 310_002, "request_ids": [75_000_011] })),
        call!(delete_ticket("TICK-118") => "TICK-118"),
        // webhooks
        call!(list_webhooks()),
        call!(get_webhook(901) => "901"),
        call!(create_webhook(CreateWebhookRequest::builder().name("CRM").url("https://example.com/c2d").events(vec!["inbox".into(), "a_new_one".into()]).channels(vec![58_001]).status("enable").order(1))
            ; json!({ "name": "CRM", "url": "https://example.com/c2d", "events": ["inbox", "a_new_one"], "channels": [58_001], "status": "enable", "order": 1 })),
        call!(update_webhook(901, UpdateWebhookRequest::builder().name("CRM").url("https://example.com/c2d").events(vec!["inbox".into()]).channels(vec![]).status("enable").order(1)) => "901"
            ; json!({ "name": "CRM", "url": "https://example.com/c2d", "events": ["inbox"], "channels": [], "status": "enable", "order": 1 })),
        call!(delete_webhook(901) => "901"),
        // companies
        call!(get_api_info()),
        call!(get_company_info()),
        call!(update_company(UpdateCompanyRequest::builder().custom_fields(map(json!({ "1": "value" })))); json!({ "custom_fields": { "1": "value" } })),
        call!(switch_company_mode(SwitchCompanyModeRequest::builder().mode("offline")); json!({ "mode": "offline" })),
        call!(set_legacy_web_hook(SetLegacyWebHookRequest::builder().url("https://example.com/c2d".to_owned()).name("main").events(vec!["inbox".to_owned()]))
            ; json!({ "url": "https://example.com/c2d", "name": "main", "events": ["inbox"] })),
        call!(set_legacy_chat_close_web_hook(SetLegacyChatCloseWebHookRequest::builder().url(None)); json!({ "url": null })),
        // reference
        call!(list_countries().limit(20).offset(0) ? "limit=20&offset=0"),
        call!(list_regions().limit(20).offset(0) ? "limit=20&offset=0"),
        call!(list_api_modes()),
        call!(list_transports()),
        call!(list_message_types()),
        call!(list_dialog_states()),
        call!(list_roles()),
        call!(list_ticket_values()),
        // tools
        call!(decode_qr_code(DecodeQrCodeRequest::builder().image_path("https://example.org/qr.png")); json!({ "image_path": "https://example.org/qr.png" })),
    ]
}
