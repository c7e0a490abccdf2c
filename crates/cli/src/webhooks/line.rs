//! An event as a line of JSON: what a post of it has, whose headers are the first three.

use crate::exit::Failure;
use chat2desk_webhook_receiver::Delivery;
use serde::Serialize;
use serde_json::value::RawValue;

#[derive(Serialize)]
struct Line<'a> {
    event: &'a str,
    key: &'a str,
    replayed: bool,
    body: &'a RawValue,
}

/// Returns the line, with the body as it was delivered except for blanks.
pub fn line(delivery: &Delivery) -> Result<String, Failure> {
    let body = RawValue::from_string(delivery.to_line());
    let line = Line {
        event: &super::name_of(delivery),
        // Every verified delivery has a key.
        key: &delivery.dedup_key().unwrap_or_default(),
        replayed: delivery.is_replayed(),
        body: &body.map_err(|error| Failure::of(&error))?,
    };
    serde_json::to_string(&line).map_err(|error| Failure::of(&error))
}
