//! What a call is answered with: the API's envelopes.

use super::call::Call;
use axum::http::StatusCode;
use serde_json::{Value, json};

/// A status and a body of JSON.
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) body: Value,
}

impl Answer {
    pub(super) fn json(body: Value) -> Self {
        Self {
            status: StatusCode::OK,
            body,
        }
    }

    /// A record or whatever else an operation is about.
    pub(super) fn data(data: impl Into<Value>) -> Self {
        Self::json(json!({ "data": data.into(), "status": "success" }))
    }

    /// That it was done.
    pub(super) fn done() -> Self {
        Self::json(json!({ "status": "success" }))
    }

    /// Of an operation whose effect is documented, and whose response nobody has published.
    pub(super) fn unknown() -> Self {
        Self::json(json!({}))
    }

    /// An error in words.
    pub(super) fn error(status: StatusCode, message: &str) -> Self {
        Self {
            status,
            body: json!({ "message": message, "status": "error" }),
        }
    }

    pub(super) fn bad_request(message: &str) -> Self {
        Self::error(StatusCode::BAD_REQUEST, message)
    }

    pub(super) fn not_found() -> Self {
        Self::error(StatusCode::NOT_FOUND, "not_found")
    }

    /// A record, if there is one.
    pub(super) fn found(record: Option<Value>) -> Self {
        record.map_or_else(Self::not_found, Self::data)
    }

    /// What is wrong, as text under `errors`.
    pub(super) fn errors(status: StatusCode, errors: impl Into<Value>) -> Self {
        Self {
            status,
            body: json!({ "errors": errors.into(), "status": "error" }),
        }
    }

    /// What is wrong with a field.
    pub(super) fn refused(field: &str, text: &str) -> Self {
        Self::errors(StatusCode::BAD_REQUEST, json!({ field: [text] }))
    }
}

/// How many records a page has: 20 unless asked otherwise, never more than the cap.
pub(super) fn limit(call: &Call, cap: usize) -> usize {
    let asked = call.number("limit").unwrap_or(20).max(1);
    usize::try_from(asked).unwrap_or(usize::MAX).min(cap)
}

/// A page of a list by offset, of these records.
pub(super) fn page<'a, T: 'a>(
    call: &Call,
    cap: usize,
    records: impl IntoIterator<Item = &'a T>,
    json: impl Fn(&T) -> Value,
) -> Answer {
    let records: Vec<&T> = records.into_iter().collect();
    let offset = call.number("offset").unwrap_or(0).max(0);
    let offset = usize::try_from(offset).unwrap_or(usize::MAX);
    let (total, limit) = (records.len(), limit(call, cap));
    let data = records.into_iter().skip(offset).take(limit).map(json);
    paged(data.collect(), total, limit, offset)
}

/// Oldest first, unless the other order is asked for: some lists know both.
pub(super) fn ordered<'a, T: 'a>(
    call: &Call,
    records: impl DoubleEndedIterator<Item = &'a T>,
) -> Vec<&'a T> {
    if call.text("order") == Some("desc") {
        records.rev().collect()
    } else {
        records.collect()
    }
}

pub(super) fn paged(data: Vec<Value>, total: usize, limit: usize, offset: usize) -> Answer {
    let meta = json!({ "total": total, "limit": limit, "offset": offset });
    Answer::json(json!({ "data": data, "meta": meta, "status": "success" }))
}
