//! [`ApiResponse`]: the status and body of a response, in the envelopes of the API.

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
