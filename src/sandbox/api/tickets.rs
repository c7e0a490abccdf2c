//! Tickets, whose ids are texts.

use crate::sandbox::account::{Account, Ticket, find, find_mut, next_id};
use crate::sandbox::answer::{Answer, page};
use crate::sandbox::call::Call;
use chrono::NaiveDate;
use serde_json::{Map, Value, json};

/// Filters the server does not know.
pub(super) fn list(account: &mut Account, call: &Call) -> Answer {
    page(call, account.page_cap, account.tickets.iter(), Ticket::json)
}

/// `TICK-118`: the number after the dash.
fn id(call: &Call) -> Option<i64> {
    call.key()?.strip_prefix("TICK-")?.parse().ok()
}

pub(super) fn get(account: &mut Account, call: &Call) -> Answer {
    let ticket = id(call).and_then(|id| find(&account.tickets, id));
    ticket.map_or_else(Answer::not_found, |ticket| Answer::data(ticket.json()))
}

pub(super) fn create(account: &mut Account, call: &Call) -> Answer {
    let mut fields = Map::new();
    let unset = [
        ("summary", json!("")),
        ("description", json!("")),
        ("status", json!(1)),
        ("priority", json!(1)),
        ("deadline", Value::Null),
        ("assignee_id", Value::Null),
        ("reporter_id", Value::Null),
        ("updater_id", Value::Null),
        ("request_ids", json!([])),
    ];
    fields.extend(unset.map(|(name, value)| (name.to_owned(), value)));
    if let Err(refusal) = set(&mut fields, call) {
        return refusal;
    }
    let ticket = Ticket {
        id: next_id(&account.tickets, 118),
        created: account.unix(),
        updated: account.unix(),
        fields,
    };
    let answer = Answer::data(ticket.json());
    tell(account, "new_ticket", &ticket);
    account.tickets.push(ticket);
    answer
}

pub(super) fn update(account: &mut Account, call: &Call) -> Answer {
    let now = account.unix();
    let Some(ticket) = id(call).and_then(|id| find_mut(&mut account.tickets, id)) else {
        return Answer::not_found();
    };
    let mut fields = ticket.fields.clone();
    if let Err(refusal) = set(&mut fields, call) {
        return refusal;
    }
    ticket.fields = fields;
    ticket.updated = now;
    let (id, answer) = (ticket.id, Answer::data(ticket.json()));
    if let Ok(place) = account
        .tickets
        .binary_search_by_key(&id, |ticket| ticket.id)
    {
        let ticket = account.tickets.remove(place);
        tell(account, "ticket_updated", &ticket);
        account.tickets.insert(place, ticket);
    }
    answer
}

pub(super) fn delete(account: &mut Account, call: &Call) -> Answer {
    let place = id(call).and_then(|id| {
        account
            .tickets
            .binary_search_by_key(&id, |ticket| ticket.id)
            .ok()
    });
    let Some(place) = place else {
        return Answer::not_found();
    };
    let ticket = account.tickets.remove(place);
    tell(account, "ticket_deleted", &ticket);
    Answer::done()
}

fn tell(account: &mut Account, event: &'static str, ticket: &Ticket) {
    let reporter = ticket.fields.get("reporter_id");
    let body = json!({ "ticket": { "id": ticket.id, "reporter_id": reporter } });
    account.raise(event, None, body);
}

/// Takes the fields that a call gives.
fn set(fields: &mut Map<String, Value>, call: &Call) -> Result<(), Answer> {
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
    Ok(())
}
