//! Checks the origin of requests: only the sandbox's own page may send them, no page of another site.

use crate::api_response::ApiResponse;
use crate::response::respond;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;

/// Refuses requests that a browser sends for a page of another origin, and keeps other pages from using the response.
pub(super) async fn only_ours(request: Request, next: Next) -> Response {
    let mut response = match is_ours(request.headers()) {
        true => next.run(request).await,
        false => respond(&ApiResponse::error(
            StatusCode::FORBIDDEN,
            "Only the sandbox's own page may send this request",
        )),
    };
    for (name, value) in [
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (
            header::HeaderName::from_static("cross-origin-resource-policy"),
            "same-origin",
        ),
    ] {
        response
            .headers_mut()
            .insert(name, HeaderValue::from_static(value));
    }
    response
}

/// Browsers say where a request comes from, other programs need not. The host was checked before.
fn is_ours(headers: &HeaderMap) -> bool {
    let host = headers.get(header::HOST).map(HeaderValue::as_bytes);
    let is_own = |origin: &HeaderValue| {
        let origin = origin.as_bytes();
        let origin = origin
            .strip_prefix(b"http://")
            .or_else(|| origin.strip_prefix(b"https://"));
        origin
            .zip(host)
            .is_some_and(|(origin, host)| origin.eq_ignore_ascii_case(host))
    };
    // A browser sends `none` if a person typed the address.
    let is_near = |site: &HeaderValue| matches!(site.as_bytes(), b"same-origin" | b"none");
    headers.get_all(header::ORIGIN).iter().all(is_own)
        && headers.get_all("sec-fetch-site").iter().all(is_near)
}
