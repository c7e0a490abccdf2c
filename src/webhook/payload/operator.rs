//! Events about operators: `operator_status_changed`, `operator_authentication_updated`, `ai_hints_requested`.

use super::declare::{field_types, payloads};
#[cfg(feature = "__schemas")]
use super::schema;
use crate::redacted::shown;
use crate::wire::open_enum::open_enum;
use serde::{Serialize, Serializer};

payloads! {
    /// `operator_status_changed`, whose `hook_type` is `operator_status_updated`.
    struct OperatorStatus {
        /// The operator's id. The vendor writes it as text.
        #[serde(serialize_with = "as_text")]
        #[cfg_attr(feature = "__schemas", schemars(schema_with = "schema::forms::integer_or_text"))]
        id: i64,
        /// The operator's mail address.
        email: String,
        /// Whether the operator is at work. The vendor writes 0 or 1.
        #[serde(serialize_with = "as_number")]
        #[cfg_attr(feature = "__schemas", schemars(schema_with = "schema::forms::flag_or_number"))]
        online: bool,
        /// The kind of absence, such as `busy` or `break`, or one that the account defines. It does not change
        /// when the operator logs out, so check `online` first.
        offline_type: String,
        /// The id of the status in the account's list.
        status_id: i64,
    }

    /// `operator_authentication_updated`: an operator logged in or out.
    struct OperatorAuthentication {
        /// The operator's id.
        id: i64,
        /// The operator's mail address.
        email: String,
        /// What the operator did.
        event: AuthenticationEvent,
        /// Where the operator did it.
        platform: Platform,
        /// The operator's IP address; may be empty.
        ip_address: String,
    }

    /// `ai_hints_requested`, for programs that provide hints to operators. The event has two forms.
    ///
    /// With `hint_id`, an operator chose one of the hints. The only other fields are then `client_id` and
    /// `message_id`. Without `hint_id`, hints are requested.
    struct AiHintsRequested {
        /// The customer.
        client_id: i64,
        /// The operator who requests hints.
        operator_id: i64,
        /// The dialog.
        dialog_id: i64,
        /// The request.
        request_id: i64,
        /// The channel.
        channel_id: i64,
        /// The message that hints are about.
        message_id: i64,
        /// The id of the chosen hint, which its provider assigned. Missing if hints are requested.
        hint_id: i64,
    }
}

open_enum! {
    /// What an operator did.
    AuthenticationEvent {
        /// `login`
        Login = "login",
        /// `logout`
        Logout = "logout",
    }
}

open_enum! {
    /// Where an operator works.
    Platform {
        /// `web`
        Web = "web",
        /// `mobile`
        Mobile = "mobile",
    }
}

shown!(AuthenticationEvent, Platform);
field_types!(AuthenticationEvent, Platform);

/// Writes an id as the vendor does.
fn as_text<S: Serializer>(id: &Option<i64>, serializer: S) -> Result<S::Ok, S::Error> {
    id.map(|id| id.to_string()).serialize(serializer)
}

/// Writes a flag as the vendor does.
fn as_number<S: Serializer>(flag: &Option<bool>, serializer: S) -> Result<S::Ok, S::Error> {
    flag.map(u8::from).serialize(serializer)
}
