//! Deliveries to webhooks: signed, in order, and retried after failures until the webhook is disabled.

use super::account::{Event, Webhook};
use super::host::is_local;
use super::journal::Delivery;
use super::queue::Post;
use super::server::{Server, lock};
use crate::simulator::{RETRIES, post};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

/// How long the sandbox waits for a receiver's response. How long the vendor waits is unknown.
const PATIENCE: Duration = Duration::from_secs(30);

impl Server {
    /// Queues events for the webhooks that are registered for them.
    pub(super) fn deliver(self: &Arc<Self>, events: Vec<Event>) {
        for event in events {
            let body: Arc<str> = event.body.to_string().into();
            let wants = |webhook: &&Webhook| {
                let channels = &webhook.channels;
                webhook.enabled
                    && webhook.events.contains(&event.name)
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
                    event: event.name.clone(),
                    body: body.clone(),
                    attempts: 0,
                };
                lock(&self.queue).add(webhook, self.clock.now(), post);
                self.work_for(webhook);
            }
        }
        self.wake();
    }

    /// Starts the task that delivers to a webhook, unless it runs already.
    fn work_for(self: &Arc<Self>, webhook: i64) {
        if lock(&self.workers).insert(webhook) {
            let server = self.clone();
            self.spawn(async move { server.work(webhook).await });
        }
    }

    /// Delivers the events of a webhook when they are due, one after the other, for as long as the webhook exists.
    async fn work(self: Arc<Self>, webhook: i64) {
        let mut woken = self.changes.subscribe();
        loop {
            woken.borrow_and_update();
            let known = lock(&self.account).webhooks.find(webhook).cloned();
            let enabled = known.as_ref().is_some_and(|webhook| webhook.enabled);
            if !enabled && lock(&self.queue).forget(webhook) {
                // Whoever waits for deliveries need not wait for these.
                self.wake();
            }
            let Some(known) = known else {
                lock(&self.workers).remove(&webhook);
                return;
            };
            let post = lock(&self.queue).take_due(webhook, self.clock.now());
            if let Some(post) = post {
                self.attempt(&known, post).await;
                self.wake();
                continue;
            }
            let next = lock(&self.queue).next_due(webhook);
            let wait = next.map_or(Duration::MAX, |time| self.clock.until(time));
            tokio::select! {
                _ = woken.changed() => (),
                () = tokio::time::sleep(wait) => (),
            }
        }
    }

    async fn attempt(&self, webhook: &Webhook, mut post: Post) {
        let at = self.clock.now();
        let result = self.post(&webhook.url, &post.body).await;
        post.attempts += 1;
        let attempt = |number| Delivery {
            number,
            at,
            company: self.company,
            webhook_id: webhook.id,
            url: webhook.url.clone(),
            event: post.event.clone(),
            attempt: post.attempts,
            status: result.as_ref().ok().copied(),
            body: post.body.to_string(),
        };
        let delivered = attempt(0).is_delivered();
        if let Some(webhook) = lock(&self.account).webhooks.find_mut(webhook.id) {
            webhook.note(at.timestamp(), &result);
        }
        lock(&self.deliveries).add(attempt);
        let mut queue = lock(&self.queue);
        queue.under_way -= 1;
        let pause = RETRIES.get(post.attempts - 1).filter(|_| !delivered);
        if let Some(pause) = pause {
            queue.add(webhook.id, at + *pause, post);
        }
    }

    /// Posts an event. Returns the status of the response, or why there is none.
    async fn post(&self, url: &str, body: &str) -> Result<u16, String> {
        let local = reqwest::Url::parse(url).is_ok_and(|url| is_local(&url));
        if !local && !self.deliver_anywhere {
            return Err("not delivered: the sandbox delivers to this machine only, unless `Builder::deliver_anywhere` is set".to_owned());
        }
        // Receivers tell the age of a signature by the clock of this machine, wherever the sandbox's is.
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        let seconds = now.unwrap_or_default().as_secs();
        let attempt = async { post(self.http()?, url, &self.token, seconds, body).await };
        match tokio::time::timeout(PATIENCE, attempt).await {
            Ok(result) => result.map_err(|error| error.without_url().to_string()),
            Err(_) => Err("the receiver did not respond within 30 s".to_owned()),
        }
    }

    /// Waits until no attempt is being made or due.
    pub(super) async fn settle(self: &Arc<Self>) {
        let mut changes = self.changes.subscribe();
        self.happen();
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
