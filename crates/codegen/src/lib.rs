//! The generator of the crate [`chat2desk`](https://docs.rs/chat2desk): from its OpenAPI document to Rust.
//!
//! [`lower`] turns the document into what progenitor takes, [`generate`] runs progenitor, [`adapt`] changes
//! what it wrote, and [`code`] does all of it. [`mock`] writes the mocks of `chat2desk-httpmock`. Build scripts
//! and the project's own tasks call the same functions, so that what is checked is what is built.
//!
//! Without the feature `client` there is [`enums`] alone, which webhooks need.

#![warn(missing_docs)]
#![cfg_attr(not(test), warn(clippy::unwrap_used))]

#[cfg(feature = "client")]
pub mod adapt;
#[cfg(feature = "client")]
mod builders;
#[cfg(feature = "client")]
pub mod code;
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
#[cfg(feature = "client")]
pub mod mock;
#[cfg(feature = "client")]
mod pages;
#[cfg(feature = "client")]
mod rules;
#[cfg(feature = "client")]
mod table;
