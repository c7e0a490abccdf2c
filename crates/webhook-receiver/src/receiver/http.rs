//! HTTP: from a request to a status. Any framework whose requests are `http`'s can call it.

use super::body::{Bodies, Unread};
use super::secret::Secret;
use super::{Receiver, Refusal, add};
use chat2desk::webhook::Event;
use chat2desk::webhook::SIGNATURE_HEADER;
use chat2desk::webhook::TIMESTAMP_HEADER;
use chat2desk::webhook::Verifier;
use chat2desk::webhook::VerifyError;
use http::header::RETRY_AFTER;
use http::request::Parts;
use http::{HeaderValue, Method, Request, Response, StatusCode};

/// What is asked of a request beside its signature.
pub(super) struct Limits {
    pub(super) bodies: Bodies,
    pub(super) secret: Option<Secret>,
}

/// What becomes of a request: a status, and a word that says why.
struct Reply(StatusCode, &'static str);

impl Receiver {
    /// Answers a request: verifies it, takes its event in, and says so.
    ///
    /// | status | when |
    /// |---|---|
    /// | 200 | the event is in the store, now or from before |
    /// | 400 | rightly signed, but not a JSON object; or the body broke off |
    /// | 401 | not signed, or not rightly |
    /// | 404 | the path's secret is wrong |
    /// | 405 | not a `POST` |
    /// | 408 | slower than [`body_timeout`](crate::Builder::body_timeout) |
    /// | 413 | longer than [`body_limit`](crate::Builder::body_limit) |
    /// | 500 | the store failed |
    /// | 503 | no room, too many bodies at once, or shut down; with `Retry-After` |
    ///
    /// The vendor tries again after each of them but 200. Nothing of the request is in the response.
    ///
    /// The body is read only if the signature's headers are there and well-formed and there is room
    /// for the event: [`body_memory`](crate::Builder::body_memory) bounds what is read of all bodies.
    pub async fn handle<B>(&self, request: Request<B>) -> Response<String>
    where
        B: http_body::Body<Error: Into<Box<dyn std::error::Error + Send + Sync>>>,
    {
        let Reply(status, text) = match self.answer(request).await {
            Ok(answer) | Err(answer) => answer,
        };
        let mut response = Response::new(text.to_owned());
        *response.status_mut() = status;
        if status == StatusCode::SERVICE_UNAVAILABLE {
            // After which the vendor tries again the first time.
            let seconds = HeaderValue::from_static("10");
            response.headers_mut().insert(RETRY_AFTER, seconds);
        }
        response
    }

    async fn answer<B: http_body::Body>(&self, request: Request<B>) -> Result<Reply, Reply> {
        let (parts, body) = request.into_parts();
        let counts = &self.0.counts;
        let is_signed = self
            .check_head(&parts)
            .inspect_err(|_| add(&counts.refused))?;
        // Without room the body need not be read.
        let room = self.0.room.check().map_err(Reply::from);
        room.inspect_err(|_| add(&counts.turned_away))?;
        let body = self.0.http.bodies.read(body).await;
        let body = body.map_err(Reply::from).inspect_err(|answer| {
            let is_busy = answer.0 == StatusCode::SERVICE_UNAVAILABLE;
            add(if is_busy {
                &counts.turned_away
            } else {
                &counts.refused
            });
        })?;
        let event = match is_signed {
            true => self.0.verifier.verify(&parts.headers, body),
            false => Event::parse_unverified(body),
        };
        let event = event.map_err(|error| {
            add(&counts.refused);
            Reply::from(error)
        })?;
        match self.offer(event).await? {
            true => Ok(Reply(StatusCode::OK, "accepted")),
            false => Ok(Reply(StatusCode::OK, "known")),
        }
    }

    /// The paths of a secret, for a router.
    #[cfg(feature = "axum")]
    pub(crate) fn secret_paths(&self) -> &'static [&'static str] {
        match &self.0.http.secret {
            // Also as a client sends it that does not encode slashes.
            Some(secret) if secret.has_slash => &["/{*secret}"],
            _ => &["/{secret}", "/{secret}/"],
        }
    }

    /// All that can be judged before the body is read; whether the request claims to be signed.
    fn check_head(&self, parts: &Parts) -> Result<bool, Reply> {
        if parts.method != Method::POST {
            return Err(Reply(StatusCode::METHOD_NOT_ALLOWED, "not a POST"));
        }
        let secret = self.0.http.secret.as_ref();
        if secret.is_some_and(|secret| !secret.is_in(parts.uri.path())) {
            return Err(Reply(StatusCode::NOT_FOUND, "not found"));
        }
        let names = [SIGNATURE_HEADER, TIMESTAMP_HEADER];
        let mut names = names.iter();
        let is_signed = names.any(|name| parts.headers.contains_key(*name));
        if is_signed || !secret.is_some_and(|secret| secret.instead_of_signature) {
            Verifier::check_headers(&parts.headers)?;
        }
        Ok(is_signed)
    }
}

impl From<VerifyError> for Reply {
    fn from(error: VerifyError) -> Self {
        let text = match error {
            VerifyError::Malformed(_) => "not JSON",
            VerifyError::NotAnObject => "not a JSON object",
            VerifyError::WrongSignature => "wrong signature",
            VerifyError::Stale => "too old",
            VerifyError::MissingHeader { .. } => "not signed",
            VerifyError::MalformedHeader { .. } => "malformed signature",
            _ => "not verified",
        };
        Self(error.status(), text)
    }
}

impl From<Unread> for Reply {
    fn from(unread: Unread) -> Self {
        match unread {
            Unread::TooLong => Self(StatusCode::PAYLOAD_TOO_LARGE, "too long"),
            Unread::TooSlow => Self(StatusCode::REQUEST_TIMEOUT, "too slow"),
            Unread::Evicted => Self(StatusCode::SERVICE_UNAVAILABLE, "too many at once"),
            Unread::BrokenOff => Self(StatusCode::BAD_REQUEST, "the body broke off"),
        }
    }
}

impl From<Refusal> for Reply {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Full => Self(StatusCode::SERVICE_UNAVAILABLE, "no room"),
            Refusal::Closed => Self(StatusCode::SERVICE_UNAVAILABLE, "shut down"),
            Refusal::Store(_) => Self(StatusCode::INTERNAL_SERVER_ERROR, "not stored"),
        }
    }
}
