//! The records of an account, and the JSON that the API shows of them.

use super::{Account, Client, Dialog, Message, Request};
use chrono::DateTime;
use serde_json::{Map, Value, json};

/// What has an id, by which its list is sorted.
pub(in crate::sandbox) trait Record {
    fn id(&self) -> i64;
}

macro_rules! records {
    ($($name:ty),*) => {
        $(impl Record for $name {
            fn id(&self) -> i64 {
                self.id
            }
        })*
    };
}

records!(
    Channel, Client, Dialog, Message, Operator, Request, Tag, Template, Ticket, Webhook
);

pub(in crate::sandbox) fn find<T: Record>(records: &[T], id: i64) -> Option<&T> {
    let place = records.binary_search_by_key(&id, Record::id).ok()?;
    records.get(place)
}

pub(in crate::sandbox) fn find_mut<T: Record>(records: &mut [T], id: i64) -> Option<&mut T> {
    let place = records.binary_search_by_key(&id, Record::id).ok()?;
    records.get_mut(place)
}

/// A time as most of the API spells it; `null` for none.
pub(in crate::sandbox) fn time(unix: impl Into<Option<i64>>) -> Value {
    let time = unix
        .into()
        .and_then(|unix| DateTime::from_timestamp(unix, 0));
    time.map(|time| time.format("%Y-%m-%dT%H:%M:%S UTC").to_string())
        .into()
}

pub(in crate::sandbox) struct Channel {
    pub(in crate::sandbox) id: i64,
    pub(in crate::sandbox) name: String,
    pub(in crate::sandbox) phone: Option<String>,
    pub(in crate::sandbox) transports: Vec<&'static str>,
}

impl Channel {
    pub(in crate::sandbox) fn json(&self) -> Value {
        json!({ "id": self.id, "name": self.name, "phone": self.phone, "transports": self.transports })
    }
}

/// A member of the staff.
pub(in crate::sandbox) struct Operator {
    pub(in crate::sandbox) id: i64,
    pub(in crate::sandbox) first_name: String,
    pub(in crate::sandbox) last_name: String,
    pub(in crate::sandbox) email: String,
    pub(in crate::sandbox) role: &'static str,
    pub(in crate::sandbox) online: bool,
    pub(in crate::sandbox) status: i64,
}

/// Working statuses: id, name, and the absence that it means.
pub(in crate::sandbox) const STATUSES: [(i64, &str, Option<&str>); 3] = [
    (0, "Online", None),
    (1, "Busy", Some("busy")),
    (2, "Break", Some("break")),
];

impl Operator {
    pub(in crate::sandbox) fn name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name)
    }

    pub(in crate::sandbox) fn account_status(&self) -> &'static str {
        if self.role == "deleted" {
            "deleted"
        } else {
            "enabled"
        }
    }

    pub(in crate::sandbox) fn offline_type(&self) -> Option<&'static str> {
        let status = STATUSES.iter().find(|(id, ..)| *id == self.status)?;
        status.2
    }

    pub(in crate::sandbox) fn json(&self, account: &Account) -> Value {
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
            "last_visit": if deleted { Value::Null } else { time(account.unix()) },
            "status_id": self.status,
            "two_factor": false,
            "status": self.account_status(),
            "access_right_name": (!deleted).then_some("Operators"),
        })
    }
}

pub(in crate::sandbox) struct Tag {
    pub(in crate::sandbox) id: i64,
    pub(in crate::sandbox) group: i64,
    pub(in crate::sandbox) group_name: String,
    pub(in crate::sandbox) label: String,
    pub(in crate::sandbox) description: Option<String>,
}

impl Tag {
    pub(in crate::sandbox) fn json(&self) -> Value {
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
pub(in crate::sandbox) struct Template {
    pub(in crate::sandbox) id: i64,
    pub(in crate::sandbox) command: &'static str,
    pub(in crate::sandbox) name: &'static str,
    pub(in crate::sandbox) text: &'static str,
    pub(in crate::sandbox) created: i64,
}

impl Template {
    pub(in crate::sandbox) fn json(&self) -> Value {
        json!({
            "id": self.id,
            "command": self.command,
            "text": self.text,
            "name": self.name,
            "created": time(self.created),
        })
    }
}

pub(in crate::sandbox) struct Ticket {
    pub(in crate::sandbox) id: i64,
    pub(in crate::sandbox) created: i64,
    pub(in crate::sandbox) updated: i64,
    /// `summary`, `description`, `status` and so on, as they are shown.
    pub(in crate::sandbox) fields: Map<String, Value>,
}

impl Ticket {
    pub(in crate::sandbox) fn key(&self) -> String {
        format!("TICK-{}", self.id)
    }

    pub(in crate::sandbox) fn json(&self) -> Value {
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
pub(in crate::sandbox) struct Webhook {
    pub(in crate::sandbox) id: i64,
    pub(in crate::sandbox) name: String,
    pub(in crate::sandbox) url: String,
    pub(in crate::sandbox) events: Vec<String>,
    /// None for all of them.
    pub(in crate::sandbox) channels: Vec<i64>,
    pub(in crate::sandbox) enabled: bool,
    /// What went wrong, and when.
    pub(in crate::sandbox) errors: Vec<(String, i64)>,
    /// The first failure since the last success.
    pub(in crate::sandbox) fails_since: Option<i64>,
}

impl Webhook {
    pub(in crate::sandbox) fn json(&self) -> Value {
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
