//! [`Payload`]: what an event tells, typed as far as it is known.
//!
//! Every field may be missing: the vendor publishes no schema, so each is as evidenced as its event.
//! What has no field is kept in `other`. A payload is written back as it came: fields that it lacks
//! become `null`.

mod client;
mod conversation;
mod declare;
mod device;
mod message;
mod one_or_many;
mod operator;
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

/// The events that call themselves by another name in `hook_type` than one subscribes to, with that name.
static OWN_NAMES: [(WebhookEvent, &str); 2] = [
    (WebhookEvent::DeviceUpdated, "device_update"),
    (
        WebhookEvent::OperatorStatusChanged,
        "operator_status_updated",
    ),
];

impl WebhookEvent {
    /// Returns the name that the event has in the `hook_type` of its posts. For two events it differs from the one that
    /// a webhook is registered with.
    pub fn hook_type(&self) -> &str {
        let own = OWN_NAMES.iter().find(|(event, _)| event == self);
        own.map_or(self.as_str(), |(_, name)| name)
    }
}

/// The event that a post names: by its own name, or by the one that one subscribes to.
pub(super) fn event(hook_type: &str) -> WebhookEvent {
    let own = OWN_NAMES.iter().find(|(_, name)| *name == hook_type);
    own.map_or_else(|| hook_type.into(), |(event, _)| event.clone())
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
        /// An open set: more events may come, and known ones may change. How well a payload is known is
        /// said at each event, in the words that the operations of the API use: `captured` (real posts
        /// were seen), `documented` (the vendor's documentation shows it), `typed` (published programs
        /// read it so), `inferred` (concluded from what resembles it), `none`.
        #[derive(Clone, PartialEq)]
        #[non_exhaustive]
        pub enum Payload {
            $(
                $(#[$doc])*
                #[doc = concat!("\n\nEvidence for its fields: `", $evidence, "`.")]
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
            #[cfg(feature = "__schemas")]
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
    Inbox(Box<Message>): "documented",
    /// The company wrote: an operator, a bot, or your program through the API.
    Outbox(Box<Message>): "documented",
    /// The state of a sent message changed, or the messenger refused it.
    OutboxStatus(OutboxStatus): "documented",
    /// There is a new customer, who wrote or was created through the API.
    NewClient(Client): "documented",
    /// A customer's record changed.
    ClientUpdated(Client): "documented",
    /// A customer was blocked.
    ClientAddedToBlacklist(Client): "inferred",
    /// There is a new tag.
    NewTag(Tag): "documented",
    /// A customer was tagged.
    AddTagToClient(ClientTag): "documented",
    /// A customer lost a tag.
    DeleteTagFromClient(ClientTag): "documented",
    /// A request was tagged.
    AddTagToRequest(RequestTag): "documented",
    /// A request lost a tag.
    DeleteTagFromRequest(RequestTag): "documented",
    /// A request was opened.
    NewRequest(NewRequest): "documented",
    /// A request was closed.
    CloseRequest(CloseRequest): "documented",
    /// A dialog was closed.
    CloseDialog(CloseDialog): "documented",
    /// A dialog has another operator.
    DialogTransferred(DialogTransferred): "documented",
    /// An operator wrote a note that the customer does not see.
    Comment(Box<Message>): "documented",
    /// The system wrote.
    SystemMessage(Box<Message>): "typed",
    /// A message was imported, or written in the messenger itself.
    ImportedMessage(Box<Message>): "typed",
    /// Hints for an operator are requested, or an operator chose one.
    AiHintsRequested(AiHintsRequested): "documented",
    /// An operator came, went, or took a break.
    OperatorStatusChanged(OperatorStatus): "documented",
    /// An operator logged in or out.
    OperatorAuthenticationUpdated(OperatorAuthentication): "documented",
    /// A WhatsApp session must be scanned again.
    NewQrCode(NewQrCode): "documented",
    /// What a channel runs on changed its state.
    DeviceUpdated(DeviceUpdated): "documented",
    /// There is a new ticket.
    NewTicket(TicketEvent): "inferred",
    /// A ticket changed.
    TicketUpdated(TicketEvent): "inferred",
    /// A ticket was deleted.
    TicketDeleted(TicketEvent): "inferred",
}
