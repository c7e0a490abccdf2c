//! `chat2desk webhooks`: registers webhooks, receives them, and tries out receivers.

mod forward;
mod line;
mod print;
mod register;
mod registration;
mod serve;
mod set_aside;
mod trigger;
mod verify;

use crate::Common;
use crate::exit::Failure;
use crate::stop::unless_stopped;
use chat2desk::webhook::Event;
use chat2desk::wire::WebhookEvent;

/// Registers webhooks, receives them, and tries out receivers
#[derive(clap::Args)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    Serve(serve::Arguments),
    Trigger(trigger::Arguments),
    Verify(verify::Arguments),
    List(register::List),
    Ensure(register::Ensure),
    Health(register::Health),
}

impl Arguments {
    pub async fn run(self, common: &Common) -> Result<(), Failure> {
        let account = &common.account;
        match self.command {
            // Ended by a signal, which is its normal end.
            Command::Serve(serve) => serve.run(common).await,
            Command::Trigger(trigger) => unless_stopped(trigger.run(common)).await,
            Command::Verify(verify) => verify.run(common),
            Command::List(list) => unless_stopped(list.run(account)).await,
            Command::Ensure(ensure) => unless_stopped(ensure.run(account)).await,
            Command::Health(health) => unless_stopped(health.run(account)).await,
        }
    }
}

/// Reads the name of an event that is known.
fn event(name: &str) -> Result<WebhookEvent, String> {
    match WebhookEvent::from(name) {
        WebhookEvent::Other(_) => {
            let known = WebhookEvent::KNOWN.iter().map(WebhookEvent::as_str);
            let known = known.collect::<Vec<_>>().join(", ");
            Err(format!("{name} is no known event; the events are {known}"))
        }
        event => Ok(event),
    }
}

/// Reads the URL of a receiver.
fn url(text: &str) -> Result<String, String> {
    let url = reqwest::Url::parse(text).ok();
    match url.is_some_and(|url| matches!(url.scheme(), "http" | "https")) {
        true => Ok(text.to_owned()),
        false => Err("it is no URL; write it like https://hooks.example.com/chat".into()),
    }
}

/// Returns the name of an event; `custom` for a delivery of a scenario.
fn name_of(event: &Event) -> String {
    let name = event.name();
    name.map_or("custom".into(), |name| name.as_str().to_owned())
}
