//! How the sandbox answers an operation.

use super::account;
use super::document::Call;
use crate::Pagination;
use axum::http::StatusCode;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

type Answer = (StatusCode, Value);
type Query = HashMap<String, String>;

pub(super) struct Server {
    clients: Mutex<Vec<Value>>,
    messages: Mutex<Vec<Value>>,
}

impl Server {
    pub(super) fn new() -> Self {
        Self {
            clients: Mutex::new(account::clients()),
            messages: Mutex::new(account::messages()),
        }
    }

    pub(super) fn answer(
        &self,
        call: &Call,
        path: &HashMap<String, String>,
        query: &Query,
        body: &[u8],
    ) -> Answer {
        let body = match body {
            [] => Value::Null,
            body => match serde_json::from_slice::<Value>(body) {
                Ok(body) => body,
                Err(_) => return error(StatusCode::BAD_REQUEST, "the body is not JSON"),
            },
        };
        let example = call
            .example(query.values())
            .cloned()
            .unwrap_or_else(|| json!({}));
        match call.id {
            "list_clients" => {
                let phone = query.get("phone");
                let wanted =
                    |client: &&Value| phone.is_none_or(|phone| client["phone"] == phone.as_str());
                let clients = lock(&self.clients);
                page(clients.iter().filter(wanted).cloned().collect(), query)
            }
            "get_client" => one(&lock(&self.clients), path),
            "create_client" => self.create_client(&body),
            "list_messages" => messages(&lock(&self.messages), query),
            "get_message" => one(&lock(&self.messages), path),
            "send_message" => self.send(example, &body),
            "receive_message" => self.receive(&body),
            _ if call.pagination == Some(Pagination::Offset) && example["data"].is_array() => page(
                example["data"].as_array().cloned().unwrap_or_default(),
                query,
            ),
            _ => (StatusCode::OK, example),
        }
    }

    fn create_client(&self, client: &Value) -> Answer {
        match self.customer(&client["phone"], &client["nickname"]) {
            (client, true) => (
                StatusCode::OK,
                json!({ "data": client, "status": "success" }),
            ),
            (known, false) => {
                let id = json!({ "id": known["id"] }).to_string();
                refused(&json!({ "client": ["Client already exist", id] }))
            }
        }
    }

    /// The customer with this number or other address, and whether it is a new one.
    fn customer(&self, address: &Value, name: &Value) -> (Value, bool) {
        let mut clients = lock(&self.clients);
        if let Some(known) = clients.iter().find(|known| known["phone"] == *address) {
            return (known.clone(), false);
        }
        let client = json!({
            "id": next_id(&clients),
            "name": null,
            "phone": address,
            "assigned_name": name,
            "custom_fields": {},
            "tags": [],
        });
        clients.push(client.clone());
        (client, true)
    }

    fn send(&self, mut example: Value, message: &Value) -> Answer {
        let client = &message["client_id"];
        if !lock(&self.clients)
            .iter()
            .any(|known| known["id"] == *client)
        {
            return refused(&json!({ "client_id": ["client not found"] }));
        }
        let kind = message["type"].as_str().unwrap_or("to_client");
        example["data"]["message_id"] = self.write(kind, client, &message["text"]).into();
        example["data"]["client_id"] = client.clone();
        (StatusCode::OK, example)
    }

    fn receive(&self, message: &Value) -> Answer {
        let sender = &message["from_client"];
        let known_by = ["id", "phone"]
            .into_iter()
            .find(|key| !sender[*key].is_null());
        let Some(address) = known_by.map(|key| &sender[key]) else {
            return refused(&json!({ "from_client": ["one of id and phone is needed"] }));
        };
        let (client, _) = self.customer(address, &sender["nickname"]);
        self.write("from_client", &client["id"], &message["body"]);
        (StatusCode::OK, json!({ "status": "success" }))
    }

    fn write(&self, kind: &str, client: &Value, text: &Value) -> i64 {
        let mut messages = lock(&self.messages);
        let id = next_id(&messages);
        messages.push(json!({
            "id": id, "type": kind, "client_id": client, "text": text, "transport": "whatsapp",
            "created": "2026-05-05T12:00:00 UTC", "attachments": [],
        }));
        id
    }
}

fn lock(records: &Mutex<Vec<Value>>) -> MutexGuard<'_, Vec<Value>> {
    records.lock().unwrap_or_else(PoisonError::into_inner)
}

fn next_id(records: &[Value]) -> i64 {
    let last = records.last().and_then(|record| record["id"].as_i64());
    last.unwrap_or_default() + 1
}

/// An answer with what is wrong with single fields.
fn refused(errors: &Value) -> Answer {
    (
        StatusCode::BAD_REQUEST,
        json!({ "status": "error", "errors": errors }),
    )
}

/// An error in the server's envelope.
pub(super) fn error(status: StatusCode, message: &str) -> Answer {
    (status, json!({ "status": "error", "message": message }))
}

fn one(records: &[Value], path: &HashMap<String, String>) -> Answer {
    let id = path.get("id").and_then(|id| id.parse::<i64>().ok());
    match records.iter().find(|record| record["id"].as_i64() == id) {
        Some(record) => (
            StatusCode::OK,
            json!({ "data": record, "status": "success" }),
        ),
        None => error(StatusCode::NOT_FOUND, "not_found"),
    }
}

fn number(query: &Query, key: &str) -> Option<usize> {
    query.get(key).and_then(|value| value.parse().ok())
}

/// 20 records unless asked otherwise, never more than 200.
fn limit(query: &Query) -> usize {
    number(query, "limit").unwrap_or(20).clamp(1, 200)
}

fn page(records: Vec<Value>, query: &Query) -> Answer {
    let (total, limit, offset) = (
        records.len(),
        limit(query),
        number(query, "offset").unwrap_or(0),
    );
    let mut records = records;
    if query.get("order").is_some_and(|order| order == "desc") {
        records.reverse();
    }
    let data: Vec<Value> = records.into_iter().skip(offset).take(limit).collect();
    let meta = json!({ "total": total, "limit": limit, "offset": offset });
    (
        StatusCode::OK,
        json!({ "data": data, "meta": meta, "status": "success" }),
    )
}

/// By `start_id`; `offset` has no effect, as on the real server.
fn messages(all: &[Value], query: &Query) -> Answer {
    let dated = query.contains_key("start_date") || query.contains_key("finish_date");
    if dated && query.contains_key("start_id") {
        return error(
            StatusCode::BAD_REQUEST,
            "use date filter and start_id separately",
        );
    }
    let start = query
        .get("start_id")
        .and_then(|id| id.parse::<i64>().ok())
        .unwrap_or(0);
    let same = |message: &Value, key: &str| {
        query
            .get(key)
            .is_none_or(|wanted| message[key].to_string().trim_matches('"') == wanted)
    };
    let wanted = |message: &&Value| {
        message["id"].as_i64() >= Some(start)
            && ["client_id", "dialog_id", "operator_id", "type", "transport"]
                .iter()
                .all(|key| same(message, key))
    };
    let mut found: Vec<&Value> = all.iter().filter(wanted).collect();
    if query.get("order").is_some_and(|order| order == "desc") {
        found.reverse();
    }
    let (total, limit) = (found.len(), limit(query));
    found.truncate(limit);
    let meta = json!({ "total": total, "limit": limit, "offset": 0 });
    (
        StatusCode::OK,
        json!({ "data": found, "meta": meta, "status": "success" }),
    )
}
