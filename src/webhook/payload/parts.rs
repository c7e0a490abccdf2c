//! The payloads of events, and what they hold.

use crate::redacted::{Shown, shown};
#[cfg(feature = "schemas")]
use crate::webhook::schema;
use crate::wire::open_enum::open_enum;
use crate::wire::{MessageType, Transport, tolerant};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

/// Declares payloads: structs whose fields may all be missing, and which show no texts in `Debug`.
macro_rules! payloads {
    ($($(#[$attribute:meta])* struct $name:ident { $($(#[$field_attribute:meta])* $field:ident: $type:ty),* $(,)? })*) => {
        $(
            $(#[$attribute])*
            #[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
            #[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
            #[serde(default)]
            #[non_exhaustive]
            pub struct $name {
                $(
                    $(#[$field_attribute])*
                    #[serde(deserialize_with = "tolerant::field")]
                    pub $field: $type,
                )*
                /// What else came.
                #[serde(flatten, deserialize_with = "without_envelope")]
                pub other: Map<String, Value>,
            }

            impl std::fmt::Debug for $name {
                fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                    let mut debug = f.debug_struct(stringify!($name));
                    $(if let Some(value) = self.$field.shown() {
                        debug.field(stringify!($field), value);
                    })*
                    debug.finish_non_exhaustive()
                }
            }

            shown!($name);
        )*
    };
}

/// What has no field, without what [`Event`](crate::webhook::Event) holds.
fn without_envelope<'de, D: Deserializer<'de>>(other: D) -> Result<Map<String, Value>, D::Error> {
    let mut other = Map::deserialize(other)?;
    other.remove("hook_type");
    other.remove("event_time");
    Ok(other)
}

open_enum! {
    /// What a request is about.
    RequestType {
        /// `common`
        Common = "common",
        /// `rating`: a survey that was sent by itself.
        Rating = "rating",
    }
}

shown!(RequestType);

payloads! {
    /// A message, of `inbox`, `outbox`, `comment`, `system_message` and `imported_message`.
    ///
    /// Well evidenced for `inbox` and `outbox`; of the others only the ids and the type are, the rest
    /// is assumed to be the same.
    struct Message {
        /// The message's id: the `id` that the API gives it.
        message_id: Option<i64>,
        /// Who it comes from.
        #[serde(rename = "type")]
        #[cfg_attr(feature = "schemas", schemars(with = "Option<String>"))]
        type_: Option<MessageType>,
        /// The text; empty or none where there is only media.
        text: Option<String>,
        /// The messenger.
        #[cfg_attr(feature = "schemas", schemars(with = "Option<String>"))]
        transport: Option<Transport>,
        /// The customer.
        client_id: Option<i64>,
        /// The operator; none before one is assigned. A message sent through the API has one too, so it
        /// does not prove that a person wrote.
        operator_id: Option<i64>,
        /// The dialog.
        dialog_id: Option<i64>,
        /// The channel.
        channel_id: Option<i64>,
        /// The request that it belongs to.
        request_id: Option<i64>,
        /// URL of a picture.
        photo: Option<String>,
        /// A place that the customer shared, `lat,lon`.
        coordinates: Option<String>,
        /// URL of a voice message.
        audio: Option<String>,
        /// URL of a PDF.
        pdf: Option<String>,
        /// URL of a video.
        video: Option<String>,
        /// The files attached.
        attachments: Vec<Attachment>,
        /// The customer's card.
        client: Option<ClientCard>,
        /// Whether it opened its request.
        is_new_request: Option<bool>,
        /// Whether it is the customer's first.
        is_new_client: Option<bool>,
        /// Whether it is a comment on Instagram, not a direct message.
        insta_comment: Option<bool>,
        /// Meaning unknown; came with examples of 2025 only.
        is_new: Option<bool>,
        /// Further data, of any shape.
        extra_data: Value,
    }

    /// A file of a message.
    struct Attachment {
        /// The file's name.
        name: Option<String>,
        /// Its URL.
        link: Option<String>,
    }

    /// The customer of a message.
    struct ClientCard {
        /// The customer's id.
        id: Option<i64>,
        /// The account in the messenger: a phone number, or a text like `[tg] …`.
        phone: Option<String>,
        /// The phone number, where the account is not one.
        client_phone: Option<String>,
        /// The name in the messenger.
        name: Option<String>,
        /// The name that an operator gave.
        assigned_name: Option<String>,
        /// The id that you gave.
        #[cfg_attr(feature = "schemas", schemars(schema_with = "schema::integer_or_text"))]
        external_id: Option<String>,
    }

    /// `outbox_status`: what became of a message. Little evidenced.
    struct OutboxStatus {
        /// The fields, which only this event wraps.
        data: Option<DeliveryStatus>,
    }

    /// The state of a sent message. Little evidenced.
    struct DeliveryStatus {
        /// The message's id, by one program's use.
        id: Option<i64>,
        /// The customer.
        client_id: Option<i64>,
        /// What the messenger reports; its values are unknown.
        gateway_status: Option<String>,
    }

    /// A customer, of `new_client`, `client_updated` and `client_added_to_blacklist`.
    ///
    /// What has changed is not said. The last of the three is little evidenced.
    struct Client {
        /// The customer's id.
        id: Option<i64>,
        /// The account in the messenger: a phone number, or a text like `[tg] …`.
        phone: Option<String>,
        /// The phone number, where the account is not one.
        client_phone: Option<String>,
        /// The name in the messenger.
        name: Option<String>,
        /// The name that an operator gave.
        assigned_name: Option<String>,
        /// The mail address, by one program's use.
        email: Option<String>,
        /// URL of a picture, by one program's use.
        avatar: Option<String>,
        /// The channels that reach the customer.
        channels: Vec<ClientChannel>,
    }

    /// A channel that reaches a customer.
    struct ClientChannel {
        /// The channel's id.
        id: Option<i64>,
        /// The messengers.
        #[cfg_attr(feature = "schemas", schemars(with = "Vec<String>"))]
        transports: Vec<Transport>,
    }

    /// `new_tag`: nobody has published one; the fields are those that the API gives for a tag.
    struct Tag {
        /// The tag's id.
        id: Option<i64>,
        /// Its text.
        label: Option<String>,
    }

    /// A tag of a customer, of `add_tag_to_client` and `delete_tag_from_client`.
    struct ClientTag {
        /// The tag's id.
        id: Option<i64>,
        /// The customer.
        client_id: Option<i64>,
        /// The channel; not always there.
        channel_id: Option<i64>,
    }

    /// A tag of a request, of `add_tag_to_request` and `delete_tag_from_request`. Nobody has published
    /// one; the fields are presumed.
    struct RequestTag {
        /// The tag's id.
        id: Option<i64>,
        /// The request.
        request_id: Option<i64>,
        /// The customer.
        client_id: Option<i64>,
    }

    /// `new_request`: a conversation about one matter begins.
    struct NewRequest {
        /// The request's id.
        request_id: Option<i64>,
        /// The customer.
        client_id: Option<i64>,
        /// The dialog.
        dialog_id: Option<i64>,
        /// The channel.
        channel_id: Option<i64>,
        /// The messenger.
        #[cfg_attr(feature = "schemas", schemars(with = "Option<String>"))]
        transport: Option<Transport>,
        /// What it is about: not who wrote.
        #[serde(rename = "type")]
        #[cfg_attr(feature = "schemas", schemars(with = "Option<String>"))]
        type_: Option<RequestType>,
        /// Whether the customer opened it.
        by_client: Option<bool>,
        /// The operator, presumably.
        operator_id: Option<i64>,
    }

    /// `close_request`. Only the request's id is evidenced.
    struct CloseRequest {
        /// The request's id.
        request_id: Option<i64>,
        /// The dialog.
        dialog_id: Option<i64>,
        /// The customer.
        client_id: Option<i64>,
        /// The operator.
        operator_id: Option<i64>,
    }

    /// `close_dialog`. Only the dialog's id is evidenced.
    struct CloseDialog {
        /// The dialog's id.
        dialog_id: Option<i64>,
        /// The customer.
        client_id: Option<i64>,
        /// The operator.
        operator_id: Option<i64>,
        /// The request.
        request_id: Option<i64>,
    }

    /// `dialog_transferred`. Routing raises it too, so it does not prove that a person took over.
    struct DialogTransferred {
        /// The dialog's id.
        dialog_id: Option<i64>,
        /// The new operator; what a group gives is unknown.
        operator_id: Option<i64>,
        /// The customer.
        client_id: Option<i64>,
        /// The request.
        request_id: Option<i64>,
    }

    /// `operator_status_changed`, which calls itself `operator_status_updated`.
    struct OperatorStatus {
        /// The operator's id; travels as text.
        #[cfg_attr(feature = "schemas", schemars(schema_with = "schema::integer_or_text"))]
        id: Option<i64>,
        /// The operator's mail address.
        email: Option<String>,
        /// Whether the operator is at work; travels as 0 or 1.
        #[cfg_attr(feature = "schemas", schemars(schema_with = "schema::flag_or_number"))]
        online: Option<bool>,
        /// The kind of absence, such as `busy` or `break`, or one of the account's own. It stays what it
        /// was when the operator logs out: believe `online` first.
        offline_type: Option<String>,
        /// The status' id in the account's list.
        status_id: Option<i64>,
    }

    /// `new_qr_code`: a WhatsApp session must be scanned again. Nobody has published one.
    struct NewQrCode {}

    /// `new_ticket`, `ticket_updated` and `ticket_deleted`. Little evidenced.
    struct TicketEvent {
        /// The ticket, which these events wrap.
        ticket: Option<Ticket>,
    }

    /// A ticket. Little evidenced.
    struct Ticket {
        /// The ticket's id, presumably.
        id: Option<i64>,
        /// The customer, by one program's use.
        reporter_id: Option<i64>,
    }
}
