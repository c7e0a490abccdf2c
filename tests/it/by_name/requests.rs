//! Every operation by name puts on the wire what the typed call does.

use super::{Recorder, by_name, known};
use crate::operations::calls::{Call, calls};
use chat2desk::by_name::CallByName;
use chat2desk::types::*;
use chat2desk::{Chat2Desk, Operation, ParameterKind, ParameterLocation, operations};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// The arguments of a call that do not go into the body, read from their texts.
fn outside_body(operation: &Operation, call: &Call) -> Map<String, Value> {
    let mut in_path = [call.id_in_path, call.second_in_path].into_iter();
    let mut arguments = Map::new();
    for parameter in operation.parameters {
        let text = match parameter.location {
            ParameterLocation::Path => in_path.next(),
            ParameterLocation::Query => {
                let mut query = call.query.iter();
                query.find_map(|(key, value)| (*key == parameter.key).then_some(*value))
            }
            _ => None,
        };
        if let Some(text) = text {
            arguments.insert(parameter.name.to_owned(), parameter.parse(text).unwrap());
        }
    }
    arguments
}

#[tokio::test]
async fn all_arguments_of_every_operation() {
    let recorder = Recorder::default();
    let chat = recorder.client();
    let mut called = BTreeSet::new();
    for call in calls() {
        let operation = known(call.id);
        let _ = (call.send)(chat.clone()).await;
        let typed = recorder.only();

        let mut arguments = outside_body(operation, &call);
        let whole = chat.call(operation, arguments.clone());
        let properties = call.body.clone().unwrap_or_default();
        if operation
            .parameters
            .iter()
            .any(|known| known.location == ParameterLocation::Body)
        {
            arguments.extend(properties.as_object().unwrap().clone());
            assert!(
                operation
                    .parameters
                    .iter()
                    .all(|known| arguments.contains_key(known.name)),
                "{}",
                call.id
            );
        }
        let one_by_one = chat.call(operation, arguments);
        if operation
            .body
            .is_none_or(|_| !properties.as_object().unwrap().is_empty())
            && call.id != "create_operator"
        {
            let _ = one_by_one.clone().send().await;
            assert_eq!(recorder.only(), typed, "{}", call.id);
            let preview = one_by_one.preview().unwrap();
            let line = format!("{} https://example.com{}", preview.method, preview.path);
            assert_eq!(
                (line, preview.body),
                (typed.line.clone(), typed.body.clone())
            );
        }
        if let Some(body) = call.body {
            let _ = whole.body(body).send().await;
            assert_eq!(recorder.only(), typed, "{} with a whole body", call.id);
        }
        called.insert(call.id);
    }
    let all: BTreeSet<_> = operations().iter().map(|operation| operation.id).collect();
    assert_eq!(called, all);
}

#[tokio::test]
async fn only_the_required_arguments() {
    let recorder = Recorder::default();
    let chat = recorder.client();
    for call in calls() {
        let operation = known(call.id);
        let mut arguments = outside_body(operation, &call);
        let mut body = call.body.clone().unwrap_or_default();
        for parameter in operation.parameters.iter().filter(|known| !known.required) {
            match parameter.location {
                ParameterLocation::Body => {
                    drop(body.as_object_mut().unwrap().remove(parameter.key))
                }
                _ => drop(arguments.remove(parameter.name)),
            }
        }
        match &call.body {
            None => (call.bare)(chat.clone()).await,
            Some(_) => with_body(&chat, call.id, body.clone()).await,
        }
        let typed = recorder.only();
        let query = typed.line.contains('?');
        let needs_query = |known: &chat2desk::Parameter| {
            known.required && known.location == ParameterLocation::Query
        };
        assert_eq!(
            query,
            operation.parameters.iter().any(needs_query),
            "{}",
            typed.line
        );
        if call.id == "create_operator" {
            continue;
        }
        arguments.extend(body.as_object().cloned().unwrap_or_default());
        let _ = chat.call(operation, arguments).send().await;
        assert_eq!(recorder.only(), typed, "{}", call.id);
    }
}

/// Sends a typed call with a body of this JSON.
#[allow(deprecated)]
async fn with_body(chat: &Chat2Desk, id: &str, body: Value) {
    macro_rules! send {
        ($($name:literal => $call:ident($($id:expr),*): $body:ty;)*) => {
            match id {
                $($name => {
                    let body: $body = serde_json::from_value(body).unwrap();
                    let _ = chat.$call($($id,)* body).send().await;
                })*
                _ => panic!("{id} has a body"),
            }
        };
    }
    send! {
        "send_message" => send_message(): SendMessageRequest;
        "receive_message" => receive_message(): ReceiveMessageRequest;
        "import_messages" => import_messages(): ImportMessagesRequest;
        "assign_message" => assign_message(5_000_000_101): AssignMessageRequest;
        "create_client" => create_client(): CreateClientRequest;
        "update_client" => update_client(94_000_001): UpdateClientRequest;
        "update_dialog" => update_dialog(18_400_001): UpdateDialogRequest;
        "close_request" => close_request(): CloseRequestRequest;
        "create_tag" => create_tag(): CreateTagRequest;
        "create_tag_group" => create_tag_group(): CreateTagGroupRequest;
        "assign_tags" => assign_tags(): AssignTagsRequest;
        "remove_tag" => remove_tag(1201): RemoveTagRequest;
        "create_operator" => create_operator(): Map<String, Value>;
        "update_operator" => update_operator(310_001): UpdateOperatorRequest;
        "list_menu_items" => list_menu_items(): ListMenuItemsRequest;
        "send_menu_item" => send_menu_item(): SendMenuItemRequest;
        "create_ticket" => create_ticket(): CreateTicketRequest;
        "update_ticket" => update_ticket("TICK-118"): UpdateTicketRequest;
        "create_webhook" => create_webhook(): CreateWebhookRequest;
        "update_webhook" => update_webhook(901): UpdateWebhookRequest;
        "update_company" => update_company(): UpdateCompanyRequest;
        "switch_company_mode" => switch_company_mode(): SwitchCompanyModeRequest;
        "set_legacy_web_hook" => set_legacy_web_hook(): SetLegacyWebHookRequest;
        "set_legacy_chat_close_web_hook" => set_legacy_chat_close_web_hook(): SetLegacyChatCloseWebHookRequest;
        "decode_qr_code" => decode_qr_code(): DecodeQrCodeRequest;
    }
}

/// What few send: other alphabets, what a URL has other uses for, and empty texts.
#[tokio::test]
async fn odd_values() {
    let recorder = Recorder::default();
    let chat = recorder.client();
    for text in [
        "",
        " ",
        "Zoë & Кот=100% +#?/\\",
        "a/b",
        "👋\u{200d}🏽",
        "null",
        "[1]",
        "\"",
        "%2F%00",
        "a\nb",
    ] {
        let typed = chat
            .list_clients()
            .phone(text)
            .tags(text)
            .custom_field_text(text)
            .order(text);
        let named =
            json!({ "phone": text, "tags": text, "custom_field[text]": text, "order": text });
        same(
            &recorder,
            async { typed.send().await.is_ok() },
            by_name(&chat, "list_clients", named),
        )
        .await;

        let typed = chat.get_ticket(text);
        same(
            &recorder,
            async { typed.send().await.is_ok() },
            by_name(&chat, "get_ticket", json!({ "id": text })),
        )
        .await;

        // In order: a call by name sorts the keys of free JSON, too. The typed call does so unless `serde_json` is
        // compiled with `preserve_order`.
        let typed = SendMessageRequest::builder()
            .client_id(i64::MIN)
            .text(text)
            .type_(text);
        let typed = typed.interactive(json!({ "a": {}, "z": [text, null, 1.5e300] }));
        let named = json!({ "client_id": i64::MIN, "text": text, "type": text,
            "interactive": { "a": {}, "z": [text, null, 1.5e300] } });
        same(
            &recorder,
            async { chat.send_message(typed).send().await.is_ok() },
            by_name(&chat, "send_message", named),
        )
        .await;

        let typed = UpdateClientRequest::builder()
            .nickname(None::<String>)
            .external_id(ExternalId::Text(text.into()));
        let named = json!({ "id": 7, "nickname": null, "external_id": text });
        same(
            &recorder,
            async { chat.update_client(7, typed).send().await.is_ok() },
            by_name(&chat, "update_client", named),
        )
        .await;
    }
}

/// Sends both, or neither.
async fn same(recorder: &Recorder, typed: impl Future<Output = bool>, named: CallByName) {
    typed.await;
    let typed = recorder.take();
    let result = named.send().await;
    assert_eq!(recorder.take(), typed);
    assert_eq!(typed.len() == 1, result.is_ok());
}

/// The table has what the document has, each argument once.
#[test]
fn every_argument_has_a_name_of_its_own() {
    for operation in operations() {
        let names: BTreeSet<_> = operation
            .parameters
            .iter()
            .map(|known| known.name)
            .collect();
        assert_eq!(names.len(), operation.parameters.len(), "{}", operation.id);
        assert_eq!(chat2desk::operation(operation.id), Some(operation));
        assert!(
            operation
                .parameters
                .iter()
                .all(|known| !known.help.is_empty()),
            "{}",
            operation.id
        );
        let in_path = operation
            .parameters
            .iter()
            .filter(|known| known.location == ParameterLocation::Path);
        assert!(
            in_path.clone().all(|known| known.required),
            "{}",
            operation.id
        );
        assert_eq!(
            in_path.count(),
            operation.path.matches('{').count(),
            "{}",
            operation.id
        );
    }
    assert_eq!(chat2desk::operation("get_weather"), None);
    let create_operator = known("create_operator").body.unwrap();
    assert_eq!(
        (create_operator.media_type, create_operator.kind),
        ("application/json", ParameterKind::Object)
    );
    let order = known("list_clients")
        .parameters
        .iter()
        .find(|known| known.name == "order");
    assert_eq!(order.unwrap().kind, ParameterKind::Enum(&["asc", "desc"]));
}

#[test]
fn a_preview_sends_nothing_and_has_no_token() {
    let recorder = Recorder::default();
    let chat: Chat2Desk = recorder.client();
    let call = by_name(
        &chat,
        "send_message",
        json!({ "client_id": 94_000_001, "text": "Hello" }),
    );
    let preview = call.preview().unwrap();
    assert_eq!(
        (preview.method.as_str(), preview.path.as_str()),
        ("POST", "/prefix/v1/messages")
    );
    assert_eq!(
        preview.body.as_deref(),
        Some(r#"{"client_id":94000001,"text":"Hello"}"#)
    );
    let shown = format!("{preview:?} {call:?}");
    assert!(
        !shown.contains("Hello") && !shown.contains("secret"),
        "{shown}"
    );
    assert_eq!(recorder.take(), []);
}
