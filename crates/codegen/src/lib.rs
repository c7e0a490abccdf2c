//! The code generator of the crate [`chat2desk`](https://docs.rs/chat2desk), from its OpenAPI document to Rust.
//!
//! | module | does |
//! |---|---|
//! | [`lower`] | reduces the document to what [progenitor](https://docs.rs/progenitor) supports |
//! | [`generate`] | runs progenitor |
//! | [`adapt`] | changes progenitor's output |
//! | [`code`] | does all of this, and adds lists, methods and the table of operations |
//! | [`mock`] | generates the mocks of `chat2desk-httpmock` |
//! | [`enums`] | generates the open enums |
//!
//! It is an internal crate of the project: build scripts and `xtask` call the same functions, so the code that is
//! checked is the code that is built. It follows the version of `chat2desk` and promises no stable API.
//!
//! Without the feature `client` only [`enums`] is compiled, which is all that webhooks need; [`mock`] has the feature
//! `mock`.

#![warn(missing_docs)]
#![cfg_attr(not(test), warn(clippy::unwrap_used))]

#[cfg(feature = "client")]
pub mod adapt;
#[cfg(feature = "client")]
mod builders;
#[cfg(feature = "client")]
pub mod code;
#[cfg(feature = "client")]
mod codecs;
#[cfg(feature = "client")]
mod document;
pub mod enums;
#[cfg(feature = "client")]
mod examples;
#[cfg(feature = "client")]
pub mod generate;
#[cfg(feature = "client")]
mod lists;
#[cfg(feature = "client")]
pub mod lower;
#[cfg(feature = "client")]
mod methods;
#[cfg(feature = "mock")]
pub mod mock;
#[cfg(feature = "client")]
mod names;
#[cfg(feature = "client")]
mod pages;
#[cfg(feature = "client")]
mod parameters;
#[cfg(feature = "client")]
mod rules;
#[cfg(feature = "client")]
mod table;
