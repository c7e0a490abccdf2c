//! Messages: `inbox`, `outbox`, `comment`, `system_message`, `imported_message`, and what became of them.

use super::declare::{field_types, payloads};
use crate::redacted::{Shown, shown};
#[cfg(feature = "__schemas")]
use crate::webhook::schema;
use crate::wire::open_enum::open_enum;
use crate::wire::{MessageType, Messenger, Timestamp};
use serde_json::Value;

payloads! {
    /// A message, of `inbox`, `outbox`, `comment`, `system_message` and `imported_message`.
    ///
    /// The first three are documented. Of the other two, only the ids and the type are evidenced; the
    /// rest is assumed to be the same.
    struct Message {
        /// The message's id: the `id` that the API gives it.
        message_id: i64,
        /// Who it comes from.
        #[serde(rename = "type")]
        type_: MessageType,
        /// The text; empty or none where there is only media.
        text: String,
        /// The messenger.
        transport: Messenger,
        /// The customer.
        client_id: i64,
        /// The operator; none before one is assigned. A message sent through the API has one too, so it
        /// does not prove that a person wrote.
        operator_id: i64,
        /// The dialog.
        dialog_id: i64,
        /// The channel.
        channel_id: i64,
        /// The request that it belongs to.
        request_id: i64,
        /// URL of a picture.
        photo: String,
        /// A place that the customer shared, `lat,lon`.
        coordinates: String,
        /// URL of a voice message.
        audio: String,
        /// URL of a PDF.
        pdf: String,
        /// URL of a video.
        video: String,
        /// The files attached. Empty for a message without files, null in the documented comment.
        attachments: Vec<Attachment>,
        /// The customer's card.
        client: ClientCard,
        /// Whether it opened its request.
        is_new_request: bool,
        /// Whether it is the customer's first.
        is_new_client: bool,
        /// Whether it is a comment on Instagram, not a direct message.
        insta_comment: bool,
        /// Meaning unknown. Comments lack it.
        is_new: bool,
        /// Further data, of any shape.
        extra_data: Value,
    }

    /// A file of a message.
    struct Attachment {
        /// The file's name.
        name: String,
        /// Its URL.
        link: String,
    }

    /// The customer of a message.
    struct ClientCard {
        /// The customer's id.
        id: i64,
        /// The account in the messenger: a phone number, or a text like `[tg] …`.
        phone: String,
        /// The phone number, where the account is not one; may be empty.
        client_phone: String,
        /// The name in the messenger.
        name: String,
        /// The name that an operator gave.
        assigned_name: String,
        /// The id that you gave.
        #[cfg_attr(feature = "__schemas", schemars(schema_with = "schema::integer_or_text"))]
        external_id: String,
    }

    /// `outbox_status`: what became of a message. Comes for errors of the messenger and for states.
    struct OutboxStatus {
        /// The fields, which only this event wraps.
        data: DeliveryStatus,
    }

    /// The state of a sent message.
    struct DeliveryStatus {
        /// The message's id.
        id: i64,
        /// What the messenger reports.
        gateway_status: GatewayStatus,
        /// When, by the clock of Moscow, `YYYY-MM-DDTHH:MM:SS MSK`; the time of the event is UTC.
        created: Timestamp,
        /// The dialog.
        dialog_id: i64,
        /// The customer.
        client_id: i64,
        /// What went wrong. Its form is unknown: only null is documented.
        error: Value,
    }
}

open_enum! {
    /// What the messenger reports of a sent message.
    GatewayStatus {
        /// `pending`
        Pending = "pending",
        /// `sent`
        Sent = "sent",
        /// `failed`
        Failed = "failed",
        /// `scheduled`. The vendor's word for this state is known in translation only, so it may be
        /// spelled otherwise.
        Scheduled = "scheduled",
        /// `canceled`
        Canceled = "canceled",
        /// `delivered`
        Delivered = "delivered",
        /// `seen`
        Seen = "seen",
    }
}

shown!(GatewayStatus, Timestamp, Vec<Attachment>);
field_types!(GatewayStatus);

impl Shown for Option<Value> {}
