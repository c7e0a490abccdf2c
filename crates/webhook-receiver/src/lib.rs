//! A receiver of Chat2Desk webhooks for any HTTP server on tokio.
//!
//! [`Receiver`] verifies each delivery, stores its event, and responds with 200 at once. Then it calls your handler
//! with the event until the handler succeeds. Repeated deliveries of an event are acknowledged, but not handled again.
//! With [`JournalStore`], a restart or a crash loses no acknowledged event.
//!
//! [`chat2desk::webhook`] describes how the vendor delivers, and [`Payload`](chat2desk::webhook::Payload) lists the
//! events.
//!
//! ```no_run
//! use chat2desk::webhook::{Payload, Verifier};
//! use chat2desk_webhook_receiver::{JournalStore, Memory, Receiver};
//! use std::time::Duration;
//!
//! #[tokio::main]
//! async fn main() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
//!     let verifier = Verifier::new(std::env::var("CHAT2DESK_TOKEN")?)?;
//!     let receiver = Receiver::builder(verifier)
//!         .store(JournalStore::open("webhooks.journal", Memory::default())?)
//!         .on_failure(|delivery, error| eprintln!("attempt {}: {error}", delivery.attempt))
//!         .start(|delivery| async move {
//!             if let Payload::Inbox(message) = delivery.payload() {
//!                 println!("customer {:?} wrote", message.client_id);
//!             }
//!             Ok::<_, std::io::Error>(())
//!         })
//!         .await?;
//!
//!     let listener = tokio::net::TcpListener::bind("0.0.0.0:8080").await?;
//!     let stop = std::future::pending(); // or a signal
//!     receiver.serve(listener, stop).await;
//!     receiver.shutdown(Duration::from_secs(30)).await;
//!     Ok(())
//! }
//! ```
//!
//! The program depends on this crate, on `chat2desk` with its feature `webhook`, and on `tokio` with its features
//! `macros`, `net` and `rt-multi-thread`. The URL must be registered once:
//! [`Chat2Desk::ensure_webhook`](https://docs.rs/chat2desk/latest/chat2desk/struct.Chat2Desk.html#method.ensure_webhook).
//!
//! # Jobs
//!
//! | job | item |
//! |---|---|
//! | receive webhooks without a web framework | [`Receiver::serve`] |
//! | receive them in an axum application | [`Receiver::router`], [`Receiver::serve_router`] (feature `axum`) |
//! | receive them in any other HTTP server | [`Receiver::handle`] |
//! | receive events from a queue or another transport | [`Receiver::offer`], [`Receiver::submit`] |
//! | only verify and read events, in a handler of your own | [`Delivered`] (feature `axum`), [`Verifier`](chat2desk::webhook::Verifier) |
//! | reply without losing or repeating a reply | [Replies](#replies) |
//! | keep events across restarts | [`JournalStore`] |
//! | keep events in a database | [`Store`] |
//! | limit concurrency, memory, body sizes and connections | [`Builder`] |
//! | log failures of the handler | [`Builder::on_failure`] |
//! | accept deliveries without a signature, by a secret path | [`Builder::path_secret_instead_of_signature`] |
//! | read messages that were not delivered | [`Receiver::catch_up`] (feature `catch-up`) |
//! | count what the receiver did | [`Receiver::stats`] |
//! | stop without losing events | [`Receiver::shutdown`] |
//!
//! # Limits
//!
//! * An event is handled at least once. It is handled again if the process ends after the handler succeeded and before
//!   the store has recorded that. [`Event::dedup_key`](chat2desk::webhook::Event::dedup_key) identifies it.
//! * Events are handled in no particular order.
//! * An event whose handler always fails is retried forever. [`Delivery::attempt`] lets the handler give up.
//! * With the default [`MemoryStore`], the end of the process loses the events that are not handled yet.
//! * HTTP/1.1 without TLS: put a reverse proxy in front.
//!
//! # Replies
//!
//! The API has no way to send a message at most once. If the process ends while a reply is sent, or no response arrives,
//! the reply may have been sent or not. The handler below finds out before it sends again. It gives each reply an id,
//! and creates a file before it sends. If the file exists already, it looks for the reply in the list of messages, where
//! messages were seen to appear about a minute late.
//!
//! ```no_run
//! use chat2desk::{Chat2Desk, ErrorKind, List, messages::Draft};
//! use chat2desk_webhook_receiver::HandlerError;
//! use std::{fs, path::Path, time::Duration};
//!
//! /// Replies to a message of a customer. Returns an error if the receiver should call it again.
//! async fn reply(chat: &Chat2Desk, client_id: i64, message_id: i64) -> Result<(), HandlerError> {
//!     let reply_id = format!("reply-to-{message_id}");
//!     let begun = Path::new("replies").join(&reply_id);
//!     if let Ok(begun) = fs::metadata(&begun) {
//!         let age = begun.modified()?.elapsed().unwrap_or_default();
//!         tokio::time::sleep(Duration::from_secs(120).saturating_sub(age)).await;
//!         let messages = chat.list_messages().client_id(client_id).start_id(message_id);
//!         let mut messages = messages.items();
//!         while let Some(message) = messages.next().await {
//!             if message?.extra_data.get("external_id").is_some_and(|id| *id == reply_id) {
//!                 return Ok(());
//!             }
//!         }
//!     }
//!     fs::write(&begun, "")?;
//!     let draft = Draft::text(client_id, "Thank you for your message").external_id(reply_id);
//!     match chat.send_message(draft).send().await {
//!         Err(error) if matches!(error.kind(), ErrorKind::Validation | ErrorKind::NotFound) => {
//!             eprintln!("no reply: {error}"); // the same call would fail again
//!             Ok(())
//!         }
//!         result => Ok(result.map(drop)?),
//!     }
//! }
//! ```
//!
//! # Beyond one machine
//!
//! A journal belongs to one process: it is locked, and a second process cannot open it. To run several replicas of a
//! receiver, put NATS JetStream behind them. Each replica verifies a delivery, publishes the event to a stream under
//! its deduplication key, and responds with 200 once the stream has it. Replicas keep nothing and may be killed at any
//! time. Workers read the stream and acknowledge an event after its effect. The repository has
//! a complete program, `examples/webhook_to_nats.rs`, and its test kills replicas and workers.
//!
//! Rate limits and call budgets of `chat2desk` count within one process. Make the API calls of one token from one
//! process, or give each process its share of the limit.
//!
//! # Features
//!
//! | feature | what it adds |
//! |---|---|
//! | `axum` | [`Receiver::router`], [`Receiver::serve_router`] and the extractor [`Delivered`] |
//! | `catch-up` | [`Receiver::catch_up`], which reads from the API the messages that were not delivered; it adds the client of `chat2desk` |
//!
// Without a feature, links to its items lead to the table of the features.
#![cfg_attr(feature = "axum", doc = "[`Delivered`]: Delivered")]
#![cfg_attr(feature = "axum", doc = "[`Receiver::router`]: Receiver::router")]
#![cfg_attr(
    feature = "axum",
    doc = "[`Receiver::serve_router`]: Receiver::serve_router"
)]
#![cfg_attr(
    feature = "catch-up",
    doc = "[`Receiver::catch_up`]: Receiver::catch_up"
)]
#![cfg_attr(not(feature = "axum"), doc = "[`Delivered`]: #features")]
#![cfg_attr(not(feature = "axum"), doc = "[`Receiver::router`]: #features")]
#![cfg_attr(not(feature = "axum"), doc = "[`Receiver::serve_router`]: #features")]
#![cfg_attr(not(feature = "catch-up"), doc = "[`Receiver::catch_up`]: #features")]
#![warn(missing_docs)]
#![cfg_attr(not(test), warn(clippy::unwrap_used))]
#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(feature = "axum")]
mod axum;
mod receiver;
mod store;

#[cfg(feature = "axum")]
pub use axum::Delivered;
pub use receiver::{Builder, Delivery, HandlerError, Receiver, Refusal, Stats};
#[cfg(feature = "catch-up")]
pub use receiver::{CatchUpError, CaughtUp};
pub use store::{JournalStore, Memory, MemoryStore, Store, StoreError, StoreFuture};

/// Compiles the example of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
