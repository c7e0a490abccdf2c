//! Days are days, not texts in one of many orders.

use chat2desk::statistics::RequestStats;

fn main() {
    let chat = chat2desk::Chat2Desk::new("token").unwrap();
    let _ = chat.report::<RequestStats>("04-05-2026");
    let _ = chat.messages_of("04-05-2026");
}
