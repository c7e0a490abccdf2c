//! [`Player`]: a transport that answers from a cassette.

use super::{Asked, Cassette, Recorded};
use crate::transport::{BoxFuture, Transport, TransportError};
use reqwest::{Request, Response};
use serde_json::{Value, json};
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::{fmt, io};

/// Answers each request with the first recorded call that asked the same and was not used yet.
///
/// Requests are compared as they are recorded, redacted: other texts and phone numbers than those of the
/// recording make no difference. To a request that was not recorded it answers 501, which is never
/// repeated, and says so.
pub struct Player {
    left: Mutex<Vec<Recorded>>,
}

impl Player {
    /// Reads the file of a [`Recorder`](super::Recorder).
    ///
    /// # Errors
    /// If the file cannot be read, or is no cassette.
    pub fn open(file: impl AsRef<Path>) -> io::Result<Self> {
        let cassette: Cassette = serde_json::from_slice(&std::fs::read(file)?)?;
        Ok(Self {
            left: Mutex::new(cassette.calls),
        })
    }

    /// How many recorded calls were not made.
    pub fn unused(&self) -> usize {
        let left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        left.len()
    }

    fn answer(&self, asked: &Asked) -> Response {
        let mut left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        let found = left.iter().position(|call| call.request == *asked);
        let Some(index) = found else {
            let message = format!("the cassette has no {} {} left", asked.method, asked.path);
            let body = json!({ "status": "error", "message": message });
            let mut response = http::Response::new(body.to_string());
            *response.status_mut() = http::StatusCode::NOT_IMPLEMENTED;
            return response.into();
        };
        let call = left.remove(index);
        let body = match call.answer {
            Value::Null => String::new(),
            Value::String(text) => text,
            json => json.to_string(),
        };
        let mut response = http::Response::new(body);
        if let Ok(status) = call.status.try_into() {
            *response.status_mut() = status;
        }
        for (name, value) in call.headers {
            let header = (name.parse::<http::HeaderName>(), value.parse());
            if let (Ok(name), Ok(value)) = header {
                response.headers_mut().insert(name, value);
            }
        }
        response.into()
    }
}

impl Transport for Player {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        let answer = self.answer(&Asked::of(&request));
        Box::pin(async { Ok(answer) })
    }
}

impl fmt::Debug for Player {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Player")
            .field("unused", &self.unused())
            .finish()
    }
}
