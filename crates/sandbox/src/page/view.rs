//! The JSON that the page shows: accounts, conversations, messages, calls and deliveries.

use super::{FILES, faults};
use crate::account::{Account, Client, Kind, Message, Status};
use crate::journal::{Delivery, ReceivedCall};
use chat2desk::clients::digits;
use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};
use std::cmp::Reverse;

/// How many entries of a journal the page shows at once.
const ENTRIES: u64 = 500;

/// How many bytes of a call's body the page shows.
const BODY: usize = 8 * 1024;

pub(super) fn time(time: DateTime<Utc>) -> Value {
    time.to_rfc3339_opts(SecondsFormat::Secs, true).into()
}

fn unix(seconds: i64) -> Value {
    DateTime::from_timestamp(seconds, 0).map_or(Value::Null, time)
}

/// Returns the number of the first entry to show: `from`, or the first of the latest [`ENTRIES`].
pub(super) fn latest(from: u64, next: u64) -> u64 {
    from.max(next.saturating_sub(ENTRIES))
}

pub(super) fn call(call: &ReceivedCall) -> Value {
    let body = &call.body[..call.body.len().min(BODY)];
    json!({
        "number": call.number,
        "at": time(call.at),
        "method": call.method,
        "path": call.path,
        "query": call.query,
        "body": String::from_utf8_lossy(body),
        "cut": body.len() < call.body.len(),
        "response": String::from_utf8_lossy(&call.response.beginning),
        "response_cut": call.response.beginning.len() < call.response.length,
        "note": call.note,
        "operation": call.operation,
        "status": call.status,
        "faults": call.faults.iter().map(faults::title).collect::<Vec<_>>(),
        "milliseconds": call.took.as_secs_f64() * 1000.0,
    })
}

pub(super) fn delivery(delivery: &Delivery) -> Value {
    json!({
        "number": delivery.number,
        "at": time(delivery.at),
        "webhook_id": delivery.webhook_id,
        "url": delivery.url,
        "event": delivery.event,
        "attempt": delivery.attempt,
        "status": delivery.status,
        "body": delivery.body,
    })
}

/// Returns the records of an account that the page lists, and how many there are of each kind.
pub(super) fn account(account: &Account) -> Value {
    let operators = account.operators.iter().map(|operator| {
        json!({
            "id": operator.id,
            "name": operator.name(),
            "role": operator.role,
            "online": operator.online,
        })
    });
    let webhooks = account.webhooks.iter().map(|webhook| webhook.json());
    let channels = account.channels.iter().map(|channel| channel.json());
    // A customer whom the page's example can look up.
    let phone = account
        .clients
        .iter()
        .find_map(|client| digits(&client.phone));
    json!({
        "phone": phone,
        "counts": {
            "clients": account.clients.len(),
            "messages": account.messages.len(),
            "dialogs": account.dialogs.len(),
            "requests": account.requests.len(),
            "operators": account.operators.len(),
            "tags": account.tags.len(),
            "tickets": account.tickets.len(),
            "webhooks": account.webhooks.len(),
            "calls": account.calls,
        },
        "channels": channels.collect::<Vec<_>>(),
        "operators": operators.collect::<Vec<_>>(),
        "webhooks": webhooks.collect::<Vec<_>>(),
    })
}

/// Returns the customers whose id, name, phone number or last text matches the search, the latest conversation first.
pub(super) fn conversations(account: &Account, search: &str, limit: usize) -> Vec<Value> {
    let search = search.trim().to_lowercase();
    // The number may be written in any way, also with 00 in place of the plus sign.
    let number = digits(&search).map(|digits| digits.trim_start_matches("00").to_owned());
    let number = number.filter(|number| number.len() >= 3);
    let has_number = |phone: &str| {
        let phone = digits(phone);
        phone
            .zip(number.as_ref())
            .is_some_and(|(phone, number)| phone.contains(number))
    };
    let id = search.parse().ok();
    let matches = |(last, client): &(Option<&Message>, &Client)| {
        let text = last.and_then(|message| message.text.as_deref());
        let number = client.client_phone.as_deref();
        let texts = [name(client), Some(client.phone.as_str()), number, text];
        search.is_empty()
            || id == Some(client.id)
            || has_number(&client.phone)
            || number.is_some_and(has_number)
            || texts
                .into_iter()
                .flatten()
                .any(|text| text.to_lowercase().contains(&search))
    };
    let clients = account.clients.iter();
    let found = clients.map(|client| (last_message(account, client), client));
    let found = found.filter(matches);
    let mut found: Vec<_> = found.collect();
    found.sort_unstable_by_key(|(last, client)| Reverse((last.map(|last| last.id), client.id)));
    let found = found.into_iter().take(limit);
    found
        .map(|(last, client)| conversation(account, client, last))
        .collect()
}

fn name(client: &Client) -> Option<&str> {
    client.assigned_name.as_deref().or(client.name.as_deref())
}

fn last_message<'a>(account: &'a Account, client: &Client) -> Option<&'a Message> {
    let dialogs = client.dialogs.iter();
    let dialogs = dialogs.filter_map(|id| account.dialogs.find(*id));
    account
        .messages
        .find(dialogs.filter_map(|dialog| dialog.last_message).max()?)
}

fn operator(account: &Account, id: Option<i64>) -> Option<String> {
    Some(account.operators.find(id?)?.name())
}

fn conversation(account: &Account, client: &Client, last: Option<&Message>) -> Value {
    let dialog = last.and_then(|message| account.dialogs.find(message.dialog?));
    json!({
        "client_id": client.id,
        "name": name(client),
        "phone": client.phone,
        "transport": client.transport,
        "dialog_id": dialog.map(|dialog| dialog.id),
        "state": dialog.map(|dialog| dialog.state()),
        "operator": dialog.and_then(|dialog| operator(account, dialog.operator)),
        "last_text": last.and_then(|message| message.text.as_deref()),
        "last_at": last.map(|message| unix(message.created)),
    })
}

/// Returns the latest messages of a customer, oldest first.
pub(super) fn messages(account: &Account, client: i64, limit: usize) -> Vec<Value> {
    let of_client = account.messages.iter().rev();
    let of_client = of_client.filter(|message| message.client == client);
    let mut latest: Vec<_> = of_client.take(limit).collect();
    latest.reverse();
    // Imported messages are older than their ids.
    latest.sort_by_key(|message| message.created);
    let message = |message: &Message| {
        json!({
            "id": message.id,
            "type": message.kind.name(),
            "by": by(message.kind),
            "text": message.text.as_deref(),
            "files": files(message),
            "error": account.failure(message.id),
            "transport": &*message.transport,
            "created": unix(message.created),
            "operator": operator(account, message.operator),
            "status": message.status.map(Status::name),
        })
    };
    latest.into_iter().map(message).collect()
}

/// Returns on whose side a message is shown. Some messages of the company have no type.
fn by(kind: Kind) -> &'static str {
    match kind {
        Kind::FromClient => "customer",
        Kind::ToClient | Kind::Autoreply | Kind::Survey => "company",
        Kind::Comment => "comment",
        Kind::System => "system",
    }
}

/// Returns the files of a message, with URLs that are safe to open.
fn files(message: &Message) -> Vec<Value> {
    let extra = message.extra.iter().flat_map(|extra| extra.iter());
    let links = extra.flat_map(|(key, value)| match value {
        Value::String(link) if key != "coordinates" => vec![(key.as_str(), link.as_str())],
        Value::Array(files) => {
            let links = files.iter().filter_map(|file| file["link"].as_str());
            links.map(|link| ("file", link)).collect()
        }
        _ => Vec::new(),
    });
    let file = |(kind, link): (&str, &str)| {
        let is_whole = link.starts_with("https://") || link.starts_with("http://");
        let own = || format!("{FILES}/{}", link.trim_start_matches('/'));
        let url = if is_whole { link.to_owned() } else { own() };
        json!({ "kind": kind, "link": link, "url": url, "own": !is_whole })
    };
    links.map(file).collect()
}
