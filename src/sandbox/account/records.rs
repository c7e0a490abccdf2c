//! The records of an account, and the JSON that the API shows of them.

use super::Account;
use super::table::records;
use chrono::DateTime;
use serde_json::{Map, Value, json};

records!(Channel, Operator, Tag, Template, Ticket, Webhook);

/// A time as most of the API spells it; `null` for none.
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

/// A member of the staff.
pub(crate) struct Operator {
    pub(crate) id: i64,
    pub(crate) first_name: String,
    pub(crate) last_name: String,
    pub(crate) email: String,
    pub(crate) role: &'static str,
    pub(crate) online: bool,
    pub(crate) status: i64,
    pub(crate) last_visit: i64,
}

/// Working statuses: id, name, and the absence that it means.
pub(crate) const STATUSES: [(i64, &str, Option<&str>); 3] = [
    (0, "Online", None),
    (1, "Busy", Some("busy")),
    (2, "Break", Some("break")),
];

impl Operator {
    pub(crate) fn name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name)
    }

    /// Whether there is anybody behind it who can be given a dialog.
    pub(crate) fn is_there(&self) -> bool {
        self.online && self.role != "deleted"
    }

    pub(crate) fn account_status(&self) -> &'static str {
        if self.role == "deleted" {
            "deleted"
        } else {
            "enabled"
        }
    }

    pub(crate) fn offline_type(&self) -> Option<&'static str> {
        let status = STATUSES.iter().find(|(id, ..)| *id == self.status)?;
        status.2
    }

    pub(crate) fn json(&self, account: &Account) -> Value {
        let dialogs = account.dialogs.iter().filter(|dialog| dialog.is_open());
        let deleted = self.role == "deleted";
        json!({
            "id": self.id,
            "email": self.email,
            "phone": null,
            "role": self.role,
            "access_right_id": (!deleted).then_some(20_417),
            "online": i64::from(self.online),
            "offline_type": self.offline_type(),
            "avatar": null,
            "opened_dialogs": dialogs.filter(|dialog| dialog.operator == Some(self.id)).count(),
            "first_name": self.first_name,
            "last_name": self.last_name,
            "external_id": null,
            "last_visit": time((!deleted).then_some(self.last_visit)),
            "status_id": self.status,
            "two_factor": false,
            "status": self.account_status(),
            "access_right_name": (!deleted).then_some("Operators"),
        })
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
}

/// A canned answer of the operators.
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
    /// `summary`, `description`, `status` and so on, as they are shown.
    pub(crate) fields: Map<String, Value>,
}

impl Ticket {
    /// One of which nothing is said yet.
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

    /// As webhooks show it.
    pub(crate) fn event(&self) -> Value {
        json!({ "ticket": { "id": self.id, "reporter_id": self.fields.get("reporter_id") } })
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
    pub(crate) events: Vec<String>,
    /// None for all of them.
    pub(crate) channels: Vec<i64>,
    pub(crate) enabled: bool,
    /// What went wrong, and when.
    pub(crate) errors: Vec<(String, i64)>,
    /// The first failure since the last success.
    pub(crate) fails_since: Option<i64>,
}

/// How many failures are listed.
const ERRORS: usize = 100;

impl Webhook {
    /// Takes in what became of an attempt.
    pub(crate) fn note(&mut self, at: i64, result: &Result<u16, String>) {
        let text = match result {
            Ok(200..300) => {
                self.fails_since = None;
                return;
            }
            Ok(status) => format!("the receiver answered {status}"),
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
        json!({
            "id": self.id,
            "name": self.name,
            "url": self.url,
            "events": self.events,
            "status": if self.enabled { "enable" } else { "disable" },
            "errors": errors.collect::<Vec<_>>(),
            "channels": self.channels,
        })
    }
}
