//! HTTP responses: those of the API, and those that faults send instead.

use super::api_response::ApiResponse;
use super::faults::Fault;
use super::limits::{QUOTA_USED_UP, RATE_EXCEEDED, too_many};
use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use bytes::Bytes;
use futures_util::stream::{self, StreamExt};
use std::io;

const JSON: &str = "application/json; charset=utf-8";

/// The body of a response, for the journal.
#[derive(Clone, Default)]
pub(super) struct Sent(pub(super) Bytes);

fn typed(status: StatusCode, content_type: &'static str, body: impl Into<Bytes>) -> Response {
    let body = body.into();
    let mut response = streamed(status, content_type, body.clone().into());
    response.extensions_mut().insert(Sent(body));
    response
}

fn streamed(status: StatusCode, content_type: &'static str, body: Body) -> Response {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let content_type = HeaderValue::from_static(content_type);
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, content_type);
    response
}

pub(super) fn respond(response: &ApiResponse) -> Response {
    typed(response.status, JSON, response.body.to_string())
}

/// Returns the response that a fault sends in place of the API's, or `None` if the fault does not replace it.
pub(super) fn instead(fault: &Fault) -> Option<Response> {
    Some(match fault {
        Fault::Status(status) => respond(&ApiResponse::error(
            *status,
            "injected by a fault of the sandbox",
        )),
        Fault::Response(status, text) => typed(*status, "text/plain; charset=utf-8", text.clone()),
        Fault::ErrorIn200 => respond(&ApiResponse::error(
            StatusCode::OK,
            "injected by a fault of the sandbox",
        )),
        Fault::RateLimited(pause) => {
            let mut response = respond(&too_many(RATE_EXCEEDED));
            if let Some(pause) = pause {
                let seconds = pause.as_secs() + u64::from(pause.subsec_nanos() > 0);
                response
                    .headers_mut()
                    .insert(header::RETRY_AFTER, seconds.into());
            }
            response
        }
        Fault::QuotaUsedUp => respond(&too_many(QUOTA_USED_UP)),
        Fault::BadGateway => typed(
            StatusCode::BAD_GATEWAY,
            "text/html",
            "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>",
        ),
        _ => return None,
    })
}

/// Returns a response that breaks off after half of the body, although its head announces the whole.
pub(super) fn truncated(whole: &ApiResponse) -> Response {
    let text = whole.body.to_string();
    let length = text.len();
    let half = Bytes::from(text).slice(..length / 2);
    let sent = Sent(half.clone());
    let broken = async {
        // The first half is sent before the connection breaks.
        tokio::task::yield_now().await;
        Err(io::Error::from(io::ErrorKind::ConnectionReset))
    };
    let parts = stream::iter([Ok(half)]).chain(stream::once(broken));
    let mut response = streamed(whole.status, JSON, Body::from_stream(parts));
    response.extensions_mut().insert(sent);
    response
        .headers_mut()
        .insert(header::CONTENT_LENGTH, length.into());
    response
}
