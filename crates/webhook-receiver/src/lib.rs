//! A receiver of Chat2Desk webhooks for any HTTP server on tokio.
//!
//! [`Receiver`] verifies each delivery, stores it, and acknowledges it at once. Then it calls your handler until the
//! handler succeeds. [`JournalStore`] keeps events in a file, so that a restart loses none; [`MemoryStore`] keeps them
//! in memory. [`Store`] can be implemented for a database.
//!
//! How the vendor delivers, and what the events are, says [`chat2desk::webhook`].
//!
//! # Features
//!
//! | feature | what it adds |
//! |---|---|
//! | `axum` | `Receiver::router`, and the extractor `Delivered` |
//! | `catch-up` | `Receiver::catch_up` reads from the API what was not delivered |

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

/// The example of the README compiles.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
