//! Dialogs and the requests in them: opening, closing, handing over.

use super::records::time;
use super::table::records;
use super::{Account, Kind, Message};
use serde_json::{Value, json};

records!(Dialog, Request);

pub(crate) struct Dialog {
    pub(crate) id: i64,
    pub(crate) client: i64,
    pub(crate) channel: i64,
    pub(crate) begin: i64,
    /// None while it is open.
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

    pub(crate) fn json(&self, account: &Account) -> Value {
        let last = self.last_message.and_then(|id| account.messages.find(id));
        json!({
            "id": self.id,
            "state": self.state(),
            "begin": time(self.begin),
            "end": time(self.end),
            "operator_id": self.operator,
            "last_message": last.map(Message::json),
            "messages": self.messages,
            "last_request_id": self.request,
        })
    }
}

/// A conversation about one matter: from its first message until it is closed.
pub(crate) struct Request {
    pub(crate) id: i64,
    pub(crate) dialog: i64,
    pub(crate) client: i64,
    pub(crate) channel: i64,
    pub(crate) transport: String,
    pub(crate) begin: i64,
    pub(crate) end: Option<i64>,
    pub(crate) operator: Option<i64>,
    pub(crate) incoming: u32,
    pub(crate) outgoing: u32,
    /// When the customer wrote what nobody has answered yet.
    pub(crate) waits_since: Option<i64>,
    /// When each reply came, and after how many seconds.
    pub(crate) replies: Vec<(i64, i64)>,
    /// What the customer gave for it, from 1 to 5.
    pub(crate) score: Option<u8>,
    /// The request that this one is the survey of.
    pub(crate) rates: Option<i64>,
    pub(crate) tags: Vec<i64>,
}

impl Request {
    pub(crate) fn json(&self) -> Value {
        json!({
            "id": self.id,
            "dialog_id": self.dialog,
            "client_id": self.client,
            "channel_id": self.channel,
            "type": self.kind(),
        })
    }

    pub(crate) fn kind(&self) -> &'static str {
        match self.rates {
            Some(_) => "rating",
            None => "common",
        }
    }

    /// Counts a message of it.
    pub(super) fn count(&mut self, message: &Message) {
        match message.kind {
            Kind::FromClient => {
                self.incoming += 1;
                self.waits_since.get_or_insert(message.created);
            }
            Kind::ToClient => {
                self.outgoing += 1;
                self.operator = self.operator.or(message.operator);
                if let Some(since) = self.waits_since.take() {
                    self.replies
                        .push((message.created, message.created - since));
                }
            }
            _ => (),
        }
    }
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
    pub(super) fn open(&mut self, dialog: i64, transport: &str, by_client: bool) {
        let (now, id) = (self.unix(), self.requests.next_id());
        let Some(dialog) = self.dialogs.find_mut(dialog) else {
            return;
        };
        dialog.end = None;
        dialog.operator = None;
        dialog.request = Some(id);
        let (client, channel) = (dialog.client, dialog.channel);
        let event = json!({
            "request_id": id,
            "client_id": client,
            "dialog_id": dialog.id,
            "channel_id": channel,
            "transport": transport,
            "type": "common",
            "by_client": by_client,
        });
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
            waits_since: None,
            replies: Vec::new(),
            score: None,
            rates: None,
            tags: Vec::new(),
        });
        self.raise("new_request", Some(channel), event);
    }

    /// The customer's latest dialog of a channel.
    pub(super) fn dialog_of(&self, client: i64, channel: i64) -> Option<&Dialog> {
        let dialogs = &self.clients.find(client)?.dialogs;
        let mut dialogs = dialogs.iter().rev().filter_map(|id| self.dialogs.find(*id));
        dialogs.find(|dialog| dialog.channel == channel)
    }

    /// The customer's latest dialog of a channel, made if there is none; none if there is no such customer.
    pub(crate) fn dialog_for(&mut self, client: i64, channel: i64) -> Option<i64> {
        match self.dialog_of(client, channel).map(|dialog| dialog.id) {
            Some(known) => Some(known),
            None => self.add_dialog(client, channel),
        }
    }

    /// Opens a dialog by hand, without a message, if it is closed.
    pub(crate) fn reopen(&mut self, dialog: i64) {
        let closed = self.dialogs.find(dialog).filter(|dialog| !dialog.is_open());
        let client = closed.and_then(|dialog| self.clients.find(dialog.client));
        if let Some(transport) = client.map(|client| client.transport.clone()) {
            self.open(dialog, &transport, false);
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
        let (channel, request) = (Some(dialog.channel), dialog.request);
        let event = json!({
            "dialog_id": dialog.id,
            "client_id": dialog.client,
            "operator_id": dialog.operator,
            "request_id": request,
        });
        if let Some(request) = request.and_then(|id| self.requests.find_mut(id)) {
            request.end = Some(now);
        }
        if request.is_some() {
            self.raise("close_request", channel, event.clone());
        }
        self.raise("close_dialog", channel, event);
    }

    /// Has the customer say what a request was like. The survey is a request of its own, without an
    /// operator, which is answered at once.
    pub(super) fn rate(&mut self, request: i64, score: u8) {
        let (now, id) = (self.unix(), self.requests.next_id());
        let Some(rated) = self.requests.find_mut(request) else {
            return;
        };
        rated.score = Some(score);
        let survey = Request {
            id,
            dialog: rated.dialog,
            client: rated.client,
            channel: rated.channel,
            transport: rated.transport.clone(),
            begin: now,
            end: Some(now),
            operator: None,
            incoming: 1,
            outgoing: 1,
            waits_since: None,
            replies: Vec::new(),
            score: Some(score),
            rates: Some(request),
            tags: Vec::new(),
        };
        self.requests.push(survey);
    }

    /// Takes a message into a dialog that was in none.
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

    /// Gives a dialog to an operator.
    pub(crate) fn give(&mut self, dialog: i64, operator: i64) {
        let Some(dialog) = self.dialogs.find_mut(dialog) else {
            return;
        };
        if dialog.operator.replace(operator) == Some(operator) {
            return;
        }
        let (channel, request) = (dialog.channel, dialog.request);
        let event = json!({
            "dialog_id": dialog.id,
            "operator_id": operator,
            "client_id": dialog.client,
            "request_id": request,
        });
        if let Some(request) = request.and_then(|id| self.requests.find_mut(id))
            && request.end.is_none()
        {
            request.operator = Some(operator);
        }
        self.raise("dialog_transferred", Some(channel), event);
    }
}
