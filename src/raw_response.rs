//! Responses before they are decoded: what the server sent, and the call that it is for.

use crate::operation::Operation;
use crate::wire::Drift;
use bytes::Bytes;
use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use std::sync::Arc;

/// What is called with each drift of a response: see [`Builder::on_drift`](crate::Builder::on_drift).
pub(crate) type OnDrift = Arc<dyn Fn(&'static Operation, &Drift) + Send + Sync>;

/// What the server sent, in memory.
#[derive(Clone)]
pub(crate) struct RawResponse {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

/// A successful response before it is decoded, with the call that it is for.
#[derive(Clone)]
pub(crate) struct UndecodedResponse {
    pub(crate) operation: &'static Operation,
    /// The path of the request, without the query.
    pub(crate) path: Box<str>,
    pub(crate) attempts: u32,
    pub(crate) response: RawResponse,
    pub(crate) on_drift: Option<OnDrift>,
}

impl UndecodedResponse {
    pub(crate) fn status(&self) -> StatusCode {
        self.response.status
    }
}
