//! The client through its public API, over a socket where there is something to send.
//!
//! `operations` calls every operation, `lists` and `transport` show the machinery below, `jobs` the helpers by resource.
//! The other groups show what must hold for all of them.
#![cfg(feature = "client")]

mod arguments;
mod by_name;
mod envelopes;
mod errors;
mod failures;
mod jobs;
mod lists;
mod mistakes;
mod operations;
mod privacy;
mod quoting;
mod records;
mod registration;
mod runtimes;
mod secrets;
mod settings;
mod support;
mod transport;
