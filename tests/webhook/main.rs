//! Verification and reading of webhooks, through the public API.

mod drift;
mod events;
mod odd_json;
mod payloads;
mod signature;
