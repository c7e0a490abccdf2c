//! Webhooks: verifies and reads the events that the vendor posts to your program.
//!
//! [`Verifier`] checks the signature of a delivery and returns an [`Event`]. Its [`Payload`] says what happened in the
//! account: the variants of [`Payload`] are the events that exist. The feature `webhook` needs neither an HTTP client
//! nor a runtime. The crate [`chat2desk-webhook-receiver`](https://docs.rs/chat2desk-webhook-receiver) adds a server,
//! stores, retries, and an extractor for axum.
//!
//! ```
//! use chat2desk::webhook::{Payload, Verifier, sign};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let verifier = Verifier::new("your-api-token")?;
//! # let body = r#"{"hook_type":"inbox","type":"from_client","message_id":1,"text":"Hello"}"#;
//! # let headers = sign("your-api-token", 1_777_885_965, body.as_bytes())?;
//! // `headers` and `body` are those of the HTTP request, unchanged.
//! let event = verifier.verify(&headers, body)?;
//! if let Payload::Inbox(message) = event.payload() {
//!     println!("message {:?}: {:?}", message.message_id, message.text);
//! }
//! # Ok(()) }
//! ```
//!
//! # How the vendor delivers
//!
//! Each delivery is a `POST` with one event as JSON. A delivery without a success response is retried after 10 seconds,
//! 5 minutes and 2 hours, and then never again. After 5 hours without a success, the vendor disables the webhook
//! without notice.
//!
//! So events can arrive late, in another order, and more than once. [`Event::dedup_key`] identifies repeats. How long
//! the vendor waits for a response is unknown: respond at once, and do the work later.

mod error;
mod event;
pub mod payload;
#[cfg(feature = "client")]
mod replay;
#[cfg(feature = "__schemas")]
mod schema;
mod signature;

pub use error::VerifyError;
pub use event::Event;
pub use payload::Payload;
#[cfg(feature = "__schemas")]
pub use schema::schemas;
pub use signature::{SIGNATURE_HEADER, TIMESTAMP_HEADER, TokenError, Verifier, sign};
