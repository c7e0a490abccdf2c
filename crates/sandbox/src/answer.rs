//! [`ApiResponse`]: the status and body of a response, in the envelopes of the API.

use super::call::Call;
use axum::http::StatusCode;
use serde_json::{Value, json};

/// A response: a status and a JSON body.
pub(super) struct ApiResponse {
    pub(super) status: StatusCode,
    pub(super) body: Value,
}

impl ApiResponse {
    pub(super) fn json(body: Value) -> Self {
        Self {
            status: StatusCode::OK,
            body,
        }
    }

    /// A success with `data`.
    pub(super) fn data(data: impl Into<Value>) -> Self {
        Self::json(json!({ "data": data.into(), "status": "success" }))
    }

    /// A success without data.
    pub(super) fn done() -> Self {
        Self::json(json!({ "status": "success" }))
    }

    /// The response of an operation whose effect is documented, but whose response nobody has published.
    pub(super) fn unknown() -> Self {
        Self::json(json!({}))
    }

    /// An error with a `message`.
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

    /// A success with the record, or status 404 without one.
    pub(super) fn found(record: Option<Value>) -> Self {
        record.map_or_else(Self::not_found, Self::data)
    }

    /// An error with the field `errors`.
    pub(super) fn errors(status: StatusCode, errors: impl Into<Value>) -> Self {
        Self {
            status,
            body: json!({ "errors": errors.into(), "status": "error" }),
        }
    }

    /// Status 400, with what is wrong with a field.
    pub(super) fn refused(field: &str, text: &str) -> Self {
        Self::errors(StatusCode::BAD_REQUEST, json!({ field: [text] }))
    }
}

/// Returns how many records a page has: the parameter `limit` or 20, but at most `cap`.
pub(super) fn limit(call: &Call, cap: usize) -> usize {
    let asked = call.number("limit").unwrap_or(20).max(1);
    usize::try_from(asked).unwrap_or(usize::MAX).min(cap)
}

/// Returns the page of `records` that the parameters `offset` and `limit` ask for.
pub(super) fn page<'a, T: 'a>(
    call: &Call,
    cap: usize,
    records: impl IntoIterator<Item = &'a T>,
    json: impl Fn(&T) -> Value,
) -> ApiResponse {
    let records: Vec<&T> = records.into_iter().collect();
    let offset = call.number("offset").unwrap_or(0).max(0);
    let offset = usize::try_from(offset).unwrap_or(usize::MAX);
    let (total, limit) = (records.len(), limit(call, cap));
    let data = records.into_iter().skip(offset).take(limit).map(json);
    paged(data.collect(), total, limit, offset)
}

/// Returns records oldest first, or newest first if the parameter `order` is `desc`.
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

pub(super) fn paged(data: Vec<Value>, total: usize, limit: usize, offset: usize) -> ApiResponse {
    let meta = json!({ "total": total, "limit": limit, "offset": offset });
    ApiResponse::json(json!({ "data": data, "meta": meta, "status": "success" }))
}
