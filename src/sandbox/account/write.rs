//! Writing a message: what it opens, answers and tells.

use super::{Account, Dialog, Kind, Message, Request, find, find_mut, next_id};
use super::{Channel, Client};
use serde_json::{Map, Value, json};
use std::sync::Arc;

/// A message to be written.
pub(in crate::sandbox) struct Draft {
    pub(in crate::sandbox) kind: Kind,
    pub(in crate::sandbox) client: i64,
    pub(in crate::sandbox) text: Option<Arc<str>>,
    /// Unless given, the customer's.
    pub(in crate::sandbox) channel: Option<i64>,
    /// Unless given, the customer's.
    pub(in crate::sandbox) transport: Option<Arc<str>>,
    /// Unless given, that of the dialog.
    pub(in crate::sandbox) operator: Option<i64>,
    /// Whether it opens a dialog if none is open.
    pub(in crate::sandbox) opens: bool,
    pub(in crate::sandbox) extra: Option<Box<Map<String, Value>>>,
}

impl Draft {
    pub(in crate::sandbox) fn new(
        kind: Kind,
        client: i64,
        text: impl Into<Option<Arc<str>>>,
    ) -> Self {
        Self {
            kind,
            client,
            text: text.into(),
            channel: None,
            transport: None,
            operator: None,
            opens: !matches!(kind, Kind::Comment | Kind::System),
            extra: None,
        }
    }
}

/// Seconds after which WhatsApp delivers nothing but templates.
const WHATSAPP_WINDOW: i64 = 24 * 3600;

impl Account {
    /// Makes a customer. The address is known to be new.
    pub(in crate::sandbox) fn add_client(&mut self, client: Client) -> i64 {
        let id = client.id;
        let (channel, event) = (client.channel, client.event());
        self.clients.push(client);
        self.raise("new_client", Some(channel), event);
        id
    }

    /// Writes a message; none if there is no such customer.
    pub(in crate::sandbox) fn write(&mut self, draft: Draft) -> Option<&Message> {
        let (now, id) = (
            self.unix(),
            next_id(&self.messages, super::seed::FIRST_MESSAGE),
        );
        let client = self.client(draft.client)?;
        let transport = draft
            .transport
            .unwrap_or_else(|| client.transport.as_str().into());
        let channel = draft.channel.unwrap_or(client.channel);
        let new_client = client.first_message.is_none() && client.dialogs.is_empty();
        let in_window = client
            .last_message
            .is_some_and(|last| now - last <= WHATSAPP_WINDOW);
        let is_template = draft
            .text
            .as_deref()
            .is_some_and(|text| text.starts_with("@HSM@"));
        let arrives =
            in_window || is_template || !transport.starts_with("wa_") && &*transport != "whatsapp";
        let card = client.card();

        let known = client.dialogs.iter().rev().copied();
        let known = known
            .filter_map(|id| find(&self.dialogs, id))
            .find(|dialog| dialog.channel == channel);
        let known = known.map(|dialog| (dialog.id, dialog.is_open()));
        let (dialog, new_request) = match known {
            Some((dialog, true)) => (Some(dialog), false),
            known if draft.opens => {
                let dialog =
                    known.map_or_else(|| self.add_dialog(draft.client, channel), |(id, _)| id);
                self.open(dialog, &transport, draft.kind == Kind::FromClient);
                (Some(dialog), true)
            }
            _ => (None, false),
        };
        let dialog = dialog.and_then(|dialog| find_mut(&mut self.dialogs, dialog));
        let message = Message {
            id,
            created: now,
            kind: draft.kind,
            read: draft.kind != Kind::FromClient,
            text: draft.text,
            transport,
            client: draft.client,
            channel,
            dialog: dialog.as_ref().map(|dialog| dialog.id),
            request: dialog.as_ref().and_then(|dialog| dialog.request),
            operator: match draft.kind {
                Kind::FromClient => None,
                _ => draft
                    .operator
                    .or(dialog.as_ref().and_then(|dialog| dialog.operator)),
            },
            status: match draft.kind {
                Kind::ToClient | Kind::Autoreply => Some(if arrives { "sent" } else { "failed" }),
                _ => None,
            },
            extra: draft.extra,
        };
        let mut read = Vec::new();
        if let Some(dialog) = dialog {
            dialog.messages += 1;
            dialog.last_message = Some(id);
            match draft.kind {
                Kind::FromClient => dialog.unread.push(id),
                Kind::ToClient => {
                    dialog.operator = dialog.operator.or(message.operator);
                    read = std::mem::take(&mut dialog.unread);
                }
                _ => (),
            }
        }
        // Answering a message marks its whole dialog as read.
        for id in read {
            if let Some(message) = find_mut(&mut self.messages, id) {
                message.read = true;
            }
        }
        if let Some(request) = message
            .request
            .and_then(|id| find_mut(&mut self.requests, id))
        {
            request.count(&message);
        }
        if draft.kind == Kind::FromClient
            && let Some(client) = self.client_mut(draft.client)
        {
            client.first_message.get_or_insert(now);
            client.last_message = Some(now);
        }
        let event = message.event(card, new_request, new_client);
        self.messages.push(message);
        self.raise(draft.kind.event(), Some(channel), event);
        self.messages.last()
    }

    fn add_dialog(&mut self, client: i64, channel: i64) -> i64 {
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
    fn open(&mut self, dialog: i64, transport: &str, by_client: bool) {
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

    /// The channel that a transport is reached by, unless one is named.
    pub(in crate::sandbox) fn channel_for(&self, transport: &str) -> Option<&Channel> {
        let serves = |channel: &&Channel| channel.transports.contains(&transport);
        self.channels.iter().find(serves).or(self.channels.first())
    }
}

impl Request {
    /// Counts a message of it.
    fn count(&mut self, message: &Message) {
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
