//! The command, run as a process against sandboxes.

mod account;
mod broadcast;
mod broadcast_list;
mod call;
mod call_exact;
mod check;
mod drift;
mod export;
mod killed;
mod readme;
mod report;
mod sandbox;
mod serve;
mod serve_account;
mod serve_end;
mod serve_options;
mod serving;
mod shell;
mod support;
mod webhooks;
