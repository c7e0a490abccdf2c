//! A message that came in has one sender, by id or by phone.

use chat2desk::messages::Sender;

fn main() {
    let _ = Sender::id("shop-user-118").unwrap().phone("15550100001");
}
