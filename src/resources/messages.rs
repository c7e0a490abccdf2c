//! Messages: what can be sent, as types that cannot be put together wrongly.
//!
//! [`Draft`] is what goes to a customer or stays in the chat, [`Template`] the text of an approved WhatsApp
//! template, [`Incoming`] what comes from a channel of your own. All of them are bodies of the operations
//! of the API. [`Import`] brings in what was written before the messenger was connected.
//!
//! A channel of your own, of the transport `external`, works in both directions. What customers write goes in
//! with [`Incoming`]. What operators write comes to you as the webhook `outbox`, and you report what became of
//! it with [`set_message_status`](crate::Chat2Desk::set_message_status), which works for external channels
//! only:
//!
//! ```no_run
//! use chat2desk::wire::MessageStatusCode;
//! # use chat2desk::{Chat2Desk, Error};
//! # async fn run(chat: &Chat2Desk) -> Result<(), Error> {
//!
//! chat.set_message_status(5000000102, MessageStatusCode::Delivered).send().await?;
//! # Ok(()) }
//! ```

mod draft;
mod import;
mod incoming;
mod media;
mod past;
mod template;

pub use draft::{Attachment, Comment, Draft, Interactive, SystemLine, TemplateText, Text};
pub use import::{Import, ImportError, ImportState};
pub use incoming::{Incoming, LocationError, Sender, SenderError};
pub use past::{Author, PastMessage};
pub use template::{Header, Template, TemplateError};

use crate::generated::types::Message;
use crate::wire::MessageType;

impl Message {
    /// Whether the customer wrote it. What you write yourself comes in the same lists, and a program that
    /// answers that answers itself.
    pub fn is_from_client(&self) -> bool {
        self.type_ == Some(MessageType::FromClient)
    }
}
