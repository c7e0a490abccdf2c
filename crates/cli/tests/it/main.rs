//! The command, run as a process against sandboxes.

mod account;
mod sandbox;
mod shell;
mod support;
mod webhooks;
