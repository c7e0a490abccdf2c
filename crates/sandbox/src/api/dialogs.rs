//! Operations on dialogs and requests.

use crate::account::{Account, Dialog};
use crate::api_response::ApiResponse;
use crate::call::Call;
use crate::paging::{ordered, page};
use axum::http::StatusCode;
use serde_json::{Value, json};

/// Filters by operator and state. A filter by customer is ignored, as on the real server.
pub(super) fn list(account: &mut Account, call: &Call) -> ApiResponse {
    let operator = call.only("operator_id");
    let wanted =
        |dialog: &&Dialog| operator.allows(dialog.operator) && call.allows("state", dialog.state());
    let dialogs = account.dialogs.iter().filter(wanted);
    page(call, account.page_cap, ordered(call, dialogs), |dialog| {
        dialog.json(account)
    })
}

/// Here `limit` is not the size of a page, but the seconds since the customer's last message.
pub(super) fn unanswered(account: &mut Account, call: &Call) -> ApiResponse {
    let seconds = call.number("limit").unwrap_or(600);
    let before = account.unix().saturating_sub(seconds);
    let waits = |dialog: &&Dialog| {
        let request = dialog.request.and_then(|id| account.requests.find(id));
        let waits = request.and_then(|request| request.waits);
        dialog.is_open() && waits.is_some_and(|wait| wait.last <= before)
    };
    let dialogs = account.dialogs.iter().filter(waits);
    let (ids, clients): (Vec<_>, Vec<_>) = dialogs.map(|dialog| (dialog.id, dialog.client)).unzip();
    ApiResponse::data(json!({ "ids": ids, "client_ids": clients }))
}

pub(super) fn get(account: &mut Account, call: &Call) -> ApiResponse {
    let dialog = call.id().and_then(|id| account.dialogs.find(id));
    ApiResponse::found(dialog.map(|record| record.whole(account)))
}

pub(super) fn update(account: &mut Account, call: &Call) -> ApiResponse {
    let Some(dialog) = call.id().and_then(|id| account.dialogs.find(id)) else {
        return ApiResponse::not_found();
    };
    let (id, is_open) = (dialog.id, dialog.is_open());
    let opens = match call.get("state").map(Value::as_str) {
        None => None,
        Some(Some("open")) => Some(true),
        Some(Some("closed")) => Some(false),
        Some(_) => return ApiResponse::refused("state", "is neither open nor closed"),
    };
    if opens == Some(is_open) {
        return ApiResponse::refused(
            "state",
            &format!("dialog already has state {}", dialog.state()),
        );
    }
    let operator = call.number("operator_id");
    if let Some(operator) = operator.filter(|id| account.operators.find(*id).is_none()) {
        return unknown_operator(operator);
    }
    // A closed request keeps its operator, so the dialog is opened before the operator is assigned.
    if opens == Some(true) {
        account.reopen(id);
    }
    if let Some(operator) = operator {
        account.give(id, operator);
    }
    if opens == Some(false) {
        account.close(id);
    }
    ApiResponse::done()
}

pub(super) fn unknown_operator(id: i64) -> ApiResponse {
    ApiResponse::errors(StatusCode::NOT_FOUND, format!("Operator {id} not found"))
}

pub(super) fn request(account: &mut Account, call: &Call) -> ApiResponse {
    let request = call.id().and_then(|id| account.requests.find(id));
    ApiResponse::found(request.map(|record| record.json(account)))
}

/// Closes a request by its id, or the open one of a customer.
pub(super) fn close_request(account: &mut Account, call: &Call) -> ApiResponse {
    let dialog = if call.has("request_id") {
        let request = call.number("request_id");
        let request = request.and_then(|id| account.requests.find(id));
        let dialog = request.and_then(|request| account.dialogs.find(request.dialog));
        dialog.filter(|dialog| dialog.request == call.number("request_id"))
    } else {
        let client = call.number("client_id");
        client.and_then(|client| account.open_dialog(client))
    };
    let Some(dialog) = dialog
        .filter(|dialog| dialog.is_open())
        .map(|dialog| dialog.id)
    else {
        return ApiResponse::not_found();
    };
    account.close(dialog);
    ApiResponse::done()
}
