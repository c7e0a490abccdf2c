//! Receives webhooks with axum, prints which customers write, and loses no event when it is stopped.
//!
//! ```sh
//! CHAT2DESK_TOKEN=… cargo run --package chat2desk-examples --bin webhook_axum
//! ```

use chat2desk::webhook::{Payload, Verifier};
use chat2desk_webhook_receiver::{JournalStore, Memory, Receiver};
use std::error::Error;
use std::time::Duration;
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    let verifier = Verifier::new(std::env::var("CHAT2DESK_TOKEN")?)?;
    let receiver = Receiver::builder(verifier)
        .store(JournalStore::open("webhooks.journal", Memory::default())?)
        .on_failure(|delivery, error| eprintln!("attempt {}: {error}", delivery.attempt))
        .start(|delivery| async move {
            if let Payload::Inbox(message) = delivery.payload() {
                println!(
                    "customer {:?} wrote message {:?}",
                    message.client_id, message.message_id
                );
            }
            Ok::<_, std::io::Error>(())
        })
        .await?;

    let listener = TcpListener::bind("127.0.0.1:8080").await?;
    println!("listening at http://{}/webhook", listener.local_addr()?);
    let app = axum::Router::new().nest_service("/webhook", receiver.router());
    let stop = async {
        // If no signal handler can be installed, it runs until it is killed, which loses no event either.
        let _ = tokio::signal::ctrl_c().await;
    };
    receiver.serve_router(app, listener, stop).await;
    let left = receiver.shutdown(Duration::from_secs(30)).await;
    println!("{left} events will be handled at the next start");
    Ok(())
}
