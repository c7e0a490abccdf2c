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

mod client;
mod error;
mod generated;
mod list;
mod operation;
mod quota;
mod region;
mod response;
mod runtime;
mod token;
pub mod transport;
pub mod wire;

#[cfg(feature = "sandbox")]
#[cfg_attr(docsrs, doc(cfg(feature = "sandbox")))]
pub mod sandbox;

#[cfg(feature = "cassette")]
#[cfg_attr(docsrs, doc(cfg(feature = "cassette")))]
pub mod cassette;

#[cfg(feature = "strict")]
mod strict;

pub use client::{Builder, Chat2Desk};
pub use error::{Error, ErrorKind, FieldError};
pub use generated::{builder, types};
pub use list::{List, ListStream, Page};
pub use operation::{Evidence, Method, Operation, Pagination, operations};
pub use quota::Quota;
pub use region::Region;
pub use response::Response;
#[cfg(feature = "strict")]
#[cfg_attr(docsrs, doc(cfg(feature = "strict")))]
pub use strict::{Drift, OnDrift};

/// The examples of the README compile.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
