//! What several groups of tests need.

pub mod answers;
pub mod list_server;
pub mod messages;

use chat2desk::Chat2Desk;
use chat2desk::transport::RetryPolicy;
use httpmock::MockServer;

pub const TOKEN: &str = "a-secret-token";
pub const PHONE: &str = "12025550143";

/// A client that calls once: retries are the subject of other tests.
pub fn client(server: &MockServer) -> Chat2Desk {
    Chat2Desk::builder(TOKEN)
        .base_url(server.base_url())
        .retry(RetryPolicy::never())
        .build()
        .unwrap()
}
