//! [`Event`]: a delivery of the vendor, decoded.

use super::VerifyError;
use super::payload::{Message, Payload, whole};
use crate::wire::decode::decode;
use crate::wire::{Drift, MessageType, Timestamp, WebhookEvent, slices, tolerant};
use bytes::Bytes;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::fmt;
use std::sync::Arc;

/// An event of the account: what happened, when, and the body of the delivery.
///
/// [`Verifier::verify`](super::Verifier::verify) returns it. Cheap to clone.
///
/// `Serialize` and `Deserialize` are meant for your own stores and queues, and lose nothing. A deserialized event is
/// not verified again, so deserialize only what your program serialized.
///
/// ```
/// use chat2desk::webhook::{Event, Payload};
///
/// # fn handle(event: Event) {
/// match event.payload() {
///     Payload::Inbox(message) => println!("message {:?}", message.message_id),
///     Payload::NewRequest(request) => println!("request {:?}", request.request_id),
///     Payload::Other { hook_type, .. } => println!("unknown event: {hook_type}"),
///     _ => {}
/// }
/// # }
/// ```
#[derive(Clone)]
pub struct Event(Arc<Inner>);

#[derive(Clone)]
struct Inner {
    payload: Payload,
    time: Option<Timestamp>,
    drift: Vec<Drift>,
    raw: Bytes,
    signed_at: Option<u64>,
    replayed: bool,
}

/// The fields of every event.
#[derive(Default, Deserialize)]
struct Envelope {
    #[serde(default, deserialize_with = "tolerant::field")]
    hook_type: Value,
    #[serde(default, deserialize_with = "tolerant::field")]
    event_time: Option<Timestamp>,
}

impl Event {
    /// Reads a delivery without verifying its sender.
    ///
    /// Anybody could have sent it. Use it only for deliveries that you trust for another reason, such as a secret in
    /// the URL's path.
    ///
    /// # Errors
    /// Returns [`Malformed`](VerifyError::Malformed) if the body is not JSON.
    pub fn parse_unverified(body: impl Into<Bytes>) -> Result<Self, VerifyError> {
        Self::read(body.into(), None)
    }

    /// Reads a delivery whose signature was checked. Every JSON object is an event.
    pub(super) fn signed(raw: Bytes, seconds: u64) -> Result<Self, VerifyError> {
        let event = Self::read(raw, Some(seconds))?;
        match slices::kind(slices::trimmed(event.raw())) {
            "object" => Ok(event),
            _ => Err(VerifyError::NotAnObject),
        }
    }

    /// Reads a delivery. All JSON is an event.
    ///
    /// Rejecting events that are merely unknown would make the vendor retry and then disable the webhook.
    pub(super) fn read(raw: Bytes, signed_at: Option<u64>) -> Result<Self, VerifyError> {
        let json = slices::check(&raw).map_err(VerifyError::Malformed)?;
        let mut envelope = Envelope::default();
        let mut drift = Vec::new();
        if slices::kind(json) == "object"
            && let Ok(read) = decode::<Envelope>(json)
        {
            (envelope, drift) = (read.value, read.drift);
        }
        let (payload, of_payload) = match envelope.hook_type {
            Value::String(hook_type) => Payload::read(hook_type, json),
            _ => whole(json, Payload::Custom),
        };
        // Both decodings report drift of the same keys.
        let (seen, of_payload) = (drift.len(), of_payload.into_iter());
        for found in of_payload {
            if !drift[..seen].contains(&found) {
                drift.push(found);
            }
        }
        Ok(Self(Arc::new(Inner {
            payload,
            time: envelope.event_time,
            drift,
            raw,
            signed_at,
            replayed: false,
        })))
    }

    /// Sets whether the event is [replayed](Self::is_replayed), for a store that restores events.
    pub fn with_replayed(mut self, replayed: bool) -> Self {
        Arc::make_mut(&mut self.0).replayed = replayed;
        self
    }

    /// Returns the payload, which says what happened.
    pub fn payload(&self) -> &Payload {
        &self.0.payload
    }

    /// Returns the event's name, or `None` for a delivery of a scenario.
    pub fn name(&self) -> Option<WebhookEvent> {
        self.0.payload.name()
    }

    /// Returns the body of the delivery, unchanged. For a replayed event, the body that would have been delivered.
    pub fn raw(&self) -> &Bytes {
        &self.0.raw
    }

    /// Returns the body on one line, for JSON Lines: without the blanks and line breaks between its values. Bytes that
    /// are not UTF-8 are replaced by U+FFFD. It contains personal data.
    pub fn to_line(&self) -> String {
        slices::one_line(&String::from_utf8_lossy(self.raw()))
    }

    /// Returns when the event happened, by the vendor's clock, in UTC, or `None` if the body does not say.
    ///
    /// Events are not delivered in this order.
    pub fn occurred_at(&self) -> Option<DateTime<Utc>> {
        self.0.time.as_ref()?.to_utc()
    }

    /// Returns the signed `X-Timestamp`, in unix seconds, or `None` if no signature was checked.
    pub fn signed_at(&self) -> Option<u64> {
        self.0.signed_at
    }

    /// Returns whether the event was read from the API to fill a gap, and not delivered.
    pub fn is_replayed(&self) -> bool {
        self.0.replayed
    }

    /// Returns the places where the body differs from the documented types, or an empty slice.
    ///
    /// [`Drift`] says what happens to such a value. The unchanged body is in [`raw`](Self::raw). If the body of a known
    /// event cannot be decoded as that event at all, the payload is [`Payload::Other`], and the drift says why.
    pub fn drift(&self) -> &[Drift] {
        &self.0.drift
    }

    /// Returns the message of the five events that have one, or `None` for all others.
    pub fn message(&self) -> Option<&Message> {
        match self.payload() {
            Payload::Inbox(message)
            | Payload::Outbox(message)
            | Payload::Comment(message)
            | Payload::SystemMessage(message)
            | Payload::ImportedMessage(message) => Some(message),
            _ => None,
        }
    }

    /// Returns whether this is a message that a customer wrote.
    ///
    /// A bot should reply to no other event, because the messages that it sends are delivered to it as `outbox`.
    pub fn is_from_client(&self) -> bool {
        let from_client = |message: &Message| match &message.type_ {
            Some(type_) => *type_ == MessageType::FromClient,
            None => matches!(self.payload(), Payload::Inbox(_)),
        };
        self.message().is_some_and(from_client)
    }

    /// Returns the id of the customer whom the event is about, or `None` if the body does not say.
    ///
    /// For tickets it returns `None`, because it is not certain whether their `reporter_id` is a customer.
    pub fn client_id(&self) -> Option<i64> {
        if let Some(message) = self.message() {
            return message.client_id.or_else(|| message.client.as_ref()?.id);
        }
        match self.payload() {
            Payload::OutboxStatus(status) => status.data.as_ref()?.client_id,
            Payload::NewClient(client)
            | Payload::ClientUpdated(client)
            | Payload::ClientAddedToBlacklist(client) => client.id,
            Payload::AddTagToClient(tag) | Payload::DeleteTagFromClient(tag) => tag.client_id,
            Payload::AddTagToRequest(tag) | Payload::DeleteTagFromRequest(tag) => tag.client_id,
            Payload::NewRequest(request) => {
                let card = request.client.as_ref();
                request.client_id.or_else(|| card?.id)
            }
            Payload::CloseRequest(request) => request.client_id,
            Payload::CloseDialog(dialog) => dialog.client_id,
            Payload::DialogTransferred(dialog) => dialog.client_id,
            Payload::AiHintsRequested(hints) => hints.client_id,
            _ => None,
        }
    }

    /// Returns a key that identifies the event. Repeated deliveries of one event have the same key.
    ///
    /// * A message is identified by its id alone, because it can be delivered as `inbox` and as `imported_message`, and
    ///   be read again when a gap is filled.
    /// * An event about one record is identified by its name, the ids and `event_time`.
    /// * Every other event, such as a change that can happen twice within a second, is identified by a digest of the
    ///   body. If the body has no time, the signed time is added.
    ///
    /// Returns `None` for an unsigned delivery of a scenario, because a repeat cannot be told from a second event with
    /// the same body. Treat such an event as new.
    pub fn dedup_key(&self) -> Option<String> {
        if let Some(id) = self.message().and_then(|message| message.message_id) {
            return Some(format!("message:{id}"));
        }
        let name = self.name();
        let name = name.as_ref().map_or("custom", WebhookEvent::as_str);
        let time = self.0.time.as_ref();
        if let (Some(ids), Some(time)) = (self.ids(), time) {
            return Some(format!("{name}:{ids}:{time}"));
        }
        let digest = Sha256::digest(self.raw());
        let digest = base16ct::lower::encode_string(&digest[..16]);
        match (time, self.signed_at()) {
            (Some(_), _) => Some(format!("{name}:{digest}")),
            (None, Some(signed)) => Some(format!("{name}:{digest}:{signed}")),
            (None, None) => None,
        }
    }

    /// Returns the ids that, with the time, distinguish this event from others of the same name.
    fn ids(&self) -> Option<String> {
        let pair = |one: Option<i64>, other: Option<i64>| Some(format!("{}:{}", one?, other?));
        match self.payload() {
            Payload::NewClient(client) | Payload::ClientAddedToBlacklist(client) => {
                Some(client.id?.to_string())
            }
            Payload::NewTag(tag) => Some(tag.id?.to_string()),
            Payload::AddTagToClient(tag) | Payload::DeleteTagFromClient(tag) => {
                pair(tag.id, tag.client_id)
            }
            Payload::AddTagToRequest(tag) | Payload::DeleteTagFromRequest(tag) => {
                pair(tag.id, tag.request_id)
            }
            Payload::NewRequest(request) => Some(request.request_id?.to_string()),
            Payload::CloseRequest(request) => Some(request.request_id?.to_string()),
            Payload::CloseDialog(dialog) => Some(dialog.dialog_id?.to_string()),
            Payload::DialogTransferred(dialog) => pair(dialog.dialog_id, dialog.operator_id),
            Payload::NewTicket(event) | Payload::TicketDeleted(event) => {
                Some(event.ticket.as_ref()?.id.as_ref()?.to_string())
            }
            _ => None,
        }
    }
}

/// Shows no text of the delivery.
impl fmt::Debug for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Event")
            .field("payload", self.payload())
            .field("occurred_at", &self.occurred_at())
            .field("replayed", &self.is_replayed())
            .finish_non_exhaustive()
    }
}

/// The serialized form of an event.
#[derive(Serialize, Deserialize)]
struct Stored<'a> {
    body: std::borrow::Cow<'a, str>,
    /// The body in hexadecimal digits, if it is not UTF-8.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    bytes: Option<String>,
    signed_at: Option<u64>,
    replayed: bool,
}

impl Serialize for Event {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = std::str::from_utf8(self.raw()).ok();
        let hex = || base16ct::lower::encode_string(self.raw());
        let stored = Stored {
            body: text.unwrap_or_default().into(),
            bytes: text.is_none().then(hex),
            signed_at: self.signed_at(),
            replayed: self.is_replayed(),
        };
        stored.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Event {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let stored = Stored::deserialize(deserializer)?;
        let body = match stored.bytes {
            Some(hex) => base16ct::lower::decode_vec(hex).map_err(serde::de::Error::custom)?,
            None => stored.body.into_owned().into_bytes(),
        };
        let event = Self::read(body.into(), stored.signed_at);
        let event = event.map_err(serde::de::Error::custom)?;
        Ok(event.with_replayed(stored.replayed))
    }
}
