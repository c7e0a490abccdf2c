//! Operations on customers.

use crate::account::{Account, Client, Dialog};
use crate::api_response::ApiResponse;
use crate::call::{Call, scalar};
use crate::paging::{ordered, page};
use axum::http::StatusCode;
use chat2desk::wire::{Messenger, WebhookEvent};
use serde_json::{Map, Value, json};

/// The external systems that a customer can have an id in.
const SERVICES: [&str; 2] = ["amo", "bitrix"];

pub(super) fn not_found() -> ApiResponse {
    ApiResponse::errors(StatusCode::NOT_FOUND, "Client not found")
}

/// Unknown filters are ignored, as on the real server.
pub(super) fn list(account: &mut Account, call: &Call) -> ApiResponse {
    let tags = call.numbers("tags");
    let after = call.number("created_after");
    let field = call.get("custom_field[id]").and_then(scalar);
    let text = call.get("custom_field[text]").and_then(scalar);
    let has_field = |client: &Client| {
        let value = field.as_ref().and_then(|id| client.custom_fields.get(id));
        value.and_then(scalar) == text
    };
    let wanted = |client: &&Client| {
        call.allows("phone", &client.phone)
            && call.allows(
                "client_phone",
                client.client_phone.as_deref().unwrap_or_default(),
            )
            && (!call.has("tags") || tags.iter().any(|tag| client.tags.contains(tag)))
            && after.is_none_or(|after| client.first_message.is_some_and(|first| first > after))
            && (field.is_none() || text.is_none() || has_field(client))
    };
    let clients = account.clients.iter().filter(wanted);
    page(call, account.page_cap, ordered(call, clients), |client| {
        client.json(account)
    })
}

pub(super) fn get(account: &mut Account, call: &Call) -> ApiResponse {
    match call.id().and_then(|id| account.clients.find(id)) {
        Some(client) => ApiResponse::data(client.whole(account)),
        None => not_found(),
    }
}

pub(super) fn create(account: &mut Account, call: &Call) -> ApiResponse {
    let Some(phone) = call.text("phone") else {
        return ApiResponse::refused("phone", "is missing");
    };
    let Some(transport) = call.text("transport") else {
        return ApiResponse::refused("transport", "is missing");
    };
    if matches!(Messenger::from(transport), Messenger::Other(_)) {
        return ApiResponse::errors(StatusCode::BAD_REQUEST, "transport is incorrect");
    }
    let channel = match call.number("channel_id") {
        Some(id) if account.channels.find(id).is_none() => {
            return ApiResponse::errors(StatusCode::BAD_REQUEST, "channel not found");
        }
        Some(id) => id,
        None => account
            .channel_for(transport)
            .map_or(0, |channel| channel.id),
    };
    let same = |known: &&Client| known.phone == phone && known.transport == transport;
    if let Some(known) = account.clients.iter().find(same) {
        let id = json!({ "id": known.id }).to_string();
        return ApiResponse::errors(
            StatusCode::BAD_REQUEST,
            json!({ "client": ["Client already exist", id] }),
        );
    }
    let id = account.clients.next_id();
    let mut client = Client::new(id, phone, transport, channel, account.unix());
    client.assigned_name = call.text("nickname").map(str::to_owned);
    client.client_phone = call.text("assigned_phone").map(str::to_owned);
    let id = account.add_client(client);
    match account.clients.find(id) {
        Some(client) => ApiResponse::data(client.json(account)),
        None => not_found(),
    }
}

/// Sets the fields that the call has. Custom fields are merged, and an empty text clears one.
pub(super) fn update(account: &mut Account, call: &Call) -> ApiResponse {
    let now = account.unix();
    let Some(client) = call.id().and_then(|id| account.clients.find_mut(id)) else {
        return not_found();
    };
    let service = call.text("external_service");
    if service.is_some_and(|service| !SERVICES.contains(&service)) {
        return ApiResponse::refused("external_service", "is neither amo nor bitrix");
    }
    client.updated = now;
    if call.clears("nickname") {
        client.assigned_name = None;
    }
    if let Some(phone) = call.get("assigned_phone").and_then(scalar) {
        client.client_phone = Some(phone);
    }
    if let Some(name) = call.get("nickname").and_then(Value::as_str) {
        client.assigned_name = Some(name.to_owned());
    }
    for note in [
        "comment",
        "extra_comment_1",
        "extra_comment_2",
        "extra_comment_3",
    ] {
        if let Some(value) = call.get(note).filter(|value| value.is_string()) {
            client.notes.insert(note.to_owned(), value.clone());
        }
    }
    let id = call.get("external_id");
    if let Some(id) = id.filter(|id| id.is_string() || id.is_i64()) {
        client.notes.insert("external_id".to_owned(), id.clone());
        if let Some(service) = service {
            client.external_ids.insert(service.to_owned(), id.clone());
        }
    }
    merge(&mut client.custom_fields, call.get("custom_fields"));
    let (id, channel) = (client.id, client.channel);
    account.raise(WebhookEvent::ClientUpdated, Some(channel), |account| {
        let client = account.clients.find(id);
        client.map(Client::event).unwrap_or_default()
    });
    match account.clients.find(id) {
        Some(client) => ApiResponse::data(client.whole(account)),
        None => not_found(),
    }
}

pub(super) fn merge(fields: &mut Map<String, Value>, change: Option<&Value>) {
    for (name, value) in change.and_then(Value::as_object).into_iter().flatten() {
        if value.as_str() == Some("") {
            fields.remove(name);
        } else {
            fields.insert(name.clone(), value.clone());
        }
    }
}

pub(super) fn dialogs(account: &mut Account, call: &Call) -> ApiResponse {
    let Some(client) = call.id().and_then(|id| account.clients.find(id)) else {
        return not_found();
    };
    let dialogs = client
        .dialogs
        .iter()
        .filter_map(|id| account.dialogs.find(*id));
    page(
        call,
        account.page_cap,
        ordered(call, dialogs),
        Dialog::short,
    )
}

pub(super) fn transports(account: &mut Account, call: &Call) -> ApiResponse {
    match call.id().and_then(|id| account.clients.find(id)) {
        Some(client) => ApiResponse::data(
            json!([{ "channel_id": client.channel, "transports": [client.transport] }]),
        ),
        None => not_found(),
    }
}
