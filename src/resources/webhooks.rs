//! Webhooks: registering URLs with the API, and watching for failed deliveries.
//!
//! The methods are [`ensure_webhook`](crate::Chat2Desk::ensure_webhook) and others of `Chat2Desk`; this module has
//! their types. To verify and read deliveries, see the module `webhook`.

use crate::client::Chat2Desk;
use crate::error::{Error, ErrorKind};
use crate::generated::types::{
    CreateWebhookRequest, UpdateWebhookRequest, Webhook, WebhookDeliveryError,
};
use crate::operation::known;
use crate::transport::BoxFuture;
use crate::wire::{WebhookEvent, WebhookStatus};
use reqwest::Url;
use std::collections::HashSet;
use std::fmt;
use std::hash::Hash;

/// The most webhooks that a company may have.
const MOST: usize = 5;

/// The registration of a webhook, not yet sent, from [`Chat2Desk::ensure_webhook`].
#[derive(Clone)]
#[must_use = "nothing is sent until `send` or `.await`"]
pub struct EnsureWebhook {
    chat: Chat2Desk,
    url: String,
    events: Vec<WebhookEvent>,
    name: Option<String>,
    channels: Option<Vec<i64>>,
}

/// A webhook that is registered as requested.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Ensured {
    /// The webhook.
    pub webhook: Webhook,
    /// The change that was necessary.
    pub change: Change,
}

/// The change that [`EnsureWebhook::send`] made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Change {
    /// None: the webhook was registered as requested.
    None,
    /// The webhook had other settings or was disabled, and was updated.
    Updated,
    /// The webhook did not exist, and was created.
    Created,
}

/// Why a webhook could not be registered as requested.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EnsureWebhookError {
    /// The company has five webhooks, the most that the server permits, and none with this URL. Delete one: this
    /// crate never does.
    #[error(
        "the company already has five webhooks, and none with this URL; delete one of them first"
    )]
    TooMany {
        /// The ids of the existing webhooks.
        ids: Vec<i64>,
    },
    /// The server reports that the URL is taken, but lists no webhook with it. Presumably a webhook of the company
    /// has the same URL in another spelling.
    #[error("the URL is taken, but no webhook is listed with it; check the webhooks in the panel")]
    UrlTaken(#[source] Error),
    /// A call failed.
    #[error(transparent)]
    Api(#[from] Error),
}

/// The state of a webhook and its failed deliveries, from [`Chat2Desk::webhook_health`].
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct WebhookHealth {
    /// The webhook.
    pub webhook: Webhook,
}

impl WebhookHealth {
    /// Returns whether the webhook is disabled: nothing is delivered to it.
    ///
    /// The server disables a webhook after five hours without a successful delivery, and notifies nobody.
    pub fn is_disabled(&self) -> bool {
        self.webhook.status == Some(WebhookStatus::Disable)
    }

    /// Returns the failed deliveries, the latest first. Those without a time come last.
    pub fn errors(&self) -> Vec<&WebhookDeliveryError> {
        let time = |error: &&WebhookDeliveryError| {
            error.created_at.as_ref().and_then(|time| time.to_utc())
        };
        let mut errors: Vec<_> = self.webhook.errors.iter().collect();
        errors.sort_by_key(|error| std::cmp::Reverse(time(error)));
        errors
    }

    /// Returns whether the webhook is enabled and no delivery failed.
    pub fn is_healthy(&self) -> bool {
        !self.is_disabled() && self.webhook.errors.is_empty()
    }
}

/// ## webhooks: helpers
impl Chat2Desk {
    /// Ensures that `url` is registered for exactly these `events`. It is idempotent: call it at every start.
    ///
    /// It lists the webhooks first, then updates the one with this URL, creates one, or does nothing. A disabled
    /// webhook is enabled. Empty `events` and a `url` that cannot be called are an
    /// [`InvalidRequest`](crate::ErrorKind::InvalidRequest).
    ///
    /// ```no_run
    /// use chat2desk::{Chat2Desk, wire::WebhookEvent};
    ///
    /// # async fn run(chat: Chat2Desk) -> Result<(), chat2desk::webhooks::EnsureWebhookError> {
    /// let events = [WebhookEvent::Inbox, WebhookEvent::NewRequest];
    /// let ensured = chat.ensure_webhook("https://example.com/c2d", events).send().await?;
    /// println!("webhook {}: {:?}", ensured.webhook.id, ensured.change);
    /// # Ok(()) }
    /// ```
    pub fn ensure_webhook(
        &self,
        url: impl Into<String>,
        events: impl IntoIterator<Item = WebhookEvent>,
    ) -> EnsureWebhook {
        let url: String = url.into();
        EnsureWebhook {
            chat: self.clone(),
            url: url.trim().to_owned(),
            events: different(events),
            name: None,
            channels: None,
        }
    }

    /// Returns the company's webhooks with their failed deliveries, which are reported nowhere else.
    ///
    /// # Errors
    /// Those of [`list_webhooks`](Self::list_webhooks).
    pub async fn webhook_health(&self) -> Result<Vec<WebhookHealth>, Error> {
        let webhooks = self.list_webhooks().send().await?.into_inner().data;
        Ok(webhooks
            .into_iter()
            .map(|webhook| WebhookHealth { webhook })
            .collect())
    }

    /// Enables a webhook that the server disabled, without changing its other settings.
    ///
    /// That this resumes deliveries is inferred; the vendor does not document it. Deliveries that were missed
    /// meanwhile are lost.
    ///
    /// # Errors
    /// Those of [`get_webhook`](Self::get_webhook) and [`update_webhook`](Self::update_webhook).
    pub async fn re_enable_webhook(&self, id: i64) -> Result<Webhook, Error> {
        let webhook = self.get_webhook(id).send().await?.into_inner().data;
        let mut webhook = webhook.into_inner();
        webhook.status = Some(WebhookStatus::Enable);
        self.put_webhook(webhook).await
    }

    /// Sends every field, since the effect of leaving one out is not known.
    async fn put_webhook(&self, webhook: Webhook) -> Result<Webhook, Error> {
        let request = UpdateWebhookRequest::builder()
            .name(webhook.name.unwrap_or_default())
            .url(webhook.url.unwrap_or_default())
            .events(webhook.events)
            .channels(webhook.channels)
            .status(webhook.status.unwrap_or(WebhookStatus::Enable));
        let changed = self.update_webhook(webhook.id, request).send().await?;
        Ok(changed.into_inner().data)
    }
}

/// Shows the events, but not the URL, which may contain a secret.
impl fmt::Debug for EnsureWebhook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EnsureWebhook")
            .field("events", &self.events)
            .finish_non_exhaustive()
    }
}

impl EnsureWebhook {
    /// Sets the name that the panel shows. Unless set, an existing webhook keeps its name and a new one is called
    /// `chat2desk-rust`.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Sets the channels whose events are delivered; an empty list means all channels. Unless set, an existing
    /// webhook keeps its channels and a new one gets the events of all.
    pub fn channels(mut self, channels: impl IntoIterator<Item = i64>) -> Self {
        self.channels = Some(different(channels));
        self
    }

    /// Registers the webhook if needed, and returns it.
    ///
    /// # Errors
    /// [`EnsureWebhookError`], which says why it could not be registered.
    pub async fn send(self) -> Result<Ensured, EnsureWebhookError> {
        if let Some(reason) = self.fault() {
            let error = Error::invalid_request(reason).at(known("create_webhook"));
            return Err(error.into());
        }
        let webhooks = self.chat.list_webhooks().send().await?.into_inner().data;
        if let Some(webhook) = self.find(&webhooks) {
            return self.update(webhook.clone()).await;
        }
        if webhooks.len() >= MOST {
            let ids = webhooks.iter().map(|webhook| webhook.id).collect();
            return Err(EnsureWebhookError::TooMany { ids });
        }
        let taken = match self.create().await {
            Err(error) if is_taken(&error) => error,
            created => return created.map_err(Into::into),
        };
        // Another process may have created it meanwhile.
        let webhooks = self.chat.list_webhooks().send().await?.into_inner().data;
        match self.find(&webhooks) {
            Some(webhook) => self.update(webhook.clone()).await,
            None => Err(EnsureWebhookError::UrlTaken(taken)),
        }
    }

    /// Returns why this webhook would never be called.
    fn fault(&self) -> Option<&'static str> {
        if self.events.is_empty() {
            return Some("no events: a webhook without events would never be called");
        }
        let url = Url::parse(&self.url).ok();
        let url = url.filter(|url| ["https", "http"].contains(&url.scheme()) && url.has_host());
        url.is_none()
            .then_some("the URL is not one that can be called; it begins with https://")
    }

    fn find<'w>(&self, webhooks: &'w [Webhook]) -> Option<&'w Webhook> {
        let mut webhooks = webhooks.iter();
        webhooks.find(|webhook| webhook.url.as_deref() == Some(&self.url))
    }

    async fn create(&self) -> Result<Ensured, Error> {
        let request = CreateWebhookRequest::builder()
            .name(self.name.as_deref().unwrap_or("chat2desk-rust"))
            .url(&self.url)
            .events(self.events.clone())
            .channels(self.channels.clone().unwrap_or_default())
            .status(WebhookStatus::Enable);
        let created = self.chat.create_webhook(request).send().await?;
        Ok(Ensured {
            webhook: created.into_inner().data,
            change: Change::Created,
        })
    }

    async fn update(self, webhook: Webhook) -> Result<Ensured, EnsureWebhookError> {
        let mut wanted = webhook.clone();
        let is_set = self.channels.is_some();
        wanted.name = self.name.or(wanted.name);
        wanted.status = Some(WebhookStatus::Enable);
        let channels = self.channels.unwrap_or_default();
        if is_set && !same(&channels, &wanted.channels) {
            wanted.channels = channels;
        }
        if !same(&self.events, &wanted.events) {
            wanted.events = self.events;
        }
        if wanted == webhook {
            let change = Change::None;
            return Ok(Ensured { webhook, change });
        }
        Ok(Ensured {
            webhook: self.chat.put_webhook(wanted).await?,
            change: Change::Updated,
        })
    }
}

/// Sends the registration when awaited, as [`send`](EnsureWebhook::send) does.
impl IntoFuture for EnsureWebhook {
    type Output = Result<Ensured, EnsureWebhookError>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}

/// Returns each item once, in order.
fn different<T: Eq + Hash + Clone>(items: impl IntoIterator<Item = T>) -> Vec<T> {
    let mut seen = HashSet::new();
    let items = items.into_iter();
    items.filter(|item| seen.insert(item.clone())).collect()
}

/// Returns whether two lists contain the same, in whatever order and number.
fn same<T: Eq + Hash>(one: &[T], other: &[T]) -> bool {
    one.iter().collect::<HashSet<_>>() == other.iter().collect()
}

/// Returns whether the server rejected the URL because another webhook has it.
fn is_taken(error: &Error) -> bool {
    let refused = matches!(error.kind(), ErrorKind::Validation | ErrorKind::Conflict);
    let mut fields = error.field_errors().iter();
    let taken = |message: &String| message.contains("taken");
    refused && fields.any(|field| field.field == "url" && field.messages.iter().any(taken))
}
