//! Typed mocks of the Chat2Desk REST API for tests of your own code, on an [`httpmock`] server.
//!
//! [`MockServerExt`] adds a method for each operation of the API to [`MockServer`]. Its closure receives two values:
//!
//! * `when` sets the conditions, with a method for each parameter and for the body. A request matches if it equals
//!   everything that was set; anything else is ignored.
//! * `then` sets the response: `data` for a record or a list, `ok` for a whole response, `success` for one without
//!   data, and `error` and `field_errors` for errors as the API writes them.
//!
//! `into_inner` of both returns httpmock's own value, for other statuses, delays and bodies that are not JSON.
//!
//! If several mocks match, the one that was added first responds. A request that no mock matches gets a 404, which
//! your code may mistake for a missing record: assert that the mocks were called.
//!
//! To test against a whole account instead, with lists of several pages, webhooks and faults, use
//! [`chat2desk-sandbox`](https://docs.rs/chat2desk-sandbox).
//!
//! Add this crate to `dev-dependencies`. It re-exports `httpmock`.
//!
//! ```
//! use chat2desk_httpmock::{MockServerExt, client, httpmock::MockServer};
//! use chat2desk::types::{Client, SendMessageRequest, SendMessageResult};
//! use chat2desk::{Chat2Desk, Error};
//!
//! /// A function of your program.
//! async fn remind(chat: &Chat2Desk, phone: &str) -> Result<Option<i64>, Error> {
//!     let Some(client) = chat.find_client(phone).await? else {
//!         return Ok(None);
//!     };
//!     let message = SendMessageRequest::builder().client_id(client.id).text("See you at noon");
//!     let sent = chat.send_message(message).send().await?;
//!     Ok(Some(sent.data.message_id))
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Error> {
//! let server = MockServer::start_async().await;
//! let chat = client(&server)?;
//!
//! let found = server.list_clients(|when, then| {
//!     when.phone("15550100001");
//!     then.data([Client::builder().id(7).phone("15550100001")]);
//! });
//! let sent = server.send_message(|when, then| {
//!     when.body(SendMessageRequest::builder().client_id(7).text("See you at noon"));
//!     then.data(SendMessageResult::builder().message_id(118));
//! });
//! assert_eq!(remind(&chat, "+1 555 010-0001").await?, Some(118));
//! found.assert();
//! sent.assert();
//!
//! // No mock matches another number.
//! assert!(remind(&chat, "+1 555 010-0002").await.unwrap_err().is_not_found());
//! # Ok(()) }
//! ```

#![warn(missing_docs)]
#![cfg_attr(not(test), warn(clippy::unwrap_used))]

mod requests;
mod responses;

mod generated {
    #![allow(
        clippy::all,
        clippy::unwrap_used,
        missing_debug_implementations,
        unreachable_pub
    )]

    include!(concat!(env!("OUT_DIR"), "/mocks.rs"));
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for httpmock::MockServer {}
}

pub use generated::{MockServerExt, operations};
pub use httpmock;

use chat2desk::transport::RetryPolicy;
use chat2desk::{Chat2Desk, Error};
use httpmock::MockServer;

/// Creates a client that calls `server`. It never retries, so that no test waits. To test retries, use
/// [`with_retry`](Chat2Desk::with_retry).
///
/// # Errors
/// [`Config`](chat2desk::ErrorKind::Config) if the TLS library cannot be set up.
pub fn client(server: &MockServer) -> Result<Chat2Desk, Error> {
    Chat2Desk::builder("mock-token")
        .base_url(server.base_url())
        .allow_http(true)
        .retry(RetryPolicy::never())
        .build()
}

/// Runs the example of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
