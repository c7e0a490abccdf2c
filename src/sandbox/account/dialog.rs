//! Dialogs and the requests in them: opening, closing, handing over.

use super::records::time;
use super::{Account, Kind, Message, find, find_mut, next_id};
use serde_json::{Value, json};

pub(in crate::sandbox) struct Dialog {
    pub(in crate::sandbox) id: i64,
    pub(in crate::sandbox) client: i64,
    pub(in crate::sandbox) channel: i64,
    pub(in crate::sandbox) begin: i64,
    /// None while it is open.
    pub(in crate::sandbox) end: Option<i64>,
    pub(in crate::sandbox) operator: Option<i64>,
    pub(in crate::sandbox) messages: u32,
    pub(in crate::sandbox) last_message: Option<i64>,
    pub(in crate::sandbox) request: Option<i64>,
    /// Messages of the customer that nobody has read.
    pub(in crate::sandbox) unread: Vec<i64>,
}

impl Dialog {
    pub(in crate::sandbox) fn is_open(&self) -> bool {
        self.end.is_none()
    }

    pub(in crate::sandbox) fn state(&self) -> &'static str {
        if self.is_open() { "open" } else { "closed" }
    }

    pub(in crate::sandbox) fn json(&self, account: &Account) -> Value {
        let last = self.last_message.and_then(|id| find(&account.messages, id));
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
pub(in crate::sandbox) struct Request {
    pub(in crate::sandbox) id: i64,
    pub(in crate::sandbox) dialog: i64,
    pub(in crate::sandbox) client: i64,
    pub(in crate::sandbox) channel: i64,
    pub(in crate::sandbox) transport: String,
    pub(in crate::sandbox) begin: i64,
    pub(in crate::sandbox) end: Option<i64>,
    pub(in crate::sandbox) operator: Option<i64>,
    pub(in crate::sandbox) incoming: u32,
    pub(in crate::sandbox) outgoing: u32,
    /// When the customer wrote what nobody has answered yet.
    pub(in crate::sandbox) waits_since: Option<i64>,
    /// When each reply came, and after how many seconds.
    pub(in crate::sandbox) replies: Vec<(i64, i64)>,
    /// What the customer gave for it, from 1 to 5.
    pub(in crate::sandbox) score: Option<u8>,
    pub(in crate::sandbox) tags: Vec<i64>,
}

impl Request {
    pub(in crate::sandbox) fn json(&self) -> Value {
        json!({
            "id": self.id,
            "dialog_id": self.dialog,
            "client_id": self.client,
            "channel_id": self.channel,
            "type": "common",
        })
    }
}

impl Request {
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
    pub(super) fn add_dialog(&mut self, client: i64, channel: i64) -> i64 {
        let id = next_id(&self.dialogs, super::seed::FIRST_DIALOG);
        let begin = self.unix();
        self.dialogs.push(Dialog {
            id,
            client,
            channel,
            begin,
            end: Some(begin),
            operator: None,
            messages: 0,
            last_message: None,
            request: None,
            unread: Vec::new(),
        });
        if let Some(client) = self.client_mut(client) {
            client.dialogs.push(id);
        }
        id
    }

    /// Opens a dialog, and a request in it.
    pub(super) fn open(&mut self, dialog: i64, transport: &str, by_client: bool) {
        let (now, id) = (
            self.unix(),
            next_id(&self.requests, super::seed::FIRST_REQUEST),
        );
        let Some(dialog) = find_mut(&mut self.dialogs, dialog) else {
            return;
        };
        dialog.end = None;
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
            operator: dialog.operator,
            incoming: 0,
            outgoing: 0,
            waits_since: None,
            replies: Vec::new(),
            score: None,
            tags: Vec::new(),
        });
        self.raise("new_request", Some(channel), event);
    }

    /// The customer's latest dialog, made if there is none.
    pub(in crate::sandbox) fn dialog_for(&mut self, client: i64) -> Option<i64> {
        let client = self.client(client)?;
        let (id, channel) = (client.id, client.channel);
        let known = client.dialogs.last().copied();
        Some(known.unwrap_or_else(|| self.add_dialog(id, channel)))
    }

    /// Opens a dialog by hand, without a message.
    pub(in crate::sandbox) fn reopen(&mut self, dialog: i64) {
        let client = find(&self.dialogs, dialog).and_then(|dialog| self.client(dialog.client));
        if let Some(transport) = client.map(|client| client.transport.clone()) {
            self.open(dialog, &transport, false);
        }
    }

    /// Closes a dialog and its request.
    pub(in crate::sandbox) fn close(&mut self, dialog: i64) {
        let now = self.unix();
        let Some(dialog) = find_mut(&mut self.dialogs, dialog).filter(|dialog| dialog.is_open())
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
        if let Some(request) = request.and_then(|id| find_mut(&mut self.requests, id)) {
            request.end = Some(now);
        }
        if request.is_some() {
            self.raise("close_request", channel, event.clone());
        }
        self.raise("close_dialog", channel, event);
    }

    /// Gives a dialog to an operator.
    pub(in crate::sandbox) fn give(&mut self, dialog: i64, operator: i64) {
        let Some(dialog) = find_mut(&mut self.dialogs, dialog) else {
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
        if let Some(request) = request.and_then(|id| find_mut(&mut self.requests, id)) {
            request.operator = Some(operator);
        }
        self.raise("dialog_transferred", Some(channel), event);
    }
}
