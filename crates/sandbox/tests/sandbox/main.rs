//! The embedded server behaves as the API does, where that is attested.

mod accounts;
mod calls;
mod company;
mod customers;
mod data;
mod events;
mod faults;
mod hosts;
mod imports;
mod late;
mod lists;
mod messages;
mod page;
mod random;
mod receiver;
mod shown;
mod staff;
mod states;
mod webhooks;

use chat2desk::Chat2Desk;
use chat2desk::types::CreateClientRequest;
use chat2desk_sandbox::Sandbox;

async fn sandbox() -> Sandbox {
    Sandbox::start().await.unwrap()
}

/// A customer on Telegram who has no dialog.
async fn new_customer(chat: &Chat2Desk) -> i64 {
    customer(chat, "[tg] 118", "telegram").await
}

/// One whose messages stay as they are: an external channel says itself what became of them.
async fn external_customer(chat: &Chat2Desk) -> i64 {
    customer(chat, "shop-118", "external").await
}

async fn customer(chat: &Chat2Desk, phone: &str, transport: &str) -> i64 {
    let request = CreateClientRequest::builder()
        .phone(phone)
        .transport(transport);
    let made = chat.create_client(request).send().await;
    made.unwrap().data.id
}
