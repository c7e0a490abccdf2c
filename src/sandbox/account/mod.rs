//! The account: what the server keeps, in memory, and finds by id.

mod client;
mod dialog;
mod event;
mod message;
mod records;
mod seed;
mod staff;
mod write;

pub(super) use client::Client;
pub(super) use dialog::{Dialog, Request};
pub(super) use event::Event;
pub(super) use message::{Kind, Message};
pub(super) use records::{
    Channel, Operator, Record, STATUSES, Tag, Template, Ticket, Webhook, find, find_mut,
};
pub(super) use seed::{COMPANY, FIRST_CLIENT, Size, seeded};
pub(super) use write::Draft;

use super::faults::Fault;
use chrono::{DateTime, Utc};
use serde_json::Value;

/// Everything that the account holds; each list is sorted by id.
#[derive(Default)]
pub(super) struct Account {
    pub(super) channels: Vec<Channel>,
    pub(super) clients: Vec<Client>,
    pub(super) dialogs: Vec<Dialog>,
    pub(super) requests: Vec<Request>,
    pub(super) messages: Vec<Message>,
    pub(super) operators: Vec<Operator>,
    pub(super) tags: Vec<Tag>,
    pub(super) templates: Vec<Template>,
    pub(super) tickets: Vec<Ticket>,
    pub(super) webhooks: Vec<Webhook>,
    /// The old webhooks, of one URL each.
    pub(super) legacy_hook: Value,
    pub(super) legacy_close_hook: Value,
    /// Calls that were let in, which the monthly quota counts.
    pub(super) calls: u64,
    /// The most records of a page.
    pub(super) page_cap: usize,
    /// The time of the call that is being answered.
    pub(super) now: DateTime<Utc>,
    events: Vec<Event>,
}

impl Account {
    /// What happened since this was asked last.
    pub(super) fn take_events(&mut self) -> Vec<Event> {
        std::mem::take(&mut self.events)
    }

    pub(super) fn unix(&self) -> i64 {
        self.now.timestamp()
    }

    pub(super) fn client(&self, id: i64) -> Option<&Client> {
        find(&self.clients, id)
    }

    pub(super) fn client_mut(&mut self, id: i64) -> Option<&mut Client> {
        find_mut(&mut self.clients, id)
    }

    pub(super) fn channel(&self, id: i64) -> Option<&Channel> {
        find(&self.channels, id)
    }

    /// The customer's open dialog, the latest if there are several.
    pub(super) fn open_dialog(&self, client: i64) -> Option<&Dialog> {
        let dialogs = &self.client(client)?.dialogs;
        let mut dialogs = dialogs
            .iter()
            .rev()
            .filter_map(|id| find(&self.dialogs, *id));
        dialogs.find(|dialog| dialog.is_open())
    }
}

/// The id after the last one; the first one of an empty list.
pub(super) fn next_id<T: Record>(records: &[T], first: i64) -> i64 {
    records.last().map_or(first, |record| record.id() + 1)
}

impl Account {
    /// Has somebody else change what an operation lists.
    pub(super) fn move_list(&mut self, operation: &str, fault: &Fault) {
        match (fault, operation) {
            (Fault::Grow, "list_clients") => self.grow_clients(),
            (Fault::Grow, "list_messages" | "list_dialogs") => {
                let idle = self.clients.iter().find(|client| client.dialogs.is_empty());
                if let Some(client) = idle.or(self.clients.last()).map(|client| client.id) {
                    self.write(Draft::new(Kind::FromClient, client, Some("Hello?".into())));
                }
            }
            (Fault::Grow, "list_tickets") => self.grow_tickets(),
            (Fault::Shrink, "list_clients") if !self.clients.is_empty() => {
                drop(self.clients.remove(0))
            }
            (Fault::Shrink, "list_dialogs") if !self.dialogs.is_empty() => {
                drop(self.dialogs.remove(0))
            }
            (Fault::Shrink, "list_tickets") if !self.tickets.is_empty() => {
                drop(self.tickets.remove(0))
            }
            _ => (),
        }
    }
}
