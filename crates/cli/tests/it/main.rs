//! The command, run as a process against sandboxes.

mod account;
mod broadcast;
mod check;
mod drift;
mod readme;
mod report;
mod sandbox;
mod serve;
mod serving;
mod shell;
mod support;
mod webhooks;
