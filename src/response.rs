//! Answers: as they arrived ([`RawResponse`]) and decoded ([`Response`]).

use crate::operation::Operation;
use crate::wire::lenient;
use crate::{Error, ErrorKind};
use bytes::Bytes;
use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use serde::de::DeserializeOwned;
use std::fmt;
use std::ops::Deref;

/// What the server sent, in memory.
#[derive(Clone)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

/// An answer that is not decoded yet, with the call that it is for.
#[derive(Clone)]
pub(crate) struct RawResponse {
    pub(crate) operation: &'static Operation,
    /// The path of the request, without the query.
    pub(crate) path: Box<str>,
    pub(crate) attempts: u32,
    pub(crate) answer: Answer,
}

impl RawResponse {
    pub(crate) fn status(&self) -> StatusCode {
        self.answer.status
    }
}

/// A successful answer: the decoded body, with status and headers beside it.
///
/// Dereferences to the body, so `client.get_client(7).send().await?.data.name` reads on.
#[derive(Clone)]
pub struct Response<T> {
    inner: T,
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
    attempts: u32,
}

impl<T: DeserializeOwned> Response<T> {
    pub(crate) async fn from_response(response: RawResponse) -> Result<Self, Error> {
        match lenient::from_slice(&response.answer.body) {
            Ok(inner) => Ok(Self {
                inner,
                status: response.answer.status,
                headers: response.answer.headers,
                body: response.answer.body,
                attempts: response.attempts,
            }),
            Err(error) => Err(Error::from(response)
                .with_kind(ErrorKind::Decode)
                .with_reason(&error.to_string())
                .with_source(error)),
        }
    }
}

impl<T> Response<T> {
    /// The decoded body.
    pub fn into_inner(self) -> T {
        self.inner
    }

    /// The HTTP status, always a success.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The body as it came, for what is decoded otherwise than by the type.
    pub(crate) fn body(&self) -> &[u8] {
        &self.body
    }

    /// How many requests it took.
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// The headers of the answer.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }
}

impl<T> Deref for Response<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.inner
    }
}

/// Without the body, which may be anything.
impl<T> fmt::Debug for Response<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response")
            .field("status", &self.status)
            .field("attempts", &self.attempts)
            .finish_non_exhaustive()
    }
}
