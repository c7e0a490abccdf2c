//! A comment stays in the panel: it has no buttons, messenger or channel.

use chat2desk::messages::Draft;

fn main() {
    let _ = Draft::comment(94000001, "Call back").reply_button("Yes", "yes");
    let _ = Draft::comment(94000001, "Call back").transport("whatsapp");
}
