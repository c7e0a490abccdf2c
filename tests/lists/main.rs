//! Lists through the public API, over a socket.

mod drift;
#[path = "../support/list_server.rs"]
mod list_server;
mod pages;
mod positions;
mod raw;
mod whole;
