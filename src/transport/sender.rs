//! [`Transport`], which sends one request.

use crate::error::TransportError;
use std::pin::Pin;
use std::sync::Arc;

/// A boxed future, as a [`Transport`] returns it.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Sends one request. Implement it to record requests, to respond without a network in tests, or to send them
/// another way than a [`reqwest::Client`] does.
///
/// Rate limits, retries, timeouts and reading the response apply to every transport: it only sends. The example needs
/// the crates `reqwest` 0.13, with its default features off, and `http` 1.
///
/// ```
/// use chat2desk::Chat2Desk;
/// use chat2desk::transport::{BoxFuture, Transport, TransportError};
/// use reqwest::{Request, Response};
///
/// struct Always(&'static str);
///
/// impl Transport for Always {
///     fn send(&self, _: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
///         let response = http::Response::new(self.0);
///         Box::pin(async { Ok(response.into()) })
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), chat2desk::Error> {
/// let nobody = Always(r#"{"data": [], "status": "success"}"#);
/// let chat = Chat2Desk::builder("token").transport(nobody).build()?;
/// assert!(chat.list_operators().send().await?.data.is_empty());
/// # Ok(()) }
/// ```
pub trait Transport: Send + Sync {
    /// Sends a request, and returns the response as soon as its status and headers have arrived.
    ///
    /// Dropping the future cancels the request.
    ///
    /// # Errors
    /// [`TransportError::not_sent`] only if it is certain that no byte of the request was sent, since such a
    /// request is sent again; otherwise [`TransportError::maybe_sent`].
    fn send(
        &self,
        request: reqwest::Request,
    ) -> BoxFuture<'_, Result<reqwest::Response, TransportError>>;
}

impl Transport for reqwest::Client {
    fn send(
        &self,
        request: reqwest::Request,
    ) -> BoxFuture<'_, Result<reqwest::Response, TransportError>> {
        let response = self.execute(request);
        Box::pin(async { response.await.map_err(TransportError::from) })
    }
}

impl<T: Transport + ?Sized> Transport for Arc<T> {
    fn send(
        &self,
        request: reqwest::Request,
    ) -> BoxFuture<'_, Result<reqwest::Response, TransportError>> {
        (**self).send(request)
    }
}
