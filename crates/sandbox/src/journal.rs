//! What went in and out: the calls that came, and the deliveries to webhooks.

use super::faults::Fault;
use chat2desk::wire::WebhookEvent;
use chrono::{DateTime, Utc};
use serde_json::Value;
use std::collections::VecDeque;
use std::fmt;
use std::time::Duration;

/// A call that came. Its token is not kept.
#[derive(Clone)]
#[non_exhaustive]
pub struct ReceivedCall {
    /// Its place in the order of all calls, from 0.
    pub number: u64,
    /// When it came, by the sandbox's clock.
    pub at: DateTime<Utc>,
    /// The company whose token it brought, as `companyID` in `get_api_info`. `None` without a token that is known.
    pub company: Option<i64>,
    /// The HTTP method.
    pub method: String,
    /// The path, without the query.
    pub path: String,
    /// The query as it came.
    pub query: String,
    /// The body as it came.
    pub body: bytes::Bytes,
    /// The operation, such as `list_clients`; none if there is none of this path.
    pub operation: Option<&'static str>,
    /// The status of the answer; none if the connection was broken instead.
    pub status: Option<u16>,
    /// The body of the answer.
    pub response: Said,
    /// What was made to go wrong.
    pub faults: Vec<Fault>,
    /// What will come of it though it succeeded: why the messenger is going to refuse the message. The API's records
    /// have no field for that; the event `outbox_status` has.
    pub note: Option<String>,
    /// How long the answer took.
    pub took: Duration,
}

impl ReceivedCall {
    /// A parameter of the query.
    pub fn query_value(&self, name: &str) -> Option<String> {
        let mut pairs = form_urlencoded::parse(self.query.as_bytes());
        let (_, value) = pairs.find(|(key, _)| key == name)?;
        Some(value.into_owned())
    }

    /// The body, if it is JSON.
    pub fn json(&self) -> Option<Value> {
        serde_json::from_slice(&self.body).ok()
    }
}

/// The body of an answer, as far as it is remembered.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Said {
    /// Its first bytes, 8 KiB at most.
    pub beginning: bytes::Bytes,
    /// How many bytes it had.
    pub length: usize,
}

/// The most bytes of an answer that are remembered: ten thousand calls may have pages of 200 records.
const REMEMBERED: usize = 8 * 1024;

impl Said {
    pub(super) fn beginning(body: &bytes::Bytes) -> Self {
        Self {
            // A copy, or the whole body would stay in memory.
            beginning: bytes::Bytes::copy_from_slice(&body[..body.len().min(REMEMBERED)]),
            length: body.len(),
        }
    }

    /// The body, if it is JSON and short enough to be remembered as a whole.
    pub fn json(&self) -> Option<Value> {
        serde_json::from_slice(&self.beginning).ok()
    }
}

/// Without the content, which holds numbers and texts.
impl fmt::Debug for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Said")
            .field("length", &self.length)
            .finish_non_exhaustive()
    }
}

/// Without query and body, which hold numbers and texts, as the path of no operation may.
impl fmt::Debug for ReceivedCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReceivedCall")
            .field("number", &self.number)
            .field("company", &self.company)
            .field("method", &self.method)
            .field("path", &self.operation.map(|_| &self.path))
            .field("operation", &self.operation)
            .field("status", &self.status)
            .field("faults", &self.faults)
            .finish_non_exhaustive()
    }
}

/// An attempt to deliver an event to a webhook.
#[derive(Clone)]
#[non_exhaustive]
pub struct Delivery {
    /// Its place in the order of all attempts, from 0.
    pub number: u64,
    /// When it was made, by the sandbox's clock.
    pub at: DateTime<Utc>,
    /// The company whose webhook it is.
    pub company: i64,
    /// The webhook's id.
    pub webhook_id: i64,
    /// Where it went.
    pub url: String,
    /// The event's name, as one subscribes to it.
    pub event: WebhookEvent,
    /// 1 for the first attempt, up to 4.
    pub attempt: usize,
    /// The status of the answer; none if there was no answer.
    pub status: Option<u16>,
    /// What was posted.
    pub body: String,
}

impl Delivery {
    /// Whether the receiver took it.
    pub fn is_delivered(&self) -> bool {
        self.status
            .is_some_and(|status| (200..300).contains(&status))
    }
}

/// Without the body, which holds numbers and texts.
impl fmt::Debug for Delivery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Delivery")
            .field("number", &self.number)
            .field("webhook_id", &self.webhook_id)
            .field("event", &self.event)
            .field("attempt", &self.attempt)
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}

/// The last entries of a journal, and how many there were.
pub(super) struct Journal<T> {
    entries: VecDeque<T>,
    next: u64,
    most: usize,
}

impl<T: Clone> Journal<T> {
    /// Keeps so many entries.
    pub(super) fn new(most: usize) -> Self {
        Self {
            entries: VecDeque::new(),
            next: 0,
            most,
        }
    }

    /// Adds the entry that is made of its number.
    pub(super) fn add(&mut self, entry: impl FnOnce(u64) -> T) {
        if self.entries.len() >= self.most {
            self.entries.pop_front();
        }
        if self.most > 0 {
            self.entries.push_back(entry(self.next));
        }
        self.next += 1;
    }

    /// The number of the entry that comes next.
    pub(super) fn next(&self) -> u64 {
        self.next
    }

    /// The entries of this kind that are kept, from this number on.
    pub(super) fn since(&self, number: u64, wanted: impl Fn(&T) -> bool) -> Vec<T> {
        let first = self.next - u64::try_from(self.entries.len()).unwrap_or_default();
        let skip = usize::try_from(number.saturating_sub(first)).unwrap_or(usize::MAX);
        let entries = self.entries.iter().skip(skip);
        entries.filter(|entry| wanted(entry)).cloned().collect()
    }
}
