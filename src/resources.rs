//! Helpers for jobs of more than one operation, by resource.

pub mod clients;
pub(crate) mod company;
pub mod dialogs;
pub mod messages;
pub mod statistics;
pub mod webhooks;
