//! Webhooks, through the public API.

#[cfg(all(feature = "axum", feature = "client"))]
mod catch_up;
mod drift;
mod events;
mod odd_json;
mod payloads;
mod signature;

#[cfg(feature = "axum")]
mod flood;
#[cfg(feature = "axum")]
mod journal;
#[cfg(all(feature = "axum", target_os = "linux"))]
mod memory;
#[cfg(feature = "axum")]
mod panics;
#[cfg(feature = "axum")]
mod receiver;
#[cfg(feature = "axum")]
mod restart;
#[cfg(feature = "axum")]
mod routes;
#[cfg(feature = "axum")]
mod serve;
#[cfg(all(feature = "axum", feature = "webhook-testing"))]
mod simulator;
#[cfg(feature = "axum")]
mod store;
#[cfg(feature = "axum")]
mod support;
