//! [`Queue`]: the events that are to be delivered.

use chat2desk::wire::WebhookEvent;
use chrono::{DateTime, Utc};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// The events that are to be delivered, by webhook.
#[derive(Default)]
pub(super) struct Queue {
    waiting: HashMap<i64, BTreeMap<(DateTime<Utc>, u64), Post>>,
    /// The number of attempts that are being made.
    pub(super) under_way: usize,
    added: u64,
}

/// An event that is to be posted.
pub(super) struct Post {
    pub(super) event: WebhookEvent,
    pub(super) body: Arc<str>,
    pub(super) attempts: usize,
}

impl Queue {
    pub(super) fn add(&mut self, webhook: i64, due: DateTime<Utc>, post: Post) {
        self.added += 1;
        let waiting = self.waiting.entry(webhook).or_default();
        waiting.insert((due, self.added), post);
    }

    pub(super) fn take_due(&mut self, webhook: i64, now: DateTime<Utc>) -> Option<Post> {
        let first = self.waiting.get_mut(&webhook)?.first_entry()?;
        let due = first.key().0 <= now;
        self.under_way += usize::from(due);
        due.then(|| first.remove())
    }

    pub(super) fn next_due(&self, webhook: i64) -> Option<DateTime<Utc>> {
        Some(self.waiting.get(&webhook)?.first_key_value()?.0.0)
    }

    /// Drops the events of a webhook. Returns whether there were any.
    pub(super) fn forget(&mut self, webhook: i64) -> bool {
        let waiting = self.waiting.remove(&webhook);
        waiting.is_some_and(|waiting| !waiting.is_empty())
    }

    /// Whether no attempt is being made or due.
    pub(super) fn is_settled(&self, now: DateTime<Utc>) -> bool {
        let due = |posts: &BTreeMap<(DateTime<Utc>, u64), Post>| {
            posts
                .first_key_value()
                .is_some_and(|((due, _), _)| *due <= now)
        };
        self.under_way == 0 && !self.waiting.values().any(due)
    }
}
