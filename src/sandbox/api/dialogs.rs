//! Dialogs and requests.

use crate::sandbox::account::{Account, Dialog, Kind, find};
use crate::sandbox::answer::{Answer, page};
use crate::sandbox::call::Call;
use axum::http::StatusCode;
use serde_json::Value;

/// By operator and state; a filter by customer the server ignores.
pub(super) fn list(account: &mut Account, call: &Call) -> Answer {
    let operator = call.only("operator_id");
    let wanted =
        |dialog: &&Dialog| operator.allows(dialog.operator) && call.allows("state", dialog.state());
    let dialogs = account.dialogs.iter().filter(wanted);
    page(call, account.page_cap, dialogs, |dialog| {
        dialog.json(account)
    })
}

/// `limit` is not the size of a page here, but for how many seconds the customer waits.
pub(super) fn unanswered(account: &mut Account, call: &Call) -> Answer {
    let seconds = call.number("limit").unwrap_or(600);
    let before = account.unix().saturating_sub(seconds);
    let waits = |dialog: &&Dialog| {
        let last = dialog
            .last_message
            .and_then(|id| find(&account.messages, id));
        dialog.is_open()
            && last.is_some_and(|last| last.kind == Kind::FromClient && last.created <= before)
    };
    let dialogs = account.dialogs.iter().filter(waits);
    Answer::data(
        dialogs
            .map(|dialog| dialog.json(account))
            .collect::<Vec<_>>(),
    )
}

pub(super) fn get(account: &mut Account, call: &Call) -> Answer {
    let dialog = call.id().and_then(|id| find(&account.dialogs, id));
    dialog.map_or_else(Answer::not_found, |dialog| {
        Answer::data(dialog.json(account))
    })
}

pub(super) fn update(account: &mut Account, call: &Call) -> Answer {
    let Some(dialog) = call.id().and_then(|id| find(&account.dialogs, id)) else {
        return Answer::not_found();
    };
    let (id, is_open) = (dialog.id, dialog.is_open());
    let opens = match call.get("state").map(Value::as_str) {
        None => None,
        Some(Some("open")) => Some(true),
        Some(Some("closed")) => Some(false),
        Some(_) => return Answer::refused("state", "is neither open nor closed"),
    };
    if opens == Some(is_open) {
        return Answer::refused(
            "state",
            &format!("dialog already has state {}", dialog.state()),
        );
    }
    if let Some(operator) = call.number("operator_id") {
        if find(&account.operators, operator).is_none() {
            return unknown_operator(operator);
        }
        account.give(id, operator);
    }
    match opens {
        Some(true) => account.reopen(id),
        Some(false) => account.close(id),
        None => (),
    }
    Answer::done()
}

pub(super) fn unknown_operator(id: i64) -> Answer {
    Answer::errors(StatusCode::NOT_FOUND, format!("Operator {id} not found"))
}

pub(super) fn request(account: &mut Account, call: &Call) -> Answer {
    let request = call.id().and_then(|id| find(&account.requests, id));
    request.map_or_else(Answer::not_found, |request| Answer::data(request.json()))
}

/// By its id, or the customer's open one.
pub(super) fn close_request(account: &mut Account, call: &Call) -> Answer {
    let by_id = call
        .number("request_id")
        .and_then(|id| find(&account.requests, id));
    let dialog = match by_id {
        Some(request) => find(&account.dialogs, request.dialog)
            .filter(|dialog| dialog.request == Some(request.id)),
        None => call
            .number("client_id")
            .and_then(|client| account.open_dialog(client)),
    };
    let Some(dialog) = dialog
        .filter(|dialog| dialog.is_open())
        .map(|dialog| dialog.id)
    else {
        return Answer::not_found();
    };
    account.close(dialog);
    Answer::done()
}
