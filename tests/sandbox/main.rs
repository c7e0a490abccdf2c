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

use chat2desk::Chat2Desk;
use chat2desk::sandbox::Sandbox;
use chat2desk::types::CreateClientRequest;

async fn sandbox() -> Sandbox {
    Sandbox::start().await.unwrap()
}

/// A customer on Telegram who has no dialog.
async fn new_customer(chat: &Chat2Desk) -> i64 {
    let request = CreateClientRequest::builder()
        .phone("[tg] 118")
        .transport("telegram");
    let made = chat.create_client(request).send().await;
    made.unwrap().data.id
}
