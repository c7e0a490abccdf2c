//! A bot that polls for new messages and repeats what customers write.
//!
//! Webhooks are faster and cost no calls. Poll only where the vendor cannot reach your program. Each poll is a call of
//! the monthly quota: one poll per 30 seconds makes 86 400 calls a month. A new message appears in the list about a
//! minute after it was written.
//!
//! `cargo run --package chat2desk-examples --bin echo_bot` runs against an invented account on this machine. With
//! `CHAT2DESK_TOKEN` set, it replies to your customers until it is stopped.

use chat2desk::messages::{Draft, Incoming, Sender};
use chat2desk::{Chat2Desk, List};
use chat2desk_sandbox::Sandbox;
use std::error::Error;
use std::time::Duration;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    if std::env::var_os("CHAT2DESK_TOKEN").is_some() {
        let chat = Chat2Desk::from_env()?;
        let mut next = next_id(&chat).await?;
        loop {
            next = reply(&chat, next).await?;
            tokio::time::sleep(Duration::from_secs(30)).await;
        }
    }
    let sandbox = Sandbox::start().await?;
    let chat = sandbox.client();
    let mut next = next_id(chat).await?;
    for text in ["Hello?", "Where is my order?"] {
        let customer = Sender::phone("+1 200 555 0100")?;
        chat.receive_message(Incoming::text(58001, customer, text))
            .send()
            .await?;
        next = reply(chat, next).await?;
    }
    Ok(())
}

/// Returns the lowest possible id of the next message, so that the bot replies only to messages written after its
/// start.
pub(crate) async fn next_id(chat: &Chat2Desk) -> Result<i64, chat2desk::Error> {
    let newest = chat.list_messages().order("desc").limit(1).send().await?;
    Ok(newest.data.first().map_or(1, |message| message.id + 1))
}

/// Replies to the messages from the id `from` on. Returns the id to continue from.
pub(crate) async fn reply(chat: &Chat2Desk, from: i64) -> Result<i64, chat2desk::Error> {
    let mut next = from;
    let mut messages = chat.list_messages().start_id(from).items();
    while let Some(message) = messages.next().await {
        let message = message?;
        next = message.id + 1;
        // The bot's own messages are in the list too.
        if !message.is_from_client() {
            continue;
        }
        let (Some(client), Some(text)) = (message.client_id, message.text) else {
            continue;
        };
        let sent = chat
            .send_message(Draft::text(client, format!("You wrote: {text}")))
            .send()
            .await;
        match sent {
            Ok(sent) => println!(
                "replied to message {} with {}",
                message.id, sent.data.message_id
            ),
            Err(error) => eprintln!("no reply to message {} was sent: {error}", message.id),
        }
    }
    Ok(next)
}
