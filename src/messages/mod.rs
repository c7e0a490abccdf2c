//! Messages: what can be sent, as types that cannot be put together wrongly.
//!
//! [`Draft`] is what goes to a customer or stays in the chat, [`Template`] the text of an approved WhatsApp
//! template, [`Incoming`] what comes from a channel of your own. All of them are bodies of the operations
//! of the API. [`Import`] brings in what was written before the messenger was connected.

mod draft;
mod import;
mod incoming;
mod media;
mod past;
mod template;

pub use draft::{Attachment, Comment, Draft, Interactive, SystemLine, TemplateText, Text};
pub use import::{Import, ImportError, ImportState};
pub use incoming::{Incoming, Sender, SenderError};
pub use past::{Author, PastMessage};
pub use template::{Header, Template, TemplateError};

use crate::types::Message;
use crate::wire::MessageType;

impl Message {
    /// Whether the customer wrote it. What you write yourself comes in the same lists, and a program that
    /// answers that answers itself.
    pub fn is_from_client(&self) -> bool {
        self.type_ == Some(MessageType::FromClient)
    }
}
