//! What happens in an account, as webhooks tell it.

use super::Account;
use chrono::SecondsFormat;
use serde_json::Value;

/// Something that a webhook may be subscribed to.
pub(in crate::sandbox) struct Event {
    /// The name that one subscribes to.
    pub(in crate::sandbox) name: &'static str,
    pub(in crate::sandbox) channel: Option<i64>,
    pub(in crate::sandbox) body: Value,
}

impl Account {
    /// Whether there is anybody to tell.
    pub(super) fn is_watched(&self) -> bool {
        !self.webhooks.is_empty()
    }

    /// Tells the webhooks, if there are any.
    pub(in crate::sandbox) fn raise(
        &mut self,
        name: &'static str,
        channel: Option<i64>,
        mut body: Value,
    ) {
        if !self.is_watched() {
            return;
        }
        // This event calls itself by another name than one subscribes to.
        let own_name = match name {
            "operator_status_changed" => "operator_status_updated",
            name => name,
        };
        body["hook_type"] = own_name.into();
        body["event_time"] = self.now.to_rfc3339_opts(SecondsFormat::Micros, true).into();
        self.events.push(Event {
            name,
            channel,
            body,
        });
    }
}
