//! Registering webhooks with the API, and seeing how they fare; `webhook` is what receives them.

use crate::client::Chat2Desk;
use crate::error::{Error, ErrorKind};
use crate::generated::types::{
    CreateWebhookRequest, UpdateWebhookRequest, Webhook, WebhookDeliveryError,
};
use crate::operation::known;
use crate::transport::BoxFuture;
use crate::wire::{WebhookEvent, WebhookStatus};
use std::collections::HashSet;
use std::fmt;

/// How many webhooks a company may have.
const MOST: usize = 5;

/// A webhook to be ensured, from [`Chat2Desk::ensure_webhook`].
#[derive(Clone)]
#[must_use = "nothing is sent until `send` or `.await`"]
pub struct EnsureWebhook {
    chat: Chat2Desk,
    url: String,
    events: Vec<WebhookEvent>,
    name: Option<String>,
    channels: Option<Vec<i64>>,
}

/// A webhook that is registered as was asked.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Ensured {
    /// The webhook.
    pub webhook: Webhook,
    /// What had to be done.
    pub change: Change,
}

/// What [`EnsureWebhook::send`] had to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Change {
    /// Nothing: it was registered as asked.
    None,
    /// It was registered otherwise, or disabled.
    Updated,
    /// It was not registered.
    Created,
}

/// Why a webhook is not registered as asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EnsureWebhookError {
    /// The company has five webhooks, none of this URL. Delete one: this crate never does.
    #[error("the company has as many webhooks as it may have, none of this URL")]
    TooMany {
        /// The ids of those that it has.
        ids: Vec<i64>,
    },
    /// The server says that the URL is taken, and lists no webhook of it: presumably one of the
    /// company's with another spelling of the URL.
    #[error("the URL is taken by a webhook that is not listed under it")]
    UrlTaken(#[source] Error),
    /// A call failed.
    #[error(transparent)]
    Api(#[from] Error),
}

/// How a webhook fares.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct WebhookHealth {
    /// The webhook.
    pub webhook: Webhook,
}

impl WebhookHealth {
    /// Whether the server delivers nothing to it: it does so after five hours without a success, and
    /// tells nobody.
    pub fn is_disabled(&self) -> bool {
        self.webhook.status == Some(WebhookStatus::Disable)
    }

    /// Deliveries that failed, the last one first as far as the server says when.
    pub fn errors(&self) -> Vec<&WebhookDeliveryError> {
        let time = |error: &&WebhookDeliveryError| {
            error.created_at.as_ref().and_then(|time| time.to_utc())
        };
        let mut errors: Vec<_> = self.webhook.errors.iter().collect();
        errors.sort_by_key(|error| std::cmp::Reverse(time(error)));
        errors
    }

    /// Whether it is enabled and no delivery failed.
    pub fn is_healthy(&self) -> bool {
        !self.is_disabled() && self.webhook.errors.is_empty()
    }
}

impl Chat2Desk {
    /// Has this URL registered for these events, whether or not it was: to be called at every start.
    ///
    /// Lists the webhooks first, then changes the one with this URL, or makes one, or does nothing. A
    /// disabled one is enabled. No events at all are an
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
        EnsureWebhook {
            chat: self.clone(),
            url: url.into(),
            events: events.into_iter().collect(),
            name: None,
            channels: None,
        }
    }

    /// How the company's webhooks fare: the only place where failed deliveries show.
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

    /// Enables a webhook that the server disabled, and leaves the rest of it as it is.
    ///
    /// That this brings one back is inferred: the vendor does not say how. What was not delivered
    /// meanwhile never will be.
    ///
    /// # Errors
    /// Those of [`get_webhook`](Self::get_webhook) and [`update_webhook`](Self::update_webhook).
    pub async fn re_enable_webhook(&self, id: i64) -> Result<Webhook, Error> {
        let webhook = self.get_webhook(id).send().await?.into_inner().data;
        let mut webhook = webhook.into_inner();
        webhook.status = Some(WebhookStatus::Enable);
        self.put_webhook(webhook).await
    }

    /// Sends every field: what becomes of those that are left out is not known.
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

/// Without the URL, which may hold a secret.
impl fmt::Debug for EnsureWebhook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EnsureWebhook")
            .field("events", &self.events)
            .finish_non_exhaustive()
    }
}

impl EnsureWebhook {
    /// The name in the panel. One that is there keeps its name unless this is set; a new one is named
    /// after this crate.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Only events of these channels; none for all. One that is there keeps its channels unless this is
    /// set; a new one has all.
    pub fn channels(mut self, channels: impl IntoIterator<Item = i64>) -> Self {
        self.channels = Some(channels.into_iter().collect());
        self
    }

    /// Registers it, or sees that it is registered.
    ///
    /// # Errors
    /// [`EnsureWebhookError`].
    pub async fn send(self) -> Result<Ensured, EnsureWebhookError> {
        if self.events.is_empty() {
            let reason = "no event is named: a webhook without events would never be called";
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
        // Another process may have been faster.
        let webhooks = self.chat.list_webhooks().send().await?.into_inner().data;
        match self.find(&webhooks) {
            Some(webhook) => self.update(webhook.clone()).await,
            None => Err(EnsureWebhookError::UrlTaken(taken)),
        }
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
        wanted.name = self.name.or(wanted.name);
        wanted.channels = self.channels.unwrap_or(wanted.channels);
        wanted.status = Some(WebhookStatus::Enable);
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

/// Awaiting it sends it, as [`send`](EnsureWebhook::send) does.
impl IntoFuture for EnsureWebhook {
    type Output = Result<Ensured, EnsureWebhookError>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}

/// Whether two lists name the same events.
fn same(one: &[WebhookEvent], other: &[WebhookEvent]) -> bool {
    one.iter().collect::<HashSet<_>>() == other.iter().collect()
}

/// Whether the server refuses the URL because a webhook has it.
fn is_taken(error: &Error) -> bool {
    let refused = matches!(error.kind(), ErrorKind::Validation | ErrorKind::Conflict);
    let mut fields = error.field_errors().iter();
    let taken = |message: &String| message.contains("taken");
    refused && fields.any(|field| field.field == "url" && field.messages.iter().any(taken))
}
