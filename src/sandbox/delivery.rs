//! Deliveries to webhooks: signed, in order, again after failures, until the webhook is switched off.

use super::account::{Event, Webhook, find, find_mut};
use super::journal::Delivery;
use super::server::{Server, lock};
use crate::webhook::sign;
use crate::webhook::testing::RETRIES;
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

/// A webhook without a success for so long is switched off.
const GIVES_UP: TimeDelta = TimeDelta::hours(5);

/// How long a receiver may take. The vendor does not say how long it waits.
const PATIENCE: Duration = Duration::from_secs(30);

/// What is to be delivered, by webhook.
#[derive(Default)]
pub(super) struct Queue {
    waiting: HashMap<i64, BTreeMap<(DateTime<Utc>, u64), Post>>,
    /// Attempts that are being made.
    under_way: usize,
    added: u64,
}

struct Post {
    event: &'static str,
    body: Arc<str>,
    attempts: usize,
}

impl Queue {
    fn add(&mut self, webhook: i64, due: DateTime<Utc>, post: Post) {
        self.added += 1;
        let waiting = self.waiting.entry(webhook).or_default();
        waiting.insert((due, self.added), post);
    }

    fn take_due(&mut self, webhook: i64, now: DateTime<Utc>) -> Option<Post> {
        let first = self.waiting.get_mut(&webhook)?.first_entry()?;
        let due = first.key().0 <= now;
        self.under_way += usize::from(due);
        due.then(|| first.remove())
    }

    fn next_due(&self, webhook: i64) -> Option<DateTime<Utc>> {
        Some(self.waiting.get(&webhook)?.first_key_value()?.0.0)
    }

    fn forget(&mut self, webhook: i64) {
        if let Some(waiting) = self.waiting.get_mut(&webhook) {
            waiting.clear();
        }
    }

    /// Whether nothing is under way or due.
    fn is_settled(&self, now: DateTime<Utc>) -> bool {
        let due = |posts: &BTreeMap<(DateTime<Utc>, u64), Post>| {
            posts
                .first_key_value()
                .is_some_and(|((due, _), _)| *due <= now)
        };
        self.under_way == 0 && !self.waiting.values().any(due)
    }
}

impl Server {
    /// Hands events to the webhooks that subscribed to them.
    pub(super) fn deliver(self: &Arc<Self>, events: Vec<Event>) {
        for event in events {
            let body: Arc<str> = event.body.to_string().into();
            let wants = |webhook: &&Webhook| {
                let channels = &webhook.channels;
                webhook.enabled
                    && webhook.events.iter().any(|name| name == event.name)
                    && (channels.is_empty()
                        || event
                            .channel
                            .is_none_or(|channel| channels.contains(&channel)))
            };
            let webhooks = lock(&self.account)
                .webhooks
                .iter()
                .filter(wants)
                .map(|webhook| webhook.id)
                .collect::<Vec<_>>();
            for webhook in webhooks {
                let post = Post {
                    event: event.name,
                    body: body.clone(),
                    attempts: 0,
                };
                lock(&self.queue).add(webhook, self.clock.now(), post);
                self.work_for(webhook);
            }
        }
        self.wake();
    }

    /// Starts what delivers to a webhook, unless it runs already.
    fn work_for(self: &Arc<Self>, webhook: i64) {
        if lock(&self.workers).insert(webhook) {
            let server = self.clone();
            lock(&self.tasks).spawn(async move { server.work(webhook).await });
        }
    }

    /// Delivers to a webhook what is due, one after the other, for as long as the webhook exists.
    async fn work(self: Arc<Self>, webhook: i64) {
        let mut woken = self.changes.subscribe();
        loop {
            woken.borrow_and_update();
            let known = find(&lock(&self.account).webhooks, webhook).cloned();
            let Some(known) = known else {
                lock(&self.workers).remove(&webhook);
                lock(&self.queue).forget(webhook);
                return;
            };
            let gives_up = known
                .fails_since
                .and_then(|since| DateTime::from_timestamp(since, 0));
            let gives_up = gives_up
                .map(|since| since + GIVES_UP)
                .filter(|_| known.enabled);
            if gives_up.is_some_and(|time| time <= self.clock.now())
                && let Some(webhook) = find_mut(&mut lock(&self.account).webhooks, webhook)
            {
                webhook.enabled = false;
                continue;
            }
            if !known.enabled {
                lock(&self.queue).forget(webhook);
            }
            let post = lock(&self.queue).take_due(webhook, self.clock.now());
            if let Some(post) = post {
                self.attempt(&known, post).await;
                self.wake();
                continue;
            }
            let next = lock(&self.queue)
                .next_due(webhook)
                .into_iter()
                .chain(gives_up)
                .min();
            let wait = next.map_or(Duration::MAX, |time| self.clock.until(time));
            tokio::select! {
                _ = woken.changed() => (),
                () = tokio::time::sleep(wait) => (),
            }
        }
    }

    async fn attempt(&self, webhook: &Webhook, mut post: Post) {
        let at = self.clock.now();
        let result = self.post(&webhook.url, &post.body, at).await;
        post.attempts += 1;
        let delivered = result
            .as_ref()
            .is_ok_and(|status| (200..300).contains(status));
        if let Some(webhook) = find_mut(&mut lock(&self.account).webhooks, webhook.id) {
            if delivered {
                webhook.fails_since = None;
            } else {
                let text = match &result {
                    Ok(status) => format!("the receiver answered {status}"),
                    Err(error) => error.to_string(),
                };
                webhook.fails_since.get_or_insert(at.timestamp());
                webhook.errors.push((text, at.timestamp()));
            }
        }
        lock(&self.deliveries).add(|number| Delivery {
            number,
            at,
            webhook_id: webhook.id,
            url: webhook.url.clone(),
            event: post.event,
            attempt: post.attempts,
            status: result.ok(),
            body: post.body.to_string(),
        });
        let mut queue = lock(&self.queue);
        queue.under_way -= 1;
        let pause = RETRIES.get(post.attempts - 1).filter(|_| !delivered);
        if let Some(pause) = pause {
            queue.add(webhook.id, at + *pause, post);
        }
    }

    /// The status of the answer.
    async fn post(&self, url: &str, body: &str, at: DateTime<Utc>) -> Result<u16, reqwest::Error> {
        let http = self.http()?;
        let seconds = u64::try_from(at.timestamp()).unwrap_or_default();
        let headers = sign(&self.token, seconds, body.as_bytes()).unwrap_or_default();
        let request = http.post(url).headers(headers).timeout(PATIENCE);
        let request = request
            .header("content-type", "application/json")
            .body(body.to_owned());
        Ok(request.send().await?.status().as_u16())
    }

    /// Waits until nothing is under way or due.
    pub(super) async fn settle(&self) {
        let mut changes = self.changes.subscribe();
        loop {
            changes.borrow_and_update();
            if lock(&self.queue).is_settled(self.clock.now()) {
                return;
            }
            if changes.changed().await.is_err() {
                return;
            }
        }
    }
}
