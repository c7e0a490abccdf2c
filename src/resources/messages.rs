//! Messages: typed bodies for sending, receiving and importing them.
//!
//! | type | for |
//! |---|---|
//! | [`Draft`] | a message to a customer, or a comment in the chat: [`send_message`](crate::Chat2Desk::send_message) |
//! | [`Template`] | an approved WhatsApp template, sent as a [`Draft`] |
//! | [`Incoming`] | a customer's message in a channel of your own: [`receive_message`](crate::Chat2Desk::receive_message) |
//! | [`Import`] | the history of a messenger before it was connected: [`import_history`](crate::Chat2Desk::import_history) |
//!
//! # Channels of your own
//! A channel with the transport `external` works in both directions. Pass on what customers write with
//! [`Incoming`]. What operators write reaches you as the webhook event `outbox`; report its delivery with
//! [`set_message_status`](crate::Chat2Desk::set_message_status), which works for external channels only:
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
    /// Returns whether the customer wrote the message. Lists also contain the company's own messages: a bot that
    /// replies to those replies to itself.
    pub fn is_from_client(&self) -> bool {
        self.type_ == Some(MessageType::FromClient)
    }
}
