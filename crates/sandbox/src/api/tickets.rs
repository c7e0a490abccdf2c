//! Tickets, whose ids are texts.

use crate::account::{Account, Ticket};
use crate::answer::{Answer, page};
use crate::call::Call;
use chat2desk::wire::WebhookEvent;
use chrono::NaiveDate;
use serde_json::Value;

/// Filters the server does not know.
pub(super) fn list(account: &mut Account, call: &Call) -> Answer {
    page(call, account.page_cap, account.tickets.iter(), Ticket::json)
}

/// `TICK-118`: the number after the dash.
fn id(call: &Call) -> Option<i64> {
    call.key()?.strip_prefix("TICK-")?.parse().ok()
}

pub(super) fn get(account: &mut Account, call: &Call) -> Answer {
    let ticket = id(call).and_then(|id| account.tickets.find(id));
    Answer::found(ticket.map(|record| record.json()))
}

pub(super) fn create(account: &mut Account, call: &Call) -> Answer {
    let mut ticket = Ticket::new(account.tickets.next_id(), account.unix());
    if let Err(refusal) = set(&mut ticket, call) {
        return refusal;
    }
    let (answer, event) = (Answer::data(ticket.json()), ticket.event());
    account.tickets.push(ticket);
    account.raise(WebhookEvent::NewTicket, None, |_| event);
    answer
}

pub(super) fn update(account: &mut Account, call: &Call) -> Answer {
    let now = account.unix();
    let Some(ticket) = id(call).and_then(|id| account.tickets.find_mut(id)) else {
        return Answer::not_found();
    };
    if let Err(refusal) = set(ticket, call) {
        return refusal;
    }
    ticket.updated = now;
    let (answer, event) = (Answer::data(ticket.json()), ticket.event());
    account.raise(WebhookEvent::TicketUpdated, None, |_| event);
    answer
}

pub(super) fn delete(account: &mut Account, call: &Call) -> Answer {
    let Some(ticket) = id(call).and_then(|id| account.tickets.remove(id)) else {
        return Answer::not_found();
    };
    account.raise(WebhookEvent::TicketDeleted, None, |_| ticket.event());
    Answer::done()
}

/// Takes the fields that a call gives, all or none.
fn set(ticket: &mut Ticket, call: &Call) -> Result<(), Answer> {
    let mut fields = ticket.fields.clone();
    for name in ["summary", "description"] {
        match call.get(name) {
            Some(Value::String(text)) => fields.insert(name.into(), text.as_str().into()),
            Some(_) => return Err(Answer::refused(name, "is not a text")),
            None => None,
        };
    }
    for name in ["status", "priority", "assignee_id", "reporter_id"] {
        match (call.get(name), call.number(name)) {
            (_, Some(number)) => fields.insert(name.into(), number.into()),
            (Some(_), None) => return Err(Answer::refused(name, "is not a number")),
            (None, None) => None,
        };
    }
    if let Some(day) = call.get("deadline") {
        let text = day.as_str().unwrap_or_default();
        if NaiveDate::parse_from_str(text, "%Y-%m-%d").is_err() {
            return Err(Answer::refused("deadline", "is not of the form YYYY-MM-DD"));
        }
        fields.insert("deadline".into(), text.into());
    }
    if call.has("request_ids") {
        fields.insert("request_ids".into(), call.numbers("request_ids").into());
    }
    ticket.fields = fields;
    Ok(())
}
