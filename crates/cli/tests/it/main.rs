//! The command, run as a process against sandboxes.

mod account;
mod sandbox;
mod serve;
mod serving;
mod shell;
mod support;
mod webhooks;
