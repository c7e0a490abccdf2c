//! JSON Schemas of webhook events, for programs in other languages and for checks.

use super::Payload;
use super::payload::{AuthenticationEvent, GatewayStatus, Platform, RequestType};
use crate::wire::{LooseNumber, MessageType, Messenger, Timestamp, WebhookEvent};
use schemars::JsonSchema;
use schemars::r#gen::SchemaGenerator;
use schemars::schema::{InstanceType, Schema, SchemaObject};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Returns a JSON Schema (draft 7) for the body of every event, by the event's name.
///
/// Only the name is required and further keys are allowed, because the vendor publishes no schema. `x-evidence` says
/// how well the payload is known.
pub fn schemas() -> BTreeMap<String, Value> {
    let whole = |(event, evidence, payload): (WebhookEvent, &str, _)| {
        let mut schema = json!(payload);
        let mut names = vec![event.hook_type(), event.as_str()];
        names.dedup();
        schema["title"] = json!(event);
        schema["x-evidence"] = json!(evidence);
        schema["required"] = json!(["hook_type"]);
        schema["properties"]["hook_type"] =
            json!({ "description": "The event's name.", "enum": names });
        schema["properties"]["event_time"] = json!({
            "description": "When the event happened, in UTC, with or without fractions of a second.",
            "type": ["string", "null"],
            "format": "date-time",
        });
        (event.to_string(), schema)
    };
    Payload::schemas().into_iter().map(whole).collect()
}

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
