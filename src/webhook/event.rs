//! [`Event`]: one post of the vendor, read.

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

/// An event of the account: what happened, when, and the post that told it.
///
/// Comes from [`Verifier::verify`](super::Verifier::verify). Cheap to clone. Its serde form keeps all
/// of it and is meant for stores and queues of your own: what is restored was verified before.
///
/// ```
/// use chat2desk::webhook::{Event, Payload};
///
/// # fn handle(event: Event) {
/// match event.payload() {
///     Payload::Inbox(message) => println!("message {:?}", message.message_id),
///     Payload::NewRequest(request) => println!("request {:?}", request.request_id),
///     Payload::Other { hook_type, .. } => println!("not known: {hook_type}"),
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

/// What every event has.
#[derive(Default, Deserialize)]
struct Envelope {
    #[serde(default, deserialize_with = "tolerant::field")]
    hook_type: Value,
    #[serde(default, deserialize_with = "tolerant::field")]
    event_time: Option<Timestamp>,
}

impl Event {
    /// Reads a post without asking who made it: anybody could have.
    ///
    /// For posts that you trust for another reason, such as a secret in the URL's path.
    ///
    /// # Errors
    /// [`Malformed`](VerifyError::Malformed) if it is not JSON.
    pub fn parse_unverified(body: impl Into<Bytes>) -> Result<Self, VerifyError> {
        Self::read(body.into(), None)
    }

    /// Reads a post whose signature was checked: whatever is a JSON object is an event.
    pub(super) fn signed(raw: Bytes, seconds: u64) -> Result<Self, VerifyError> {
        let event = Self::read(raw, Some(seconds))?;
        match slices::kind(slices::trimmed(event.raw())) {
            "object" => Ok(event),
            _ => Err(VerifyError::NotAnObject),
        }
    }

    /// Reads a post: whatever is JSON is an event.
    ///
    /// Refusing what is merely unknown would make the vendor retry and then disable the webhook.
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
        // Both readings see the same keys, and what they hold.
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

    /// Marks the event as [replayed](Self::is_replayed) or not, for a store that keeps events and reads them again.
    pub fn with_replayed(mut self, replayed: bool) -> Self {
        Arc::make_mut(&mut self.0).replayed = replayed;
        self
    }

    /// What happened.
    pub fn payload(&self) -> &Payload {
        &self.0.payload
    }

    /// The event's name; none for a post of a scenario.
    pub fn name(&self) -> Option<WebhookEvent> {
        self.0.payload.name()
    }

    /// The post as it came. Of a replayed event, the post that would have come.
    pub fn raw(&self) -> &Bytes {
        &self.0.raw
    }

    /// When it happened, by the vendor's clock, UTC; none if the post does not say. Events are not
    /// delivered in this order.
    pub fn occurred_at(&self) -> Option<DateTime<Utc>> {
        self.0.time.as_ref()?.to_utc()
    }

    /// The signed `X-Timestamp`, unix seconds; none if no signature was checked.
    pub fn signed_at(&self) -> Option<u64> {
        self.0.signed_at
    }

    /// Whether it was read from the API to fill a gap, and not delivered.
    pub fn is_replayed(&self) -> bool {
        self.0.replayed
    }

    /// Returns the places where the post is not as documented. See [`Drift`] for what such a value costs; the post
    /// as it came is in [`raw`](Self::raw).
    ///
    /// Empty for a post as documented. If the post of a known event cannot be read as that event at all, its
    /// payload is [`Payload::Other`], and this says why.
    pub fn drift(&self) -> &[Drift] {
        &self.0.drift
    }

    /// The message, of the five events that are about one.
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

    /// Whether a customer wrote this message.
    ///
    /// Answer nothing else: what your program sends comes back as `outbox`.
    pub fn is_from_client(&self) -> bool {
        let from_client = |message: &Message| match &message.type_ {
            Some(type_) => *type_ == MessageType::FromClient,
            None => matches!(self.payload(), Payload::Inbox(_)),
        };
        self.message().is_some_and(from_client)
    }

    /// The customer whom it is about; `None` if the post does not say.
    ///
    /// Tickets have no customer: whether their `reporter_id` is one is not certain.
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

    /// A text that is equal for two posts of the same event, however they came.
    ///
    /// * A message is told by its id alone: the same one may come as `inbox` and as `imported_message`,
    ///   and again when a gap is filled.
    /// * What happens to one record at one time is told by name, ids and `event_time`.
    /// * Everything else, such as changes of which a second may hold two, by a digest of the post; with
    ///   the signed time if the post does not say when it happened.
    ///
    /// `None` if nothing tells a repeat from a second post of the same contents: an unsigned post of a
    /// scenario. Handle it as new.
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

    /// The ids that, with the time, tell this event from every other of its name.
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

/// Shows no text of the post.
impl fmt::Debug for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Event")
            .field("payload", self.payload())
            .field("occurred_at", &self.occurred_at())
            .field("replayed", &self.is_replayed())
            .finish_non_exhaustive()
    }
}

/// An event as it is kept.
#[derive(Serialize, Deserialize)]
struct Kept<'a> {
    body: std::borrow::Cow<'a, str>,
    /// The body in hexadecimal digits, if it is no Unicode.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    bytes: Option<String>,
    signed_at: Option<u64>,
    replayed: bool,
}

impl Serialize for Event {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = std::str::from_utf8(self.raw()).ok();
        let hex = || base16ct::lower::encode_string(self.raw());
        let kept = Kept {
            body: text.unwrap_or_default().into(),
            bytes: text.is_none().then(hex),
            signed_at: self.signed_at(),
            replayed: self.is_replayed(),
        };
        kept.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Event {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let kept = Kept::deserialize(deserializer)?;
        let body = match kept.bytes {
            Some(hex) => base16ct::lower::decode_vec(hex).map_err(serde::de::Error::custom)?,
            None => kept.body.into_owned().into_bytes(),
        };
        let event = Self::read(body.into(), kept.signed_at);
        let event = event.map_err(serde::de::Error::custom)?;
        Ok(event.with_replayed(kept.replayed))
    }
}
