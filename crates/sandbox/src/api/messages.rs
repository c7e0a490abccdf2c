//! Operations that read messages, and that transfer their dialogs.

use super::dialogs;
use crate::account::{Account, Message};
use crate::api_response::ApiResponse;
use crate::call::Call;
use crate::paging::{limit, paged};
use axum::http::StatusCode;

/// The filters of the list of messages.
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

/// Pages go on by `start_id`. Neither `offset` nor `request_id` has an effect.
pub(super) fn list(account: &mut Account, call: &Call) -> ApiResponse {
    let day = |name| call.day(name, "%d-%m-%Y");
    let (from, until) = match (day("start_date"), day("finish_date")) {
        (Ok(from), Ok(until)) => (from, until),
        (Err(refusal), _) | (_, Err(refusal)) => return refusal,
    };
    let [from, until] = [from, until].map(|day| day.map(|day| account.midnight(day)));
    let start = call.number("start_id");
    if start.is_some() && (from.is_some() || until.is_some()) {
        return ApiResponse::bad_request("use date filter and start_id separately");
    }
    let (all, total) = account.listed(start);
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
            // On the real server the last day was seen to be excluded.
            && until.is_none_or(|until| message.created < until)
    };
    let found = all.filter(wanted);
    let limit = limit(call, account.page_cap);
    let total = if FILTERS.iter().any(|name| call.has(name)) {
        found.clone().count()
    } else {
        total
    };
    let data = if call.text("order") == Some("desc") {
        found.rev().take(limit).map(Message::json).collect()
    } else {
        found.take(limit).map(Message::json).collect()
    };
    paged(data, total, limit, 0)
}

pub(super) fn get(account: &mut Account, call: &Call) -> ApiResponse {
    let message = call.id().and_then(|id| account.messages.find(id));
    ApiResponse::found(message.map(|record| record.json()))
}

/// The response has neither pages nor an envelope.
pub(super) fn of_request(account: &mut Account, call: &Call) -> ApiResponse {
    let Some(request) = call.id().and_then(|id| account.requests.find(id)) else {
        return ApiResponse::not_found();
    };
    let messages = account
        .messages
        .iter()
        .filter(|message| message.request == Some(request.id));
    let messages = messages.map(|message| message.of_request(account));
    ApiResponse::json(messages.collect())
}

pub(super) fn mark_read(account: &mut Account, call: &Call) -> ApiResponse {
    mark(account, call, true)
}

pub(super) fn mark_unread(account: &mut Account, call: &Call) -> ApiResponse {
    mark(account, call, false)
}

fn mark(account: &mut Account, call: &Call, read: bool) -> ApiResponse {
    let Some(message) = call.id().and_then(|id| account.messages.find_mut(id)) else {
        return ApiResponse::not_found();
    };
    message.read = read;
    let (id, dialog) = (message.id, message.dialog);
    if let Some(dialog) = dialog.and_then(|dialog| account.dialogs.find_mut(dialog)) {
        dialog.unread.retain(|unread| *unread != id);
        if !read {
            dialog.unread.push(id);
        }
    }
    ApiResponse::done()
}

pub(super) fn transfer(account: &mut Account, call: &Call) -> ApiResponse {
    let operator = call.number("operator_id").unwrap_or_default();
    if account.operators.find(operator).is_none() {
        return dialogs::unknown_operator(operator);
    }
    hand_over(account, call, operator)
}

/// Transfers the dialog to an available operator of the group.
pub(super) fn transfer_to_group(account: &mut Account, call: &Call) -> ApiResponse {
    let group = call.number("group_id").unwrap_or_default();
    match super::operators::member(account, group) {
        Some(operator) => hand_over(account, call, operator),
        None => ApiResponse::errors(
            StatusCode::NOT_FOUND,
            format!("Operator Group {group} not found"),
        ),
    }
}

/// Transfers the dialog of a message to an operator, and opens one if the message has none.
fn hand_over(account: &mut Account, call: &Call, operator: i64) -> ApiResponse {
    let Some(message) = call.id().and_then(|id| account.messages.find(id)) else {
        let id = call.key().unwrap_or_default();
        return ApiResponse::errors(StatusCode::NOT_FOUND, format!("Message {id} not found"));
    };
    let (id, client, channel) = (message.id, message.client, message.channel);
    let known = message.dialog.and_then(|id| account.dialogs.find(id));
    let known = known.map(|dialog| dialog.id);
    let Some(dialog) = known.or_else(|| account.dialog_for(client, channel)) else {
        return ApiResponse::errors(StatusCode::NOT_FOUND, "Client not found");
    };
    account.reopen(dialog);
    if known.is_none() {
        account.adopt(id, dialog);
    }
    account.give(dialog, operator);
    ApiResponse::done()
}
