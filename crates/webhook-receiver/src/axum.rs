//! Integration with axum: [`Receiver`] as a router, and [`Delivered`] as an extractor.

use crate::Receiver;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{FromRef, FromRequest, Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use chat2desk::webhook::{Event, Verifier, VerifyError};

impl Receiver {
    /// Returns a router that receives deliveries at `/`, and at `/` followed by the
    /// [secret](crate::Builder::path_secret). Serve it with [`serve_router`](Self::serve_router).
    ///
    /// To receive deliveries at `/webhook` and `/webhook/`, with or without a secret after them, use
    /// `nest_service("/webhook", …)`. With `nest`, axum does not route `/webhook/`.
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

/// An extractor of axum: the verified event of a delivery, as an argument of your own handler.
///
/// The router's state must provide a [`Verifier`]. The body limit is axum's: 2 MB unless you set it. Events are neither
/// deduplicated nor stored. Respond before you do long work, or use a [`Receiver`].
///
/// A delivery that cannot be verified is rejected with [`VerifyError::status`] and the error's text.
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
/// let verifier = Verifier::new("your-api-token")?;
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
        // The body is not read if the headers already show that the delivery is not the vendor's.
        Verifier::check_headers(&headers).map_err(rejection)?;
        let body = Bytes::from_request(request, state).await;
        let body = body.map_err(IntoResponse::into_response)?;
        let event = Verifier::from_ref(state).verify(&headers, body);
        event.map(Self).map_err(rejection)
    }
}

fn rejection(error: VerifyError) -> Response {
    (error.status(), error.to_string()).into_response()
}
