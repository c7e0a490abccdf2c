//! The server ignores `offset` on messages, so there is none to set.

fn main() {
    let chat = chat2desk::Chat2Desk::new("token").unwrap();
    let _ = chat.list_messages().limit(200).offset(200);
}
