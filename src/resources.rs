//! Helpers beyond single operations, by the resource that they are for.

pub mod clients;
pub(crate) mod company;
pub mod dialogs;
pub mod messages;
pub mod statistics;
pub mod webhooks;
