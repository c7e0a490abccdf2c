use super::{chat, page};
use chat2desk::clients::{Entry, Tagged};
use chat2desk::types::{CreateClientRequest, UpdateClientRequest};
use chat2desk::wire::{ClearableText, ExternalService};
use chat2desk::{ErrorKind, List, types};
use chrono::DateTime;
use httpmock::prelude::*;
use serde_json::{Value, json};

#[tokio::test]
async fn a_client_is_found_by_phone_or_not_at_all() {
    for (data, found) in [
        (json!([{ "id": 7, "phone": "15550100002" }]), Some(7)),
        (json!([]), None),
        // The filter was ignored: everybody came, and the first is not the one.
        (
            json!([{ "id": 1, "phone": "15550100001" }, { "id": 7, "phone": "+1 555 0100002" }]),
            Some(7),
        ),
        (
            json!([{ "id": 1, "phone": "15550100001" }, { "id": 2, "phone": null }]),
            None,
        ),
        (
            json!([{ "id": 1, "phone": "[wa_dialog] XX.15550100002" }]),
            None,
        ),
    ] {
        let server = MockServer::start_async().await;
        let mock = server.mock_async(|when, then| {
            when.path("/v1/clients").query_param("phone", "15550100002");
            then.status(200).json_body(page(data.clone()));
        });
        let mock = mock.await;
        let client = chat(&server)
            .find_client("+1 (555) 010-0002")
            .await
            .unwrap();
        assert_eq!(client.map(|client| client.id), found, "{data}");
        mock.assert_calls_async(1).await;
    }
}

#[tokio::test]
async fn what_is_no_phone_number_is_not_searched_for() {
    let server = MockServer::start_async().await;
    for text in ["", "+", "shop-user-118"] {
        let error = chat(&server).find_client(text).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
        let error = chat(&server).find_by_client_phone(text).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    }
}

#[tokio::test]
async fn all_who_share_a_number_are_found_however_it_is_stored() {
    let other = json!({ "id": 1, "phone": "15550100002", "client_phone": null });
    let digits = json!({ "id": 7, "phone": "[tg] 100", "client_phone": 15_550_100_002_i64 });
    let plus = json!({ "id": 8, "phone": "[chat] 0a", "client_phone": "+15550100002" });
    for (by_digits, by_plus, found, calls) in [
        (json!([digits]), json!([]), vec![7], (1, 0)),
        (json!([]), json!([plus]), vec![8], (1, 1)),
        (json!([]), json!([]), vec![], (1, 1)),
        // The filter was ignored: everybody came.
        (json!([other, digits, plus]), json!([]), vec![7, 8], (1, 0)),
        (json!([other]), json!([other]), vec![], (1, 1)),
    ] {
        let server = MockServer::start_async().await;
        let answer = async |phone: &str, data: Value| {
            let mock = server.mock_async(|when, then| {
                when.path("/v1/clients").query_param("client_phone", phone);
                then.status(200).json_body(page(data));
            });
            mock.await
        };
        let plain = answer("15550100002", by_digits).await;
        let plus = answer("+15550100002", by_plus).await;
        let clients = chat(&server)
            .find_by_client_phone("+1 (555) 010-0002")
            .await;
        let ids: Vec<_> = clients.unwrap().iter().map(|client| client.id).collect();
        assert_eq!(ids, found);
        assert_eq!((plain.calls_async().await, plus.calls_async().await), calls);
    }
}

#[tokio::test]
async fn customers_are_listed_by_custom_field_and_by_time() {
    let server = MockServer::start_async().await;
    let mock = server.mock_async(|when, then| {
        when.path("/v1/clients")
            .query_param("custom_field[id]", "5")
            .query_param("custom_field[text]", "Gold & more")
            .query_param("created_after", "1777885965");
        then.status(200).json_body(page(json!([{ "id": 7 }])));
    });
    let mock = mock.await;
    let time = DateTime::parse_from_rfc3339("2026-05-04T12:12:45.9+03:00").unwrap();
    let chat = chat(&server);
    let list = chat.list_clients().custom_field(5, "Gold & more");
    let found = list.created_after_time(time).collect_all().await.unwrap();
    assert_eq!(found[0].id, 7);
    mock.assert_calls_async(1).await;
}

#[tokio::test]
async fn a_name_is_removed_and_a_card_is_filled() {
    let server = MockServer::start_async().await;
    let mock = server.mock_async(|when, then| {
        let expected = json!({ "nickname": null, "assigned_phone": "15550100003",
            "external_id": 118, "external_service": "bitrix" });
        when.method(PUT).path("/v1/clients/7").json_body(expected);
        then.status(200)
            .json_body(json!({ "data": { "id": 7 }, "status": "success" }));
    });
    let mock = mock.await;
    let change = UpdateClientRequest::builder()
        .nickname(ClearableText::Clear)
        .assigned_phone("15550100003")
        .external_id(118)
        .external_service(ExternalService::Bitrix);
    chat(&server).update_client(7, change).send().await.unwrap();
    mock.assert_calls_async(1).await;
}

#[tokio::test]
async fn a_client_that_exists_is_taken_as_it_is() {
    let exists = json!({
        "errors": { "client": ["Client already exist", "{\"id\": 41200517}"] }, "status": "error",
    });
    let made = json!({ "data": { "id": 5, "phone": "15550100002" }, "status": "success" });
    let unknown = json!({ "errors": { "transport": ["is incorrect"] }, "status": "error" });
    for (status, body, expected) in [
        (400, exists, Some((41_200_517, false))),
        (200, made, Some((5, true))),
        (400, unknown, None),
    ] {
        let server = MockServer::start_async().await;
        let mock = server.mock_async(|when, then| {
            let expected = json!({ "phone": "15550100002", "transport": "whatsapp" });
            when.method(POST).path("/v1/clients").json_body(expected);
            then.status(status).json_body(body);
        });
        let mock = mock.await;
        let request = CreateClientRequest::builder();
        let request = request.phone("+1 555 010-0002").transport("whatsapp");
        let entry = chat(&server).get_or_create_client(request).await;
        mock.assert_calls_async(1).await;
        match (entry, expected) {
            (Ok(entry), Some((id, created))) => {
                assert_eq!(entry.id(), id);
                assert_eq!(matches!(entry, Entry::Created(_)), created);
            }
            (Err(error), None) => assert_eq!(error.kind(), ErrorKind::Validation),
            (entry, _) => panic!("{entry:?}"),
        }
    }
}

fn fields() -> Value {
    json!({ "data": [{ "id": 5, "name": "Segment" }, { "id": 6, "name": "City" }], "status": "ok" })
}

#[tokio::test]
async fn custom_fields_by_id_or_by_name() {
    let server = MockServer::start_async().await;
    let names = server.mock_async(|when, then| {
        when.path("/v1/custom_client_fields");
        then.status(200).json_body(fields());
    });
    let names = names.await;
    let change = server.mock_async(|when, then| {
        let expected = json!({ "custom_fields": { "5": "Gold", "6": "" } });
        when.method(PUT).path("/v1/clients/7").json_body(expected);
        then.status(200)
            .json_body(json!({ "data": { "id": 7 }, "status": "success" }));
    });
    let change = change.await;
    let chat = chat(&server);
    chat.set_custom_fields(7, [("Segment", "Gold"), ("City", "")])
        .await
        .unwrap();
    names.assert_calls_async(1).await;
    chat.set_custom_fields(7, [(5, "Gold"), (6, "")])
        .await
        .unwrap();
    names.assert_calls_async(1).await;
    let error = chat
        .set_custom_fields(7, [("Segmnt", "Gold")])
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    change.assert_calls_async(2).await;

    let known = chat.custom_fields().await.unwrap();
    let client = json!({ "id": 7, "custom_fields": { "5": "Gold", "6": "" } });
    let client: types::Client = serde_json::from_value(client).unwrap();
    assert_eq!(known.value(&client, "Segment"), Some("Gold"));
    assert_eq!(known.value(&client, 5), Some("Gold"));
    assert_eq!(known.value(&client, "City"), None);
    assert_eq!(known.value(&client, "Segmnt"), None);
    assert_eq!(known.iter().count(), 2);
}

async fn tags(server: &MockServer) {
    let mock = server.mock_async(|when, then| {
        when.path("/v1/tags");
        then.status(200).json_body(page(json!([
            { "id": 1201, "group_name": "Client kind", "label": "VIP" },
            { "id": 1202, "group_name": "Client kind", "label": "New" },
            { "id": 1301, "group_name": "Orders", "label": "New" },
        ])));
    });
    mock.await;
}

#[tokio::test]
async fn tags_are_added_by_label() {
    let server = MockServer::start_async().await;
    tags(&server).await;
    let mock = server.mock_async(|when, then| {
        let expected = json!({ "tag_ids": [1201], "assignee_type": "client", "assignee_id": 7 });
        when.method(POST)
            .path("/v1/tags/assign_to")
            .json_body(expected);
        then.status(200).json_body(json!({ "status": "success" }));
    });
    let mock = mock.await;
    let chat = chat(&server);
    for _ in 0..2 {
        chat.add_tag(Tagged::Client(7), "VIP").await.unwrap();
    }
    chat.add_tag(Tagged::Client(7), 1201).await.unwrap();
    mock.assert_calls_async(3).await;
    for (label, reason) in [("Vip", "no tag is named"), ("New", "Client kind, Orders")] {
        let error = chat.add_tag(Tagged::Client(7), label).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
        assert!(error.to_string().contains(reason), "{error}");
    }
}

#[tokio::test]
async fn taking_a_tag_that_is_not_there_is_fine() {
    for (status, body, expected) in [
        (200, json!({ "status": "success" }), Ok(true)),
        (
            400,
            json!({ "errors": "client not found", "status": "error" }),
            Ok(false),
        ),
        (
            404,
            json!({ "message": "not_found", "status": "error" }),
            Ok(false),
        ),
        (
            200,
            json!({ "errors": "Tag does not exist", "status": "error" }),
            Ok(false),
        ),
        (
            403,
            json!({ "message": "Token is not correct", "status": "error" }),
            Err(ErrorKind::Auth),
        ),
    ] {
        let server = MockServer::start_async().await;
        tags(&server).await;
        let mock = server.mock_async(|when, then| {
            when.method(DELETE)
                .path("/v1/tags/1201/delete_from")
                .json_body(json!({ "request_id": 9 }));
            then.status(status).json_body(body);
        });
        let mock = mock.await;
        let chat = chat(&server);
        let taken = chat.untag(Tagged::Request(9), "VIP").await;
        assert_eq!(taken.map_err(|error| error.kind()), expected);
        mock.assert_calls_async(1).await;
        assert!(!chat.untag(Tagged::Request(9), "Vip").await.unwrap());
        mock.assert_calls_async(1).await;
    }
}
