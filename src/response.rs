//! Answers: as they arrived ([`RawResponse`]) and decoded ([`Response`]).

use crate::operation::Operation;
use crate::wire::lenient;
use crate::{Error, ErrorKind};
use bytes::Bytes;
use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use serde::de::DeserializeOwned;
use std::ops::Deref;

/// An answer whose body was read, not decoded.
#[derive(Debug, Clone)]
pub(crate) struct RawResponse {
    pub(crate) operation: &'static Operation,
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl RawResponse {
    pub(crate) fn status(&self) -> StatusCode {
        self.status
    }
}

/// A successful answer: the decoded body, with status and headers beside it.
///
/// Dereferences to the body, so `client.get_client(7).send().await?.data.name` reads on.
#[derive(Debug, Clone)]
pub struct Response<T> {
    inner: T,
    status: StatusCode,
    headers: HeaderMap,
}

impl<T: DeserializeOwned> Response<T> {
    pub(crate) async fn from_response(response: RawResponse) -> Result<Self, Error> {
        let inner = lenient::from_slice(&response.body).map_err(|error| {
            Error::answered(&response)
                .with_kind(ErrorKind::Decode)
                .with_reason(&error.to_string())
                .with_source(error)
        })?;
        let RawResponse {
            status, headers, ..
        } = response;
        Ok(Self {
            inner,
            status,
            headers,
        })
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
