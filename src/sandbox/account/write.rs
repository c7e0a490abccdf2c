//! Writing a message: what it opens, answers and tells.

use super::{Account, Channel, Client, Kind, Message, find, find_mut, next_id};
use serde_json::{Map, Value};
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
        let card = self.is_watched().then(|| client.card());

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
        let event = card.map(|card| message.event(card, new_request, new_client));
        self.messages.push(message);
        if let Some(event) = event {
            self.raise(draft.kind.event(), Some(channel), event);
        }
        self.messages.last()
    }

    /// The channel that a transport is reached by, unless one is named.
    pub(in crate::sandbox) fn channel_for(&self, transport: &str) -> Option<&Channel> {
        let serves = |channel: &&Channel| channel.transports.contains(&transport);
        self.channels.iter().find(serves).or(self.channels.first())
    }
}
