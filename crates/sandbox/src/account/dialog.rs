//! Dialogs and their requests: how they are opened, closed and transferred.

use super::records::time;
use super::table::records;
use super::{Account, Message, Request};
use chat2desk::wire::WebhookEvent;
use serde_json::{Value, json};

records!(Dialog);

pub(crate) struct Dialog {
    pub(crate) id: i64,
    pub(crate) client: i64,
    pub(crate) channel: i64,
    pub(crate) begin: i64,
    /// `None` while the dialog is open.
    pub(crate) end: Option<i64>,
    pub(crate) operator: Option<i64>,
    pub(crate) messages: u32,
    pub(crate) last_message: Option<i64>,
    pub(crate) request: Option<i64>,
    /// Messages of the customer that nobody has read.
    pub(crate) unread: Vec<i64>,
}

impl Dialog {
    pub(crate) fn is_open(&self) -> bool {
        self.end.is_none()
    }

    pub(crate) fn state(&self) -> &'static str {
        if self.is_open() { "open" } else { "closed" }
    }

    /// Returns the form of the list of a customer's dialogs.
    pub(crate) fn short(&self) -> Value {
        json!({
            "id": self.id,
            "state": self.state(),
            "begin": time(self.begin),
            "end": time(self.end),
            "operator_id": self.operator,
        })
    }

    /// Returns the form of the list of all dialogs.
    pub(crate) fn json(&self, account: &Account) -> Value {
        let last = self.last_message.and_then(|id| account.messages.find(id));
        let mut json = self.short();
        json["last_message"] = last.map(Message::json).into();
        json
    }

    /// Returns the form of a single record.
    pub(crate) fn whole(&self, account: &Account) -> Value {
        let mut json = self.json(account);
        json["messages"] = self.messages.into();
        json["last_request_id"] = self.request.into();
        json
    }
}

/// How a request is opened.
#[derive(Default)]
pub(super) struct Opening {
    pub(super) by_client: bool,
    pub(super) message: Option<i64>,
    pub(super) new_client: bool,
}

impl Account {
    fn add_dialog(&mut self, client: i64, channel: i64) -> Option<i64> {
        let (id, now) = (self.dialogs.next_id(), self.unix());
        self.clients.find_mut(client)?.dialogs.push(id);
        self.dialogs.push(Dialog {
            id,
            client,
            channel,
            begin: now,
            end: Some(now),
            operator: None,
            messages: 0,
            last_message: None,
            request: None,
            unread: Vec::new(),
        });
        Some(id)
    }

    /// Opens a dialog, and a request in it.
    pub(super) fn open(&mut self, dialog: i64, transport: &str, opening: &Opening) {
        let (now, id) = (self.unix(), self.requests.next_id());
        let Some(dialog) = self.dialogs.find_mut(dialog) else {
            return;
        };
        dialog.end = None;
        dialog.operator = None;
        dialog.request = Some(id);
        let (client, channel) = (dialog.client, dialog.channel);
        self.requests.push(Request {
            id,
            dialog: dialog.id,
            client,
            channel,
            transport: transport.to_owned(),
            begin: now,
            end: None,
            operator: None,
            incoming: 0,
            outgoing: 0,
            waits: None,
            replies: Vec::new(),
            score: None,
            rates: None,
            tags: Vec::new(),
        });
        self.raise(WebhookEvent::NewRequest, Some(channel), |account| {
            let mut event = account.requests.find(id).map_or(json!({}), Request::event);
            event["updated"] = now.into();
            event["start_message_id"] = opening.message.into();
            event["end_message_id"] = Value::Null;
            event["type"] = "common".into();
            event["is_new_client"] = opening.new_client.into();
            // The only value that was seen.
            event["starter"] = "other".into();
            event["by_client"] = opening.by_client.into();
            let client = account.clients.find(client);
            event["client"] = client.map(|client| client.event()).into();
            event
        });
    }

    /// Returns the customer's latest dialog of a channel.
    pub(super) fn dialog_of(&self, client: i64, channel: i64) -> Option<&Dialog> {
        let dialogs = &self.clients.find(client)?.dialogs;
        let mut dialogs = dialogs.iter().rev().filter_map(|id| self.dialogs.find(*id));
        dialogs.find(|dialog| dialog.channel == channel)
    }

    /// Returns the customer's latest dialog of a channel, and creates one if there is none. Returns `None` if there is
    /// no such customer.
    pub(crate) fn dialog_for(&mut self, client: i64, channel: i64) -> Option<i64> {
        match self.dialog_of(client, channel).map(|dialog| dialog.id) {
            Some(known) => Some(known),
            None => self.add_dialog(client, channel),
        }
    }

    /// Opens a closed dialog without a message.
    pub(crate) fn reopen(&mut self, dialog: i64) {
        let closed = self.dialogs.find(dialog).filter(|dialog| !dialog.is_open());
        let client = closed.and_then(|dialog| self.clients.find(dialog.client));
        if let Some(transport) = client.map(|client| client.transport.clone()) {
            self.open(dialog, &transport, &Opening::default());
        }
    }

    /// Closes a dialog and its request.
    pub(crate) fn close(&mut self, dialog: i64) {
        let now = self.unix();
        let Some(dialog) = self
            .dialogs
            .find_mut(dialog)
            .filter(|dialog| dialog.is_open())
        else {
            return;
        };
        dialog.end = Some(now);
        let (id, channel) = (dialog.id, Some(dialog.channel));
        let (request, end) = (dialog.request, dialog.last_message);
        if let Some(request) = request.and_then(|id| self.requests.find_mut(id)) {
            request.end = Some(now);
        }
        if let Some(request) = request {
            self.raise(WebhookEvent::CloseRequest, channel, |account| {
                let mut event = account.change_of(id, request);
                event["end_message_id"] = end.into();
                event
            });
        }
        self.raise(WebhookEvent::CloseDialog, channel, |account| {
            let mut event = account.change_of(id, request);
            event["current_operator_id"] = event["operator_id"].clone();
            event
        });
    }

    /// Returns the fields of events about a dialog that was closed or transferred.
    fn change_of(&self, dialog: i64, request: impl Into<Option<i64>>) -> Value {
        let request = request.into().and_then(|id| self.requests.find(id));
        let dialog = self.dialogs.find(dialog);
        let mut event = request.map_or_else(|| json!({ "request_id": null }), Request::event);
        event["updated"] = self.unix().into();
        if let Some(dialog) = dialog {
            event["dialog_id"] = dialog.id.into();
            event["client_id"] = dialog.client.into();
            event["channel_id"] = dialog.channel.into();
            event["operator_id"] = dialog.operator.into();
        }
        event
    }

    /// Adds a message that has no dialog to this one.
    pub(crate) fn adopt(&mut self, message: i64, dialog: i64) {
        let (Some(message), Some(dialog)) = (
            self.messages.find_mut(message),
            self.dialogs.find_mut(dialog),
        ) else {
            return;
        };
        (message.dialog, message.request) = (Some(dialog.id), dialog.request);
        dialog.messages += 1;
        dialog.last_message = dialog.last_message.max(Some(message.id));
        if let Some(request) = dialog.request.and_then(|id| self.requests.find_mut(id)) {
            request.count(message);
        }
    }

    /// Assigns a dialog to an operator.
    pub(crate) fn give(&mut self, dialog: i64, operator: i64) {
        let Some(dialog) = self.dialogs.find_mut(dialog) else {
            return;
        };
        let last = dialog.operator.replace(operator);
        if last == Some(operator) {
            return;
        }
        let (id, channel, request) = (dialog.id, dialog.channel, dialog.request);
        if let Some(request) = request.and_then(|id| self.requests.find_mut(id))
            && request.end.is_none()
        {
            request.operator = Some(operator);
        }
        self.raise(WebhookEvent::DialogTransferred, Some(channel), |account| {
            let mut event = account.change_of(id, request);
            event["current_operator_id"] = operator.into();
            event["last_operator_id"] = last.into();
            event["scenario_id"] = Value::Null;
            event
        });
    }
}
