//! The client that `build.rs` generates from `spec/openapi.json`. Nothing here is written by hand.

#![allow(
    clippy::all,
    clippy::unwrap_used,
    missing_debug_implementations,
    unreachable_pub
)]

include!(concat!(env!("OUT_DIR"), "/client.rs"));
