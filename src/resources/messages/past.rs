//! [`PastMessage`], a message from before the messenger was connected.

use crate::generated::types::ImportedMessage;
use crate::wire::MessageType;
use chrono::{DateTime, TimeZone};
use std::fmt;

/// The author of a [`PastMessage`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Author {
    /// The customer.
    Client,
    /// The operator with this id.
    Operator(i64),
    /// Someone of the company. The server attributes the message to the company's administrator.
    Administrator,
    /// A program: an automatic reply.
    Automatic,
}

/// A message from before the messenger was connected, for
/// [`Chat2Desk::import_history`](crate::Chat2Desk::import_history).
///
/// The server sorts the messages of a dialog by their time, in whole seconds.
///
/// ```
/// use chat2desk::messages::{Author, PastMessage};
/// use chrono::{TimeZone, Utc};
///
/// let noon = Utc.with_ymd_and_hms(2026, 5, 4, 12, 0, 0).unwrap();
/// let question = PastMessage::text(Author::Client, noon, "Where is my order?");
/// let question = question.external_id("old-118");
/// let operator = Author::Operator(310001);
/// let reply = PastMessage::attachment(operator, noon, "https://example.com/118.pdf");
/// ```
#[derive(Clone, PartialEq)]
#[must_use = "it is imported by `import_history`"]
pub struct PastMessage(ImportedMessage);

impl PastMessage {
    /// Returns a message without content.
    fn bare(author: Author, sent_at: DateTime<impl TimeZone>) -> ImportedMessage {
        let (type_, operator_id) = match author {
            Author::Client => (MessageType::FromClient, None),
            Author::Operator(id) => (MessageType::ToClient, Some(id)),
            Author::Administrator => (MessageType::ToClient, None),
            Author::Automatic => (MessageType::Autoreply, None),
        };
        ImportedMessage {
            attachment: None,
            external_id: None,
            operator_id,
            text: None,
            timestamp: sent_at.timestamp().to_string(),
            type_,
        }
    }

    /// Creates a message with a text.
    pub fn text(author: Author, sent_at: DateTime<impl TimeZone>, text: impl Into<String>) -> Self {
        Self(ImportedMessage {
            text: Some(text.into()),
            ..Self::bare(author, sent_at)
        })
    }

    /// Creates a message with a file, by its direct URL. A message can have one file.
    pub fn attachment(
        author: Author,
        sent_at: DateTime<impl TimeZone>,
        url: impl Into<String>,
    ) -> Self {
        Self(ImportedMessage {
            attachment: Some(url.into()),
            ..Self::bare(author, sent_at)
        })
    }

    /// Creates a message with a file, by its direct URL, and a text.
    pub fn captioned(
        author: Author,
        sent_at: DateTime<impl TimeZone>,
        url: impl Into<String>,
        text: impl Into<String>,
    ) -> Self {
        let Self(message) = Self::attachment(author, sent_at, url);
        Self(ImportedMessage {
            text: Some(text.into()),
            ..message
        })
    }

    /// Sets an id of your system, for example the message's id in the system it comes from.
    pub fn external_id(mut self, id: impl Into<String>) -> Self {
        self.0.external_id = Some(id.into());
        self
    }
}

impl From<PastMessage> for ImportedMessage {
    fn from(message: PastMessage) -> Self {
        message.0
    }
}

/// Shows type and time, but no text.
impl fmt::Debug for PastMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PastMessage")
            .field("type", &self.0.type_)
            .field("timestamp", &self.0.timestamp)
            .finish_non_exhaustive()
    }
}
