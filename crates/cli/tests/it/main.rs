//! The command, run as a process against sandboxes.

mod account;
mod broadcast;
mod call;
mod check;
mod export;
mod killed;
mod report;
mod sandbox;
mod serve;
mod serving;
mod shell;
mod support;
mod webhooks;
