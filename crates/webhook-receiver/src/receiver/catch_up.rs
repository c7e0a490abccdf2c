//! Catching up: a receiver reads what was not delivered to it.

use super::{Receiver, Refusal};
use crate::StoreError;
use chat2desk::webhook::Event;
use chat2desk::wire::WebhookEvent;
use chat2desk::{Chat2Desk, Error, InvalidRecord, List};
use std::collections::HashSet;
use std::sync::mpsc::channel;

/// What [`Receiver::catch_up`] did.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct CaughtUp {
    /// Messages read.
    pub read: u64,
    /// Messages that had not been received before, and were submitted because their events are wanted.
    pub missed: u64,
    /// Messages that cannot be read, because they have no readable id: their JSON, and what is wrong. They
    /// were passed over and are not handled; the next call does not return to them.
    pub invalid: Vec<InvalidRecord>,
}

/// Why a gap was not filled to its end. The next call goes on from there.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CatchUpError {
    /// The messages could not be read.
    #[error("the messages could not be read")]
    Api(#[from] Error),
    /// A message could not be taken in.
    #[error("a message could not be taken in")]
    Receiver(#[from] Refusal),
}

impl Receiver {
    /// Reads the messages that may have been missed, and has those handled that are not known.
    ///
    /// Where that begins the store knows: at the last messages before the process ended, or those of the
    /// last three hours, within which the vendor's retries end. Call it at every start, before
    /// deliveries come or after, and then every hour, for an outage need not end the process. With
    /// nothing known there is nothing to do: see [`catch_up_since`](Self::catch_up_since).
    ///
    /// What is read is an event like any other, marked as [replayed](Event::is_replayed). Only messages
    /// can be read again: the vendor keeps no other events. Messages are handed over whose events the
    /// handler [is for](crate::Builder::events); unless that is set, those that a webhook of the account
    /// is registered for, disabled or not, or all if there is no webhook.
    ///
    /// Costs one call of the API per 200 messages, and one for the webhooks.
    ///
    /// # Errors
    /// [`CatchUpError`]; what was read before is taken in.
    pub async fn catch_up(&self, chat: &Chat2Desk) -> Result<CaughtUp, CatchUpError> {
        match self.0.store.gap().await.map_err(stored)? {
            Some(after) => self.catch_up_since(chat, after).await,
            None => Ok(CaughtUp::default()),
        }
    }

    /// Reads all messages after this id, and has those handled that are not known.
    ///
    /// # Errors
    /// [`CatchUpError`]; what was read before is taken in.
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
        // One message that cannot be read would stop every call for ever.
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
            // What cannot be read is told only at the end, so a reading that fails before begins there again.
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

    /// The events to hand over; all if there are none.
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
