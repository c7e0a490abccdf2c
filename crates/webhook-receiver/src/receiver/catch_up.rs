//! Catching up: reads the messages from the API that were not delivered.

use super::{Receiver, Refusal};
use crate::StoreError;
use chat2desk::webhook::Event;
use chat2desk::wire::WebhookEvent;
use chat2desk::{Chat2Desk, Error, InvalidRecord, List};
use std::collections::HashSet;
use std::sync::mpsc::channel;

/// The result of [`Receiver::catch_up`].
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct CaughtUp {
    /// Number of messages read.
    pub read: u64,
    /// Number of messages that had not been received before and were submitted for handling.
    pub missed: u64,
    /// Messages without a readable id: their JSON, and what is wrong with it. They were skipped and are not handled.
    /// The next call does not return to them.
    pub invalid: Vec<InvalidRecord>,
}

/// Why catching up stopped. The next call continues from there.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CatchUpError {
    /// The messages could not be read from the API.
    #[error(
        "catching up stopped: the messages could not be read from the API; the next call continues from there"
    )]
    Api(#[from] Error),
    /// A message was not accepted by the receiver.
    #[error(
        "catching up stopped: the receiver did not accept a message; the next call continues from there"
    )]
    Receiver(#[from] Refusal),
}

impl Receiver {
    /// Reads from the API the messages that may have been missed, and submits those that were not received before.
    ///
    /// Call it at every start, before or after deliveries arrive, and then every hour, because an outage need not end
    /// the process. The store knows where to begin: at the last messages before the process ended, or at those of the
    /// last three hours, within which the vendor's retries end. If the store knows no messages, nothing is read. Use
    /// [`catch_up_since`](Self::catch_up_since) then.
    ///
    /// The handler gets a message as an event, which is marked as [replayed](Event::is_replayed). Only messages can be
    /// read again, because the API has no list of other events. Messages are submitted if the handler
    /// [is for](crate::Builder::events) their events. If that is not set, a message is submitted if a webhook of the
    /// account, enabled or disabled, is registered for its event, or if the account has no webhook.
    ///
    /// Costs one API call per 200 messages, and one for the webhooks.
    ///
    /// # Errors
    /// Returns [`CatchUpError`] if the API, the store or the receiver fails. The messages read until then are accepted.
    pub async fn catch_up(&self, chat: &Chat2Desk) -> Result<CaughtUp, CatchUpError> {
        match self.0.store.gap().await.map_err(stored)? {
            Some(after) => self.catch_up_since(chat, after).await,
            None => Ok(CaughtUp::default()),
        }
    }

    /// Reads from the API all messages with an id greater than `after`, and submits those that were not received
    /// before.
    ///
    /// Works as [`catch_up`](Self::catch_up) otherwise.
    ///
    /// # Errors
    /// Returns [`CatchUpError`] if the API, the store or the receiver fails. The messages read until then are accepted.
    pub async fn catch_up_since(
        &self,
        chat: &Chat2Desk,
        after: i64,
    ) -> Result<CaughtUp, CatchUpError> {
        let mut done = CaughtUp::default();
        let wanted = self.wanted(chat).await?;
        self.note(Some(after)).await?;
        let mut invalid = Vec::new();
        let (report, passed_over) = channel();
        // Without this, one message that cannot be read would stop every call for ever.
        let mut pages = chat
            .list_messages()
            .start_id(after.saturating_add(1))
            .skip_invalid(move |record| _ = report.send(record))
            .pages();
        while let Some(page) = pages.next().await.transpose()? {
            for message in &page.items {
                done.read += 1;
                let event = Event::replayed(message)?;
                let is_wanted = |name| wanted.is_empty() || wanted.contains(&name);
                if event.name().is_some_and(is_wanted) && self.submit(event).await? {
                    done.missed += 1;
                }
            }
            invalid.extend(passed_over.try_iter());
            // Invalid messages are returned only at the end. If reading fails before, the next call starts before them.
            if let Some(last) = page.items.iter().map(|message| message.id).max()
                && invalid.is_empty()
            {
                self.note(Some(last)).await?;
            }
        }
        drop(pages);
        self.note(None).await?;
        invalid.extend(passed_over.iter());
        done.invalid = invalid;
        Ok(done)
    }

    /// Returns the events to submit. All events if the set is empty.
    async fn wanted(&self, chat: &Chat2Desk) -> Result<HashSet<WebhookEvent>, Error> {
        if !self.0.events.is_empty() {
            return Ok(self.0.events.clone());
        }
        let webhooks = chat.list_webhooks().send().await?.into_inner().data;
        let events = webhooks.into_iter().flat_map(|webhook| webhook.events);
        Ok(events.collect())
    }

    async fn note(&self, after: Option<i64>) -> Result<(), CatchUpError> {
        self.0.store.set_gap(after).await.map_err(stored)
    }
}

fn stored(error: StoreError) -> CatchUpError {
    CatchUpError::Receiver(Refusal::Store(error))
}
