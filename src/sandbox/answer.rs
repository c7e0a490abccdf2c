//! How the sandbox answers an operation.

use super::account;
use super::document::Call;
use crate::Pagination;
use axum::http::StatusCode;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, Ordering};

type Answer = (StatusCode, Value);
type Query = HashMap<String, String>;

pub(super) struct Server {
    clients: Vec<Value>,
    messages: Vec<Value>,
    next_message: AtomicI64,
}

impl Server {
    pub(super) fn new() -> Self {
        let messages = account::messages();
        let last = messages
            .last()
            .and_then(|message| message["id"].as_i64())
            .unwrap_or_default();
        Self {
            clients: account::clients(),
            messages,
            next_message: AtomicI64::new(last + 1),
        }
    }

    pub(super) fn answer(
        &self,
        call: &Call,
        path: &HashMap<String, String>,
        query: &Query,
        body: &[u8],
    ) -> Answer {
        if !body.is_empty() && serde_json::from_slice::<Value>(body).is_err() {
            return error(StatusCode::BAD_REQUEST, "the body is not JSON");
        }
        let example = call
            .example(query.values())
            .cloned()
            .unwrap_or_else(|| json!({}));
        match call.id {
            "list_clients" => {
                let phone = query.get("phone");
                let wanted =
                    |client: &&Value| phone.is_none_or(|phone| client["phone"] == phone.as_str());
                page(self.clients.iter().filter(wanted).cloned().collect(), query)
            }
            "get_client" => one(&self.clients, path),
            "list_messages" => messages(&self.messages, query),
            "get_message" => one(&self.messages, path),
            "send_message" => self.send(example, body),
            _ if call.pagination == Some(Pagination::Offset) && example["data"].is_array() => page(
                example["data"].as_array().cloned().unwrap_or_default(),
                query,
            ),
            _ => (StatusCode::OK, example),
        }
    }

    fn send(&self, mut example: Value, body: &[u8]) -> Answer {
        let message: Value = serde_json::from_slice(body).unwrap_or_default();
        let client = &message["client_id"];
        if !self.clients.iter().any(|known| known["id"] == *client) {
            let errors = json!({ "client_id": ["client not found"] });
            return (
                StatusCode::BAD_REQUEST,
                json!({ "status": "error", "errors": errors }),
            );
        }
        example["data"]["client_id"] = client.clone();
        example["data"]["message_id"] = self.next_message.fetch_add(1, Ordering::Relaxed).into();
        (StatusCode::OK, example)
    }
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
