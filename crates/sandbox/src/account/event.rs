//! Webhook events: how an account raises them, and when a failing webhook is disabled.

use super::Account;
use chat2desk::wire::WebhookEvent;
use chrono::SecondsFormat;
use serde_json::Value;

/// The seconds without a success after which a webhook is disabled.
const DISABLED_AFTER: i64 = 5 * 3600;

/// An event that webhooks can be registered for.
pub(crate) struct Event {
    /// The name that webhooks are registered with.
    pub(crate) name: WebhookEvent,
    pub(crate) channel: Option<i64>,
    pub(crate) body: Value,
}

impl Account {
    /// Whether the account has webhooks.
    pub(crate) fn is_watched(&self) -> bool {
        !self.webhooks.is_empty()
    }

    /// Disables the webhooks that have been failing for too long.
    pub(super) fn switch_off_failing(&mut self) {
        let now = self.unix();
        for webhook in self.webhooks.iter_mut() {
            let fails_since = webhook.fails_since.filter(|_| webhook.enabled);
            webhook.enabled &= fails_since.is_none_or(|since| now - since < DISABLED_AFTER);
        }
    }

    /// Raises an event if the account has webhooks. `body` is called only then.
    pub(crate) fn raise(
        &mut self,
        name: WebhookEvent,
        channel: Option<i64>,
        body: impl FnOnce(&Self) -> Value,
    ) {
        if !self.is_watched() {
            return;
        }
        let mut body = body(self);
        body["hook_type"] = name.hook_type().into();
        body["event_time"] = self.now.to_rfc3339_opts(SecondsFormat::Micros, true).into();
        self.events.push(Event {
            name,
            channel,
            body,
        });
    }
}
