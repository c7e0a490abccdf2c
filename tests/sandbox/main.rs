//! The embedded server behaves as the API does, where that is attested.

mod calls;
mod customers;
mod data;
mod faults;
mod lists;
mod messages;
mod page;
mod staff;
mod webhooks;

use chat2desk::sandbox::Sandbox;

async fn sandbox() -> Sandbox {
    Sandbox::start().await.unwrap()
}
