//! Customers: `new_client`, `client_updated`, `client_added_to_blacklist`.

use super::OneOrMany;
use super::declare::payloads;
use crate::redacted::{Shown, shown};
use crate::wire::{Messenger, Timestamp};
use serde_json::{Map, Value};

payloads! {
    /// A customer, of `new_client`, `client_updated`, `client_added_to_blacklist` and `new_request`.
    ///
    /// The event does not say what has changed. The first two events are documented and differ in some fields. The
    /// third one is assumed to be the same.
    struct Client {
        /// The customer's id.
        id: i64,
        /// The account in the messenger: a phone number, or a text like `[tg] …`.
        phone: String,
        /// The phone number, where the account is not one; may be empty. Not in `new_client`.
        client_phone: String,
        /// The name in the messenger.
        name: String,
        /// The name that an operator gave.
        assigned_name: String,
        /// The mail address, according to one published program.
        email: String,
        /// URL of a picture; may be empty.
        avatar: String,
        /// Where the customer came from, such as `incoming_message`.
        client_source: String,
        /// The operators' comment.
        comment: String,
        /// The first additional comment.
        extra_comment_1: String,
        /// The second additional comment.
        extra_comment_2: String,
        /// The third additional comment.
        extra_comment_3: String,
        /// The region; see `list_regions`.
        region_id: i64,
        /// The country; see `list_countries`.
        country_id: i64,
        /// The values of the company's own fields, by field. Not in `new_client`.
        custom_fields: Map<String, Value>,
        /// The channels that reach the customer: a list in `new_client`, one channel in
        /// `client_updated` and `new_request`, where its fields may be null.
        channels: OneOrMany<ClientChannel>,
        /// The tags; their form is unknown. Only in `new_client`.
        tags: Vec<Value>,
        /// When the customer was created. Only in `new_client`.
        client_created: Timestamp,
        /// When the customer was last changed. Only in `new_client`.
        client_updated: Timestamp,
    }

    /// A channel that reaches a customer.
    struct ClientChannel {
        /// The channel's id.
        id: i64,
        /// The messengers; the vendor writes `[null]` where none is known.
        transports: Vec<Option<Messenger>>,
    }
}

shown!(
    Box<Client>,
    OneOrMany<ClientChannel>,
    Vec<Option<Messenger>>
);

impl Shown for Option<Map<String, Value>> {}
impl Shown for Option<Vec<Value>> {}
