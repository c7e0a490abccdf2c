//! Webhooks: what the vendor posts to your program when something happens in the account.
//!
//! Needs no HTTP client and no runtime: feature `webhook`. [`Verifier`] checks who posted and gives an
//! [`Event`], whose [`Payload`] says what happened.
//!
//! # How the vendor delivers
//!
//! One event per `POST`, as JSON. Whatever is not answered with a success is tried again after 10
//! seconds, 5 minutes and 2 hours, and then never again; after 5 hours without a success the webhook is
//! disabled, and nobody is told. So events come late, in another order, and more than once:
//! [`Event::dedup_key`] tells repeats. How long the vendor waits for an answer is unknown: answer at
//! once and work later.

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
