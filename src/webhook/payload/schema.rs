//! JSON Schemas of values whose JSON does not follow from their fields.

use super::{AuthenticationEvent, GatewayStatus, Platform, RequestType};
use crate::wire::{LooseNumber, MessageType, Messenger, Timestamp};
use schemars::JsonSchema;
use schemars::r#gen::SchemaGenerator;
use schemars::schema::{InstanceType, Schema, SchemaObject};

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
                any_of(&[$(InstanceType::$instance),*])
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

fn any_of(types: &[InstanceType]) -> Schema {
    Schema::Object(SchemaObject {
        instance_type: Some(types.to_vec().into()),
        ..SchemaObject::default()
    })
}

pub(super) fn integer_or_text(_: &mut SchemaGenerator) -> Schema {
    any_of(&[
        InstanceType::Integer,
        InstanceType::String,
        InstanceType::Null,
    ])
}

pub(super) fn flag_or_number(_: &mut SchemaGenerator) -> Schema {
    any_of(&[
        InstanceType::Boolean,
        InstanceType::Integer,
        InstanceType::Null,
    ])
}
