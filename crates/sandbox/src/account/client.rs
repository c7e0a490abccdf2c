//! Customers, and the JSON that the API shows of them.

use super::Account;
use super::records::{Tag, time};
use super::table::records;
use serde_json::{Map, Value, json};

/// A customer, reached through one messenger.
pub(crate) struct Client {
    pub(crate) id: i64,
    pub(crate) name: Option<String>,
    /// The account in the messenger: digits, or a text like `[tg] 200300`.
    pub(crate) phone: String,
    pub(crate) client_phone: Option<String>,
    pub(crate) assigned_name: Option<String>,
    pub(crate) transport: String,
    pub(crate) channel: i64,
    pub(crate) created: i64,
    pub(crate) updated: i64,
    /// How the customer first reached the service, as `client_source`.
    pub(crate) source: Option<&'static str>,
    pub(crate) first_message: Option<i64>,
    pub(crate) last_message: Option<i64>,
    pub(crate) dialogs: Vec<i64>,
    pub(crate) tags: Vec<i64>,
    pub(crate) custom_fields: Map<String, Value>,
    pub(crate) external_ids: Map<String, Value>,
    /// The values of `comment`, `extra_comment_1` … and `external_id` that were set.
    pub(crate) notes: Map<String, Value>,
}

records!(Client);

impl Client {
    /// Creates a customer of whom only the address is known.
    pub(crate) fn new(id: i64, phone: &str, transport: &str, channel: i64, now: i64) -> Self {
        Self {
            id,
            name: None,
            phone: phone.to_owned(),
            client_phone: None,
            assigned_name: None,
            transport: transport.to_owned(),
            channel,
            created: now,
            updated: now,
            source: None,
            first_message: None,
            last_message: None,
            dialogs: Vec::new(),
            tags: Vec::new(),
            custom_fields: Map::new(),
            external_ids: Map::new(),
            notes: Map::new(),
        }
    }

    /// Returns the form of lists.
    pub(crate) fn json(&self, account: &Account) -> Value {
        let note = |name: &str| self.note(name);
        json!({
            "id": self.id,
            "name": self.name,
            "username": null,
            "avatar": null,
            "phone": self.phone,
            "external_id": note("external_id"),
            "assigned_name": self.assigned_name,
            "comment": note("comment"),
            "client_phone": self.client_phone,
            "region_id": null,
            "country_id": null,
            "client_external_id": null,
            "external_ids": self.external_ids,
            "extra_comment_1": note("extra_comment_1"),
            "extra_comment_2": note("extra_comment_2"),
            "extra_comment_3": note("extra_comment_3"),
            "custom_fields": self.custom_fields,
            "tags": self.tags(account),
        })
    }

    /// Returns the form of a single record.
    pub(crate) fn whole(&self, account: &Account) -> Value {
        let mut json = self.json(account);
        json["first_client_message"] = time(self.first_message);
        json["last_client_message"] = time(self.last_message);
        json["channels"] = json!([{ "id": self.channel, "transports": [self.transport] }]);
        json
    }

    /// Returns the form of events about messages.
    pub(crate) fn card(&self) -> Value {
        json!({
            "id": self.id,
            "phone": self.phone,
            "client_phone": self.client_phone,
            "name": self.name,
            "assigned_name": self.assigned_name,
            "external_id": self.note("external_id"),
        })
    }

    /// Returns the form of the event `new_client`, with the channels as a list.
    pub(super) fn new_event(&self, account: &Account) -> Value {
        let mut event = self.record();
        event["channels"] = json!([event["channels"]]);
        event["tags"] = self.tags(account);
        event["client_created"] = time(self.created);
        event["client_updated"] = time(self.updated);
        event["client_source"] = self.source.into();
        event
    }

    /// Returns the form of the events `client_updated` and `new_request`, with the channel as an object.
    pub(crate) fn event(&self) -> Value {
        let mut event = self.record();
        // The source was seen to be null here.
        event["client_source"] = Value::Null;
        event["client_phone"] = self.client_phone.clone().into();
        event["custom_fields"] = self.custom_fields.clone().into();
        event
    }

    fn record(&self) -> Value {
        json!({
            "id": self.id,
            "phone": self.phone,
            "name": self.name,
            "avatar": null,
            "assigned_name": self.assigned_name,
            "comment": self.note("comment"),
            "region_id": null,
            "country_id": null,
            "extra_comment_1": self.note("extra_comment_1"),
            "extra_comment_2": self.note("extra_comment_2"),
            "extra_comment_3": self.note("extra_comment_3"),
            "channels": { "id": self.channel, "transports": [self.transport] },
        })
    }

    fn note(&self, name: &str) -> Value {
        self.notes.get(name).cloned().unwrap_or_default()
    }

    fn tags(&self, account: &Account) -> Value {
        let tags = self.tags.iter().filter_map(|id| account.tags.find(*id));
        tags.map(Tag::json).collect()
    }
}
