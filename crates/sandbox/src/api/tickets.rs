//! Operations on tickets, whose ids are texts.

use crate::account::{Account, Ticket};
use crate::api_response::ApiResponse;
use crate::call::Call;
use crate::paging::page;
use chat2desk::wire::WebhookEvent;
use chrono::NaiveDate;
use serde_json::Value;

/// The real server has no filters here.
pub(super) fn list(account: &mut Account, call: &Call) -> ApiResponse {
    page(call, account.page_cap, account.tickets.iter(), Ticket::json)
}

/// Returns the number of an id such as `TICK-118`.
fn id(call: &Call) -> Option<i64> {
    call.key()?.strip_prefix("TICK-")?.parse().ok()
}

pub(super) fn get(account: &mut Account, call: &Call) -> ApiResponse {
    let ticket = id(call).and_then(|id| account.tickets.find(id));
    ApiResponse::found(ticket.map(|record| record.json()))
}

pub(super) fn create(account: &mut Account, call: &Call) -> ApiResponse {
    let mut ticket = Ticket::new(account.tickets.next_id(), account.unix());
    if let Err(refusal) = set(&mut ticket, call) {
        return refusal;
    }
    let (response, event) = (ApiResponse::data(ticket.json()), ticket.event());
    account.tickets.push(ticket);
    account.raise(WebhookEvent::NewTicket, None, |_| event);
    response
}

pub(super) fn update(account: &mut Account, call: &Call) -> ApiResponse {
    let now = account.unix();
    let Some(ticket) = id(call).and_then(|id| account.tickets.find_mut(id)) else {
        return ApiResponse::not_found();
    };
    if let Err(refusal) = set(ticket, call) {
        return refusal;
    }
    ticket.updated = now;
    let (response, event) = (ApiResponse::data(ticket.json()), ticket.event());
    account.raise(WebhookEvent::TicketUpdated, None, |_| event);
    response
}

pub(super) fn delete(account: &mut Account, call: &Call) -> ApiResponse {
    let Some(ticket) = id(call).and_then(|id| account.tickets.remove(id)) else {
        return ApiResponse::not_found();
    };
    account.raise(WebhookEvent::TicketDeleted, None, |_| ticket.event());
    ApiResponse::done()
}

/// Sets the fields that the call has. Sets none if one is invalid.
fn set(ticket: &mut Ticket, call: &Call) -> Result<(), ApiResponse> {
    let mut fields = ticket.fields.clone();
    for name in ["summary", "description"] {
        match call.get(name) {
            Some(Value::String(text)) => fields.insert(name.into(), text.as_str().into()),
            Some(_) => return Err(ApiResponse::refused(name, "is not a text")),
            None => None,
        };
    }
    for name in ["status", "priority", "assignee_id", "reporter_id"] {
        match (call.get(name), call.number(name)) {
            (_, Some(number)) => fields.insert(name.into(), number.into()),
            (Some(_), None) => return Err(ApiResponse::refused(name, "is not a number")),
            (None, None) => None,
        };
    }
    if let Some(day) = call.get("deadline") {
        let text = day.as_str().unwrap_or_default();
        if NaiveDate::parse_from_str(text, "%Y-%m-%d").is_err() {
            return Err(ApiResponse::refused(
                "deadline",
                "is not of the form YYYY-MM-DD",
            ));
        }
        fields.insert("deadline".into(), text.into());
    }
    if call.has("request_ids") {
        fields.insert("request_ids".into(), call.numbers("request_ids").into());
    }
    ticket.fields = fields;
    Ok(())
}
