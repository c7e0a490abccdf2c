//! [`Codec`], how the response of an operation is read in a call by name: with the types of the typed call, which
//! find what deviates from the specification, and the keys of the records.

use crate::error::Error;
use crate::generated::{builder, types};
use crate::list::{ListCall, RawPage, RawRecord, calls as pages};
use crate::operation::{Operation, operations};
use crate::raw_response::UndecodedResponse;
use crate::response::{Response, erased};
use crate::transport::BoxFuture;
use crate::wire::decode::{DecodeError, Decoded, decode};
use serde::de::DeserializeOwned;
use serde_json::Value;

type ReadPage = fn(UndecodedResponse) -> BoxFuture<'static, Result<RawPage<RawRecord>, Error>>;

/// How the response of an operation is read.
pub(super) struct Codec {
    /// Decodes the body, with the drift of the typed reading.
    pub(super) decode: fn(&[u8]) -> Result<Decoded<Value>, DecodeError>,
    /// Reads a page of a list; `None` if the operation is none.
    pub(super) page: Option<ReadPage>,
}

impl Codec {
    pub(super) fn of(operation: &Operation) -> Option<&'static Self> {
        let index = operations().binary_search_by(|known| known.id.cmp(operation.id));
        CODECS.get(index.ok()?)
    }
}

fn untyped<T: DeserializeOwned>(body: &[u8]) -> Result<Decoded<Value>, DecodeError> {
    let Decoded { value, .. } = decode(body)?;
    let drift = match decode::<T>(body) {
        Ok(decoded) => decoded.drift,
        Err(error) => error.into_drift().into_iter().collect(),
    };
    Ok(Decoded { value, drift })
}

type OfResponse<T, R> = fn(Response<T>) -> Result<RawPage<R>, Error>;

async fn page<L: ListCall, T: DeserializeOwned + Send + 'static>(
    response: UndecodedResponse,
    page: OfResponse<T, L::Record>,
) -> Result<RawPage<RawRecord>, Error> {
    let response = Response::decoded_by(response, erased(decode::<T>)).await;
    let typed = response.map(Response::typed);
    RawRecord::page_of::<L>(typed.and_then(page)).await
}

include!(concat!(env!("OUT_DIR"), "/codecs.rs"));
