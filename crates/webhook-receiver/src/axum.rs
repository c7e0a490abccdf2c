//! axum: [`Receiver`] as a router, and [`Delivered`] as an extractor.

use crate::Receiver;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{FromRef, FromRequest, Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use chat2desk::webhook::{Event, Verifier, VerifyError};

impl Receiver {
    /// A router that takes deliveries at `/`, and at `/` with a
    /// [secret](crate::Builder::path_secret) behind it. For [`serve_router`](Self::serve_router).
    ///
    /// `nest_service("/webhook", …)` makes it answer at `/webhook` and `/webhook/`, with and without a
    /// secret behind them. `nest` does too, but for `/webhook/` alone, which axum gives to no router that
    /// is nested so.
    ///
    /// ```no_run
    /// # async fn run(receiver: chat2desk_webhook_receiver::Receiver) -> std::io::Result<()> {
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

/// A verified event, as an argument of a handler of your own.
///
/// The router's state must provide a [`Verifier`]. axum's limit for bodies holds: 2 MB unless you set it. Nothing is
/// deduplicated and nothing is kept: respond before you work, or use a [`Receiver`].
///
/// A delivery that is not verified is refused with [`VerifyError::status`] and the error's text.
///
/// ```
/// use axum::{Router, routing::post};
/// use chat2desk::webhook::Verifier;
/// use chat2desk_webhook_receiver::Delivered;
///
/// async fn webhook(Delivered(event): Delivered) {
///     println!("{:?}", event.name());
/// }
///
/// # fn app() -> Result<Router, Box<dyn std::error::Error>> {
/// let verifier = Verifier::new("the API token")?;
/// let app = Router::new().route("/webhook", post(webhook)).with_state(verifier);
/// # Ok(app) }
/// ```
#[derive(Debug, Clone)]
pub struct Delivered(pub Event);

impl<S> FromRequest<S> for Delivered
where
    S: Send + Sync,
    Verifier: FromRef<S>,
{
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Self, Response> {
        let headers = request.headers().clone();
        // A body that cannot be the vendor's is not read.
        Verifier::check_headers(&headers).map_err(refusal)?;
        let body = Bytes::from_request(request, state).await;
        let body = body.map_err(IntoResponse::into_response)?;
        let event = Verifier::from_ref(state).verify(&headers, body);
        event.map(Self).map_err(refusal)
    }
}

fn refusal(error: VerifyError) -> Response {
    (error.status(), error.to_string()).into_response()
}
