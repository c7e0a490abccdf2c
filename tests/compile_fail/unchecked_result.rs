//! Neither a call that was not sent nor a failure that nobody looked at goes unnoticed.

#![deny(unused_must_use)]

use chat2desk::List;

async fn close(chat: &chat2desk::Chat2Desk) {
    chat.close_dialog(18400001);
    chat.close_dialog(18400001).send().await;
    chat.list_clients().items();
}

fn main() {}
