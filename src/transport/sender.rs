//! [`Transport`], what sends one request.

use crate::error::TransportError;
use std::pin::Pin;
use std::sync::Arc;

/// A future of a [`Transport`].
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// What sends one request: a [`reqwest::Client`], or something in its place that records, answers by
/// itself or goes another way.
///
/// Everything else stays the pipeline's: limits, retries, timeouts, reading the answer.
///
/// ```
/// use chat2desk::Chat2Desk;
/// use chat2desk::transport::{BoxFuture, Transport, TransportError};
///
/// struct Always(&'static str);
///
/// impl Transport for Always {
///     fn send(&self, _: reqwest::Request) -> BoxFuture<'_, Result<reqwest::Response, TransportError>> {
///         let answer = http::Response::new(self.0);
///         Box::pin(async { Ok(answer.into()) })
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
    /// Sends a request and returns the answer as soon as its head is there.
    ///
    /// Dropping the future gives the request up.
    ///
    /// # Errors
    /// [`TransportError`], which must not claim that nothing was sent unless that is certain.
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
        let answer = self.execute(request);
        Box::pin(async { answer.await.map_err(TransportError::from) })
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
