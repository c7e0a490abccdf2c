//! A misspelt filter would be ignored too.

fn main() {
    let chat = chat2desk::Chat2Desk::new("token").unwrap();
    let _ = chat.list_messages().chanel_id(58001);
}
