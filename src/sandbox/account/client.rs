//! Customers, and the JSON that the API shows of them.

use super::Account;
use super::records::{Tag, find, time};
use serde_json::{Map, Value, json};

/// A customer, reached through one messenger.
pub(in crate::sandbox) struct Client {
    pub(in crate::sandbox) id: i64,
    pub(in crate::sandbox) name: Option<String>,
    /// The account in the messenger: digits, or a text like `[tg] 200300`.
    pub(in crate::sandbox) phone: String,
    pub(in crate::sandbox) client_phone: Option<String>,
    pub(in crate::sandbox) assigned_name: Option<String>,
    pub(in crate::sandbox) transport: String,
    pub(in crate::sandbox) channel: i64,
    pub(in crate::sandbox) first_message: Option<i64>,
    pub(in crate::sandbox) last_message: Option<i64>,
    pub(in crate::sandbox) dialogs: Vec<i64>,
    pub(in crate::sandbox) tags: Vec<i64>,
    pub(in crate::sandbox) custom_fields: Map<String, Value>,
    pub(in crate::sandbox) external_ids: Map<String, Value>,
    /// What was set of `comment`, `extra_comment_1` … and `external_id`.
    pub(in crate::sandbox) notes: Map<String, Value>,
}

impl Client {
    /// As lists show it.
    pub(in crate::sandbox) fn json(&self, account: &Account) -> Value {
        let tags = self.tags.iter().filter_map(|id| find(&account.tags, *id));
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
    pub(in crate::sandbox) fn whole(&self, account: &Account) -> Value {
        let mut json = self.json(account);
        json["first_client_message"] = time(self.first_message);
        json["last_client_message"] = time(self.last_message);
        json["channels"] = json!([{ "id": self.channel, "transports": [self.transport] }]);
        json
    }

    /// As webhooks show it with a message.
    pub(in crate::sandbox) fn card(&self) -> Value {
        json!({
            "id": self.id,
            "phone": self.phone,
            "client_phone": self.client_phone,
            "name": self.name,
            "assigned_name": self.assigned_name,
            "external_id": self.notes.get("external_id"),
        })
    }

    /// As webhooks show it for itself.
    pub(in crate::sandbox) fn event(&self) -> Value {
        json!({
            "id": self.id,
            "phone": self.phone,
            "client_phone": self.client_phone,
            "name": self.name,
            "assigned_name": self.assigned_name,
            "channels": [{ "id": self.channel, "transports": [self.transport] }],
        })
    }
}
