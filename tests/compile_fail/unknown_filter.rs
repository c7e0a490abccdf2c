//! The server ignores filters that it does not know and gives everybody.

fn main() {
    let chat = chat2desk::Chat2Desk::new("token").unwrap();
    let _ = chat.list_clients().search("Ada");
}
