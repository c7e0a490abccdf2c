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
    pub(crate) first_message: Option<i64>,
    pub(crate) last_message: Option<i64>,
    pub(crate) dialogs: Vec<i64>,
    pub(crate) tags: Vec<i64>,
    pub(crate) custom_fields: Map<String, Value>,
    pub(crate) external_ids: Map<String, Value>,
    /// What was set of `comment`, `extra_comment_1` … and `external_id`.
    pub(crate) notes: Map<String, Value>,
}

records!(Client);

impl Client {
    /// One of whom only the address is known.
    pub(crate) fn new(id: i64, phone: &str, transport: &str, channel: i64) -> Self {
        Self {
            id,
            name: None,
            phone: phone.to_owned(),
            client_phone: None,
            assigned_name: None,
            transport: transport.to_owned(),
            channel,
            first_message: None,
            last_message: None,
            dialogs: Vec::new(),
            tags: Vec::new(),
            custom_fields: Map::new(),
            external_ids: Map::new(),
            notes: Map::new(),
        }
    }

    /// As lists show it.
    pub(crate) fn json(&self, account: &Account) -> Value {
        let tags = self.tags.iter().filter_map(|id| account.tags.find(*id));
        let note = |name: &str| self.notes.get(name).cloned().unwrap_or_default();
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
            "tags": tags.map(Tag::json).collect::<Vec<_>>(),
        })
    }

    /// As it is shown alone.
    pub(crate) fn whole(&self, account: &Account) -> Value {
        let mut json = self.json(account);
        json["first_client_message"] = time(self.first_message);
        json["last_client_message"] = time(self.last_message);
        json["channels"] = json!([{ "id": self.channel, "transports": [self.transport] }]);
        json
    }

    /// As webhooks show it with a message.
    pub(crate) fn card(&self) -> Value {
        let mut card = self.address();
        card["external_id"] = self.notes.get("external_id").cloned().unwrap_or_default();
        card
    }

    /// As webhooks show it for itself.
    pub(crate) fn event(&self) -> Value {
        let mut event = self.address();
        event["channels"] = json!([{ "id": self.channel, "transports": [self.transport] }]);
        event
    }

    fn address(&self) -> Value {
        json!({
            "id": self.id,
            "phone": self.phone,
            "client_phone": self.client_phone,
            "name": self.name,
            "assigned_name": self.assigned_name,
        })
    }
}
