//! What went in and out: the calls that came, and the deliveries to webhooks.

use super::faults::Fault;
use crate::wire::WebhookEvent;
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
    /// What was made to go wrong.
    pub faults: Vec<Fault>,
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

/// Without query and body, which hold numbers and texts, as the path of no operation may.
impl fmt::Debug for ReceivedCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReceivedCall")
            .field("number", &self.number)
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

    /// The entries that are kept, from this number on.
    pub(super) fn since(&self, number: u64) -> Vec<T> {
        let first = self.next - u64::try_from(self.entries.len()).unwrap_or_default();
        let skip = usize::try_from(number.saturating_sub(first)).unwrap_or(usize::MAX);
        self.entries.iter().skip(skip).cloned().collect()
    }
}
