//! Client of the [Chat2Desk](https://chat2desk.com) REST API: customers' chats from WhatsApp,
//! Telegram, Viber, a site's widget and more in one inbox.
//!
//! [`Chat2Desk`] is the client; every operation of the API is a method of it. [`types`] holds what
//! travels, [`wire`] the values with spellings of their own, [`Error`] what may go wrong.
//!
//! The client is generated from `spec/openapi.json`, which says how well each answer is known:
//! [`operations`] has the table.

#![warn(missing_docs)]
#![cfg_attr(not(test), warn(clippy::unwrap_used))]
#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(feature = "client")]
mod client;
#[cfg(feature = "client")]
mod error;
#[cfg(feature = "client")]
mod generated;
#[cfg(feature = "client")]
mod list;
#[cfg(feature = "client")]
mod operation;
#[cfg(feature = "client")]
mod region;
#[cfg(feature = "client")]
mod response;
#[cfg(feature = "client")]
mod retry_after;
#[cfg(feature = "client")]
mod runtime;
#[cfg(feature = "client")]
mod token;
#[cfg(feature = "client")]
mod transport;
#[cfg(feature = "webhooks")]
#[cfg_attr(docsrs, doc(cfg(feature = "webhooks")))]
pub mod webhook;
#[cfg(feature = "client")]
mod webhooks;
pub mod wire;

#[cfg(feature = "sandbox")]
#[cfg_attr(docsrs, doc(cfg(feature = "sandbox")))]
pub mod sandbox;

#[cfg(feature = "client")]
pub use client::{Builder, Chat2Desk};
#[cfg(feature = "client")]
pub use error::{Error, ErrorKind, FieldError};
#[cfg(feature = "client")]
pub use generated::{builder, types};
#[cfg(feature = "client")]
pub use list::{List, ListStream, Page};
#[cfg(feature = "client")]
pub use operation::{Evidence, Method, Operation, Pagination, operations};
#[cfg(feature = "client")]
pub use region::Region;
#[cfg(feature = "client")]
pub use response::Response;
#[cfg(feature = "client")]
pub use webhooks::{Change, EnsureWebhook, EnsureWebhookError, Ensured, WebhookHealth};

/// The examples of the README compile.
#[cfg(all(doctest, feature = "client"))]
#[doc = include_str!("../README.md")]
struct Readme;
