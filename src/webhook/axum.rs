//! axum: [`Receiver`] as a router, and [`Event`] as an extractor.

use super::{Event, Receiver, Verifier, WebhookError};
use axum::Router;
use axum::body::Bytes;
use axum::extract::{FromRef, FromRequest, Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::any;

impl Receiver {
    /// A router that takes deliveries at `/`, and at `/` with a
    /// [secret](super::Builder::path_secret) behind it. For [`serve_router`](Self::serve_router).
    ///
    /// `nest_service("/webhook", …)` makes it answer at `/webhook` and `/webhook/`, with and without a
    /// secret behind them. `nest` does too, but for `/webhook/` alone, which axum gives to no router that
    /// is nested so.
    ///
    /// ```no_run
    /// # async fn run(receiver: chat2desk::webhook::Receiver) -> std::io::Result<()> {
    /// let app = axum::Router::new().nest_service("/webhook", receiver.router());
    /// let listener = tokio::net::TcpListener::bind("0.0.0.0:8080").await?;
    /// receiver.serve_router(app, listener, std::future::pending()).await;
    /// # Ok(()) }
    /// ```
    pub fn router(&self) -> Router {
        let handle = any(async |State(receiver): State<Self>, request: Request| {
            receiver.handle(request).await
        });
        let mut router = Router::new().route("/", handle.clone());
        for path in self.secret_paths() {
            router = router.route(path, handle.clone());
        }
        router.with_state(self.clone())
    }
}

/// The event of a verified delivery, as an argument of a handler of yours.
///
/// The router's state must give a [`Verifier`]. axum's limit of bodies holds, 2 MB unless you set it.
/// Nothing is deduplicated and nothing is kept: answer before you work, or use a [`Receiver`].
///
/// ```
/// use axum::{Router, routing::post};
/// use chat2desk::webhook::{Event, Verifier};
///
/// async fn webhook(event: Event) {
///     println!("{:?}", event.name());
/// }
///
/// # fn app() -> Result<Router, Box<dyn std::error::Error>> {
/// let verifier = Verifier::new("the API token")?;
/// let app = Router::new().route("/webhook", post(webhook)).with_state(verifier);
/// # Ok(app) }
/// ```
impl<S> FromRequest<S> for Event
where
    S: Send + Sync,
    Verifier: FromRef<S>,
{
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Self, Response> {
        let headers = request.headers().clone();
        // A body that cannot be the vendor's is not read.
        Verifier::check_headers(&headers).map_err(IntoResponse::into_response)?;
        let body = Bytes::from_request(request, state).await;
        let body = body.map_err(IntoResponse::into_response)?;
        let event = Verifier::from_ref(state).verify(&headers, body);
        event.map_err(IntoResponse::into_response)
    }
}

/// The status that [`WebhookError::status`] gives, and the error's text.
impl IntoResponse for WebhookError {
    fn into_response(self) -> Response {
        (self.status(), self.to_string()).into_response()
    }
}
