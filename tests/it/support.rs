//! What several groups of tests need.

pub mod list_server;
