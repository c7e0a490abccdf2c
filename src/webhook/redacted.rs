//! `Debug` without what people wrote: ids and flags are shown, texts are not.

use serde::Serialize;
use serde_json::Value;
use std::fmt;

pub(super) fn debug(
    name: &str,
    payload: &impl Serialize,
    f: &mut fmt::Formatter<'_>,
) -> fmt::Result {
    let mut shown = f.debug_struct(name);
    let payload = serde_json::to_value(payload).unwrap_or_default();
    for (field, value) in payload.as_object().into_iter().flatten() {
        match value {
            Value::Null => {}
            Value::Number(_) | Value::Bool(_) => {
                shown.field(field, &format_args!("{value}"));
            }
            _ => {
                shown.field(field, &format_args!("…"));
            }
        }
    }
    shown.finish()
}
