//! The one place that sends: authenticate, send, read the body, tell success from failure.

use crate::Error;
use crate::generated::Client;
use crate::operation::{Operation, find};
use crate::response::RawResponse;
use crate::runtime::{ClientHooks, ClientInfo, OperationInfo};
use crate::token::Token;
use bytes::{Bytes, BytesMut};
use reqwest::header::AUTHORIZATION;
use std::time::Duration;

/// An answer larger than this is an error: no page of 200 records comes near it.
const MAX_BODY: usize = 32 * 1024 * 1024;

/// What the generated client carries for its hooks.
#[derive(Debug, Clone)]
pub struct Pipeline {
    pub(crate) token: Token,
    /// For a whole call, from the first byte sent to the last received.
    pub(crate) timeout: Duration,
}

impl ClientHooks<Pipeline> for Client {
    async fn pre(&self, request: &mut reqwest::Request, _: &OperationInfo) -> Result<(), Error> {
        let pipeline = self.inner();
        let headers = request.headers_mut();
        // progenitor's own header; the server does not know it.
        headers.remove("api-version");
        headers.insert(AUTHORIZATION, pipeline.token.header());
        *request.timeout_mut() = Some(pipeline.timeout);
        Ok(())
    }

    async fn exec(
        &self,
        request: reqwest::Request,
        info: &OperationInfo,
    ) -> Result<RawResponse, Error> {
        let operation = find(info.operation_id).ok_or_else(|| {
            Error::invalid_request(&format!("no operation `{}`", info.operation_id))
        })?;
        let response = self.client().execute(request).await;
        let response = response.map_err(|error| Error::from(error).at(operation))?;
        let (status, headers) = (response.status(), response.headers().clone());
        let body = read_body(response, operation).await;
        let body = body.map_err(|error| error.with_response(status, &headers))?;
        let response = RawResponse {
            operation,
            status,
            headers,
            body,
        };
        if status.is_success() && !says_error(&response.body) {
            return Ok(response);
        }
        Err(Error::answered(&response))
    }
}

async fn read_body(
    mut response: reqwest::Response,
    operation: &'static Operation,
) -> Result<Bytes, Error> {
    let mut body = BytesMut::new();
    loop {
        let chunk = response.chunk().await;
        match chunk.map_err(|error| Error::from(error).at(operation))? {
            None => return Ok(body.freeze()),
            Some(chunk) if body.len() + chunk.len() > MAX_BODY => {
                let limit = MAX_BODY / 1024 / 1024;
                let reason = format!("the answer is longer than {limit} MiB");
                return Err(Error::transport(&reason).at(operation));
            }
            Some(chunk) => body.extend_from_slice(&chunk),
        }
    }
}

/// Whether a successful status carries an envelope with `"status": "error"`.
fn says_error(body: &[u8]) -> bool {
    #[derive(serde::Deserialize)]
    struct Envelope<'a> {
        #[serde(borrow)]
        status: Option<std::borrow::Cow<'a, str>>,
    }
    // Most answers do not hold the word, and are not worth a second parse.
    let mentioned = memchr::memmem::find(body, br#""error""#).is_some();
    let envelope = || serde_json::from_slice::<Envelope<'_>>(body).ok();
    mentioned && envelope().is_some_and(|envelope| envelope.status.as_deref() == Some("error"))
}
