//! Client of the [Chat2Desk](https://chat2desk.com) REST API, which gathers a company's chats with customers from
//! WhatsApp, Telegram, Viber, a site's widget and more in one inbox.
//!
//! [`Chat2Desk`] is the client, with a typed method for each operation of the API. Lists are read to their end or
//! fail: [`List`] states the exact guarantee. A message that may have been sent is never sent again. Errors say what
//! happened without personal data.
//!
//! # Example
//!
//! ```no_run
//! use chat2desk::{Chat2Desk, List, types::SendMessageRequest};
//!
//! #[tokio::main]
//! async fn main() -> Result<(), chat2desk::Error> {
//!     // Reads CHAT2DESK_TOKEN: the API token, from Settings > API in the panel.
//!     let chat = Chat2Desk::from_env()?;
//!
//!     // Reads all customers, page after page.
//!     let mut clients = chat.list_clients().items();
//!     while let Some(client) = clients.next().await {
//!         let client = client?;
//!         println!("{} {}", client.id, client.name.unwrap_or_default());
//!     }
//!
//!     // Sends a message.
//!     let message = SendMessageRequest::builder().client_id(94000001).text("Your order is ready");
//!     let sent = chat.send_message(message).send().await?;
//!     println!("queued as message {}", sent.data.message_id);
//!     Ok(())
//! }
//! ```
//!
//! The program depends on `chat2desk` and on `tokio` with its features `macros` and `rt-multi-thread`. The API calls a
//! customer a *client*: [`types::Client`].
//!
//! # Jobs
//!
//! | job | use |
//! |---|---|
//! | check a token | [`Chat2Desk::get_api_info`] |
//! | know how many calls are left this month | [`Chat2Desk::quota`] |
//! | read any list to its end | [`List::items`], [`List::collect_all`] |
//! | export all messages | [`Chat2Desk::list_messages`], with [`List::raw`] to keep every field |
//! | resume an export, even one that was killed | [`Listing::resume_from`] with a [`Position`] |
//! | read the messages of certain days | [`Chat2Desk::messages_of`] |
//! | send a message, a file, buttons or a comment | [`Chat2Desk::send_message`] with a [`Draft`](messages::Draft) |
//! | send a WhatsApp template | [`Template`](messages::Template) |
//! | find out whether a message was sent after all | [`Error::may_have_taken_effect`] |
//! | find a customer by phone, or create one | [`Chat2Desk::find_client`], [`Chat2Desk::get_or_create_client`] |
//! | set tags | [`Chat2Desk::add_tag`], [`Chat2Desk::untag`] |
//! | read or set custom fields | [`Chat2Desk::custom_fields`], [`Chat2Desk::set_custom_fields`] |
//! | close or assign a dialog | [`Chat2Desk::close_dialog`], [`Chat2Desk::assign_dialog`] |
//! | report on reaction times and scores | [`Chat2Desk::report`] with a row of [`statistics`] |
//! | import a history | [`Chat2Desk::import_history`] |
//! | connect a channel of your own | [`Incoming`](messages::Incoming), [`Chat2Desk::set_message_status`] |
//! | register a webhook | [`Chat2Desk::ensure_webhook`] |
//! | reply to incoming messages | the receiver in the crate [`chat2desk-webhook-receiver`], or [`webhook::Verifier`] (feature `webhook`) in a server of your own |
//! | serve several accounts or regions | [`Chat2Desk::with_token`], [`Builder::region`] |
//! | stay within a rate or a number of calls | [`Builder::rate_limit`], [`Builder::call_budget`] |
//! | call an operation that is known only at run time | [`Chat2Desk::call`] (feature `by-name`) with an [`Operation`] |
//! | measure calls | [`transport::Observer`], or the feature `tracing` |
//!
//! [`operations`] lists every operation of the API with its path, its arguments and its evidence: how well its response
//! is known.
//! The API has no published schema, so a value of an unexpected type only costs its own field; see [`Drift`].
//!
//! # Errors and retries
//!
//! Every call returns [`Error`]. Its [`kind`](Error::kind) says what happened, `Display` what to do about it. Both
//! `Display` and `Debug` are safe to log: they contain no token, no text and no phone number.
//!
//! A call is retried only if it cannot do anything twice. Reads are retried after a broken connection, a 429 and a
//! failing gateway. Writes are retried only if nothing was sent, or after a 429. [`Error::may_have_taken_effect`]
//! returns whether a failed write may have been executed. The wait is random and grows, and `Retry-After` is respected.
//! [`transport::RetryPolicy`] has the table and the settings. A call takes at most [`Builder::timeout`], 90 seconds
//! unless set.
//!
//! # Tests
//!
//! | fake | what it is | use it to test |
//! |---|---|---|
//! | [`chat2desk-sandbox`] | a whole account on a local server: lists, dialogs, webhooks, faults, a clock | programs that make many calls, and failures |
//! | [`chat2desk-httpmock`] | typed mocks of single operations, on a local server | a function that makes one or two calls |
//! | [`transport::Transport`] | your own response to each request, without a socket | parts of a program without network |
//!
//! All of them work with a normal [`Chat2Desk`]: the first two by [`Builder::base_url`], the third by
//! [`Builder::transport`].
//!
//! # Synchronous programs
//!
//! A synchronous program creates a tokio runtime and waits for each call with `block_on`:
//!
//! ```no_run
//! fn main() -> Result<(), Box<dyn std::error::Error>> {
//!     let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
//!     let chat = chat2desk::Chat2Desk::from_env()?;
//!     let operators = runtime.block_on(chat.list_operators().send())?;
//!     println!("{} operators", operators.data.len());
//!     Ok(())
//! }
//! ```
//!
//! It reads a list in the same way, by `runtime.block_on(items.next())`.
//!
//! # Features
//!
//! | feature | default | adds |
//! |---|---|---|
//! | `rustls` | yes | TLS without a system library; a first build compiles C code |
//! | `rustls-no-provider` | | the same without cryptography: your program installs a `CryptoProvider` |
//! | `native-tls` | | TLS of the operating system; on Linux it needs the OpenSSL headers |
//! | `client` | by the TLS features | the client; without it no HTTP client is compiled |
//! | `webhook` | | verification and reading of webhooks, without a runtime or HTTP client |
//! | `gzip`, `brotli` | | compressed responses |
//! | `tracing` | | a span for each call, and an event for each retry and each unexpected value |
//! | `by-name` | | calls by the names of operations and arguments, known only at run time: module [`by_name`] |
//! | `strict` | | comparison of each response with the specification, reported by [`Builder::on_drift`] |
//!
//! [`chat2desk-sandbox`]: https://docs.rs/chat2desk-sandbox
//! [`chat2desk-httpmock`]: https://docs.rs/chat2desk-httpmock
//! [`chat2desk-webhook-receiver`]: https://docs.rs/chat2desk-webhook-receiver
// Without a feature, links to its items lead to the table of the features.
#![cfg_attr(feature = "webhook", doc = "[`webhook::Verifier`]: webhook::Verifier")]
#![cfg_attr(not(feature = "webhook"), doc = "[`webhook::Verifier`]: #features")]
#![cfg_attr(feature = "by-name", doc = "[`Chat2Desk::call`]: Chat2Desk::call")]
#![cfg_attr(feature = "by-name", doc = "[`by_name`]: by_name")]
#![cfg_attr(not(feature = "by-name"), doc = "[`Chat2Desk::call`]: #features")]
#![cfg_attr(not(feature = "by-name"), doc = "[`by_name`]: #features")]
#![warn(missing_docs)]
#![cfg_attr(not(test), warn(clippy::unwrap_used))]
#![cfg_attr(docsrs, feature(doc_cfg))]
// What decoding has for one feature, another need not use.
#![cfg_attr(
    not(all(feature = "client", feature = "webhook")),
    allow(dead_code, unused_imports)
)]

// The first, since the documentation shows the methods of `Chat2Desk` in the order of modules.
#[cfg(feature = "client")]
mod client;

#[cfg(feature = "by-name")]
pub mod by_name;
#[cfg(feature = "client")]
mod days;
#[cfg(feature = "client")]
mod error;
#[cfg(feature = "client")]
mod generated;
#[cfg(feature = "client")]
mod list;
#[cfg(feature = "client")]
mod operation;
#[cfg(feature = "client")]
mod raw_response;
mod redacted;
#[cfg(feature = "client")]
mod region;
#[cfg(feature = "client")]
mod resources;
#[cfg(feature = "client")]
mod response;
#[cfg(feature = "client")]
mod runtime;
#[cfg(feature = "strict")]
mod strict;
#[cfg(feature = "client")]
mod token;
pub mod wire;

#[cfg(feature = "client")]
pub mod transport;
#[cfg(feature = "webhook")]
pub mod webhook;

#[cfg(feature = "client")]
pub use self::{
    client::{Builder, Chat2Desk},
    days::Days,
    error::{Error, ErrorKind, FieldError},
    generated::{builder, types},
    list::{InvalidRecord, Items, List, Listing, Page, Pages, Position, RawList, RawRecord},
    operation::{
        Evidence, Operation, Pagination, Parameter, ParameterKind, ParameterLocation, RequestBody,
        operation, operations,
    },
    region::Region,
    resources::company::Quota,
    resources::{clients, dialogs, messages, statistics, webhooks},
    response::Response,
};
pub use wire::Drift;

/// Compiles the examples of the README.
#[cfg(all(doctest, feature = "client"))]
#[doc = include_str!("../README.md")]
struct Readme;

/// Shows that mistakes do not compile.
#[cfg(all(doctest, feature = "client"))]
#[doc = include_str!("mistakes.md")]
struct Mistakes;
