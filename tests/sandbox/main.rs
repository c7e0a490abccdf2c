//! The embedded server behaves as the API does, where that is attested.
#![cfg(feature = "sandbox")]

mod data;
mod faults;
mod lists;
mod page;
mod state;
mod webhooks;

use chat2desk::sandbox::Sandbox;

async fn sandbox() -> Sandbox {
    Sandbox::start().await.unwrap()
}
