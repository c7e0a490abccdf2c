//! [`Response`], a successful response with its decoded body, and how it is decoded.

use crate::error::{Error, ErrorKind};
use crate::operation::Operation;
use crate::raw_response::{OnDrift, UndecodedResponse};
use crate::wire::Drift;
use crate::wire::decode::{DecodeError, Decoded};
use bytes::Bytes;
use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use std::any::Any;
use std::fmt;
use std::ops::Deref;

/// A successful response: the decoded body with HTTP status and headers.
///
/// It dereferences to the body. Most bodies are an envelope whose field `data` holds the record or the list:
///
/// ```no_run
/// # use chat2desk::{Chat2Desk, Error};
/// # async fn run(chat: &Chat2Desk) -> Result<(), Error> {
/// let response = chat.get_client(94000001).send().await?;
/// println!("{:?}: {:?}", response.status(), response.data.name);
/// let client = response.into_inner().data; // owned
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct Response<T> {
    inner: T,
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
    drift: Vec<Drift>,
    attempts: u32,
}

/// Work on this many bytes or more runs on a blocking thread, since the runtime's threads have other calls to
/// serve.
const LARGE: usize = 1024 * 1024;

/// Runs `work`, which takes a time proportional to `bytes`.
///
/// # Errors
/// If the runtime is shut down meanwhile.
pub(crate) async fn work<T: Send + 'static>(
    bytes: usize,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Error> {
    if bytes < LARGE {
        return Ok(work());
    }
    let result = apart(Box::new(move || Box::new(work()))).await?;
    let result = result.downcast();
    Ok(*result.expect("the task returns the result of `work`"))
}

/// Runs a task on a blocking thread. Its type is erased, since tokio's tasks would be compiled once for every type.
async fn apart(
    task: Box<dyn FnOnce() -> Box<dyn Any + Send> + Send>,
) -> Result<Box<dyn Any + Send>, Error> {
    let done = tokio::task::spawn_blocking(task).await;
    done.map_err(Error::of_task)
}

/// Runs `act` on a body.
///
/// # Errors
/// If the runtime is shut down meanwhile.
pub(crate) async fn work_on<T: Send + 'static>(
    body: Bytes,
    act: impl FnOnce(&Bytes) -> T + Send + 'static,
) -> Result<T, Error> {
    work(body.len(), move || act(&body)).await
}

/// A decoded body of any type.
pub(crate) type AnyBody = Box<dyn Any + Send>;

/// Decodes a body into a value whose type is erased, so that all but decoding is compiled once for all types.
pub(crate) type Decode = Box<dyn FnOnce(&[u8]) -> Result<Decoded<AnyBody>, DecodeError> + Send>;

/// Returns a function that decodes into an erased type.
pub(crate) fn erased<T: Send + 'static>(
    decode: fn(&[u8]) -> Result<Decoded<T>, DecodeError>,
) -> Decode {
    Box::new(move |body| {
        let Decoded { value, drift } = decode(body)?;
        Ok(Decoded {
            value: Box::new(value),
            drift,
        })
    })
}

impl Response<AnyBody> {
    pub(crate) async fn decoded_by(
        undecoded: UndecodedResponse,
        decode: Decode,
    ) -> Result<Self, Error> {
        let body = undecoded.response.body.clone();
        let decoded = work_on(body, move |body| decode(body)).await;
        match decoded.map_err(|error| error.at(undecoded.operation))? {
            Ok(Decoded { value, drift }) => {
                report(undecoded.operation, &drift, undecoded.on_drift.as_ref());
                Ok(Response {
                    inner: value,
                    status: undecoded.response.status,
                    headers: undecoded.response.headers,
                    body: undecoded.response.body,
                    drift,
                    attempts: undecoded.attempts,
                })
            }
            Err(error) => Err(Error::undecoded(undecoded)
                .with_kind(ErrorKind::Decode)
                .with_reason(&error.to_string())
                .with_source(error)),
        }
    }

    /// Returns the response with the type that its body was decoded into.
    pub(crate) fn typed<T: 'static>(self) -> Response<T> {
        self.map(|body| *body.downcast().expect("it was decoded into this type"))
    }
}

/// Reports the drift of a response: to the client's handler, and as `tracing` events.
pub(crate) fn report(operation: &'static Operation, drift: &[Drift], handler: Option<&OnDrift>) {
    for drift in drift {
        #[cfg(feature = "tracing")]
        tracing::warn!(
            operation = operation.id,
            pointer = drift.pointer,
            expected = drift.expected,
            found = drift.found,
            "a value deviates from the specification"
        );
        if let Some(handler) = handler {
            handler(operation, drift);
        }
    }
}

impl<T> Response<T> {
    fn map<U>(self, change: impl FnOnce(T) -> U) -> Response<U> {
        Response {
            inner: change(self.inner),
            status: self.status,
            headers: self.headers,
            body: self.body,
            drift: self.drift,
            attempts: self.attempts,
        }
    }

    /// Returns the decoded body.
    pub fn into_inner(self) -> T {
        self.inner
    }

    /// Returns the HTTP status, which is always a success (2xx).
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// Returns the body as the server sent it, decompressed. It contains personal data: do not log it.
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// Returns the places where the body deviates from the specification; empty if there are none.
    ///
    /// A value that could not be read is missing in the decoded body, but present in [`body`](Self::body); see
    /// [`Drift`]. At most 1,000 places of a body are reported. A handler set with
    /// [`Builder::on_drift`](crate::Builder::on_drift) receives those of all calls.
    pub fn drift(&self) -> &[Drift] {
        &self.drift
    }

    /// Returns the decoded body, the bytes it was decoded from, and the drift.
    pub(crate) fn into_parts(self) -> (T, Bytes, Vec<Drift>) {
        (self.inner, self.body, self.drift)
    }

    /// Returns the number of attempts made, including retries.
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// Returns the headers of the response.
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

/// Shows status and attempts, without the body, which contains personal data.
impl<T> fmt::Debug for Response<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response")
            .field("status", &self.status)
            .field("attempts", &self.attempts)
            .finish_non_exhaustive()
    }
}
