//! HTTP: from a request to a status. Any framework whose requests are `http`'s can call it.

use super::{Receiver, Refusal, add};
use crate::webhook::{Event, WebhookError};
use bytes::Bytes;
use http::request::Parts;
use http::{Method, Request, Response, StatusCode};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use sha2::{Digest, Sha256};

/// What is asked of a request beside its signature.
pub(super) struct Limits {
    pub(super) body: usize,
    pub(super) secret: Option<Secret>,
}

/// The last segment of the path; its digest, so that comparing takes no longer the more of it is right.
pub(super) struct Secret {
    digest: [u8; 32],
    instead_of_signature: bool,
}

/// What becomes of a request: a status, and a word that says why.
struct Answer(StatusCode, &'static str);

impl Default for Limits {
    fn default() -> Self {
        Self {
            body: 1 << 20,
            secret: None,
        }
    }
}

impl Secret {
    pub(super) fn new(secret: &str, instead_of_signature: bool) -> Self {
        Self {
            digest: Sha256::digest(secret).into(),
            instead_of_signature,
        }
    }

    fn is_in(&self, path: &str) -> bool {
        let last = path.rsplit('/').next().unwrap_or_default();
        !last.is_empty() && self.digest == <[u8; 32]>::from(Sha256::digest(last))
    }
}

impl Receiver {
    /// Answers a request: verifies it, takes its event in, and says so.
    ///
    /// | status | when |
    /// |---|---|
    /// | 200 | the event is in the store, now or from before |
    /// | 400 | rightly signed, but not JSON; or the body broke off |
    /// | 401 | not signed, or not rightly |
    /// | 404 | the path's secret is wrong |
    /// | 405 | not a `POST` |
    /// | 413 | longer than [`body_limit`](super::Builder::body_limit) |
    /// | 500 | the store failed |
    /// | 503 | no room, or shut down |
    ///
    /// The vendor tries again after each of them but 200. Nothing of the request is in the answer.
    pub async fn handle<B>(&self, request: Request<B>) -> Response<String>
    where
        B: http_body::Body<Error: Into<Box<dyn std::error::Error + Send + Sync>>>,
    {
        let Answer(status, text) = match self.answer(request).await {
            Ok(answer) | Err(answer) => answer,
        };
        let mut response = Response::new(text.to_owned());
        *response.status_mut() = status;
        response
    }

    async fn answer<B>(&self, request: Request<B>) -> Result<Answer, Answer>
    where
        B: http_body::Body<Error: Into<Box<dyn std::error::Error + Send + Sync>>>,
    {
        let (parts, body) = request.into_parts();
        let event = match self.event(&parts, body).await {
            Ok(event) => event,
            Err(refused) => {
                add(&self.0.counts.refused);
                return Err(refused);
            }
        };
        match self.offer(event).await {
            Ok(true) => Ok(Answer(StatusCode::OK, "accepted")),
            Ok(false) => Ok(Answer(StatusCode::OK, "known")),
            Err(Refusal::Full) => Err(Answer(StatusCode::SERVICE_UNAVAILABLE, "no room")),
            Err(Refusal::Closed) => Err(Answer(StatusCode::SERVICE_UNAVAILABLE, "shut down")),
            Err(Refusal::Store(_)) => Err(Answer(StatusCode::INTERNAL_SERVER_ERROR, "not stored")),
        }
    }

    async fn event<B>(&self, parts: &Parts, body: B) -> Result<Event, Answer>
    where
        B: http_body::Body<Error: Into<Box<dyn std::error::Error + Send + Sync>>>,
    {
        if parts.method != Method::POST {
            return Err(Answer(StatusCode::METHOD_NOT_ALLOWED, "not a POST"));
        }
        let secret = self.0.http.secret.as_ref();
        if secret.is_some_and(|secret| !secret.is_in(parts.uri.path())) {
            return Err(Answer(StatusCode::NOT_FOUND, "not found"));
        }
        let body = Limited::new(body, self.0.http.body).collect().await;
        let body = body.map_err(|error| match error.downcast::<LengthLimitError>() {
            Ok(_) => Answer(StatusCode::PAYLOAD_TOO_LARGE, "too long"),
            Err(_) => Answer(StatusCode::BAD_REQUEST, "the body broke off"),
        })?;
        let unsigned = secret.is_some_and(|secret| secret.instead_of_signature);
        self.read(parts, body.to_bytes(), unsigned)
            .map_err(|error| {
                let text = match error {
                    WebhookError::Malformed(_) => "not JSON",
                    WebhookError::WrongSignature => "wrong signature",
                    WebhookError::Stale => "too old",
                    WebhookError::MissingHeader { .. } => "not signed",
                    WebhookError::MalformedHeader { .. } => "malformed signature",
                };
                Answer(error.status(), text)
            })
    }

    fn read(&self, parts: &Parts, body: Bytes, unsigned: bool) -> Result<Event, WebhookError> {
        use crate::webhook::{SIGNATURE_HEADER, TIMESTAMP_HEADER};
        let signed = [SIGNATURE_HEADER, TIMESTAMP_HEADER]
            .iter()
            .any(|name| parts.headers.contains_key(*name));
        if unsigned && !signed {
            return Event::parse_unverified(body);
        }
        self.0.verifier.verify(&parts.headers, body)
    }
}
