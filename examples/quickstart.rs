//! Lists customers page by page, then sends a message to the customer who wrote last and prints the response.
//!
//! `cargo run --package chat2desk-examples --bin quickstart` runs against an invented account on this machine. With
//! `CHAT2DESK_TOKEN` set, it reads at most three pages of your account, and sends the message only with `--send`. On
//! WhatsApp, only templates reach a customer who has been silent for a day.

use chat2desk::types::SendMessageRequest;
use chat2desk::{Chat2Desk, List};
use chat2desk_sandbox::Sandbox;
use std::error::Error;

const PAGES: usize = 3;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let real = std::env::var_os("CHAT2DESK_TOKEN").is_some();
    let sandbox = if real {
        None
    } else {
        Some(Sandbox::start().await?)
    };
    let chat = match &sandbox {
        Some(sandbox) => sandbox.client().clone(),
        None => Chat2Desk::from_env()?,
    };
    let whose = if real {
        "your account"
    } else {
        "an invented account on this machine"
    };
    println!("Reading {whose} at {}\n", chat.base_url());

    let mut pages = chat.list_clients().pages();
    for number in 1..=PAGES {
        let Some(page) = pages.next().await.transpose()? else {
            break;
        };
        let total = page
            .meta
            .as_ref()
            .and_then(|meta| meta.total)
            .unwrap_or_default();
        println!("Page {number}: {} of {total} customers", page.items.len());
        for client in page.items.iter().take(3) {
            let name = client.assigned_name.as_deref().or(client.name.as_deref());
            let tags: Vec<_> = client
                .tags
                .iter()
                .filter_map(|tag| tag.label.as_deref())
                .collect();
            println!(
                "  {:>9}  {:<22} {}",
                client.id,
                name.unwrap_or("-"),
                tags.join(", ")
            );
        }
        if page.items.len() > 3 {
            println!("        …  and {} more", page.items.len() - 3);
        }
    }

    let written = chat.list_messages().type_("from_client").order("desc");
    let last = written.max_items(1).collect_all().await?;
    let Some(client) = last.first().and_then(|message| message.client_id) else {
        println!("\nNo customer has written yet, so there is nobody to send a message to.");
        return Ok(());
    };
    if real && !std::env::args().any(|argument| argument == "--send") {
        println!("\nNothing was sent. Run with --send to send a message to customer {client}.");
        return Ok(());
    }
    let message = SendMessageRequest::builder()
        .client_id(client)
        .text("Your order is ready");
    let sent = chat.send_message(message).send().await?;
    println!(
        "\nSent to customer {client}, who wrote last: {}",
        serde_json::to_string_pretty(&sent.data)?
    );
    Ok(())
}
