//! Lists through the public API, over a socket.

#[path = "../support/list_server.rs"]
mod list_server;
mod pages;
mod whole;
