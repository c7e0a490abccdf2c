//! Writing a message: which dialog and request it opens, what it marks as read, and which events it raises.

use super::dialog::Opening;
use super::{Account, Channel, Client, Kind, Message, Status};
use chat2desk::wire::WebhookEvent;
use serde_json::{Map, Value};
use std::sync::Arc;

/// A message to be written.
pub(crate) struct Draft {
    pub(crate) kind: Kind,
    pub(crate) client: i64,
    pub(crate) text: Option<Arc<str>>,
    /// The customer's channel if `None`.
    pub(crate) channel: Option<i64>,
    /// The customer's transport if `None`.
    pub(crate) transport: Option<Arc<str>>,
    /// The dialog's operator if `None`.
    pub(crate) operator: Option<i64>,
    /// Whether the message opens a dialog if none is open.
    pub(crate) opens: bool,
    pub(crate) extra: Option<Box<Map<String, Value>>>,
}

impl Draft {
    pub(crate) fn new(kind: Kind, client: i64, text: impl Into<Option<Arc<str>>>) -> Self {
        Self {
            kind,
            client,
            text: text.into(),
            channel: None,
            transport: None,
            operator: None,
            opens: !matches!(kind, Kind::Comment | Kind::System | Kind::Survey),
            extra: None,
        }
    }
}

/// The operator of messages that a program sends without naming one.
pub(crate) const API_USER: i64 = 310_001;

/// The `client_source` of a customer who wrote first. The value for other customers is not known.
pub(crate) const WROTE: &str = "incoming_message";

impl Account {
    /// Adds a customer, whose address must be new.
    pub(crate) fn add_client(&mut self, client: Client) -> i64 {
        let id = client.id;
        let channel = client.channel;
        self.clients.push(client);
        self.raise(WebhookEvent::NewClient, Some(channel), |account| {
            account
                .clients
                .find(id)
                .map_or_else(Value::default, |client| client.new_event(account))
        });
        id
    }

    /// Returns the customer with this address, and creates one if there is none.
    pub(crate) fn customer_at(
        &mut self,
        address: &str,
        name: Option<&str>,
        transport: &str,
        channel: i64,
    ) -> i64 {
        let same = |client: &&Client| client.phone == address && client.transport == transport;
        if let Some(known) = self.clients.iter().find(same) {
            return known.id;
        }
        let id = self.clients.next_id();
        let mut client = Client::new(id, address, transport, channel, self.unix());
        client.name = name.map(str::to_owned);
        client.source = Some(WROTE);
        self.add_client(client)
    }

    /// Writes a message. Returns `None` if there is no such customer.
    pub(crate) fn write(&mut self, draft: Draft) -> Option<&Message> {
        let (now, id) = (self.unix(), self.messages.next_id());
        let client = self.clients.find(draft.client)?;
        let transport = draft
            .transport
            .unwrap_or_else(|| client.transport.as_str().into());
        let channel = draft.channel.unwrap_or(client.channel);
        let new_client = draft.kind == Kind::FromClient && client.first_message.is_none();

        let dialog = self.dialog_of(draft.client, channel);
        let dialog = dialog.map(|dialog| (dialog.id, dialog.is_open()));
        let (dialog, new_request) = match dialog {
            Some((dialog, true)) => (Some(dialog), false),
            _ if draft.opens => {
                let dialog = self.dialog_for(draft.client, channel)?;
                let opening = Opening {
                    by_client: draft.kind == Kind::FromClient,
                    message: Some(id),
                    new_client,
                };
                self.open(dialog, &transport, &opening);
                (Some(dialog), true)
            }
            _ => (None, false),
        };
        let dialog = dialog.and_then(|dialog| self.dialogs.find_mut(dialog));
        let message = Message {
            id,
            created: now,
            kind: draft.kind,
            read: draft.kind != Kind::FromClient,
            imported: false,
            text: draft.text,
            transport,
            client: draft.client,
            channel,
            dialog: dialog.as_ref().map(|dialog| dialog.id),
            request: dialog.as_ref().and_then(|dialog| dialog.request),
            operator: match draft.kind {
                Kind::FromClient => dialog.as_ref().and_then(|dialog| dialog.operator),
                Kind::ToClient | Kind::Comment => {
                    let of_dialog = dialog.as_ref().and_then(|dialog| dialog.operator);
                    draft.operator.or(of_dialog).or(Some(API_USER))
                }
                Kind::Autoreply | Kind::System | Kind::Survey => None,
            },
            status: match draft.kind {
                Kind::ToClient | Kind::Autoreply | Kind::Survey => Some(Status::Pending),
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
        // Replying to a message marks its whole dialog as read.
        for id in read {
            if let Some(message) = self.messages.find_mut(id) {
                message.read = true;
            }
        }
        if let Some(request) = message.request.and_then(|id| self.requests.find_mut(id)) {
            request.count(&message);
        }
        if draft.kind == Kind::FromClient
            && let Some(client) = self.clients.find_mut(draft.client)
        {
            client.first_message.get_or_insert(now);
            client.last_message = Some(now);
            client.channel = channel;
        }
        self.messages.push(message);
        self.list_later(id);
        self.raise_message(id, new_request, new_client);
        self.messages.last()
    }

    /// Raises the event of a new message.
    pub(super) fn raise_message(&mut self, id: i64, new_request: bool, new_client: bool) {
        let Some(message) = self.messages.find(id) else {
            return;
        };
        let (name, channel) = (message.event(), message.channel);
        self.raise(name, Some(channel), |account| {
            let message = account.messages.find(id);
            let body = message.and_then(|message| {
                let card = account.clients.find(message.client)?.card();
                Some(message.body(card, new_request, new_client))
            });
            body.unwrap_or_default()
        });
    }

    /// Whether a customer can be written to through this channel and transport.
    pub(crate) fn reaches(
        &self,
        client: i64,
        channel: Option<i64>,
        transport: Option<&str>,
    ) -> bool {
        let Some(client) = self.clients.find(client) else {
            return false;
        };
        let channel = self.channels.find(channel.unwrap_or(client.channel));
        transport.is_none_or(|transport| {
            let serves = channel.is_some_and(|channel| channel.transports.contains(&transport));
            serves || transport == client.transport
        })
    }

    /// Returns the default channel of a transport.
    pub(crate) fn channel_for(&self, transport: &str) -> Option<&Channel> {
        let serves = |channel: &&Channel| channel.transports.contains(&transport);
        self.channels.iter().find(serves).or(self.channels.last())
    }
}
