//! Events about messages: `inbox`, `outbox`, `comment`, `system_message`, `imported_message` and `outbox_status`.

use super::declare::{field_types, payloads};
#[cfg(feature = "__schemas")]
use super::schema;
use crate::redacted::{Shown, shown};
use crate::wire::open_enum::open_enum;
use crate::wire::{MessageType, Messenger, Timestamp};
use serde_json::Value;

payloads! {
    /// A message, of `inbox`, `outbox`, `comment`, `system_message` and `imported_message`.
    ///
    /// The first three events are documented. For the other two there is evidence only of the ids and the type. Their
    /// other fields are assumed to be the same.
    struct Message {
        /// The message's id, which is `id` in the API.
        message_id: i64,
        /// Who wrote the message, and for whom.
        #[serde(rename = "type")]
        type_: MessageType,
        /// The text. Empty or null for a message with only media.
        text: String,
        /// The messenger.
        transport: Messenger,
        /// The customer.
        client_id: i64,
        /// The operator. Null before one is assigned. A message that was sent through the API has an operator,
        /// too, so the field does not prove that a person wrote.
        operator_id: i64,
        /// The dialog.
        dialog_id: i64,
        /// The channel.
        channel_id: i64,
        /// The request that it belongs to.
        request_id: i64,
        /// URL of a picture.
        photo: String,
        /// A location that the customer shared, `lat,lon`.
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
        /// Whether the message opened its request.
        is_new_request: bool,
        /// Whether it is the customer's first message.
        is_new_client: bool,
        /// Whether it is a comment on Instagram, not a direct message.
        insta_comment: bool,
        /// The meaning is unknown. Comments do not have it.
        is_new: bool,
        /// Further data, of any shape.
        extra_data: Value,
    }

    /// A file of a message.
    struct Attachment {
        /// The file's name.
        name: String,
        /// The file's URL.
        link: String,
    }

    /// The customer of a message.
    struct ClientCard {
        /// The customer's id.
        id: i64,
        /// The account in the messenger: a phone number, or a text like `[tg] …`.
        phone: String,
        /// The phone number, if the account is not one. May be empty.
        client_phone: String,
        /// The name in the messenger.
        name: String,
        /// The name that an operator gave.
        assigned_name: String,
        /// The id that your system assigned.
        #[cfg_attr(feature = "__schemas", schemars(schema_with = "schema::forms::integer_or_text"))]
        external_id: String,
    }

    /// `outbox_status`: the delivery state of a message changed, or the messenger reported an error.
    struct OutboxStatus {
        /// The fields. No other event wraps them so.
        data: DeliveryStatus,
    }

    /// The state of a sent message.
    struct DeliveryStatus {
        /// The message's id.
        id: i64,
        /// The state that the messenger reports.
        gateway_status: GatewayStatus,
        /// A time in Moscow time, `YYYY-MM-DDTHH:MM:SS MSK`. The time of the event is UTC.
        created: Timestamp,
        /// The dialog.
        dialog_id: i64,
        /// The customer.
        client_id: i64,
        /// The error. Its form is unknown: only null is documented.
        error: Value,
    }
}

open_enum! {
    /// The delivery state of a message, as the messenger reports it.
    GatewayStatus {
        /// `pending`
        Pending = "pending",
        /// `sent`
        Sent = "sent",
        /// `failed`
        Failed = "failed",
        /// `scheduled`. The vendor's name of this state is known only in translation, so the value may differ.
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
