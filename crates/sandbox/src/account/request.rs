//! [`Request`]: a conversation about one matter. A dialog has one after the other.

use super::table::records;
use super::{Account, Kind, Message, Tag};
use serde_json::{Value, json};

records!(Request);

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
    /// The messages of the customer that have no reply yet.
    pub(crate) waits: Option<Wait>,
    /// The time of each reply, and how many seconds the customer had waited.
    pub(crate) replies: Vec<(i64, i64)>,
    /// The customer's rating, from 1 to 5.
    pub(crate) score: Option<u8>,
    /// The request that this one rates, if it is a survey.
    pub(crate) rates: Option<i64>,
    pub(crate) tags: Vec<i64>,
}

/// The times of the first and of the last message that wait for a reply.
#[derive(Clone, Copy)]
pub(crate) struct Wait {
    pub(crate) first: i64,
    pub(crate) last: i64,
}

impl Request {
    pub(crate) fn json(&self, account: &Account) -> Value {
        let tags = self.tags.iter().filter_map(|id| account.tags.find(*id));
        json!({
            "id": self.id,
            "dialog_id": self.dialog,
            "tags": tags.map(Tag::json).collect::<Vec<_>>(),
        })
    }

    /// Returns the fields that all events about a request have. Whether `created` is the request's time or the dialog's
    /// is not documented.
    pub(super) fn event(&self) -> Value {
        json!({
            "request_id": self.id,
            "dialog_id": self.dialog,
            "client_id": self.client,
            "channel_id": self.channel,
            "transport": self.transport,
            "created": self.begin,
        })
    }

    pub(crate) fn kind(&self) -> &'static str {
        match self.rates {
            Some(_) => "rating",
            None => "common",
        }
    }

    /// Counts a message of the request.
    pub(super) fn count(&mut self, message: &Message) {
        match message.kind {
            Kind::FromClient => {
                self.incoming += 1;
                let last = message.created;
                let first = self.waits.map_or(last, |wait| wait.first);
                self.waits = Some(Wait { first, last });
            }
            Kind::ToClient => {
                self.outgoing += 1;
                self.operator = self.operator.or(message.operator);
                if let Some(wait) = self.waits.take() {
                    self.replies
                        .push((message.created, message.created - wait.first));
                }
            }
            _ => (),
        }
    }
}

impl Account {
    /// Adds a customer's rating of a request. The survey is a request of its own, without an operator, and is closed at
    /// once.
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
            waits: None,
            replies: Vec::new(),
            score: Some(score),
            rates: Some(request),
            tags: Vec::new(),
        };
        self.requests.push(survey);
    }
}
