//! The delivery of messages to customers: the states that the messenger reports over time.

use super::{Account, Client, Draft, Message, Status};
use chat2desk::wire::WebhookEvent;
use chrono::{DateTime, FixedOffset, TimeDelta, Utc};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The final state of the messages of a call.
#[derive(Default)]
pub(crate) enum Fate {
    #[default]
    Seen,
    Delivered,
    /// The messenger refuses them, for this reason.
    Failed(String),
}

/// The states that are still to come, by time and message. They are data, so that moving the clock forward reaches all
/// of them at once.
#[derive(Default)]
pub(crate) struct Schedule(BTreeMap<(DateTime<Utc>, i64), (Status, Option<String>)>);

impl Schedule {
    pub(crate) fn next(&self) -> Option<DateTime<Utc>> {
        Some(self.0.first_key_value()?.0.0)
    }
}

/// The seconds after which a message reaches these states.
const SENT: i64 = 1;
const DELIVERED: i64 = 2;
const SEEN: i64 = 60;

/// The seconds after a customer's last message after which WhatsApp delivers only templates.
const WHATSAPP_WINDOW: i64 = 24 * 3600;
const OUTSIDE_WINDOW: &str = "the customer has been silent for more than 24 hours";

/// Whether a message reaches the customer. WhatsApp delivers only templates to customers who have been silent for long.
fn arrives(client: &Client, message: &Message) -> bool {
    let transport = &*message.transport;
    let is_whatsapp = transport == "whatsapp" || transport.starts_with("wa_");
    let in_window = |last| message.created - last <= WHATSAPP_WINDOW;
    let is_template = |text: &str| text.starts_with("@HSM@");
    !is_whatsapp
        || client.last_message.is_some_and(in_window)
        || message.text.as_deref().is_some_and(is_template)
}

/// Returns a time in Moscow time, a format that only `outbox_status` has.
fn moscow(unix: i64) -> Value {
    let zone = FixedOffset::east_opt(3 * 3600);
    let time = zone.zip(DateTime::from_timestamp(unix, 0));
    let time = time.map(|(zone, time)| time.with_timezone(&zone));
    time.map(|time| time.format("%Y-%m-%dT%H:%M:%S MSK").to_string())
        .into()
}

impl Account {
    /// Writes a message to the customer and passes it to the messenger. Returns `None` if there is no such customer.
    pub(crate) fn send(&mut self, draft: Draft) -> Option<&Message> {
        let id = self.write(draft)?.id;
        self.hand_over(id);
        self.messages.find(id)
    }

    fn hand_over(&mut self, id: i64) {
        let Some(message) = self
            .messages
            .find(id)
            .filter(|known| known.status.is_some())
        else {
            return;
        };
        // An external channel is a program that reports the state itself.
        let is_external = message.is_external();
        let client = self.clients.find(message.client);
        let steps = match std::mem::take(&mut self.fate) {
            Fate::Failed(error) => vec![(SENT, Status::Failed, Some(error))],
            _ if client.is_some_and(|client| !arrives(client, message)) => {
                vec![(SENT, Status::Failed, Some(OUTSIDE_WINDOW.to_owned()))]
            }
            Fate::Delivered => Self::steps(None),
            Fate::Seen => Self::steps(Some(SEEN)),
        };
        self.set_status(id, Status::Pending, None);
        let steps = steps.into_iter().filter(|_| !is_external);
        let steps: Vec<_> = steps.collect();
        let refusal = steps.iter().find_map(|(.., error)| error.as_deref());
        self.note = refusal.map(|error| format!("message {id} will fail: {error}"));
        for (after, status, error) in steps {
            let due = self.now + TimeDelta::seconds(after);
            self.schedule.0.insert((due, id), (status, error));
        }
    }

    fn steps(seen: Option<i64>) -> Vec<(i64, Status, Option<String>)> {
        let seen = seen.map(|after| (after, Status::Seen));
        let steps = [(SENT, Status::Sent), (DELIVERED, Status::Delivered)];
        let steps = steps.into_iter().chain(seen);
        steps.map(|(after, status)| (after, status, None)).collect()
    }

    /// Sets the state of a message, and raises `outbox_status`.
    pub(crate) fn set_status(&mut self, id: i64, status: Status, error: Option<String>) {
        let Some(message) = self.messages.find_mut(id) else {
            return;
        };
        message.status = Some(status);
        self.changes += 1;
        match &error {
            Some(error) => self.failures.insert(id, error.clone()),
            None => self.failures.remove(&id),
        };
        let channel = Some(message.channel);
        self.raise(WebhookEvent::OutboxStatus, channel, |account| {
            let message = account.messages.find(id);
            json!({ "data": {
                "id": id,
                "gateway_status": status.name(),
                // In the only sample this time equals `event_time`. By its name it is the time of the message.
                "created": message.map_or(Value::Null, |message| moscow(message.created)),
                "dialog_id": message.and_then(|message| message.dialog),
                "client_id": message.map(|message| message.client),
                "error": error,
            } })
        });
    }

    /// Returns why a message failed.
    pub(crate) fn failure(&self, message: i64) -> Option<&str> {
        self.failures.get(&message).map(String::as_str)
    }

    /// Sets the states that are due by `now`, each at its own time.
    pub(crate) fn report_states(&mut self, now: DateTime<Utc>) {
        let before = self.now;
        while let Some(first) = self.schedule.0.first_entry()
            && first.key().0 <= now
        {
            let ((at, message), (status, error)) = first.remove_entry();
            self.now = at;
            self.set_status(message, status, error);
        }
        self.now = before;
    }

    /// Removes the messages that were not sent to the messenger yet.
    pub(crate) fn drop_unsent(&mut self) {
        let unsent = self.messages.iter();
        let unsent = unsent.filter(|message| message.status == Some(Status::Pending));
        let unsent: Vec<i64> = unsent.map(|message| message.id).collect();
        for id in unsent {
            self.forget(id);
        }
    }

    /// Removes a message. Its scheduled states then have no effect.
    fn forget(&mut self, id: i64) {
        let Some(message) = self.messages.remove(id) else {
            return;
        };
        self.failures.remove(&id);
        self.late.remove(&id);
        let of_dialog = |other: &&Message| other.dialog == message.dialog;
        let last = self.messages.iter().rev().find(of_dialog);
        let last = last.map(|message| message.id);
        let dialog = message.dialog.and_then(|id| self.dialogs.find_mut(id));
        if let Some(dialog) = dialog {
            dialog.messages = dialog.messages.saturating_sub(1);
            if dialog.last_message == Some(id) {
                dialog.last_message = last;
            }
        }
    }
}
