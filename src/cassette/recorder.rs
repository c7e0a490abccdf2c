//! [`Recorder`]: a transport that writes down what another one does.

use super::{Asked, Cassette, Recorded, redact};
use crate::transport::{BoxFuture, Transport, TransportError};
use reqwest::{Request, Response};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::{fmt, io};

/// Headers of answers that a client reacts to.
const HEADERS: [&str; 2] = ["content-type", "retry-after"];

/// Sends by another transport, and remembers each request and its answer, redacted.
///
/// Give the client an `Arc` of it, and keep another to [`save`](Self::save) with. A request without an
/// answer is not recorded.
pub struct Recorder<T> {
    transport: T,
    calls: Mutex<Vec<Recorded>>,
}

impl<T: Transport> Recorder<T> {
    /// Records what this transport does, such as a [`reqwest::Client`].
    pub fn new(transport: T) -> Self {
        Self {
            transport,
            calls: Mutex::default(),
        }
    }

    /// Writes all calls so far to a file, in the order of their answers.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn save(&self, file: impl AsRef<Path>) -> io::Result<()> {
        let calls = self.calls.lock().unwrap_or_else(PoisonError::into_inner);
        let cassette = Cassette {
            calls: calls.clone(),
        };
        let mut text = serde_json::to_string_pretty(&cassette)?;
        text.push('\n');
        std::fs::write(file, text)
    }

    async fn record(&self, request: Request) -> Result<Response, TransportError> {
        let asked = Asked::of(&request);
        let response = self.transport.send(request).await?;
        let (status, headers) = (response.status(), response.headers().clone());
        let body = response.bytes().await?;
        let kept = HEADERS.iter().filter_map(|name| {
            let value = headers.get(*name)?.to_str().ok()?;
            Some(((*name).to_owned(), value.to_owned()))
        });
        let answer = match serde_json::from_slice(&body) {
            Ok(json) => redact::body(json),
            // HTML, or nothing: what it says is of no use to anybody.
            Err(_) if body.is_empty() => Value::Null,
            Err(_) => "<html>redacted</html>".into(),
        };
        let call = Recorded {
            request: asked,
            status: status.as_u16(),
            headers: kept.collect::<BTreeMap<_, _>>(),
            answer,
        };
        let mut calls = self.calls.lock().unwrap_or_else(PoisonError::into_inner);
        calls.push(call);
        let mut response = http::Response::new(body);
        *response.status_mut() = status;
        *response.headers_mut() = headers;
        Ok(response.into())
    }
}

impl<T: Transport> Transport for Recorder<T> {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        Box::pin(self.record(request))
    }
}

impl<T> fmt::Debug for Recorder<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recorder").finish_non_exhaustive()
    }
}
