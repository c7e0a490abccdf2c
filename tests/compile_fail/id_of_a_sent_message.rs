//! The answer to a message has a `message_id`.

async fn send(chat: &chat2desk::Chat2Desk) -> i64 {
    let draft = chat2desk::messages::Draft::text(94000001, "Hello");
    let sent = chat.send_message(draft).send().await.unwrap();
    sent.data.id
}

fn main() {}
