//! Events about tags: `new_tag`, and attaching tags to and detaching them from customers and requests.

use super::declare::payloads;
use crate::redacted::shown;
use crate::wire::Messenger;

payloads! {
    /// `new_tag`: a tag was created.
    struct Tag {
        /// The tag's id.
        id: i64,
        /// The tag's text, which is `name` in the other events about tags.
        label: String,
        /// The tag's description.
        description: String,
        /// The tag's group.
        group_id: i64,
        /// The name of the tag's group.
        group_name: String,
    }

    /// A tag of a customer, of `add_tag_to_client` and `delete_tag_from_client`.
    struct ClientTag {
        /// The tag's id.
        id: i64,
        /// The tag's text, which is `label` in `new_tag` and in the API.
        name: String,
        /// The tag's description.
        description: String,
        /// The tag's group.
        group_id: i64,
        /// The name of the tag's group.
        group_name: String,
        /// The customer.
        client_id: i64,
        /// The channel. Only in `add_tag_to_client`.
        channel_id: i64,
        /// The messenger. Only in `add_tag_to_client`.
        transport: Messenger,
        /// The ids of all channels that reach the customer. Only in `add_tag_to_client`.
        all_client_channels: Vec<i64>,
    }

    /// A tag of a request, of `add_tag_to_request` and `delete_tag_from_request`.
    struct RequestTag {
        /// The tag's id.
        id: i64,
        /// The tag's text, which is `label` in `new_tag` and in the API.
        name: String,
        /// The tag's description.
        description: String,
        /// The tag's group.
        group_id: i64,
        /// The name of the tag's group.
        group_name: String,
        /// The request.
        request_id: i64,
        /// The customer. Only in `add_tag_to_request`.
        client_id: i64,
        /// The channel. Only in `add_tag_to_request`.
        channel_id: i64,
        /// The messenger. Only in `add_tag_to_request`.
        transport: Messenger,
    }
}

shown!(Vec<i64>);
