//! Mocks of the API for tests of your own code: every operation, with the types of the client.
//!
//! [`MockServerExt`] gives the [`MockServer`] of [`httpmock`] a method for each operation of the API.
//!
//! * `when` has a method for each parameter and for the body. A request is answered only if all that was said
//!   fits; what was not said may be anything.
//! * `then` answers: `data` with a record or a list, `ok` with a whole answer, `success` with nothing but that,
//!   `error` and `field_errors` as the API refuses.
//! * `into_inner` of both leads to everything else: other statuses, delays, answers that are no JSON.
//!
//! Of two mocks that fit, the one that was made first answers. What none fits is answered with 404, which your
//! code may take for a missing record: let the tests assert that their mocks were called.
//!
//! ```
//! use chat2desk::mock::{self, MockServerExt, httpmock::MockServer};
//! use chat2desk::types::{Client, SendMessageRequest, SendMessageResult};
//! use chat2desk::{Chat2Desk, Error};
//!
//! /// Your own function.
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
//! let chat = mock::client(&server)?;
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
//! // Another number is another request, which nothing answers.
//! assert!(remind(&chat, "+1 555 010-0002").await.unwrap_err().is_not_found());
//! # Ok(()) }
//! ```

mod answers;
mod sent;

mod generated {
    #![allow(
        clippy::all,
        clippy::unwrap_used,
        missing_debug_implementations,
        unreachable_pub
    )]

    include!(concat!(env!("OUT_DIR"), "/mock.rs"));
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for httpmock::MockServer {}
}

pub use generated::{MockServerExt, operations};
pub use httpmock;

use crate::transport::RetryPolicy;
use crate::{Chat2Desk, Error};
use httpmock::MockServer;

/// A client of a mock server. It never retries, so that no test waits; to test retries, use
/// [`with_retry`](Chat2Desk::with_retry).
///
/// # Errors
/// [`Config`](crate::ErrorKind::Config) if the TLS library cannot be set up.
pub fn client(server: &MockServer) -> Result<Chat2Desk, Error> {
    Chat2Desk::builder("mock-token")
        .base_url(server.base_url())
        .allow_http(true)
        .retry(RetryPolicy::never())
        .build()
}
