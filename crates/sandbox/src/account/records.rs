//! Tags, channels, templates, tickets and webhooks of an account, and their JSON in the API.

use super::table::records;
use chat2desk::wire::WebhookEvent;
use chrono::DateTime;
use serde_json::{Map, Value, json};

records!(Channel, Tag, TagGroup, Template, Ticket, Webhook);

/// Returns a time in the format of most of the API, or `null` for `None`.
pub(crate) fn time(unix: impl Into<Option<i64>>) -> Value {
    let time = unix
        .into()
        .and_then(|unix| DateTime::from_timestamp(unix, 0));
    time.map(|time| time.format("%Y-%m-%dT%H:%M:%S UTC").to_string())
        .into()
}

pub(crate) struct Channel {
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) phone: Option<String>,
    pub(crate) transports: Vec<&'static str>,
}

impl Channel {
    pub(crate) fn json(&self) -> Value {
        json!({ "id": self.id, "name": self.name, "phone": self.phone, "transports": self.transports })
    }
}

pub(crate) struct Tag {
    pub(crate) id: i64,
    pub(crate) group: i64,
    pub(crate) group_name: String,
    pub(crate) label: String,
    pub(crate) description: Option<String>,
}

impl Tag {
    pub(crate) fn json(&self) -> Value {
        json!({
            "id": self.id,
            "group_id": self.group,
            "group_name": self.group_name,
            "label": self.label,
            "description": self.description,
        })
    }

    /// Returns the form of events about attaching and detaching, where the label is called `name`.
    pub(crate) fn event(&self) -> Value {
        json!({
            "id": self.id,
            "name": self.label,
            "description": self.description,
            "group_id": self.group,
            "group_name": self.group_name,
        })
    }
}

/// A group of tags.
pub(crate) struct TagGroup {
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) order_show: i64,
    pub(crate) display: i64,
}

impl TagGroup {
    pub(crate) fn json(&self) -> Value {
        json!({
            "id": self.id,
            "group_name": self.name,
            "order_show": self.order_show,
            "display": self.display,
        })
    }
}

/// A reply template of the operators.
pub(crate) struct Template {
    pub(crate) id: i64,
    pub(crate) command: &'static str,
    pub(crate) name: &'static str,
    pub(crate) text: &'static str,
    pub(crate) created: i64,
}

impl Template {
    pub(crate) fn json(&self) -> Value {
        json!({
            "id": self.id,
            "command": self.command,
            "text": self.text,
            "name": self.name,
            "created": time(self.created),
        })
    }
}

pub(crate) struct Ticket {
    pub(crate) id: i64,
    pub(crate) created: i64,
    pub(crate) updated: i64,
    /// The fields `summary`, `description`, `status` and so on, as in the API.
    pub(crate) fields: Map<String, Value>,
}

impl Ticket {
    /// Creates a ticket whose fields are not set yet.
    pub(crate) fn new(id: i64, now: i64) -> Self {
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
        Self {
            id,
            created: now,
            updated: now,
            fields: unset
                .map(|(name, value)| (name.to_owned(), value))
                .into_iter()
                .collect(),
        }
    }

    /// Returns the form of events.
    pub(crate) fn event(&self) -> Value {
        json!({ "ticket": self.json() })
    }

    pub(crate) fn key(&self) -> String {
        format!("TICK-{}", self.id)
    }

    pub(crate) fn json(&self) -> Value {
        let time = |unix| {
            let time = DateTime::from_timestamp(unix, 0).unwrap_or_default();
            time.format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
        };
        let mut json = self.fields.clone();
        json.insert("id".into(), self.key().into());
        json.insert("created_at".into(), time(self.created).into());
        json.insert("updated_at".into(), time(self.updated).into());
        json.into()
    }
}

#[derive(Clone)]
pub(crate) struct Webhook {
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) url: String,
    pub(crate) events: Vec<WebhookEvent>,
    /// Empty for all channels.
    pub(crate) channels: Vec<i64>,
    pub(crate) enabled: bool,
    /// The latest failures and their times.
    pub(crate) errors: Vec<(String, i64)>,
    /// The time of the first failure since the last success.
    pub(crate) fails_since: Option<i64>,
}

/// How many failures are retained.
const ERRORS: usize = 100;

impl Webhook {
    /// Records the result of an attempt.
    pub(crate) fn note(&mut self, at: i64, result: &Result<u16, String>) {
        let text = match result {
            Ok(200..300) => {
                self.fails_since = None;
                return;
            }
            Ok(status) => format!("the receiver responded with status {status}"),
            Err(error) => error.clone(),
        };
        self.fails_since.get_or_insert(at);
        if self.errors.len() == ERRORS {
            self.errors.remove(0);
        }
        self.errors.push((text, at));
    }

    pub(crate) fn json(&self) -> Value {
        let errors = self.errors.iter();
        let errors = errors.map(|(text, at)| json!({ "text": text, "created_at": at }));
        let errors: Vec<_> = errors.collect();
        json!({
            "id": self.id,
            "name": self.name,
            "url": self.url,
            "events": self.events,
            "status": if self.enabled { "enable" } else { "disable" },
            // `null` instead of an empty list.
            "errors": (!errors.is_empty()).then_some(errors),
            "source": "client",
            "channels": self.channels,
        })
    }
}
