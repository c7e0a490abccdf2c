//! [`Account`]: the records of one company, in memory, and how they change.

mod client;
mod delivery;
mod dialog;
mod event;
mod import;
mod listing;
mod menu;
mod message;
mod operator;
mod places;
mod records;
mod request;
mod seed;
mod staff;
mod status;
mod table;
mod write;

pub(super) use client::Client;
pub(super) use delivery::Fate;
pub(super) use dialog::Dialog;
pub(super) use event::Event;
pub(super) use import::Imported;
pub(super) use menu::{Item, MENU};
pub(super) use message::{Kind, Message};
pub(super) use operator::{Operator, STATUSES};
pub(super) use places::{COUNTRIES, Country, Region, regions};
pub(super) use records::{Channel, Tag, TagGroup, Template, Ticket, Webhook};
pub(super) use request::Request;
pub(super) use seed::{COMPANY, PICTURE, seeded};
pub(super) use status::Status;
pub(super) use table::{Record, Table};
pub(super) use write::Draft;

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, NaiveTime, TimeDelta, Utc};
use delivery::Schedule;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, HashMap};

/// The records and the state of one company.
pub(super) struct Account {
    /// The company's id.
    pub(super) company: i64,
    pub(super) channels: Table<Channel>,
    pub(super) clients: Table<Client>,
    pub(super) dialogs: Table<Dialog>,
    pub(super) requests: Table<Request>,
    pub(super) messages: Table<Message>,
    pub(super) operators: Table<Operator>,
    pub(super) tags: Table<Tag>,
    pub(super) tag_groups: Table<TagGroup>,
    pub(super) templates: Table<Template>,
    pub(super) tickets: Table<Ticket>,
    pub(super) webhooks: Table<Webhook>,
    /// The legacy webhooks, of one URL each.
    pub(super) legacy_hook: Value,
    pub(super) legacy_close_hook: Value,
    /// Texts about the company, by `1`, `2` and `3`.
    pub(super) company_texts: Map<String, Value>,
    /// The monthly quota, if there is one.
    pub(super) monthly_calls: Option<u64>,
    /// The calls that were accepted this month, which the quota counts.
    pub(super) calls: u64,
    /// The maximum number of records per page.
    pub(super) page_cap: usize,
    /// The company's time zone, which decides where a day begins.
    pub(super) zone: FixedOffset,
    /// The delay until a new message is listed.
    pub(super) listed_after: TimeDelta,
    /// The delay for messages of the current call, if a fault sets another one.
    pub(super) late_by: Option<TimeDelta>,
    /// The messages that are not listed yet, and when they will be listed.
    late: BTreeMap<i64, DateTime<Utc>>,
    /// The time of the current call.
    pub(super) now: DateTime<Utc>,
    /// The final state of the messages of the current call.
    pub(super) fate: Fate,
    /// Why the messenger will refuse a message of the current call.
    pub(super) note: Option<String>,
    /// The reasons of failed messages, by id.
    failures: HashMap<i64, String>,
    /// How many changes of message states there were.
    pub(super) changes: u64,
    schedule: Schedule,
    events: Vec<Event>,
}

impl Account {
    /// Takes the events that were raised since the last call.
    pub(super) fn take_events(&mut self) -> Vec<Event> {
        std::mem::take(&mut self.events)
    }

    /// Returns when the next message changes its state by itself.
    pub(super) fn next_change(&self) -> Option<DateTime<Utc>> {
        self.schedule.next()
    }

    pub(super) fn unix(&self) -> i64 {
        self.now.timestamp()
    }

    /// Returns when a day begins in the company's time zone, in unix seconds.
    pub(super) fn midnight(&self, day: NaiveDate) -> i64 {
        let local = i64::from(self.zone.local_minus_utc());
        day.and_time(NaiveTime::MIN).and_utc().timestamp() - local
    }

    /// Sets the current time. Sets the message states that are due, resets the quota when the month changes, and
    /// disables webhooks that have been failing for too long.
    pub(super) fn set_time(&mut self, now: DateTime<Utc>) {
        self.report_states(now);
        if (now.year(), now.month()) != (self.now.year(), self.now.month()) {
            self.calls = 0;
        }
        self.now = now;
        self.late.retain(|_, due| *due > now);
        self.switch_off_failing();
    }

    /// Returns the customer's open dialog, or the latest of several.
    pub(super) fn open_dialog(&self, client: i64) -> Option<&Dialog> {
        let dialogs = &self.clients.find(client)?.dialogs;
        let mut dialogs = dialogs.iter().rev().filter_map(|id| self.dialogs.find(*id));
        dialogs.find(|dialog| dialog.is_open())
    }

    pub(super) fn company_name(&self) -> String {
        match self.company - COMPANY {
            0 => "Example Ltd".to_owned(),
            place => format!("Example {} Ltd", place + 1),
        }
    }

    /// Whether a message has this file.
    pub(super) fn has_file(&self, path: &str) -> bool {
        seed::picture_of(self.company) == path
    }

    /// Adds a record to the end of the list of an operation.
    pub(super) fn grow(&mut self, operation: &str) {
        match operation {
            "list_clients" => {
                self.grow_clients();
            }
            "list_messages" | "list_dialogs" => {
                let client = self.grow_clients();
                self.write(Draft::new(Kind::FromClient, client, Some("Hello?".into())));
            }
            "list_tickets" => self.grow_tickets(),
            _ => (),
        }
    }

    /// Removes the first record of the list of an operation, and the records that belong to it.
    pub(super) fn shrink(&mut self, operation: &str) {
        match operation {
            "list_clients" => {
                let client = self.clients.remove_first();
                for dialog in client.into_iter().flat_map(|client| client.dialogs) {
                    self.dialogs.remove(dialog);
                }
            }
            "list_dialogs" => {
                self.dialogs.remove_first();
            }
            "list_tickets" => {
                self.tickets.remove_first();
            }
            _ => (),
        }
    }
}
