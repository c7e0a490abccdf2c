//! [`ListCall`], what a reader needs of a call whose response is a list.

use super::page::RawPage;
use super::position::Filters;
use super::request::{PageRequest, Traversal};
use super::summary::Key;
use crate::error::Error;
use crate::operation::Operation;
use crate::raw_response::OnDrift;
use crate::response::Response;
use crate::transport::BoxFuture;
use crate::wire::decode::{DecodeError, Decoded};
use chrono::{DateTime, Utc};

/// A call that can be read as a list. Not public, so that nothing outside of the crate can implement it or use its
/// methods.
pub trait ListCall: Clone + Send + Sized + 'static {
    type Record: Send + 'static;

    fn operation(&self) -> &'static Operation;

    fn traversal(&self) -> Result<Traversal, Error>;

    /// Returns the call that requests this page.
    fn with_page(self, request: PageRequest) -> Self;

    fn fetch(self) -> BoxFuture<'static, Result<RawPage<Self::Record>, Error>>;

    fn decode(record: &[u8]) -> Result<Decoded<Self::Record>, DecodeError>;

    fn on_drift(&self) -> Option<OnDrift>;

    fn key(record: &Self::Record) -> Key;

    fn filters(&self) -> Result<Filters, Error>;

    /// Returns the time at which the record was created, if the list is read by id and its records have one.
    fn created(&self, record: &Self::Record) -> Option<DateTime<Utc>> {
        let _ = record;
        None
    }
}

/// Sends a call, and takes the page out of its response.
pub(super) fn fetched<T: Send + 'static, R: Send + 'static>(
    call: impl IntoFuture<Output = Result<Response<T>, Error>, IntoFuture: Send + 'static>,
    page: fn(Response<T>) -> Result<RawPage<R>, Error>,
) -> BoxFuture<'static, Result<RawPage<R>, Error>> {
    let response = call.into_future();
    Box::pin(async move { page(response.await?) })
}
