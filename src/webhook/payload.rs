//! [`Payload`]: what an event tells, typed as far as it is known.
//!
//! Every field may be missing: the vendor publishes no schema, so each is as evidenced as its event.
//! What has no field is kept in `other`.

mod parts;

pub use parts::*;

use crate::wire::decode::decode;
use crate::wire::{Drift, WebhookEvent};
use serde_json::Value;
use std::fmt;

/// The event that a post names. One is subscribed to by another name than it gives itself.
pub(super) fn event(hook_type: &str) -> WebhookEvent {
    match hook_type {
        "operator_status_updated" => WebhookEvent::OperatorStatusChanged,
        other => WebhookEvent::from(other),
    }
}

/// A payload of which no more than that it is JSON is known.
pub(super) fn whole(json: &[u8], payload: impl FnOnce(Value) -> Payload) -> (Payload, Vec<Drift>) {
    match decode(json) {
        Ok(decoded) => (payload(decoded.value), decoded.drift),
        Err(error) => (payload(Value::Null), Vec::from_iter(error.into_drift())),
    }
}

/// Declares [`Payload`] and how it is read.
macro_rules! payload_enum {
    ($($(#[$doc:meta])* $variant:ident($type:ty): $evidence:literal),* $(,)?) => {
        /// What an event tells, by its kind.
        ///
        /// An open set: more events may come, and known ones may change. The evidence for a payload is
        /// what the vendor's examples and public programs say of it: high, medium, low, or none where
        /// nobody has published one and the fields are presumed.
        #[derive(Clone, PartialEq)]
        #[non_exhaustive]
        pub enum Payload {
            $(
                $(#[$doc])*
                #[doc = concat!("\n\nEvidence for its fields: ", $evidence, ".")]
                $variant($type),
            )*
            /// An event that is not known, or a known one of another shape than is known.
            Other {
                /// Its name.
                hook_type: String,
                /// The whole post.
                raw: Value,
            },
            /// A post without an event's name: a scenario of the account made it.
            Custom(Value),
        }

        impl Payload {
            /// The event's name; none if a scenario posted.
            pub fn name(&self) -> Option<WebhookEvent> {
                match self {
                    $(Self::$variant(_) => Some(WebhookEvent::$variant),)*
                    Self::Other { hook_type, .. } => Some(event(hook_type)),
                    Self::Custom(_) => None,
                }
            }

            /// Events, the evidence for their payloads, and the payloads' schemas.
            #[cfg(feature = "schemas")]
            pub(super) fn schemas() -> Vec<(WebhookEvent, &'static str, schemars::schema::RootSchema)> {
                vec![$((WebhookEvent::$variant, $evidence, schemars::schema_for!($type))),*]
            }

            /// Reads the payload of an event, an object: as far as it is as documented, and what is not.
            pub(super) fn read(hook_type: String, json: &[u8]) -> (Self, Vec<Drift>) {
                let decoded = match event(&hook_type) {
                    $(WebhookEvent::$variant => decode(json).map(|decoded| {
                        (Self::$variant(decoded.value), decoded.drift)
                    }),)*
                    _ => return whole(json, |raw| Self::Other { hook_type, raw }),
                };
                decoded.unwrap_or_else(|error| {
                    let (payload, mut drift) = whole(json, |raw| Self::Other { hook_type, raw });
                    drift.extend(error.into_drift());
                    (payload, drift)
                })
            }
        }

        /// Shows no text of the post.
        impl fmt::Debug for Payload {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self {
                    $(Self::$variant(payload) => f.debug_tuple(stringify!($variant)).field(payload).finish(),)*
                    Self::Other { hook_type, .. } => {
                        f.debug_struct("Other").field("hook_type", hook_type).finish_non_exhaustive()
                    }
                    Self::Custom(_) => f.debug_struct("Custom").finish_non_exhaustive(),
                }
            }
        }
    };
}

payload_enum! {
    /// A customer wrote.
    Inbox(Box<Message>): "high",
    /// The company wrote: an operator, a bot, or your program through the API.
    Outbox(Box<Message>): "high",
    /// The state of a sent message changed.
    OutboxStatus(OutboxStatus): "low",
    /// There is a new customer.
    NewClient(Client): "medium",
    /// A customer's record changed.
    ClientUpdated(Client): "medium",
    /// A customer was blocked.
    ClientAddedToBlacklist(Client): "low",
    /// There is a new tag.
    NewTag(Tag): "none",
    /// A customer was tagged.
    AddTagToClient(ClientTag): "medium",
    /// A customer lost a tag.
    DeleteTagFromClient(ClientTag): "medium",
    /// A request was tagged.
    AddTagToRequest(RequestTag): "low",
    /// A request lost a tag.
    DeleteTagFromRequest(RequestTag): "low",
    /// A request was opened.
    NewRequest(NewRequest): "high",
    /// A request was closed.
    CloseRequest(CloseRequest): "medium",
    /// A dialog was closed.
    CloseDialog(CloseDialog): "medium",
    /// A dialog has another operator.
    DialogTransferred(DialogTransferred): "medium",
    /// An operator wrote a note that the customer does not see.
    Comment(Box<Message>): "medium",
    /// The system wrote.
    SystemMessage(Box<Message>): "medium",
    /// A message was imported, or written in the messenger itself.
    ImportedMessage(Box<Message>): "medium",
    /// An operator came, went, or took a break.
    OperatorStatusChanged(OperatorStatus): "high",
    /// A WhatsApp session must be scanned again.
    NewQrCode(NewQrCode): "none",
    /// There is a new ticket.
    NewTicket(TicketEvent): "low",
    /// A ticket changed.
    TicketUpdated(TicketEvent): "low",
    /// A ticket was deleted.
    TicketDeleted(TicketEvent): "low",
}
