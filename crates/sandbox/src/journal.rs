//! The journal: which calls were received, and which webhook deliveries were attempted.

use super::faults::Fault;
use chat2desk::wire::WebhookEvent;
use chrono::{DateTime, Utc};
use serde_json::Value;
use std::collections::VecDeque;
use std::fmt;
use std::time::Duration;

/// A call that the sandbox received. The token is not recorded.
#[derive(Clone)]
#[non_exhaustive]
pub struct ReceivedCall {
    /// Position among the calls to all accounts, from 0.
    pub number: u64,
    /// When the call was received, by the sandbox's clock.
    pub at: DateTime<Utc>,
    /// The company that the token belongs to, as `companyID` in `get_api_info`. `None` if the call had no known token.
    pub company: Option<i64>,
    /// The HTTP method.
    pub method: String,
    /// The path, without the query.
    pub path: String,
    /// The query, unchanged.
    pub query: String,
    /// The body, unchanged.
    pub body: bytes::Bytes,
    /// The operation, such as `list_clients`. `None` if no operation has this method and path.
    pub operation: Option<&'static str>,
    /// The status of the response. `None` if a fault closed the connection instead.
    pub status: Option<u16>,
    /// The body of the response.
    pub response: RecordedBody,
    /// The injected faults that happened to the call.
    pub faults: Vec<Fault>,
    /// Why the messenger is going to refuse the message, although the call succeeded. The API's records have no field
    /// for that, but the event `outbox_status` has one.
    pub note: Option<String>,
    /// The time from the request to the response, injected delays included.
    pub took: Duration,
}

impl ReceivedCall {
    /// Returns the value of the query parameter `name`, decoded, or `None` if there is no such parameter.
    pub fn query_value(&self, name: &str) -> Option<String> {
        let mut pairs = form_urlencoded::parse(self.query.as_bytes());
        let (_, value) = pairs.find(|(key, _)| key == name)?;
        Some(value.into_owned())
    }

    /// Returns the body as JSON, or `None` if it is not JSON.
    pub fn json(&self) -> Option<Value> {
        serde_json::from_slice(&self.body).ok()
    }
}

/// The recorded beginning of a response body, and its length.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RecordedBody {
    /// The first bytes of the body, at most 8 KiB.
    pub beginning: bytes::Bytes,
    /// The length of the whole body, in bytes.
    pub length: usize,
}

/// How many bytes of a body are recorded. Ten thousand calls may have responses of 200 records each.
const RECORDED: usize = 8 * 1024;

impl RecordedBody {
    pub(super) fn beginning(body: &bytes::Bytes) -> Self {
        Self {
            // A copy, or the whole body would stay in memory.
            beginning: bytes::Bytes::copy_from_slice(&body[..body.len().min(RECORDED)]),
            length: body.len(),
        }
    }

    /// Returns the body as JSON. `None` if it is not JSON, or was too long to be recorded as a whole.
    pub fn json(&self) -> Option<Value> {
        serde_json::from_slice(&self.beginning).ok()
    }
}

/// Shows no content, which holds phone numbers and texts.
impl fmt::Debug for RecordedBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RecordedBody")
            .field("length", &self.length)
            .finish_non_exhaustive()
    }
}

/// Shows neither query nor body, which hold phone numbers and texts. A path that is no operation's may hold them, too.
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

/// An attempt to deliver an event to a webhook. Each retry is an attempt of its own.
#[derive(Clone)]
#[non_exhaustive]
pub struct Delivery {
    /// Position among all attempts of the account, from 0.
    pub number: u64,
    /// When the attempt began, by the sandbox's clock.
    pub at: DateTime<Utc>,
    /// The company whose webhook it is.
    pub company: i64,
    /// The webhook's id.
    pub webhook_id: i64,
    /// The URL that the event was posted to.
    pub url: String,
    /// The event, by the name that webhooks are registered with.
    pub event: WebhookEvent,
    /// The number of the attempt: 1 for the first one, at most 4.
    pub attempt: usize,
    /// The status of the receiver's response. `None` if there was no response.
    pub status: Option<u16>,
    /// The JSON that was posted.
    pub body: String,
}

impl Delivery {
    /// Returns whether the receiver responded with a success.
    pub fn is_delivered(&self) -> bool {
        self.status
            .is_some_and(|status| (200..300).contains(&status))
    }
}

/// Shows no body, which holds phone numbers and texts.
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

/// The latest entries of a journal, and how many there were in all.
pub(super) struct Journal<T> {
    entries: VecDeque<T>,
    next: u64,
    most: usize,
}

impl<T: Clone> Journal<T> {
    /// Creates a journal that retains the latest `most` entries.
    pub(super) fn new(most: usize) -> Self {
        Self {
            entries: VecDeque::new(),
            next: 0,
            most,
        }
    }

    /// Adds an entry, which `entry` creates from its number.
    pub(super) fn add(&mut self, entry: impl FnOnce(u64) -> T) {
        if self.entries.len() >= self.most {
            self.entries.pop_front();
        }
        if self.most > 0 {
            self.entries.push_back(entry(self.next));
        }
        self.next += 1;
    }

    /// Returns the number of the next entry.
    pub(super) fn next(&self) -> u64 {
        self.next
    }

    /// Returns the retained entries from `number` on that `wanted` accepts.
    pub(super) fn since(&self, number: u64, wanted: impl Fn(&T) -> bool) -> Vec<T> {
        let first = self.next - u64::try_from(self.entries.len()).unwrap_or_default();
        let skip = usize::try_from(number.saturating_sub(first)).unwrap_or(usize::MAX);
        let entries = self.entries.iter().skip(skip);
        entries.filter(|entry| wanted(entry)).cloned().collect()
    }
}
