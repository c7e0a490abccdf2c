//! Operations that send messages, receive them from an external channel, and set their state.

use super::{clients, dialogs};
use crate::account::{Account, Draft, Kind, Status};
use crate::api_response::ApiResponse;
use crate::call::{Call, scalar};
use serde_json::{Map, Value, json};

pub(super) fn send(account: &mut Account, call: &Call) -> ApiResponse {
    let Some(client) = call
        .number("client_id")
        .and_then(|id| account.clients.find(id))
    else {
        return ApiResponse::refused("client_id", "client not found");
    };
    let client = client.id;
    let text = call.text("text");
    if text.is_none() && call.text("attachment").is_none() && call.text("pdf").is_none() {
        return ApiResponse::refused("text", "a text, an attachment or a PDF is needed");
    }
    let Some(kind) = Kind::to_send(call.text("type").unwrap_or("to_client")) else {
        return ApiResponse::refused("type", "is not one that can be sent");
    };
    if let Some(operator) = call
        .number("operator_id")
        .filter(|id| account.operators.find(*id).is_none())
    {
        return dialogs::unknown_operator(operator);
    }
    let channel = call.number("channel_id");
    if channel.is_some_and(|id| account.channels.find(id).is_none()) {
        return ApiResponse::refused("channel_id", "channel not found");
    }
    let transport = call.text("transport");
    if !account.reaches(client, channel, transport) {
        return ApiResponse::refused("transport", "is not available for the client");
    }
    let mut draft = Draft::new(kind, client, text.map(Into::into));
    draft.channel = channel;
    draft.transport = transport.map(Into::into);
    draft.operator = call.number("operator_id");
    draft.opens = draft.opens && call.flag("open_dialog").unwrap_or(true);
    let mut extra = match media(call) {
        Ok(extra) => extra,
        Err(refusal) => return refusal,
    };
    if let Some(id) = call.get("external_id") {
        extra.insert("extra_data".into(), json!({ "external_id": id }));
    }
    draft.extra = boxed(extra);
    let Some(message) = account.send(draft) else {
        return ApiResponse::not_found();
    };
    ApiResponse::data(json!({
        "message_id": message.id,
        "channel_id": message.channel,
        "operator_id": message.operator,
        "transport": &*message.transport,
        "type": message.kind.name(),
        "client_id": message.client,
        "dialog_id": message.dialog,
        "request_id": message.request,
    }))
}

/// Reads the files of a message.
fn media(call: &Call) -> Result<Map<String, Value>, ApiResponse> {
    let mut media = match call.text("attachment") {
        Some(link) => file(link, call.text("attachment_filename"))?,
        None => Map::new(),
    };
    for (parameter, key) in [("pdf", "pdf"), ("image", "photo"), ("video", "video")] {
        if let Some(url) = call.text(parameter) {
            media.insert(key.into(), url.into());
        }
    }
    Ok(media)
}

/// Returns the field of one attached file.
pub(super) fn file(link: &str, name: Option<&str>) -> Result<Map<String, Value>, ApiResponse> {
    if reqwest::Url::parse(link).is_err() {
        return Err(ApiResponse::refused("attachment", "is not a URL"));
    }
    let file = json!([{ "name": name, "link": link }]);
    Ok(Map::from_iter([("attachments".to_owned(), file)]))
}

pub(super) fn boxed(extra: Map<String, Value>) -> Option<Box<Map<String, Value>>> {
    (!extra.is_empty()).then(|| Box::new(extra))
}

/// Receives a message of a customer from an external channel.
pub(super) fn receive(account: &mut Account, call: &Call) -> ApiResponse {
    let Some(channel) = call
        .number("channel_id")
        .filter(|id| account.channels.find(*id).is_some())
    else {
        return ApiResponse::refused("channel_id", "channel not found");
    };
    let sender = call.get("from_client").cloned().unwrap_or_default();
    let address = match (scalar(&sender["id"]), scalar(&sender["phone"])) {
        (Some(address), None) | (None, Some(address)) => address,
        _ => return ApiResponse::refused("from_client", "either id or phone is needed"),
    };
    if call.has("image") && call.has("video") {
        return ApiResponse::refused("image", "either image or video is possible");
    }
    let mut extra = match media(call) {
        Ok(extra) => extra,
        Err(refusal) => return refusal,
    };
    match call.text("location").map(place) {
        Some(Some(place)) => extra.insert("coordinates".into(), place.into()),
        Some(None) => return ApiResponse::refused("location", "is not latitude and longitude"),
        None => None,
    };
    if call.text("body").is_none() && extra.is_empty() {
        return ApiResponse::refused("body", "there is nothing to deliver");
    }
    if let Some(data) = call.get("extra_data").filter(|data| data.is_object()) {
        extra.insert("extra_data".into(), data.clone());
    }
    let transport = call.text("transport").unwrap_or("external");
    let client = account.customer_at(&address, sender["nickname"].as_str(), transport, channel);
    if let Some(client) = account.clients.find_mut(client) {
        if let Some(phone) = scalar(&sender["client_phone"]) {
            client.client_phone = Some(phone);
        }
        clients::merge(&mut client.custom_fields, sender.get("custom_fields"));
    }
    let mut draft = Draft::new(Kind::FromClient, client, call.text("body").map(Into::into));
    draft.channel = Some(channel);
    draft.transport = Some(transport.into());
    draft.extra = boxed(extra);
    account.write(draft);
    ApiResponse::done()
}

/// Reads a location of two numbers with a space between, and returns it in the form of messages.
fn place(text: &str) -> Option<String> {
    let (latitude, longitude) = text.split_once(' ')?;
    let is_number = |text: &&str| text.parse::<f64>().is_ok_and(f64::is_finite);
    let longitude = Some(longitude.trim()).filter(is_number)?;
    let latitude = Some(latitude).filter(is_number)?;
    Some(format!("{latitude},{longitude}"))
}

/// Sets the state of an outgoing message of an external channel, as reported by the program that delivers it.
pub(super) fn set_status(account: &mut Account, call: &Call) -> ApiResponse {
    let Some(message) = call.part("id").and_then(|id| account.messages.find(id)) else {
        return ApiResponse::not_found();
    };
    let Some(status) = call.part("status").and_then(Status::of_code) else {
        return ApiResponse::refused("status", "there is no such status");
    };
    if message.status.is_none() || !message.is_external() {
        return ApiResponse::refused("id", "is not an outgoing message of an external channel");
    }
    account.set_status(message.id, status, None);
    ApiResponse::unknown()
}

pub(super) fn delete_unsent(account: &mut Account, _: &Call) -> ApiResponse {
    account.drop_unsent();
    ApiResponse::unknown()
}
