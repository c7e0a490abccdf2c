//! The operation that imports messages.

use super::dialogs::unknown_operator;
use super::send::{boxed, file};
use crate::account::{Account, Imported, Kind};
use crate::api_response::ApiResponse;
use crate::call::{Call, number, scalar};
use serde_json::{Map, Value, json};
use std::sync::Arc;

/// How many messages a call may have.
const MOST: usize = 10;

/// Imports all messages or none. What the real server does with valid messages beside an invalid one is unknown.
pub(super) fn import(account: &mut Account, call: &Call) -> ApiResponse {
    let client = call.number("client_id");
    let Some(client) = client.filter(|id| account.clients.find(*id).is_some()) else {
        return ApiResponse::refused("client_id", "client not found");
    };
    let channel = call.number("channel_id");
    let Some(channel) = channel.filter(|id| account.channels.find(*id).is_some()) else {
        return ApiResponse::refused("channel_id", "channel not found");
    };
    let Some(transport) = call.text("transport") else {
        return ApiResponse::refused("transport", "is missing");
    };
    let Some(messages) = call.get("messages").and_then(Value::as_array) else {
        return ApiResponse::refused("messages", "is missing");
    };
    if messages.len() > MOST {
        return ApiResponse::refused("messages", &format!("more than {MOST} messages"));
    }
    let messages = messages.iter().map(|message| read(account, message));
    let messages: Vec<Imported> = match messages.collect() {
        Ok(messages) => messages,
        Err(refusal) => return refusal,
    };
    let transport: Arc<str> = transport.into();
    for message in messages {
        account.import(client, channel, &transport, message);
    }
    ApiResponse::json(json!({ "errors": [], "status": "success" }))
}

fn read(account: &Account, message: &Value) -> Result<Imported, ApiResponse> {
    let wrong = |text: &str| ApiResponse::refused("messages", text);
    let kind = match message["type"].as_str() {
        Some("to_client") => Kind::ToClient,
        Some("from_client") => Kind::FromClient,
        Some("autoreply") => Kind::Autoreply,
        _ => return Err(wrong("a type is not one that can be imported")),
    };
    let at = number(&message["timestamp"]);
    let at = at.filter(|at| (0..=account.unix()).contains(at));
    let at = at.ok_or_else(|| {
        let now = account.now.format("%Y-%m-%d %H:%M:%S UTC");
        let text =
            format!("a timestamp is missing, or not of the past; the sandbox's clock shows {now}");
        wrong(&text)
    })?;
    let text = message["text"].as_str().filter(|text| !text.is_empty());
    let mut extra = match message["attachment"].as_str() {
        Some(link) => file(link, None)?,
        None => Map::new(),
    };
    if text.is_none() && extra.is_empty() {
        return Err(wrong("a message needs a text or an attachment"));
    }
    if let Some(id) = scalar(&message["external_id"]) {
        extra.insert("extra_data".into(), json!({ "external_id": id }));
    }
    let operator = number(&message["operator_id"]);
    if let Some(id) = operator.filter(|id| account.operators.find(*id).is_none()) {
        return Err(unknown_operator(id));
    }
    Ok(Imported {
        kind,
        at,
        text: text.map(Into::into),
        operator,
        extra: boxed(extra),
    })
}
