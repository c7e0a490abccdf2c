//! Events about requests and dialogs: `new_request`, `close_request`, `close_dialog`, `dialog_transferred`.
//!
//! All four have the times `created` and `updated`, of the request or of the dialog: the documentation
//! does not say which.

use super::Client;
use super::declare::{field_types, payloads};
use crate::redacted::shown;
use crate::wire::open_enum::open_enum;
use crate::wire::{Messenger, Timestamp};

payloads! {
    /// `new_request`: a conversation about one matter begins.
    struct NewRequest {
        /// The request's id.
        request_id: i64,
        /// The customer.
        client_id: i64,
        /// The dialog.
        dialog_id: i64,
        /// Creation, unix seconds.
        created: Timestamp,
        /// The last change, unix seconds.
        updated: Timestamp,
        /// The first message.
        start_message_id: i64,
        /// The last message. Null while the request is open.
        end_message_id: i64,
        /// The kind of request. It does not say who wrote.
        #[serde(rename = "type")]
        type_: RequestType,
        /// The channel.
        channel_id: i64,
        /// The messenger.
        transport: Messenger,
        /// Whether it is the customer's first request.
        is_new_client: bool,
        /// What started the request. Only the value `other` is known.
        starter: String,
        /// The customer's card.
        client: Box<Client>,
        /// Whether the customer opened it.
        by_client: bool,
        /// Presumably the operator. Not documented.
        operator_id: i64,
    }

    /// `close_request`.
    struct CloseRequest {
        /// The request's id.
        request_id: i64,
        /// The dialog.
        dialog_id: i64,
        /// Creation, unix seconds.
        created: Timestamp,
        /// The last change, unix seconds.
        updated: Timestamp,
        /// The channel.
        channel_id: i64,
        /// The customer.
        client_id: i64,
        /// The operator.
        operator_id: i64,
        /// The messenger.
        transport: Messenger,
        /// The last message.
        end_message_id: i64,
    }

    /// `close_dialog`.
    struct CloseDialog {
        /// The dialog's id.
        dialog_id: i64,
        /// The request.
        request_id: i64,
        /// Creation, unix seconds.
        created: Timestamp,
        /// The last change, unix seconds.
        updated: Timestamp,
        /// The channel.
        channel_id: i64,
        /// The customer.
        client_id: i64,
        /// The operator.
        operator_id: i64,
        /// The operator at this time. Equal to `operator_id` in the documented example.
        current_operator_id: i64,
        /// The messenger.
        transport: Messenger,
    }

    /// `dialog_transferred`. Routing raises it too, so it does not prove that a person took over.
    struct DialogTransferred {
        /// The dialog's id.
        dialog_id: i64,
        /// The request.
        request_id: i64,
        /// Creation, unix seconds.
        created: Timestamp,
        /// The last change, unix seconds.
        updated: Timestamp,
        /// The channel.
        channel_id: i64,
        /// The customer.
        client_id: i64,
        /// The new operator. The value for a transfer to a group is unknown.
        operator_id: i64,
        /// The operator at this time. Equal to `operator_id` in the documented example.
        current_operator_id: i64,
        /// The previous operator. Null if there was none.
        last_operator_id: i64,
        /// Presumably the scenario that transferred the dialog. Null in the documented example.
        scenario_id: i64,
        /// The messenger.
        transport: Messenger,
    }
}

open_enum! {
    /// The kind of a request.
    RequestType {
        /// `common`
        Common = "common",
        /// `rating`: a survey that was sent automatically.
        Rating = "rating",
    }
}

shown!(RequestType);
field_types!(RequestType);
