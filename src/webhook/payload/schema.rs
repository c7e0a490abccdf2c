//! JSON Schemas of values whose JSON does not follow from their fields.

pub(super) mod forms;

use super::{AuthenticationEvent, GatewayStatus, Platform, RequestType};
use crate::wire::{LooseNumber, MessageType, Messenger, Timestamp};
use schemars::JsonSchema;
use schemars::r#gen::SchemaGenerator;
use schemars::schema::{InstanceType, Schema};

/// Implements the schemas of types whose JSON does not follow from their fields.
macro_rules! spelled {
    ($($type:ident: $($instance:ident)|*;)*) => {
        $(impl JsonSchema for $type {
            fn is_referenceable() -> bool {
                false
            }

            fn schema_name() -> String {
                stringify!($type).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                forms::any_of(&[$(InstanceType::$instance),*])
            }
        })*
    };
}

// The sets are open, so their values are not listed.
spelled! {
    AuthenticationEvent: String;
    GatewayStatus: String;
    LooseNumber: Number | String;
    MessageType: String;
    Platform: String;
    RequestType: String;
    Timestamp: Integer | String;
    Messenger: String;
}
