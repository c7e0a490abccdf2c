//! The receiver through its public API, over a socket.

mod catch_up;
mod flood;
mod journal;
#[cfg(target_os = "linux")]
mod memory;
mod panics;
mod receiver;
mod restart;
mod routes;
mod serve;
mod simulator;
mod store;
mod support;
