use super::chat;
use chat2desk::messages::{Draft, Header, Incoming, Sender, Template};
use chat2desk::types::{Button, ReceiveMessageRequest, SendMessageRequest};
use chat2desk::wire::MessageStatusCode;
use chat2desk::{Chat2Desk, ErrorKind, Region};
use httpmock::prelude::*;
use serde_json::{Value, json};

fn body(draft: impl TryInto<SendMessageRequest, Error: std::fmt::Debug>) -> Value {
    serde_json::to_value(draft.try_into().unwrap()).unwrap()
}

#[test]
fn what_each_kind_of_draft_sends() {
    let template = Template::new("order_ready")
        .language("es_mx")
        .variables(["Demo"]);
    let image = Header::Image("https://example.com/1.jpg".into());
    for (sent, expected) in [
        (
            body(
                Draft::text(7, "Hi")
                    .transport("wa_dialog")
                    .channel(5)
                    .operator(3)
                    .external_id("crm-1"),
            ),
            json!({ "client_id": 7, "type": "to_client", "text": "Hi", "transport": "wa_dialog",
                "channel_id": 5, "operator_id": 3, "external_id": "crm-1" }),
        ),
        (
            body(
                Draft::text(7, "Hi")
                    .automatic()
                    .keep_dialog_closed()
                    .hidden_in_panel()
                    .reply_to(9),
            ),
            json!({ "client_id": 7, "type": "autoreply", "text": "Hi", "open_dialog": false,
                "encrypted": true, "reply_message_id": 9 }),
        ),
        (
            body(
                Draft::text(7, "Hi")
                    .link("Track", "https://example.com/")
                    .reply_button("Yes", "y")
                    .button(Button::builder().type_("phone").text("Call")),
            ),
            json!({ "client_id": 7, "type": "to_client", "text": "Hi", "inline_buttons": [
                { "type": "url", "text": "Track", "url": "https://example.com/" },
                { "type": "reply", "text": "Yes", "payload": "y" },
                { "type": "phone", "text": "Call" } ] }),
        ),
        (
            body(Draft::text(7, "Hi").keyboard(["Yes", "No"])),
            json!({ "client_id": 7, "type": "to_client", "text": "Hi", "keyboard": { "buttons": [
                { "type": "reply", "text": "Yes" }, { "type": "reply", "text": "No" } ] } }),
        ),
        (
            body(
                Draft::attachment(7, "https://example.com/a.pdf")
                    .file_name("a.pdf")
                    .caption("Here"),
            ),
            json!({ "client_id": 7, "type": "to_client", "attachment": "https://example.com/a.pdf",
                "attachment_filename": "a.pdf", "text": "Here" }),
        ),
        (
            body(Draft::interactive(7, "Choose", json!({ "type": "button" }))),
            json!({ "client_id": 7, "type": "to_client", "text": "Choose", "interactive": { "type": "button" } }),
        ),
        (
            body(Draft::template(7, &template.header(image)).unwrap()),
            json!({ "client_id": 7, "type": "to_client", "text": "@HSM@\norder_ready|es_mx\n\nDemo",
                "attachment": "https://example.com/1.jpg" }),
        ),
        (
            body(Draft::comment(7, "Called back").operator(3)),
            json!({ "client_id": 7, "type": "comment", "text": "Called back", "operator_id": 3 }),
        ),
        (
            body(Draft::system(7, "Survey began")),
            json!({ "client_id": 7, "type": "system", "text": "Survey began" }),
        ),
    ] {
        assert_eq!(sent, expected);
    }
}

#[test]
fn a_draft_shows_nobody_what_it_says() {
    let draft = Draft::text(94_000_001, "my words").external_id("secret");
    let sender = Sender::phone("+1 555 010-0001").unwrap().nickname("Ada");
    let incoming = Incoming::text(5, sender.clone(), "my words");
    let shown = format!("{draft:?} {sender:?} {incoming:?}");
    for hidden in ["94000001", "my words", "secret", "1555", "Ada"] {
        assert!(!shown.contains(hidden), "{shown}");
    }
}

#[tokio::test]
async fn the_answer_has_every_id() {
    let server = MockServer::start_async().await;
    let mock = server.mock_async(|when, then| {
        when.method(POST).path("/v1/messages").json_body_includes(r#"{ "text": "Is 5 < 6 & 7?" }"#);
        let data = json!({ "message_id": 5_000_000_102_i64, "dialog_id": 18_400_001, "request_id": null,
            "client_id": "94000001", "type": "to_client" });
        then.status(200).json_body(json!({ "data": data, "status": "success" }));
    });
    mock.await;
    let chat = chat(&server);
    let sent = chat
        .send_message(Draft::text(94_000_001, "Is 5 < 6 & 7?"))
        .send()
        .await;
    let sent = sent.unwrap().into_inner().data;
    assert_eq!(sent.message_id, 5_000_000_102);
    assert_eq!((sent.dialog_id, sent.request_id), (Some(18_400_001), None));
    assert_eq!(sent.client_id, Some(94_000_001));
}

#[test]
fn incoming_messages_have_one_sender_and_something_to_deliver() {
    let sender = || {
        Sender::id("shop-user-118")
            .unwrap()
            .nickname("Demo")
            .avatar("https://example.com/a.png")
    };
    let known = Sender::id("shop-user-118").unwrap();
    let known = known.client_phone("+1 555 010-0003").unwrap();
    let known = known.custom_field(5, "Gold").custom_field(6, "");
    let from =
        json!({ "id": "shop-user-118", "nickname": "Demo", "avatar": "https://example.com/a.png" });
    for (message, expected) in [
        (
            Incoming::text(5, sender(), "Hello").external_id("ext-118"),
            json!({ "channel_id": 5, "from_client": from, "body": "Hello",
                "extra_data": { "external_id": "ext-118" } }),
        ),
        (
            Incoming::text(5, Sender::phone("+1 (555) 010-0001").unwrap(), "Hello"),
            json!({ "channel_id": 5, "from_client": { "phone": "15550100001" }, "body": "Hello" }),
        ),
        (
            Incoming::image(5, sender(), "https://example.com/1.jpg").caption("Look"),
            json!({ "channel_id": 5, "from_client": from, "image": "https://example.com/1.jpg", "body": "Look" }),
        ),
        (
            Incoming::video(5, sender(), "https://example.com/1.mp4"),
            json!({ "channel_id": 5, "from_client": from, "video": "https://example.com/1.mp4" }),
        ),
        (
            Incoming::file(5, sender(), "https://example.com/1.pdf", "1.pdf"),
            json!({ "channel_id": 5, "from_client": from, "attachment": "https://example.com/1.pdf",
                "attachment_filename": "1.pdf" }),
        ),
        (
            Incoming::location(5, sender(), 55.75, -37.000_000_1).unwrap(),
            json!({ "channel_id": 5, "from_client": from, "location": "55.75 -37.0000001" }),
        ),
        (
            Incoming::text(5, known, "Hello"),
            json!({ "channel_id": 5, "body": "Hello", "from_client": { "id": "shop-user-118",
                "client_phone": "15550100003", "custom_fields": { "5": "Gold", "6": "" } } }),
        ),
    ] {
        let sent: ReceiveMessageRequest = message.try_into().unwrap();
        assert_eq!(serde_json::to_value(sent).unwrap(), expected);
    }
    for id in ["", " ", "15550100001", "+1 555 010 0001"] {
        Sender::id(id).unwrap_err();
    }
    for phone in ["", "shop-user-118"] {
        Sender::phone(phone).unwrap_err();
        sender().client_phone(phone).unwrap_err();
    }
}

#[test]
fn a_place_is_on_the_map() {
    let sender = || Sender::id("shop-user-118").unwrap();
    let place = |latitude, longitude| Incoming::location(5, sender(), latitude, longitude);
    for (latitude, longitude) in [(90.0, 180.0), (-90.0, -180.0), (0.0, 0.0)] {
        assert!(place(latitude, longitude).is_ok());
    }
    for (latitude, longitude) in [
        (90.1, 0.0),
        (-90.1, 0.0),
        (0.0, 180.1),
        (0.0, -180.1),
        (f64::NAN, 0.0),
        (0.0, f64::INFINITY),
    ] {
        let error: chat2desk::Error = place(latitude, longitude).unwrap_err().into();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    }
}

#[tokio::test]
async fn an_external_channel_reports_deliveries() {
    let server = MockServer::start_async().await;
    for (status, code) in [
        (MessageStatusCode::Pending, 1),
        (MessageStatusCode::Sent, 2),
        (MessageStatusCode::Failed, 3),
        (MessageStatusCode::Cancelled, 5),
        (MessageStatusCode::Delivered, 6),
        (MessageStatusCode::Seen, 7),
    ] {
        let mock = server.mock_async(|when, then| {
            let path = format!("/v1/messages/5000000102/status/{code}");
            when.method(PUT).path(path);
            then.status(200).json_body(json!({ "status": "success" }));
        });
        let mock = mock.await;
        let call = chat(&server)
            .set_message_status(5_000_000_102, status)
            .send()
            .await;
        call.unwrap();
        mock.assert_calls_async(1).await;
    }
}

/// Only `wa_direct` reads a template of the direct grammar.
#[test]
fn a_direct_template_brings_its_transport() {
    let template = Template::new("order_ready")
        .language("es")
        .variables(["118"]);
    let draft = |template: &Template| Draft::template(7, template).unwrap();
    let text = "@HSM@\norder_ready|es\n118";
    let direct = template.clone().direct();
    for (draft, transport) in [
        (draft(&direct), "wa_direct"),
        (draft(&direct).transport("wa_gupshup"), "wa_gupshup"),
    ] {
        let expected =
            json!({ "client_id": 7, "type": "to_client", "text": text, "transport": transport });
        assert_eq!(body(draft), expected);
    }
    assert_eq!(body(draft(&template))["transport"], Value::Null);
}

#[test]
fn media_paths_become_urls_of_the_region() {
    let path = "companies/company_1001/messages/2026-5/1.jpg";
    let at = |url: &str| Chat2Desk::builder("token").base_url(url).build().unwrap();
    for (region, host) in [
        (Region::Main, Some("https://storage.chat2desk.com/")),
        (Region::Eu, Some("https://storage.chat24.io/")),
        (Region::Kz02, Some("https://storage-02.chat2desk.kz/")),
        (Region::Mx, None),
    ] {
        let chat = at(region.base_url());
        let expected = host.map(|host| format!("{host}{path}"));
        assert_eq!(chat.media_url(path).ok(), expected);
        assert_eq!(chat.media_url(&format!("/{path}")).ok(), expected);
        let absolute = "https://example.com/1.jpg";
        assert_eq!(chat.media_url(absolute).unwrap(), absolute);
    }
    at("https://chat.example.com").media_url(path).unwrap_err();
}
