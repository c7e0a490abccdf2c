//! Lists through the public API, over a socket.

mod drift;
mod forged;
mod held;
mod keys;
mod pages;
mod positions;
mod raw;
mod whole;
