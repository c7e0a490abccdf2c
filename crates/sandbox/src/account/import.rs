//! Import of messages that were exchanged before the messenger was connected.

use super::write::API_USER;
use super::{Account, Kind, Message};
use serde_json::{Map, Value};
use std::sync::Arc;

/// A message to be imported.
pub(crate) struct Imported {
    pub(crate) kind: Kind,
    pub(crate) at: i64,
    pub(crate) text: Option<Arc<str>>,
    /// The administrator if `None`.
    pub(crate) operator: Option<i64>,
    pub(crate) extra: Option<Box<Map<String, Value>>>,
}

impl Account {
    /// Adds a message of an earlier time. It opens no dialog, belongs to no request, and counts as read.
    pub(crate) fn import(
        &mut self,
        client: i64,
        channel: i64,
        transport: &Arc<str>,
        imported: Imported,
    ) {
        let Some(dialog) = self.dialog_for(client, channel) else {
            return;
        };
        let id = self.messages.next_id();
        let at = imported.at;
        self.messages.push(Message {
            id,
            created: at,
            kind: imported.kind,
            read: true,
            imported: true,
            text: imported.text,
            transport: transport.clone(),
            client,
            channel,
            dialog: Some(dialog),
            request: None,
            operator: match imported.kind {
                Kind::ToClient => imported.operator.or(Some(API_USER)),
                _ => None,
            },
            status: None,
            extra: imported.extra,
        });
        let last = self.dialogs.find(dialog);
        let last = last.and_then(|dialog| self.messages.find(dialog.last_message?));
        let is_last = last.is_none_or(|last| last.created <= at);
        if let Some(dialog) = self.dialogs.find_mut(dialog) {
            dialog.messages += 1;
            dialog.begin = dialog.begin.min(at);
            if is_last {
                dialog.last_message = Some(id);
            }
        }
        if imported.kind == Kind::FromClient
            && let Some(client) = self.clients.find_mut(client)
        {
            client.first_message = Some(client.first_message.map_or(at, |first| first.min(at)));
            client.last_message = client.last_message.max(Some(at));
        }
        self.list_later(id);
        self.raise_message(id, false, false);
    }
}
