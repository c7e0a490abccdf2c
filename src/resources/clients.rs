//! Customers: finding one, making one, custom fields and tags.
//!
//! Changes of a customer's card go through [`update_client`](crate::Chat2Desk::update_client). What a request
//! leaves out stays as it is; [`ClearableText::Clear`](crate::wire::ClearableText::Clear) removes the name that
//! an operator gave. The number of `assigned_phone` is for information only and comes back as `client_phone`.
//!
//! ```no_run
//! use chat2desk::types::UpdateClientRequest;
//! use chat2desk::wire::{ClearableText, ExternalService};
//! # use chat2desk::{Chat2Desk, Error};
//! # async fn run(chat: &Chat2Desk) -> Result<(), Error> {
//!
//! let change = UpdateClientRequest::builder()
//!     .nickname(ClearableText::Clear)
//!     .assigned_phone("15550100003")
//!     .external_service(ExternalService::Amo)
//!     .external_id(118);
//! chat.update_client(94000001, change).send().await?;
//! # Ok(()) }
//! ```

mod fields;
mod filters;
mod find;
mod phone;
mod tags;

pub use fields::{CustomFields, FieldName};
pub use find::Entry;
pub use phone::digits;
pub use tags::{TagName, Tagged};
