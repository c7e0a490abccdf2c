//! [`RawResponse`], a response in memory, and [`UndecodedResponse`], the same with the call it belongs to.

use crate::operation::Operation;
use crate::wire::Drift;
use bytes::Bytes;
use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use std::sync::Arc;

/// A handler of drift: see [`Builder::on_drift`](crate::Builder::on_drift).
pub(crate) type OnDrift = Arc<dyn Fn(&'static Operation, &Drift) + Send + Sync>;

/// Compares a successful response with the specification.
pub(crate) type Check = Box<dyn Fn(&'static Operation, &RawResponse) -> Vec<Drift> + Send + Sync>;

/// Status, headers and body of a response, in memory.
#[derive(Clone)]
pub(crate) struct RawResponse {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

/// A successful response before decoding, with the call it belongs to.
#[derive(Clone)]
pub(crate) struct UndecodedResponse {
    pub(crate) operation: &'static Operation,
    /// The path of the request, without the query.
    pub(crate) path: Box<str>,
    pub(crate) attempts: u32,
    pub(crate) response: RawResponse,
    pub(crate) on_drift: Option<OnDrift>,
}
