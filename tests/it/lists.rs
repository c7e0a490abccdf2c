//! Lists through the public API, over a socket.

mod drift;
mod pages;
mod positions;
mod raw;
mod whole;
