//! Messages: reading, sending, receiving and handing them over.

use super::{clients, dialogs};
use crate::sandbox::account::{Account, Draft, Kind, Message};
use crate::sandbox::answer::{Answer, limit, paged};
use crate::sandbox::call::{Call, scalar};
use axum::http::StatusCode;
use chrono::NaiveDate;
use serde_json::{Map, Value, json};

/// What a list of messages may be cut down by.
const FILTERS: [&str; 9] = [
    "channel_id",
    "client_id",
    "dialog_id",
    "operator_id",
    "transport",
    "type",
    "read",
    "start_date",
    "finish_date",
];

/// By `start_id`; `offset` has no effect, and neither has `request_id`.
pub(super) fn list(account: &mut Account, call: &Call) -> Answer {
    let (Ok(from), Ok(until)) = (day(call, "start_date"), day(call, "finish_date")) else {
        return Answer::bad_request("wrong date format");
    };
    let [from, until] = [from, until].map(|day| day.map(|day| account.midnight(day)));
    let start = call.number("start_id");
    if start.is_some() && (from.is_some() || until.is_some()) {
        return Answer::bad_request("use date filter and start_id separately");
    }
    let listed = (account.now - account.listed_after).timestamp();
    let listed = account
        .messages
        .partition_point(|message| message.created <= listed);
    let all = &account.messages[..listed];
    let first = start.map_or(0, |id| all.partition_point(|message| message.id < id));
    let [channel, client, dialog, operator] =
        ["channel_id", "client_id", "dialog_id", "operator_id"].map(|name| call.only(name));
    let read = call.flag("read");
    let wanted = |message: &&Message| {
        channel.allows(message.channel)
            && client.allows(message.client)
            && dialog.allows(message.dialog)
            && operator.allows(message.operator)
            && call.allows("transport", &message.transport)
            && call.allows("type", message.kind.name().unwrap_or_default())
            && read.is_none_or(|read| message.read == read)
            && from.is_none_or(|from| message.created >= from)
            // The last day itself was seen to be left out.
            && until.is_none_or(|until| message.created < until)
    };
    let found = all[first..].iter().filter(wanted);
    let limit = limit(call, account.page_cap);
    let total = if FILTERS.iter().any(|name| call.has(name)) {
        found.clone().count()
    } else {
        all.len() - first
    };
    let data = if call.text("order") == Some("desc") {
        found.rev().take(limit).map(Message::json).collect()
    } else {
        found.take(limit).map(Message::json).collect()
    };
    paged(data, total, limit, 0)
}

/// A day of the form `dd-mm-yyyy`; an error for any other form.
fn day(call: &Call, name: &str) -> Result<Option<NaiveDate>, ()> {
    let Some(day) = call.get(name) else {
        return Ok(None);
    };
    let text = day.as_str().filter(|text| text.len() == "dd-mm-yyyy".len());
    let day = NaiveDate::parse_from_str(text.ok_or(())?, "%d-%m-%Y");
    day.map(Some).map_err(|_| ())
}

pub(super) fn get(account: &mut Account, call: &Call) -> Answer {
    let message = call.id().and_then(|id| account.messages.find(id));
    Answer::found(message.map(|record| record.json()))
}

/// No pages, no envelope.
pub(super) fn of_request(account: &mut Account, call: &Call) -> Answer {
    let Some(request) = call.id().and_then(|id| account.requests.find(id)) else {
        return Answer::not_found();
    };
    let messages = account
        .messages
        .iter()
        .filter(|message| message.request == Some(request.id));
    Answer::json(messages.map(Message::of_request).collect())
}

pub(super) fn send(account: &mut Account, call: &Call) -> Answer {
    let Some(client) = call
        .number("client_id")
        .and_then(|id| account.clients.find(id))
    else {
        return Answer::refused("client_id", "client not found");
    };
    let client = client.id;
    let text = call.text("text");
    if text.is_none() && call.text("attachment").is_none() && call.text("pdf").is_none() {
        return Answer::refused("text", "a text, an attachment or a PDF is needed");
    }
    let Some(kind) = Kind::to_send(call.text("type").unwrap_or("to_client")) else {
        return Answer::refused("type", "is not one that can be sent");
    };
    if let Some(operator) = call
        .number("operator_id")
        .filter(|id| account.operators.find(*id).is_none())
    {
        return dialogs::unknown_operator(operator);
    }
    let channel = call.number("channel_id");
    if channel.is_some_and(|id| account.channels.find(id).is_none()) {
        return Answer::refused("channel_id", "channel not found");
    }
    let transport = call.text("transport");
    if !account.reaches(client, channel, transport) {
        return Answer::refused("transport", "is not available for the client");
    }
    let mut draft = Draft::new(kind, client, text.map(Into::into));
    draft.channel = channel;
    draft.transport = transport.map(Into::into);
    draft.operator = call.number("operator_id");
    draft.opens = draft.opens && call.flag("open_dialog").unwrap_or(true);
    draft.extra = match extra(call) {
        Ok(extra) => boxed(extra),
        Err(refusal) => return refusal,
    };
    let Some(message) = account.write(draft) else {
        return Answer::not_found();
    };
    Answer::data(json!({
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

/// The files of a message, and the id that its sender has for it.
fn extra(call: &Call) -> Result<Map<String, Value>, Answer> {
    let mut extra = Map::new();
    if let Some(link) = call.text("attachment") {
        if reqwest::Url::parse(link).is_err() {
            return Err(Answer::refused("attachment", "is not a URL"));
        }
        let name = call.text("attachment_filename");
        extra.insert(
            "attachments".into(),
            json!([{ "name": name, "link": link }]),
        );
    }
    for (parameter, key) in [("pdf", "pdf"), ("image", "photo"), ("video", "video")] {
        if let Some(url) = call.text(parameter) {
            extra.insert(key.into(), url.into());
        }
    }
    let mut data = call
        .get("extra_data")
        .and_then(Value::as_object)
        .cloned()
        .unwrap_or_default();
    if let Some(id) = call.get("external_id") {
        data.insert("external_id".into(), id.clone());
    }
    if !data.is_empty() {
        extra.insert("extra_data".into(), data.into());
    }
    Ok(extra)
}

fn boxed(extra: Map<String, Value>) -> Option<Box<Map<String, Value>>> {
    (!extra.is_empty()).then(|| Box::new(extra))
}

/// A message of a customer, from a channel of your own.
pub(super) fn receive(account: &mut Account, call: &Call) -> Answer {
    let Some(channel) = call
        .number("channel_id")
        .filter(|id| account.channels.find(*id).is_some())
    else {
        return Answer::refused("channel_id", "channel not found");
    };
    let sender = call.get("from_client").cloned().unwrap_or_default();
    let address = match (scalar(&sender["id"]), scalar(&sender["phone"])) {
        (Some(address), None) | (None, Some(address)) => address,
        _ => return Answer::refused("from_client", "either id or phone is needed"),
    };
    let mut extra = match extra(call) {
        Ok(extra) => extra,
        Err(refusal) => return refusal,
    };
    if let Some(place) = call.get("location")
        && let (Some(lat), Some(lon)) = (scalar(&place["lat"]), scalar(&place["lon"]))
    {
        extra.insert("coordinates".into(), format!("{lat},{lon}").into());
    }
    let is_media = |key: &String| key != "extra_data";
    if call.text("body").is_none() && !extra.keys().any(is_media) {
        return Answer::refused("body", "there is nothing to deliver");
    }
    let transport = call.text("transport").unwrap_or("external");
    let client = account.customer_at(&address, sender["nickname"].as_str(), transport, channel);
    if let Some(client) = account.clients.find_mut(client) {
        clients::merge(&mut client.custom_fields, call.get("custom_fields"));
    }
    let mut draft = Draft::new(Kind::FromClient, client, call.text("body").map(Into::into));
    draft.channel = Some(channel);
    draft.transport = Some(transport.into());
    draft.extra = boxed(extra);
    account.write(draft);
    Answer::done()
}

/// The self-service menu answers by itself, with an item of `list_menu_items`.
pub(super) fn send_menu_item(account: &mut Account, call: &Call) -> Answer {
    let text = match call.number("menu_item_id") {
        None | Some(42_001) => "Main menu",
        Some(42_002) => "Delivery status",
        Some(_) => return Answer::not_found(),
    };
    let client = call.number("client_id").unwrap_or_default();
    let draft = Draft::new(Kind::Autoreply, client, Some(text.into()));
    match account.write(draft) {
        Some(_) => Answer::done(),
        None => Answer::refused("client_id", "client not found"),
    }
}

pub(super) fn mark_read(account: &mut Account, call: &Call) -> Answer {
    mark(account, call, true)
}

pub(super) fn mark_unread(account: &mut Account, call: &Call) -> Answer {
    mark(account, call, false)
}

fn mark(account: &mut Account, call: &Call, read: bool) -> Answer {
    let Some(message) = call.id().and_then(|id| account.messages.find_mut(id)) else {
        return Answer::not_found();
    };
    message.read = read;
    let (id, dialog) = (message.id, message.dialog);
    if let Some(dialog) = dialog.and_then(|dialog| account.dialogs.find_mut(dialog)) {
        dialog.unread.retain(|unread| *unread != id);
        if !read {
            dialog.unread.push(id);
        }
    }
    Answer::done()
}

pub(super) fn transfer(account: &mut Account, call: &Call) -> Answer {
    let operator = call.number("operator_id").unwrap_or_default();
    if account.operators.find(operator).is_none() {
        return dialogs::unknown_operator(operator);
    }
    hand_over(account, call, operator)
}

/// To whoever of the group is there.
pub(super) fn transfer_to_group(account: &mut Account, call: &Call) -> Answer {
    let group = call.number("group_id").unwrap_or_default();
    match super::operators::member(account, group) {
        Some(operator) => hand_over(account, call, operator),
        None => Answer::errors(
            StatusCode::NOT_FOUND,
            format!("Operator Group {group} not found"),
        ),
    }
}

/// Opens a dialog if the message has none.
fn hand_over(account: &mut Account, call: &Call, operator: i64) -> Answer {
    let Some(message) = call.id().and_then(|id| account.messages.find(id)) else {
        let id = call.key().unwrap_or_default();
        return Answer::errors(StatusCode::NOT_FOUND, format!("Message {id} not found"));
    };
    let (id, client, channel) = (message.id, message.client, message.channel);
    let known = message.dialog.and_then(|id| account.dialogs.find(id));
    let known = known.map(|dialog| dialog.id);
    let Some(dialog) = known.or_else(|| account.dialog_for(client, channel)) else {
        return Answer::errors(StatusCode::NOT_FOUND, "Client not found");
    };
    account.reopen(dialog);
    if known.is_none() {
        account.adopt(id, dialog);
    }
    account.give(dialog, operator);
    Answer::done()
}
