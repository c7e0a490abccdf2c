//! The webhook that `serve` registers at its start, and removes at its end.

use super::register::failure;
use crate::exit::Failure;
use crate::output::note;
use chat2desk::Chat2Desk;
use chat2desk::wire::WebhookEvent;

/// The name of webhooks that `serve` created. It removes no others.
const NAME: &str = "chat2desk webhooks serve";

pub struct Registration {
    /// The webhook to remove at the end.
    remove: Option<i64>,
}

impl Registration {
    /// Registers a URL for these events.
    pub async fn make(
        chat: &Chat2Desk,
        url: String,
        events: Vec<WebhookEvent>,
        keep: bool,
    ) -> Result<Self, Failure> {
        let webhooks = chat.list_webhooks().send().await?.into_inner().data;
        let mut webhooks = webhooks.iter();
        let exists = webhooks.any(|webhook| webhook.url.as_deref() == Some(&url));
        let mut ensure = chat.ensure_webhook(url, events);
        if !exists {
            ensure = ensure.name(NAME);
        }
        let webhook = ensure.send().await.map_err(failure)?.webhook;
        // Also that of an earlier process, which was killed.
        let is_own = webhook.name.as_deref() == Some(NAME);
        note(format_args!(
            "Registered as webhook {}, which {} at the end",
            webhook.id,
            match is_own && !keep {
                true => "is removed",
                false => "stays",
            }
        ));
        Ok(Self {
            remove: (is_own && !keep).then_some(webhook.id),
        })
    }

    pub async fn end(self, chat: &Chat2Desk) -> Result<(), Failure> {
        if let Some(id) = self.remove {
            chat.delete_webhook(id).send().await?;
        }
        Ok(())
    }
}
