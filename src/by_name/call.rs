//! [`CallByName`], a call of an operation from the names and values of its arguments.

use super::arguments::Arguments;
use super::codec::Codec;
use crate::client::Chat2Desk;
use crate::error::Error;
use crate::list::{Items, List, RawRecord};
use crate::operation::{Operation, ParameterLocation};
use crate::raw_response::UndecodedResponse;
use crate::response::{Response, erased};
use crate::runtime::{ClientInfo, QueryParam, RequestBuilderExt, header_value, path_segment};
use crate::transport::BoxFuture;
use reqwest::header::{CONTENT_TYPE, HeaderValue};
use reqwest::{Method, Request, RequestBuilder};
use serde_json::{Map, Value};
use std::fmt;

/// ## Calls by name
impl Chat2Desk {
    /// Returns a call of `operation` with `arguments`, by their [names](crate::Parameter::name) or by those on the
    /// wire.
    ///
    /// It is sent like the typed call: with the same request, retries, limits and errors. Nothing is sent if an
    /// argument is unknown, missing or of another type: then the call fails with
    /// [`InvalidRequest`](crate::ErrorKind::InvalidRequest), which names the argument and what is accepted.
    ///
    /// ```no_run
    /// # use chat2desk::{Chat2Desk, Error, operation};
    /// # async fn run(chat: &Chat2Desk) -> Result<(), Error> {
    /// let Some(send_message) = operation("send_message") else { return Ok(()) };
    /// let message = serde_json::json!({ "client_id": 94000001, "text": "Your order is ready" });
    /// let sent = chat.call(send_message, Default::default()).body(message).await?;
    /// println!("queued as message {}", sent["data"]["message_id"]);
    /// # Ok(()) }
    /// ```
    pub fn call(&self, operation: &'static Operation, arguments: Map<String, Value>) -> CallByName {
        CallByName {
            chat: self.clone(),
            operation,
            arguments: Arguments::read(operation, arguments),
        }
    }
}

/// A call of an operation by name, not yet sent, from [`Chat2Desk::call`].
///
/// Await it or call [`send`](Self::send) for the response of one request. If the operation is a list,
/// [`records`](Self::records) reads it to its end; it is a [`List`], so that its methods set how. Its positions are
/// interchangeable with those of the typed list with the same filters.
#[derive(Clone)]
#[must_use = "nothing is sent until `send`, `.await`, `records`, `items` or `pages`"]
pub struct CallByName {
    pub(super) chat: Chat2Desk,
    pub(super) operation: &'static Operation,
    pub(super) arguments: Result<Arguments, String>,
}

impl CallByName {
    /// Sets the whole body, in place of arguments that are properties of it.
    ///
    /// Known properties of a JSON object are checked like arguments. Others are sent too, so that a call can use
    /// what the specification does not have yet.
    pub fn body(mut self, body: Value) -> Self {
        self.arguments = self.arguments.and_then(|known| known.with_body(body));
        self
    }

    /// Sends the call, and returns the response as the server's own JSON.
    ///
    /// [`Response::drift`] is that of the typed call, but nothing is left out of the value.
    ///
    /// # Errors
    /// Those of the typed call, except for a response that its types cannot read.
    pub async fn send(self) -> Result<Response<Value>, Error> {
        let response = self.exec().await?;
        let codec = self.codec()?;
        let response = Response::decoded_by(response, erased(codec.decode)).await?;
        Ok(response.typed())
    }

    /// Reads the list to its end and yields its records as the server's own JSON, like
    /// [`List::raw`](crate::List::raw). For options such as [`max_items`](List::max_items), import [`List`].
    ///
    /// The stream's first item is [`InvalidRequest`](crate::ErrorKind::InvalidRequest) if the operation is no list.
    pub fn records(self) -> Items<RawRecord> {
        self.items()
    }

    /// Returns the request that [`send`](Self::send) would send, without sending it.
    ///
    /// # Errors
    /// [`InvalidRequest`](crate::ErrorKind::InvalidRequest) if an argument is unknown, missing or of another type.
    pub fn preview(&self) -> Result<Preview, Error> {
        let request = self.request()?;
        let (url, body) = (request.url(), request.body());
        let query = url.query().map(|query| format!("?{query}"));
        let body = body.and_then(reqwest::Body::as_bytes);
        Ok(Preview {
            method: request.method().clone(),
            path: format!("{}{}", url.path(), query.unwrap_or_default()),
            body: body.map(|body| String::from_utf8_lossy(body).into_owned()),
        })
    }

    pub(super) fn codec(&self) -> Result<&'static Codec, Error> {
        let codec = Codec::of(self.operation);
        codec.ok_or_else(|| self.invalid("the API has no such operation"))
    }

    pub(super) fn invalid(&self, reason: &str) -> Error {
        Error::invalid_request(reason).at(self.operation)
    }

    pub(super) fn checked(&self) -> Result<&Arguments, Error> {
        let arguments = self.arguments.as_ref();
        arguments.map_err(|reason| self.invalid(reason))
    }

    pub(super) async fn exec(&self) -> Result<UndecodedResponse, Error> {
        let request = self.request()?;
        self.chat.api().inner().call(self.operation, request).await
    }

    fn request(&self) -> Result<Request, Error> {
        let arguments = self.checked()?;
        arguments.check().map_err(|reason| self.invalid(&reason))?;
        let request = self
            .parts(arguments)
            .map_err(|error| error.at(self.operation))?;
        let request = match arguments.body().map_err(|reason| self.invalid(&reason))? {
            None => request,
            Some(body) => self.with_body(request, body)?,
        };
        let request = request.build().map_err(Error::of_build);
        request.map_err(|error| error.at(self.operation))
    }

    /// Returns the request with its path, query and headers.
    fn parts(&self, arguments: &Arguments) -> Result<RequestBuilder, Error> {
        let mut path = self.operation.path.to_owned();
        for (parameter, value) in arguments.at(ParameterLocation::Path) {
            let segment = path_segment(parameter.key, &text(value))?;
            path = path.replace(&format!("{{{}}}", parameter.key), &segment);
        }
        let api = self.chat.api();
        let url = format!("{}{path}", api.baseurl());
        let mut request = api.client().request(self.operation.method.clone(), url);
        // In the order of the generated client.
        let mut query: Vec<_> = arguments.at(ParameterLocation::Query).collect();
        query.sort_unstable_by_key(|(parameter, _)| parameter.key);
        for (parameter, value) in query {
            request = request.query(&QueryParam::new(parameter.key, value));
        }
        for (parameter, value) in arguments.at(ParameterLocation::Header) {
            request = request.header(parameter.key, header_value(parameter.key, text(value))?);
        }
        Ok(request)
    }

    fn with_body(&self, request: RequestBuilder, mut body: Value) -> Result<RequestBuilder, Error> {
        let media_type = self
            .operation
            .body
            .map_or("application/json", |body| body.media_type);
        if media_type == "application/x-www-form-urlencoded" {
            return request.form_urlencoded(&body);
        }
        let request = request.header(CONTENT_TYPE, HeaderValue::from_static(media_type));
        Ok(match body {
            Value::String(text) if !media_type.ends_with("json") => request.body(text),
            _ => {
                // The generated client sorts properties, whatever `serde_json` is compiled to do.
                body.sort_all_objects();
                request.json(&body)
            }
        })
    }
}

/// Returns a value as a path or a header has it.
fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

impl IntoFuture for CallByName {
    type Output = Result<Response<Value>, Error>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}

/// Shows the operation, without the arguments, which are personal data.
impl fmt::Debug for CallByName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallByName")
            .field("operation", &self.operation.id)
            .finish_non_exhaustive()
    }
}

/// The request of a call, from [`CallByName::preview`]. It contains no token.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Preview {
    /// The HTTP method.
    pub method: Method,
    /// The path with its query, encoded. It contains personal data.
    pub path: String,
    /// The body. It contains personal data.
    pub body: Option<String>,
}

/// Shows the method alone.
impl fmt::Debug for Preview {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Preview")
            .field("method", &self.method)
            .finish_non_exhaustive()
    }
}
