//! JSON Schemas of webhook events, for programs in other languages and for checks.

use super::Payload;
use crate::wire::WebhookEvent;
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
