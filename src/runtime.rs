//! The runtime of the generated code, under the names that progenitor uses for its own.
//!
//! progenitor's runtime loses the status of a response that it cannot decode, and prints payloads in its
//! errors. Here every call returns the crate's [`Error`], and [`Response`] decodes a body knowing its
//! operation and status.

pub(crate) mod record;
mod refused;

pub use crate::error::Error;
pub use crate::response::Response;

use crate::operation::Operation;
use crate::response::{AnyBody, Decode, erased};
use crate::transport::{BoxFuture, Pipeline};
use crate::wire::decode::decode;
pub use progenitor_client::{ByteStream, ClientInfo, QueryParam};
use record::Record;
pub(crate) use refused::Refused;
use reqwest::RequestBuilder;
use reqwest::header::HeaderValue;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fmt::Display;
use std::sync::Arc;

/// Sends a request, and decodes the response.
pub(crate) fn send<C, T>(
    client: Arc<C>,
    operation: &'static Operation,
    request: Result<reqwest::Request, Error>,
) -> BoxFuture<'static, Result<Response<T>, Error>>
where
    C: ClientInfo<Pipeline> + Send + Sync + 'static,
    T: DeserializeOwned + Send + 'static,
{
    Box::pin(async move {
        let response = sent(client, operation, request, erased(decode::<T>)).await?;
        Ok(response.typed())
    })
}

/// Does what [`send`] says, without knowing the type of the response, so that it is compiled once.
async fn sent<C: ClientInfo<Pipeline>>(
    client: Arc<C>,
    operation: &'static Operation,
    request: Result<reqwest::Request, Error>,
    decode: Decode,
) -> Result<Response<AnyBody>, Error> {
    let request = request.map_err(|error| error.at(operation))?;
    let response = client.inner().call(operation, request).await?;
    Response::decoded_by(response, decode).await
}

/// Writes a body as a form.
#[allow(dead_code, reason = "not every version of the API has one")]
pub(crate) trait RequestBuilderExt: Sized {
    fn form_urlencoded(self, body: &impl Serialize) -> Result<Self, Error>;
}

impl RequestBuilderExt for RequestBuilder {
    fn form_urlencoded(self, body: &impl Serialize) -> Result<Self, Error> {
        let request = progenitor_client::RequestBuilderExt::<()>::form_urlencoded(self, body);
        request.map_err(|_| Error::invalid_request("the body cannot be encoded as a form"))
    }
}

/// Returns the value of the header parameter `name`.
///
/// # Errors
/// If `value` has line breaks or other control characters.
#[allow(
    dead_code,
    reason = "not every version of the API has such a parameter"
)]
pub(crate) fn header_value(name: &str, value: String) -> Result<HeaderValue, Error> {
    HeaderValue::try_from(value).map_err(|error| {
        let reason = format!("invalid value for the header {name}");
        Error::invalid_request(&reason).with_source(error)
    })
}

/// Encodes the value of a path parameter.
pub(crate) fn encode_path(value: &str) -> String {
    // A URL parser reads a backslash as a slash.
    progenitor_client::encode_path(value).replace('\\', "%5C")
}

/// Encodes the path parameter `name` as exactly one segment of the path.
///
/// # Errors
/// If a URL parser, a proxy or the server could read the value as an empty segment or as `.` or `..`, or end it
/// early: the call would reach another operation.
pub(crate) fn path_segment(name: &str, value: &str) -> Result<String, Error> {
    let decoded = decoded(value);
    if decoded.chars().any(char::is_control) {
        let reason = format!(
            "the path parameter `{name}` contains a line break or another control character"
        );
        return Err(Error::invalid_request(&reason));
    }
    // Some servers ignore what follows a semicolon in a segment.
    let step = |step: &str| step.split(';').next().unwrap_or_default().trim().to_owned();
    let mut steps = decoded.split(['/', '\\']).map(step);
    if steps.any(|step| ["", ".", ".."].contains(&step.as_str())) {
        let reason = format!(
            "the path parameter `{name}` is empty, or one of its parts is empty, `.` or `..`"
        );
        return Err(Error::invalid_request(&reason));
    }
    Ok(encode_path(value))
}

/// Builds a record.
///
/// # Errors
/// The first value that a setter refused, or the first required one that is missing.
pub(crate) fn built<T: Record>(refused: Refused, builder: T::Builder) -> Result<T, String> {
    match refused.first() {
        Some(reason) => Err(reason),
        None => T::build(builder).map_err(|key| format!("no value supplied for {key}")),
    }
}

/// Converts the value that a setter got, or returns the text `failure`.
pub(crate) fn convert<T>(value: impl TryInto<T>, failure: &'static str) -> Result<T, String> {
    value.try_into().map_err(|_| failure.to_owned())
}

/// Converts the value that a setter got, or returns the text `failure` with the reason.
pub(crate) fn convert_or_say<T, V>(value: V, failure: &'static str) -> Result<T, String>
where
    V: TryInto<T>,
    V::Error: Display,
{
    value
        .try_into()
        .map_err(|error| format!("{failure}{error}"))
}

/// Decodes the escapes of ASCII characters, as often as there are some.
fn decoded(value: &str) -> String {
    let mut decoded = value.to_owned();
    let escape = |text: &str, at: usize| {
        let digits = text.get(at + 1..at + 3)?;
        let code = u8::from_str_radix(digits, 16).ok()?;
        code.is_ascii().then_some(char::from(code))
    };
    let mut at = 0;
    while let Some(found) = decoded[at..].find('%') {
        at += found;
        match escape(&decoded, at) {
            Some(character) => {
                decoded.replace_range(at..at + 3, &character.to_string());
                // It may have completed an escape.
                at = at.saturating_sub(2);
                while !decoded.is_char_boundary(at) {
                    at -= 1;
                }
            }
            None => at += 1,
        }
    }
    decoded
}

/// A constructor with the name of progenitor's error variant.
#[allow(non_snake_case)]
impl Error {
    pub(crate) fn InvalidRequest(reason: String) -> Self {
        Self::invalid_request(&reason)
    }
}
