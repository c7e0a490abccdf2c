//! Where the vendor's documentation and what was known before contradict each other: a test for each row of
//! the table in `spec/README.md` that concerns calls. Rows 2, 3, 15 and 22 concern webhooks; 24 and 25 are
//! no matter of calls.

use super::document;
use super::stage::Stage;
use chat2desk::types::*;
use chat2desk::wire::{ClearableText, ExternalService, MessageStatusCode, Messenger};
use chat2desk::{Chat2Desk, Error, Evidence, List, Operation, Pagination, operations};
use serde_json::{Map, Value, json};

/// A client that gets this response to everything.
fn answered(status: u16, body: Value) -> Chat2Desk {
    let stage = Stage::default();
    stage.set(status, &body);
    let chat = Chat2Desk::builder(super::TOKEN).transport(stage);
    chat.build().unwrap()
}

fn success(data: Value) -> Chat2Desk {
    answered(200, json!({ "data": data, "status": "success" }))
}

/// What a call sends: method, path and query, and the body. What it gets is another matter.
async fn sent<T>(call: impl AsyncFnOnce(Chat2Desk) -> Result<T, Error>) -> (String, Value) {
    let stage = Stage::default();
    stage.set(200, &json!({ "data": [], "status": "success" }));
    let chat = Chat2Desk::builder(super::TOKEN).transport(stage.clone());
    let _ = call(chat.build().unwrap()).await;
    stage.sent()
}

fn map(value: Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
}

fn known(id: &str) -> &'static Operation {
    operations().iter().find(|known| known.id == id).unwrap()
}

#[tokio::test]
async fn row_1_unanswered_dialogs_are_two_lists_of_ids() {
    let chat = success(json!({ "client_ids": [94_000_001], "ids": [18_400_001, "18400002"] }));
    let waiting = chat.list_unanswered_dialogs().limit(600).send().await;
    let waiting = waiting.unwrap().into_inner().data;
    assert_eq!(waiting.ids, [18_400_001, 18_400_002]);
    assert_eq!(waiting.client_ids, [94_000_001]);
    assert_eq!(known("list_unanswered_dialogs").pagination, None);
}

#[tokio::test]
async fn rows_4_and_5_paths_are_the_documented_ones() {
    let qr = || DecodeQrCodeRequest::builder().image_path("https://example.com/qr.png");
    let (line, _) = sent(async |chat| chat.decode_qr_code(qr()).send().await).await;
    assert_eq!(line, "POST /v1/qr_decode");
    let (line, _) = sent(async |chat| chat.delete_outbox().send().await).await;
    assert_eq!(line, "GET /v1/gateway/delete_outbox");
}

#[tokio::test]
async fn row_6_what_concerns_the_sender_of_an_incoming_message_is_said_of_the_sender() {
    let sender = FromClient::builder()
        .id("shop-user-118")
        .client_phone("15550100003")
        .custom_fields(map(json!({ "5": "Gold" })));
    let message = ReceiveMessageRequest::builder()
        .channel_id(58_001)
        .from_client(sender)
        .location("55.75 37.61")
        .extra_data(map(json!({ "external_id": "ext-118" })));
    let (_, body) = sent(async |chat| chat.receive_message(message).send().await).await;
    let from = json!({ "id": "shop-user-118", "client_phone": "15550100003", "custom_fields": { "5": "Gold" } });
    assert_eq!(
        body,
        json!({ "channel_id": 58_001, "from_client": from, "location": "55.75 37.61",
            "extra_data": { "external_id": "ext-118" } })
    );
}

#[tokio::test]
async fn row_7_messages_of_before_are_imported() {
    let import = || {
        let old = ImportedMessage::builder().timestamp("1777885965");
        let old = old.type_("from_client").text("Hello").try_into();
        let import = ImportMessagesRequest::builder().client_id(94_000_001);
        let import = import.channel_id(58_001).transport(Messenger::Widget);
        import.messages(vec![old.unwrap()])
    };
    let (line, body) = sent(async |chat| chat.import_messages(import()).send().await).await;
    assert_eq!(line, "POST /v1/messages/import");
    let old = json!({ "timestamp": "1777885965", "type": "from_client", "text": "Hello" });
    assert_eq!(body["messages"], json!([old]));

    let chat = answered(200, json!({ "errors": [], "status": "success" }));
    let imported = chat.import_messages(import()).send().await.unwrap();
    assert!(imported.errors.is_empty());
    assert_eq!(imported.status.as_deref(), Some("success"));
}

#[tokio::test]
async fn row_8_an_external_channel_reports_deliveries_by_code() {
    for (status, code) in [
        (MessageStatusCode::Pending, 1),
        (MessageStatusCode::Sent, 2),
        (MessageStatusCode::Failed, 3),
        (MessageStatusCode::Cancelled, 5),
        (MessageStatusCode::Delivered, 6),
        (MessageStatusCode::Seen, 7),
    ] {
        let report = async |chat: Chat2Desk| chat.set_message_status(118, status).send().await;
        let (line, _) = sent(report).await;
        assert_eq!(line, format!("PUT /v1/messages/118/status/{code}"));
    }
}

#[tokio::test]
async fn row_9_a_request_has_its_dialog_and_its_tags() {
    let chat =
        success(json!({ "dialog_id": 18_400_001, "id": 75_000_011, "tags": [{ "id": 1201 }] }));
    let request = chat.get_request(75_000_011).send().await.unwrap();
    assert_eq!(request.data.dialog_id, Some(18_400_001));
    assert_eq!(request.data.tags, [json!({ "id": 1201 })]);
}

#[tokio::test]
async fn row_10_dialogs_are_shorter_in_lists() {
    let short = json!({ "begin": "2026-05-03T08:00:00 UTC", "end": null, "id": 18_400_001,
        "operator_id": null, "state": "open" });
    let chat = success(json!([short]));
    let dialogs = chat.list_client_dialogs(94_000_001).send().await;
    assert_eq!(dialogs.unwrap().data[0].id, 18_400_001);
    let dialogs = chat.list_dialogs().send().await.unwrap();
    let dialog = &dialogs.data[0];
    assert_eq!((dialog.messages, dialog.last_request_id), (None, None));
}

#[tokio::test]
async fn row_11_customers_are_found_by_more() {
    let list = async |chat: Chat2Desk| {
        let list = chat.list_clients().client_phone("15550100003");
        let list = list.custom_field_id(5).custom_field_text("Gold");
        list.created_after(1_777_880_000).send().await
    };
    let (line, _) = sent(async |chat| list(chat).await.map(|_| ())).await;
    let query = line.strip_prefix("GET /v1/clients ").unwrap();
    let mut pairs: Vec<_> = query.split('&').collect();
    pairs.sort_unstable();
    let field = ["custom_field[id]=5", "custom_field[text]=Gold"];
    let expected = ["client_phone=15550100003", "created_after=1777880000"];
    assert_eq!(pairs, [expected, field].concat());
}

#[tokio::test]
async fn row_12_regions_have_pages() {
    assert_eq!(known("list_regions").pagination, Some(Pagination::Offset));
    let rows = json!([{ "id": 31, "country": "Japan", "region": "Kyoto" }]);
    let meta = json!({ "total": 1, "limit": 20, "offset": 0 });
    let chat = answered(
        200,
        json!({ "data": rows, "meta": meta, "status": "success" }),
    );
    let regions = chat.list_regions().collect_all().await.unwrap();
    assert_eq!(regions[0].region.as_deref(), Some("Kyoto"));
}

#[tokio::test]
async fn row_13_the_value_of_a_custom_field_has_any_form() {
    let field = |(id, value): (i64, Value)| json!({ "id": id, "name": "City", "type": "input", "value": value, "editable": true, "viewable": true });
    let values = [json!(""), json!(["Kyoto", "Osaka"])];
    let fields = (5..).zip(values.iter().cloned()).map(field);
    let chat = success(fields.collect());
    let fields = chat
        .list_custom_client_fields()
        .collect_all()
        .await
        .unwrap();
    for (field, value) in fields.iter().zip(&values) {
        assert_eq!(
            (&field.value, field.tracking_field),
            (&Some(value.clone()), None)
        );
    }
    assert_eq!(fields.len(), 2);
}

#[tokio::test]
async fn row_14_a_webhook_comes_in_a_list_of_one_or_bare() {
    let webhook = json!({ "id": 901, "name": "CRM", "url": "https://example.com/c2d",
        "events": ["inbox"], "status": "enable", "errors": null, "source": "client" });
    for data in [json!([webhook]), webhook.clone()] {
        let got = success(data).get_webhook(901).send().await.unwrap();
        assert_eq!((got.data.id, got.data.name.as_deref()), (901, Some("CRM")));
        assert_eq!(got.data.source.as_deref(), Some("client"));
        assert!(got.data.errors.is_empty() && got.data.channels.is_empty());
    }
    let made = CreateWebhookRequest::builder()
        .name("CRM")
        .url("https://example.com/c2d");
    let made = success(webhook)
        .create_webhook(made.events(vec![]))
        .send()
        .await;
    assert_eq!(made.unwrap().data.id, 901);
}

/// The vendor's samples do not show whether there is an envelope.
#[tokio::test]
async fn statuses_of_operators_come_in_an_envelope_or_bare() {
    let statuses =
        json!([{ "id": 0, "name": { "en": "Working" } }, { "id": 1, "name": { "en": "Busy" } }]);
    let enveloped = json!({ "data": statuses, "status": "success" });
    for body in [statuses, enveloped] {
        let chat = answered(200, body.clone());
        let all = chat.list_operator_statuses().send().await.unwrap();
        assert_eq!(all[1].name["en"], "Busy");
        assert_eq!(serde_json::to_value(&*all).unwrap(), body);
        let listed = chat.list_operator_statuses().collect_all().await.unwrap();
        assert_eq!(listed, **all);
    }
}

#[tokio::test]
async fn row_17_names_can_be_removed_and_numbers_kept() {
    for (nickname, sent_as) in [
        (ClearableText::from("Demo"), json!("Demo")),
        (ClearableText::Clear, Value::Null),
    ] {
        let change = UpdateClientRequest::builder()
            .nickname(nickname)
            .assigned_phone("15550100003")
            .external_service(ExternalService::Bitrix);
        let (_, body) = sent(async |chat| chat.update_client(7, change).send().await).await;
        assert_eq!(
            body,
            json!({ "nickname": sent_as, "assigned_phone": "15550100003", "external_service": "bitrix" })
        );
    }
    let nothing = UpdateClientRequest::builder().comment("c");
    let (_, body) = sent(async |chat| chat.update_client(7, nothing).send().await).await;
    assert_eq!(body, json!({ "comment": "c" }));
}

#[tokio::test]
async fn row_18_instagram_is_a_messenger_and_messengers_say_what_they_carry() {
    assert_eq!(Messenger::from("insta_official"), Messenger::InstaOfficial);
    let media = json!({ "text": "yes", "image": "no" });
    let all = json!({ "insta_official": { "from_client": media, "to_client": media } });
    let transports = success(all).list_transports().send().await.unwrap();
    let to_client = transports.data["insta_official"]
        .to_client
        .as_ref()
        .unwrap();
    assert_eq!(to_client.image.as_ref().unwrap().as_str(), "no");
    assert!(to_client.video.is_none());
}

#[tokio::test]
async fn row_20_a_tag_is_created_with_201() {
    let tag = json!({ "id": 1202, "label": "VIP", "description": "d", "group_id": 88, "group_name": "Kind" });
    let chat = answered(201, json!({ "data": tag, "status": "success" }));
    let new = CreateTagRequest::builder()
        .tag_group_id(88)
        .tag_label("VIP");
    let new = new
        .tag_description("d")
        .tag_bg_color("2F80ED")
        .tag_text_color("FFFFFF");
    let made = chat.create_tag(new).send().await.unwrap();
    assert_eq!((made.status().as_u16(), made.data.id), (201, 1202));
}

#[tokio::test]
async fn rows_21_and_23_bodies_travel_with_get_and_delete() {
    let menu = ListMenuItemsRequest::builder().channel_id(58_001);
    let (line, body) = sent(async |chat| chat.list_menu_items(menu).send().await).await;
    assert_eq!(
        (line.as_str(), body),
        (
            "GET /v1/scenarios/menu_items",
            json!({ "channel_id": 58_001 })
        )
    );
    let from = RemoveTagRequest::builder().request_id(75_000_011);
    let (line, body) = sent(async |chat| chat.remove_tag(1201, from).send().await).await;
    assert_eq!(
        (line.as_str(), body),
        (
            "DELETE /v1/tags/1201/delete_from",
            json!({ "request_id": 75_000_011 })
        )
    );
}

/// Rows 16 and 19 are words: the document says what the vendor says.
#[test]
fn rows_16_and_19_are_in_the_descriptions() {
    let document = document();
    let update = &document["components"]["schemas"]["UpdateDialogRequest"]["properties"];
    let initiator = update["initiator_id"]["description"].as_str().unwrap();
    assert!(initiator.contains("administrator"), "{initiator}");
    let statistics = &document["paths"]["/v1/statistics"]["get"]["description"];
    let statistics = statistics.as_str().unwrap();
    assert!(
        statistics.contains("02:00") && statistics.contains("paid"),
        "{statistics}"
    );
}

#[test]
fn evidence_says_who_says_so() {
    for (id, evidence) in [
        ("list_transports", Evidence::Captured),
        ("get_webhook", Evidence::Captured),
        ("list_unanswered_dialogs", Evidence::Documented),
        ("import_messages", Evidence::Documented),
        ("send_message", Evidence::Typed),
        ("set_message_status", Evidence::None),
    ] {
        assert_eq!(known(id).evidence, evidence, "{id}");
    }
}
