//! `chat2desk webhooks list`, `ensure` and `health`: the webhooks that the account has registered.

use crate::account;
use crate::exit::{Code, Failure};
use crate::output::{Output, counted, note};
use chat2desk::webhooks::{Change, EnsureWebhookError, WebhookHealth};
use chat2desk::wire::WebhookEvent;
use serde_json::json;

/// Prints the webhooks of the account, as JSON lines
#[derive(clap::Args)]
pub struct List;

/// Registers a URL for these events, unless it is registered so
///
/// Updates the webhook with this URL, or creates it. A disabled webhook is enabled. Prints the webhook as JSON.
#[derive(clap::Args)]
pub struct Ensure {
    /// URL that the events are delivered to
    #[arg(value_parser = super::url)]
    url: String,
    /// Events, separated by commas, such as inbox,outbox
    #[arg(long, required = true, value_delimiter = ',', value_parser = super::event)]
    events: Vec<WebhookEvent>,
    /// Name that the panel shows
    #[arg(long)]
    name: Option<String>,
    /// Channels whose events are delivered, separated by commas; all by default
    #[arg(long, value_delimiter = ',')]
    channels: Option<Vec<i64>>,
}

/// Prints the state of each webhook and its failed deliveries, as JSON lines
///
/// The server disables a webhook after five hours without a successful delivery, and notifies nobody. The exit code is
/// 1 if a webhook is disabled or a delivery failed.
#[derive(clap::Args)]
pub struct Health;

impl List {
    pub async fn run(self, account: &account::Arguments) -> Result<(), Failure> {
        let chat = account.open()?.client()?;
        let mut output = Output::new();
        for webhook in chat.list_webhooks().send().await?.into_inner().data {
            output.json(&webhook)?;
        }
        output.flush()
    }
}

impl Ensure {
    pub async fn run(self, account: &account::Arguments) -> Result<(), Failure> {
        let chat = account.open()?.client()?;
        let mut ensure = chat.ensure_webhook(self.url, self.events);
        if let Some(name) = self.name {
            ensure = ensure.name(name);
        }
        if let Some(channels) = self.channels {
            ensure = ensure.channels(channels);
        }
        let ensured = ensure.send().await.map_err(failure)?;
        note(match ensured.change {
            Change::Created => "The webhook was created",
            Change::Updated => "The webhook was updated",
            _ => "The webhook was registered so already",
        });
        let mut output = Output::new();
        output.json(&ensured.webhook)?;
        output.flush()
    }
}

impl Health {
    pub async fn run(self, account: &account::Arguments) -> Result<(), Failure> {
        let health = account.open()?.client()?.webhook_health().await?;
        let mut output = Output::new();
        for webhook in &health {
            output.json(&json!({
                "id": webhook.webhook.id,
                "url": webhook.webhook.url,
                "healthy": webhook.is_healthy(),
                "disabled": webhook.is_disabled(),
                "errors": webhook.errors(),
            }))?;
        }
        output.flush()?;
        match health
            .iter()
            .filter(|webhook| !webhook.is_healthy())
            .count()
        {
            0 => Ok(()),
            sick => Err(Failure::new(Code::Other, sick_text(sick, &health))),
        }
    }
}

fn sick_text(sick: usize, all: &[WebhookHealth]) -> String {
    let disabled = all.iter().filter(|webhook| webhook.is_disabled()).count();
    format!(
        "{sick} of {} had failed deliveries or are disabled, and {disabled} are disabled; `chat2desk webhooks \
         ensure` enables them",
        counted(all.len(), "webhook")
    )
}

/// Converts an error of registering a webhook.
pub fn failure(error: EnsureWebhookError) -> Failure {
    match error {
        EnsureWebhookError::Api(error) => error.into(),
        EnsureWebhookError::TooMany { ref ids } => Failure::other(format!("{error}: {ids:?}")),
        error => Failure::of(&error),
    }
}
