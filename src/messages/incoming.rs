//! [`Incoming`]: a message from a channel of your own.

use crate::clients::digits;
use crate::types::error::ConversionError;
use crate::types::{FromClient, ReceiveMessageRequest, builder};
use serde_json::{Map, Value};
use std::fmt;

/// Who wrote an incoming message: exactly one of an id of yours and a phone number, as the server wants.
#[derive(Clone)]
#[must_use]
pub struct Sender(builder::FromClient);

/// Why there can be no such sender.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SenderError {
    /// An id that is empty or reads as a phone number.
    #[error("an id of a sender is a text that is no phone number")]
    Id,
    /// A phone number without digits, or with letters.
    #[error("it is not a phone number")]
    Phone,
}

impl From<SenderError> for crate::Error {
    fn from(error: SenderError) -> Self {
        Self::invalid_request(&error.to_string()).with_source(error)
    }
}

impl Sender {
    /// A sender by an id of your system, which must not read as a phone number.
    ///
    /// # Errors
    /// If it does, or is empty.
    pub fn id(id: impl Into<String>) -> Result<Self, SenderError> {
        let id = id.into();
        if id.trim().is_empty() || digits(&id).is_some() {
            return Err(SenderError::Id);
        }
        Ok(Self(FromClient::builder().id(id)))
    }

    /// A sender by phone number, written in any way.
    ///
    /// # Errors
    /// If it is none.
    pub fn phone(phone: &str) -> Result<Self, SenderError> {
        let phone = digits(phone).ok_or(SenderError::Phone)?;
        Ok(Self(FromClient::builder().phone(phone)))
    }

    /// The name to show.
    pub fn nickname(self, name: impl Into<String>) -> Self {
        Self(self.0.nickname(name.into()))
    }

    /// The URL of a picture to show beside the chat.
    pub fn avatar(self, url: impl Into<String>) -> Self {
        Self(self.0.avatar(url.into()))
    }
}

/// A message that a customer wrote in a channel of your own: the body of
/// [`Chat2Desk::receive_message`](crate::Chat2Desk::receive_message). It holds something to deliver from
/// the start; the company must have an external channel.
///
/// ```no_run
/// use chat2desk::messages::{Incoming, Sender};
/// # use chat2desk::{Chat2Desk, Error};
/// # async fn run(chat: &Chat2Desk) -> Result<(), Error> {
///
/// let sender = Sender::id("shop-user-118")?.nickname("Demo Customer");
/// let message = Incoming::text(58001, sender, "Where is my order?").external_id("ext-118");
/// chat.receive_message(message).send().await?;
/// # Ok(()) }
/// ```
#[derive(Clone)]
#[must_use = "it is delivered by `receive_message`"]
pub struct Incoming {
    channel_id: i64,
    request: builder::ReceiveMessageRequest,
}

impl Incoming {
    fn new(
        channel_id: i64,
        sender: Sender,
        content: impl FnOnce(builder::ReceiveMessageRequest) -> builder::ReceiveMessageRequest,
    ) -> Self {
        let request = ReceiveMessageRequest::builder().channel_id(channel_id);
        Self {
            channel_id,
            request: content(request.from_client(sender.0)),
        }
    }

    /// A text.
    pub fn text(channel_id: i64, sender: Sender, text: impl Into<String>) -> Self {
        Self::new(channel_id, sender, |request| request.body(text.into()))
    }

    /// An image, by its public URL.
    pub fn image(channel_id: i64, sender: Sender, url: impl Into<String>) -> Self {
        Self::new(channel_id, sender, |request| request.image(url.into()))
    }

    /// A video, by its public URL.
    pub fn video(channel_id: i64, sender: Sender, url: impl Into<String>) -> Self {
        Self::new(channel_id, sender, |request| request.video(url.into()))
    }

    /// A file, by its public URL and with the name to show.
    pub fn file(
        channel_id: i64,
        sender: Sender,
        url: impl Into<String>,
        name: impl Into<String>,
    ) -> Self {
        Self::new(channel_id, sender, |request| {
            request
                .attachment(url.into())
                .attachment_filename(name.into())
        })
    }

    /// A place on the map, in degrees.
    pub fn location(channel_id: i64, sender: Sender, latitude: f64, longitude: f64) -> Self {
        let place = format!("{latitude} {longitude}");
        Self::new(channel_id, sender, |request| request.location(place))
    }

    /// A text with what is delivered.
    pub fn caption(mut self, text: impl Into<String>) -> Self {
        self.request = self.request.body(text.into());
        self
    }

    /// An id of yours, which comes back in the webhook of the message.
    pub fn external_id(mut self, id: impl Into<String>) -> Self {
        let id = Value::String(id.into());
        let data = Map::from_iter([("external_id".to_owned(), id)]);
        self.request = self.request.extra_data(data);
        self
    }
}

impl TryFrom<Incoming> for ReceiveMessageRequest {
    type Error = ConversionError;

    fn try_from(message: Incoming) -> Result<Self, ConversionError> {
        message.request.try_into()
    }
}

/// Without who wrote what.
impl fmt::Debug for Incoming {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Incoming")
            .field("channel_id", &self.channel_id)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Sender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sender").finish_non_exhaustive()
    }
}
