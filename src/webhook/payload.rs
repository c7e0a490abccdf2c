//! [`Payload`]: the typed content of an event, as far as it is known.
//!
//! Every field is optional, because the vendor publishes no schema. A field is as certain as the evidence of its event.
//! Values without a field are in `other`. Serializing a payload writes its values back as they were delivered, with
//! `null` for missing fields.

mod client;
mod conversation;
mod declare;
mod device;
mod message;
mod one_or_many;
mod operator;
#[cfg(feature = "__schemas")]
mod schema;
mod tag;
mod ticket;

pub use client::*;
pub use conversation::*;
pub use device::*;
pub use message::*;
pub use one_or_many::OneOrMany;
pub use operator::*;
pub use tag::*;
pub use ticket::*;

use crate::wire::decode::decode;
use crate::wire::{Drift, WebhookEvent};
use serde_json::Value;
use std::fmt;

/// The events whose `hook_type` differs from the name that webhooks are registered with, and that `hook_type`.
static OWN_NAMES: [(WebhookEvent, &str); 2] = [
    (WebhookEvent::DeviceUpdated, "device_update"),
    (
        WebhookEvent::OperatorStatusChanged,
        "operator_status_updated",
    ),
];

impl WebhookEvent {
    /// Returns the `hook_type` of the event's deliveries. For two events it differs from the name that webhooks are
    /// registered with.
    pub fn hook_type(&self) -> &str {
        let own = OWN_NAMES.iter().find(|(event, _)| event == self);
        own.map_or(self.as_str(), |(_, name)| name)
    }
}

/// Returns the event of a `hook_type`, which may also be the name that webhooks are registered with.
pub(super) fn event(hook_type: &str) -> WebhookEvent {
    let own = OWN_NAMES.iter().find(|(_, name)| *name == hook_type);
    own.map_or_else(|| hook_type.into(), |(event, _)| event.clone())
}

/// Decodes a payload as free JSON.
pub(super) fn whole(json: &[u8], payload: impl FnOnce(Value) -> Payload) -> (Payload, Vec<Drift>) {
    match decode(json) {
        Ok(decoded) => (payload(decoded.value), decoded.drift),
        Err(error) => (payload(Value::Null), Vec::from_iter(error.into_drift())),
    }
}

/// Declares [`Payload`] and how it is decoded.
macro_rules! payload_enum {
    ($($(#[$doc:meta])* $variant:ident($type:ty): $evidence:literal),* $(,)?) => {
        /// The content of an event, by its kind.
        ///
        /// The set is open: the vendor may add events, and change known ones. Each event says how well its fields are
        /// known: `captured` (real deliveries were seen), `documented` (the vendor's documentation shows them), `typed`
        /// (published programs read them so), `inferred` (concluded from similar data), `none`.
        #[derive(Clone, PartialEq)]
        #[non_exhaustive]
        pub enum Payload {
            $(
                $(#[$doc])*
                #[doc = concat!("\n\nEvidence for its fields: `", $evidence, "`.")]
                $variant($type),
            )*
            /// An unknown event, or a known event that cannot be decoded.
            Other {
                /// The name of the event.
                hook_type: String,
                /// The whole body.
                raw: Value,
            },
            /// A delivery without an event's name, which a scenario of the account sends.
            Custom(Value),
        }

        impl Payload {
            /// Returns the event's name, or `None` for a delivery of a scenario.
            pub fn name(&self) -> Option<WebhookEvent> {
                match self {
                    $(Self::$variant(_) => Some(WebhookEvent::$variant),)*
                    Self::Other { hook_type, .. } => Some(event(hook_type)),
                    Self::Custom(_) => None,
                }
            }

            /// Returns the events, the evidence for their payloads, and the payloads' schemas.
            #[cfg(feature = "__schemas")]
            pub(super) fn schemas() -> Vec<(WebhookEvent, &'static str, schemars::schema::RootSchema)> {
                vec![$((WebhookEvent::$variant, $evidence, schemars::schema_for!($type))),*]
            }

            /// Decodes the payload of an event, which must be an object. Returns it with its drift.
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

        /// Shows no text of the delivery.
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
    /// A customer wrote a message.
    Inbox(Box<Message>): "documented",
    /// The company wrote a message: an operator, a bot, or your program through the API.
    Outbox(Box<Message>): "documented",
    /// The state of a sent message changed, or the messenger refused it.
    OutboxStatus(OutboxStatus): "documented",
    /// A customer was created: the customer wrote, or was created through the API.
    NewClient(Client): "documented",
    /// A customer's record changed.
    ClientUpdated(Client): "documented",
    /// A customer was blocked.
    ClientAddedToBlacklist(Client): "inferred",
    /// A tag was created.
    NewTag(Tag): "documented",
    /// A tag was attached to a customer.
    AddTagToClient(ClientTag): "documented",
    /// A tag was detached from a customer.
    DeleteTagFromClient(ClientTag): "documented",
    /// A tag was attached to a request.
    AddTagToRequest(RequestTag): "documented",
    /// A tag was detached from a request.
    DeleteTagFromRequest(RequestTag): "documented",
    /// A request was opened.
    NewRequest(NewRequest): "documented",
    /// A request was closed.
    CloseRequest(CloseRequest): "documented",
    /// A dialog was closed.
    CloseDialog(CloseDialog): "documented",
    /// A dialog was transferred to another operator.
    DialogTransferred(DialogTransferred): "documented",
    /// An operator wrote a note that the customer does not see.
    Comment(Box<Message>): "documented",
    /// The service itself wrote a message.
    SystemMessage(Box<Message>): "typed",
    /// A message was imported, or written in the messenger itself.
    ImportedMessage(Box<Message>): "typed",
    /// Hints for an operator were requested, or an operator chose a hint.
    AiHintsRequested(AiHintsRequested): "documented",
    /// An operator changed the working status, such as to a break.
    OperatorStatusChanged(OperatorStatus): "documented",
    /// An operator logged in or out.
    OperatorAuthenticationUpdated(OperatorAuthentication): "documented",
    /// A WhatsApp session was interrupted, and its QR code must be scanned again.
    NewQrCode(NewQrCode): "documented",
    /// The device of a channel changed its state.
    DeviceUpdated(DeviceUpdated): "documented",
    /// A ticket was created.
    NewTicket(TicketEvent): "inferred",
    /// A ticket changed.
    TicketUpdated(TicketEvent): "inferred",
    /// A ticket was deleted.
    TicketDeleted(TicketEvent): "inferred",
}
