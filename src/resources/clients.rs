//! Customers: finding and creating one, custom fields and tags.
//!
//! The methods are [`find_client`], [`get_or_create_client`], [`set_custom_fields`], [`add_tag`] and others of
//! `Chat2Desk`; this module has their types.
//!
//! To change a customer's card, call [`update_client`]. Fields that the request leaves out stay unchanged;
//! [`ClearableText::Clear`](crate::wire::ClearableText::Clear) removes the name that an operator set. The server
//! reports `assigned_phone` as `client_phone`, and does not use it as an address.
//!
//! [`find_client`]: crate::Chat2Desk::find_client
//! [`get_or_create_client`]: crate::Chat2Desk::get_or_create_client
//! [`set_custom_fields`]: crate::Chat2Desk::set_custom_fields
//! [`add_tag`]: crate::Chat2Desk::add_tag
//! [`update_client`]: crate::Chat2Desk::update_client
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
