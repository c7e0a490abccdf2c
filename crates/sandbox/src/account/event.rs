//! What happens in an account, as webhooks tell it.

use super::Account;
use chat2desk::wire::WebhookEvent;
use chrono::SecondsFormat;
use serde_json::Value;

/// Seconds without a success after which a webhook is switched off.
const GIVES_UP: i64 = 5 * 3600;

/// Something that a webhook may be subscribed to.
pub(crate) struct Event {
    /// What one subscribes to.
    pub(crate) name: WebhookEvent,
    pub(crate) channel: Option<i64>,
    pub(crate) body: Value,
}

impl Account {
    /// Whether there is anybody to tell.
    pub(crate) fn is_watched(&self) -> bool {
        !self.webhooks.is_empty()
    }

    /// Switches off the webhooks that had no success for too long.
    pub(super) fn switch_off_failing(&mut self) {
        let now = self.unix();
        for webhook in self.webhooks.iter_mut() {
            let fails_since = webhook.fails_since.filter(|_| webhook.enabled);
            webhook.enabled &= fails_since.is_none_or(|since| now - since < GIVES_UP);
        }
    }

    /// Tells the webhooks, if there are any; the body is made only then.
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
