//! Requests: the matters that a dialog is about, one after the other.

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
    /// What the customer wrote that nobody has answered yet.
    pub(crate) waits: Option<Wait>,
    /// When each reply came, and after how many seconds.
    pub(crate) replies: Vec<(i64, i64)>,
    /// What the customer gave for it, from 1 to 5.
    pub(crate) score: Option<u8>,
    /// The request that this one is the survey of.
    pub(crate) rates: Option<i64>,
    pub(crate) tags: Vec<i64>,
}

/// When the first and the last message came that wait for a reply.
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

    /// What all events say of it. Whether `created` is its time or the dialog's is not documented.
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

    /// Counts a message of it.
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
            waits: None,
            replies: Vec::new(),
            score: Some(score),
            rates: Some(request),
            tags: Vec::new(),
        };
        self.requests.push(survey);
    }
}
