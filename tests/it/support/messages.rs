//! The messages of an account, as the server lists them.

use super::answers::{Answers, number};
use chat2desk::{Chat2Desk, List, Position};
use chrono::{DateTime, NaiveDate, Utc};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

/// When a message was made, and how the server writes that.
type Made = (DateTime<Utc>, Value);

/// The messages by id.
#[derive(Clone, Default)]
pub struct Messages(Arc<Mutex<BTreeMap<i64, Made>>>);

impl Messages {
    pub fn add(&self, id: i64, created: DateTime<Utc>) {
        let text = created.format("%Y-%m-%dT%H:%M:%S UTC").to_string();
        self.0.lock().unwrap().insert(id, (created, json!(text)));
    }

    /// Adds a message whose time cannot be read.
    pub fn add_untimed(&self, id: i64, created: DateTime<Utc>, text: Value) {
        self.0.lock().unwrap().insert(id, (created, text));
    }

    pub fn clear(&self) {
        self.0.lock().unwrap().clear();
    }

    pub fn client(&self) -> Chat2Desk {
        let messages = self.clone();
        let answers = Answers(move |request: &reqwest::Request| messages.page(request));
        let chat = Chat2Desk::builder("token").transport(answers);
        chat.build().unwrap()
    }

    /// As the server lists them: dates without a `start_id`, the end of a period left out.
    fn page(&self, request: &reqwest::Request) -> http::Response<String> {
        let query: BTreeMap<String, String> = request.url().query_pairs().into_owned().collect();
        let day = |name: &str| {
            let day = query.get(name)?;
            Some(NaiveDate::parse_from_str(day, "%d-%m-%Y").unwrap())
        };
        let start = number(request, "start_id");
        assert!(start.is_none() || day("start_date").is_none());
        let messages = self.0.lock().unwrap().clone();
        let mut found: Vec<_> = messages
            .into_iter()
            .filter(|(id, (created, _))| {
                start.is_none_or(|start| *id >= start)
                    && day("start_date").is_none_or(|first| created.date_naive() >= first)
                    && day("finish_date").is_none_or(|end| created.date_naive() < end)
            })
            .collect();
        if query.get("order").is_some_and(|order| order == "desc") {
            found.reverse();
        }
        let total = found.len();
        let limit = usize::try_from(number(request, "limit").unwrap_or(20)).unwrap();
        found.truncate(limit);
        let data: Vec<_> = found
            .iter()
            .map(|(id, (_, created))| json!({ "id": id, "created": created }))
            .collect();
        let body = json!({ "data": data, "meta": { "total": total, "limit": limit }, "status": "success" });
        http::Response::new(body.to_string())
    }
}

/// Reads a list from a position to its end: the ids, and where it ended, as another process reads it.
pub async fn read(
    list: impl List<Item = chat2desk::types::Message>,
    position: Option<Position>,
) -> (Vec<i64>, Option<Position>) {
    let mut messages = list.page_size(3).resume_from(position).items();
    let mut ids = Vec::new();
    while let Some(message) = messages.next().await {
        ids.push(message.unwrap().id);
    }
    let position = serde_json::to_string(&messages.position()).unwrap();
    (ids, serde_json::from_str(&position).unwrap())
}
