//! [`Receiver::handle`]: accepts an HTTP request, from any server whose requests are those of the crate `http`.

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

/// The conditions of a request besides its signature.
pub(super) struct Limits {
    pub(super) bodies: Bodies,
    pub(super) secret: Option<Secret>,
}

/// The response to a request: a status, and a text that says why.
struct Reply(StatusCode, &'static str);

impl Receiver {
    /// Verifies a request, accepts its event, and returns the response.
    ///
    /// | status | when |
    /// |---|---|
    /// | 200 | the event is in the store: it is new, or was accepted before |
    /// | 400 | the signature is valid, but the body is not a JSON object; or the body ended early |
    /// | 401 | the signature is missing, malformed or wrong, or its time is outside the accepted window |
    /// | 404 | the secret in the path is missing or wrong |
    /// | 405 | the method is not `POST` |
    /// | 408 | the body took longer than [`body_timeout`](crate::Builder::body_timeout) |
    /// | 413 | the body is longer than [`body_limit`](crate::Builder::body_limit) |
    /// | 500 | the store failed |
    /// | 503 | at capacity, too many bodies at once, or shut down; with `Retry-After` |
    ///
    /// The vendor retries after every status but 200. The response holds nothing of the request.
    ///
    /// The body is read only if the signature's headers are present and well-formed, and if the receiver is not at
    /// capacity. [`body_memory`](crate::Builder::body_memory) bounds the memory of all bodies that are being read.
    pub async fn handle<B>(&self, request: Request<B>) -> Response<String>
    where
        B: http_body::Body<Error: Into<Box<dyn std::error::Error + Send + Sync>>>,
    {
        let Reply(status, text) = match self.reply(request).await {
            Ok(reply) | Err(reply) => reply,
        };
        let mut response = Response::new(text.to_owned());
        *response.status_mut() = status;
        if status == StatusCode::SERVICE_UNAVAILABLE {
            // The vendor's first retry comes after this time.
            let seconds = HeaderValue::from_static("10");
            response.headers_mut().insert(RETRY_AFTER, seconds);
        }
        response
    }

    async fn reply<B: http_body::Body>(&self, request: Request<B>) -> Result<Reply, Reply> {
        let (parts, body) = request.into_parts();
        let counts = &self.0.counts;
        let is_signed = self
            .check_head(&parts)
            .inspect_err(|_| add(&counts.refused))?;
        // At capacity the body need not be read.
        let room = self.0.room.check().map_err(Reply::from);
        room.inspect_err(|_| add(&counts.turned_away))?;
        let body = self.0.http.bodies.read(body).await;
        let body = body.map_err(Reply::from).inspect_err(|reply| {
            let is_busy = reply.0 == StatusCode::SERVICE_UNAVAILABLE;
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
            false => Ok(Reply(StatusCode::OK, "accepted before")),
        }
    }

    /// Returns the paths with a secret, for a router.
    #[cfg(feature = "axum")]
    pub(crate) fn secret_paths(&self) -> &'static [&'static str] {
        match &self.0.http.secret {
            // Also matches a client that does not encode slashes.
            Some(secret) if secret.has_slash => &["/{*secret}"],
            _ => &["/{secret}", "/{secret}/"],
        }
    }

    /// Checks everything that can be checked before the body is read. Returns whether the request has a signature.
    fn check_head(&self, parts: &Parts) -> Result<bool, Reply> {
        if parts.method != Method::POST {
            return Err(Reply(
                StatusCode::METHOD_NOT_ALLOWED,
                "the method must be POST",
            ));
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
            VerifyError::Malformed(_) => "the body is not JSON",
            VerifyError::NotAnObject => "the body is not a JSON object",
            VerifyError::WrongSignature => "the signature is wrong",
            VerifyError::Stale => "the signature's timestamp is outside the accepted window",
            VerifyError::MissingHeader { .. } => "the signature is missing",
            VerifyError::MalformedHeader { .. } => "the signature is malformed",
            _ => "the delivery cannot be verified",
        };
        Self(error.status(), text)
    }
}

impl From<Unread> for Reply {
    fn from(unread: Unread) -> Self {
        match unread {
            Unread::TooLong => Self(StatusCode::PAYLOAD_TOO_LARGE, "the body is too long"),
            Unread::TooSlow => Self(StatusCode::REQUEST_TIMEOUT, "the body was sent too slowly"),
            Unread::Evicted => Self(StatusCode::SERVICE_UNAVAILABLE, "too many bodies at once"),
            Unread::BrokenOff => Self(StatusCode::BAD_REQUEST, "the body ended early"),
        }
    }
}

impl From<Refusal> for Reply {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Full => Self(StatusCode::SERVICE_UNAVAILABLE, "at capacity"),
            Refusal::Closed => Self(StatusCode::SERVICE_UNAVAILABLE, "shutting down"),
            Refusal::Store(_) => Self(
                StatusCode::INTERNAL_SERVER_ERROR,
                "the event could not be stored",
            ),
        }
    }
}
