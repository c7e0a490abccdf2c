//! `chat2desk check`: whether the account can be worked with.

mod clock;
mod drift;
mod elsewhere;

use crate::Common;
use crate::account::Account;
use crate::exit::{Code, Failure};
use crate::output::{Output, note};
use chat2desk::types::ApiInfo;
use chat2desk::webhooks::WebhookHealth;
use chat2desk::{Chat2Desk, Region};
use clock::Clock;
use serde::Serialize;
use std::time::SystemTime;

/// The difference of clocks from which signed times and dates of reports are in doubt, in seconds.
const SKEW: i64 = 60;

/// Checks the token, its region and access, the calls that are left, the webhooks and this machine's clock
///
/// Makes two calls, and up to four more if the token is refused: those look for the region that knows it. The exit code
/// is 4 if the token is refused, 6 if no calls are left, and 1 if a webhook is disabled or the clock is wrong.
#[derive(clap::Args)]
#[group(skip)]
pub struct Arguments {
    /// Prints JSON
    #[arg(long)]
    json: bool,
    /// Compares the responses of everything that only reads with the document of the API
    ///
    /// Makes about 60 calls, 5 a second unless --rate says otherwise. The report can be shared: it has no values.
    #[arg(long)]
    drift: bool,
}

/// What was found.
#[derive(Serialize)]
struct Report {
    url: String,
    region: Option<&'static str>,
    company: Option<i64>,
    tariff: Option<String>,
    access: Option<String>,
    calls_used: Option<i64>,
    calls_left: Option<i64>,
    /// By how many seconds this machine's clock is ahead of the server's. `None` if the server did not say its time.
    clock_ahead: Option<i64>,
    /// `None` if the token may not list them.
    webhooks: Option<Vec<Webhook>>,
}

#[derive(Serialize)]
struct Webhook {
    id: i64,
    disabled: bool,
    errors: usize,
    last_error: Option<String>,
}

impl Arguments {
    pub async fn run(self, common: &Common) -> Result<(), Failure> {
        if self.drift {
            return drift::run(&self, common).await;
        }
        let account = common.account.open()?;
        let chat = account.client()?;
        let clock = Clock::start();
        let response = match chat.get_api_info().send().await {
            Ok(response) => response,
            Err(error) if error.is_auth() => return Err(refused(&account, &chat, error).await),
            Err(error) => return Err(error.into()),
        };
        let clock_ahead = clock.ahead_of(response.headers(), SystemTime::now());
        let webhooks = match chat.webhook_health().await {
            Ok(health) => Some(health.iter().map(Webhook::new).collect()),
            // The token is good, so it lacks this right.
            Err(error) if error.is_auth() => None,
            Err(error) => return Err(error.into()),
        };
        let report = Report::new(&chat, &response.into_inner().data, clock_ahead, webhooks);
        let mut output = Output::new();
        match self.json {
            true => output.json(&report)?,
            false => report.lines(&mut output)?,
        }
        output.flush()?;
        report.verdict()
    }
}

/// Looks for the region that knows a refused token.
async fn refused(account: &Account, chat: &Chat2Desk, error: chat2desk::Error) -> Failure {
    let others = account.elsewhere(chat.base_url());
    if others.is_empty() {
        return error.into();
    }
    note("The token is refused. Looking for it in the other regions...");
    match elsewhere::find(others).await {
        Some(region) => Failure::new(
            Code::Token,
            format!(
                "the token is of another region; add --region {}",
                region.name()
            ),
        ),
        None => Failure::from(error).at("no region knows the token"),
    }
}

impl Report {
    fn new(
        chat: &Chat2Desk,
        info: &ApiInfo,
        clock_ahead: Option<i64>,
        webhooks: Option<Vec<Webhook>>,
    ) -> Self {
        let quota = chat2desk::Quota::from(info);
        let mut regions = Region::all().iter();
        let region = regions.find(|region| region.base_url() == chat.base_url());
        Self {
            url: chat.base_url().to_owned(),
            region: region.map(|region| region.name()),
            company: info.company_id,
            tariff: info.company_mode.clone(),
            access: quota.mode.clone(),
            calls_used: quota.used(),
            calls_left: quota.left(),
            clock_ahead,
            webhooks,
        }
    }

    fn lines(&self, output: &mut Output) -> Result<(), Failure> {
        let known = |value: Option<String>| value.unwrap_or_else(|| "unknown".into());
        let number = |value: Option<i64>| known(value.map(|value| value.to_string()));
        let region = self.region.map(|region| format!(", region {region}"));
        output.line("token     accepted")?;
        output.line(format_args!(
            "host      {}{}",
            self.url,
            region.unwrap_or_default()
        ))?;
        output.line(format_args!("company   {}", number(self.company)))?;
        output.line(format_args!("tariff    {}", known(self.tariff.clone())))?;
        output.line(format_args!("access    {}", known(self.access.clone())))?;
        output.line(format_args!(
            "calls     {} made this month, {} left",
            number(self.calls_used),
            number(self.calls_left)
        ))?;
        output.line(format_args!(
            "clock     {}",
            match self.clock_ahead {
                None => "unknown: the server did not say its time".into(),
                Some(0) => "right".into(),
                Some(ahead @ 1..) => format!("{ahead} s ahead of the server"),
                Some(behind) => format!("{} s behind the server", -behind),
            }
        ))?;
        let Some(webhooks) = &self.webhooks else {
            return output.line("webhooks  unknown: the token has no right to list them");
        };
        output.line(format_args!("webhooks  {}", webhooks.len()))?;
        webhooks.iter().try_for_each(|webhook| webhook.line(output))
    }

    fn verdict(&self) -> Result<(), Failure> {
        if self.calls_left == Some(0) {
            return Err(Failure::new(Code::UsedUp, "no calls are left this month"));
        }
        if self
            .webhooks
            .iter()
            .flatten()
            .any(|webhook| webhook.disabled)
        {
            return Err(Failure::other(
                "nothing is delivered to the disabled webhooks; `chat2desk webhooks ensure` enables them",
            ));
        }
        if self.clock_ahead.is_some_and(|ahead| ahead.abs() > SKEW) {
            return Err(Failure::other("this machine's clock is wrong; set it"));
        }
        Ok(())
    }
}

impl Webhook {
    fn new(health: &WebhookHealth) -> Self {
        let errors = health.errors();
        let last = errors.first().and_then(|error| error.text.clone());
        Self {
            id: health.webhook.id,
            disabled: health.is_disabled(),
            errors: errors.len(),
            last_error: last,
        }
    }

    fn line(&self, output: &mut Output) -> Result<(), Failure> {
        let state = if self.disabled { "disabled" } else { "enabled" };
        let last = self
            .last_error
            .as_ref()
            .map(|text| format!(", the last: {text}"));
        output.line(format_args!(
            "          {} is {state}, failed deliveries: {}{}",
            self.id,
            self.errors,
            last.unwrap_or_default()
        ))
    }
}
