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
// What decoding has for one feature, another need not use.
#![cfg_attr(
    not(all(feature = "client", feature = "webhook")),
    allow(dead_code, unused_imports)
)]

#[cfg(feature = "client")]
mod client;
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
    operation::{Evidence, Operation, Pagination, operations},
    region::Region,
    resources::company::Quota,
    resources::{clients, dialogs, messages, statistics, webhooks},
    response::Response,
};
pub use wire::Drift;

/// The examples of the README compile.
#[cfg(all(doctest, feature = "client"))]
#[doc = include_str!("../README.md")]
struct Readme;

/// What must not compile does not.
#[cfg(all(doctest, feature = "client"))]
#[doc = include_str!("mistakes.md")]
struct Mistakes;
