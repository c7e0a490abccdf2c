//! [`Incoming`], a customer's message in a channel of your own, and [`Sender`], who wrote it.

use crate::generated::types::error::ConversionError;
use crate::generated::types::{FromClient, ReceiveMessageRequest, builder};
use crate::resources::clients::digits;
use serde_json::{Map, Value};
use std::fmt;

/// The sender of an [`Incoming`] message: either an id of your system or a phone number, of which the server
/// requires exactly one.
#[derive(Clone)]
#[must_use]
pub struct Sender {
    request: builder::FromClient,
    custom_fields: Map<String, Value>,
}

/// Why a [`Sender`] is invalid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SenderError {
    /// The id is empty or looks like a phone number.
    #[error(
        "the sender's id is empty or looks like a phone number; use `Sender::phone` for a number"
    )]
    Id,
    /// The phone number has no digits, or contains letters.
    #[error("the sender's phone number has no digits, or contains letters")]
    Phone,
}

/// The latitude or longitude of [`Incoming::location`] is out of range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "the location is out of range: latitude is from -90 to 90 degrees, longitude from -180 to 180"
)]
#[non_exhaustive]
pub struct LocationError;

impl From<SenderError> for crate::Error {
    fn from(error: SenderError) -> Self {
        Self::invalid_request(&error.to_string()).with_source(error)
    }
}

impl From<LocationError> for crate::Error {
    fn from(error: LocationError) -> Self {
        Self::invalid_request(&error.to_string()).with_source(error)
    }
}

impl Sender {
    fn new(request: builder::FromClient) -> Self {
        Self {
            request,
            custom_fields: Map::new(),
        }
    }

    /// Creates a sender with an id of your system.
    ///
    /// # Errors
    /// [`SenderError::Id`] if the id is empty or looks like a phone number.
    pub fn id(id: impl Into<String>) -> Result<Self, SenderError> {
        let id = id.into();
        if id.trim().is_empty() || digits(&id).is_some() {
            return Err(SenderError::Id);
        }
        Ok(Self::new(FromClient::builder().id(id)))
    }

    /// Creates a sender with a phone number, written in any way.
    ///
    /// # Errors
    /// [`SenderError::Phone`] if it is not a phone number.
    pub fn phone(phone: &str) -> Result<Self, SenderError> {
        let phone = digits(phone).ok_or(SenderError::Phone)?;
        Ok(Self::new(FromClient::builder().phone(phone)))
    }

    /// Sets the name to show.
    pub fn nickname(mut self, name: impl Into<String>) -> Self {
        self.request = self.request.nickname(name.into());
        self
    }

    /// Sets the URL of a picture to show beside the chat.
    pub fn avatar(mut self, url: impl Into<String>) -> Self {
        self.request = self.request.avatar(url.into());
        self
    }

    /// Sets a phone number for the customer's card, written in any way. Unlike the number of
    /// [`phone`](Self::phone), it does not identify the customer. Since 2024-02-20.
    ///
    /// # Errors
    /// [`SenderError::Phone`] if it is not a phone number.
    pub fn client_phone(mut self, phone: &str) -> Result<Self, SenderError> {
        let phone = digits(phone).ok_or(SenderError::Phone)?;
        self.request = self.request.client_phone(phone);
        Ok(self)
    }

    /// Sets the customer's custom field with this id. [`custom_fields`](crate::Chat2Desk::custom_fields)
    /// returns the ids. Since 2024-02-20.
    pub fn custom_field(mut self, id: i64, value: impl Into<String>) -> Self {
        let value = Value::String(value.into());
        self.custom_fields.insert(id.to_string(), value);
        self
    }
}

/// A message that a customer wrote in a channel of your own: the body of
/// [`Chat2Desk::receive_message`](crate::Chat2Desk::receive_message). The company must have an external channel.
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
            request: content(
                request.from_client(sender.request.custom_fields(sender.custom_fields)),
            ),
        }
    }

    /// Creates a message with a text.
    pub fn text(channel_id: i64, sender: Sender, text: impl Into<String>) -> Self {
        Self::new(channel_id, sender, |request| request.body(text.into()))
    }

    /// Creates a message with an image, by its public URL.
    pub fn image(channel_id: i64, sender: Sender, url: impl Into<String>) -> Self {
        Self::new(channel_id, sender, |request| request.image(url.into()))
    }

    /// Creates a message with a video, by its public URL.
    pub fn video(channel_id: i64, sender: Sender, url: impl Into<String>) -> Self {
        Self::new(channel_id, sender, |request| request.video(url.into()))
    }

    /// Creates a message with a file, by its public URL and with the name to show. Unconfirmed: the vendor
    /// documents only images and videos.
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

    /// Creates a message with a location in degrees: `latitude` from -90 to 90, `longitude` from -180 to 180.
    ///
    /// # Errors
    /// [`LocationError`] if one of them is out of range or not a number.
    pub fn location(
        channel_id: i64,
        sender: Sender,
        latitude: f64,
        longitude: f64,
    ) -> Result<Self, LocationError> {
        if !(latitude.abs() <= 90.0 && longitude.abs() <= 180.0) {
            return Err(LocationError);
        }
        let place = format!("{latitude} {longitude}");
        Ok(Self::new(channel_id, sender, |request| {
            request.location(place)
        }))
    }

    /// Sets a text that is delivered with the message.
    pub fn caption(mut self, text: impl Into<String>) -> Self {
        self.request = self.request.body(text.into());
        self
    }

    /// Sets an id of your system. The server returns it in `extra_data` of the message's webhook event and of
    /// [`get_message`](crate::Chat2Desk::get_message).
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

/// Shows the channel, but neither sender nor text.
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
