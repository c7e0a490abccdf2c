//! A Chat2Desk in your process: every operation, on a port of this machine, without an account.
//!
//! The server is made from the document that the client was generated from. It checks the token,
//! pages lists for real over a few hundred invented customers and messages, takes new ones of both, and
//! answers the rest with the examples of the document. What it is told it forgets when it stops.
//!
//! ```
//! use chat2desk::{List, sandbox::Sandbox};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let sandbox = Sandbox::start().await?;
//! let clients = sandbox.client().list_clients().items().collect_all().await?;
//! assert_eq!(clients.len(), 321);
//! # Ok(()) }
//! ```

mod account;
mod answer;
mod document;

use crate::Chat2Desk;
use answer::Server;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Path, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use axum::routing::{MethodFilter, on};
use document::Call;
use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::{fmt, io};
use tokio::net::TcpListener;
use tokio::task::AbortHandle;

/// The token that the sandbox accepts.
pub const TOKEN: &str = "sandbox-token";

/// A request longer than this is refused.
const MAX_BODY: usize = 1024 * 1024;

/// A running server; it stops when this is dropped.
pub struct Sandbox {
    address: SocketAddr,
    client: Chat2Desk,
    task: AbortHandle,
}

impl Sandbox {
    /// Starts a server on a free port of the loopback interface.
    ///
    /// # Errors
    /// If no port can be bound.
    ///
    /// # Panics
    /// Outside of a tokio runtime.
    pub async fn start() -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let client = Chat2Desk::builder(TOKEN)
            .base_url(format!("http://{address}"))
            .build();
        let client = client.map_err(io::Error::other)?;
        let router = router().map_err(io::Error::other)?;
        let task = tokio::spawn(async move { axum::serve(listener, router).await }).abort_handle();
        Ok(Self {
            address,
            client,
            task,
        })
    }

    /// Where it listens, such as `http://127.0.0.1:40123`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// A client of it.
    pub fn client(&self) -> &Chat2Desk {
        &self.client
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sandbox")
            .field("url", &self.url())
            .finish_non_exhaustive()
    }
}

fn router() -> Result<Router, serde_json::Error> {
    let server = Arc::new(Server::new());
    let mut router = Router::new();
    for call in document::calls()? {
        let method = match call.method {
            crate::Method::GET => MethodFilter::GET,
            crate::Method::POST => MethodFilter::POST,
            crate::Method::PUT => MethodFilter::PUT,
            crate::Method::DELETE => MethodFilter::DELETE,
        };
        let (path, call) = (call.path, Arc::new(call));
        router = router.route(
            path,
            on(method, move |state, parameters, request| {
                handle(call.clone(), state, parameters, request)
            }),
        );
    }
    let unknown = || async { respond(answer::error(StatusCode::NOT_FOUND, "Page not found")) };
    Ok(router.fallback(unknown).with_state(server))
}

async fn handle(
    call: Arc<Call>,
    State(server): State<Arc<Server>>,
    Path(parameters): Path<HashMap<String, String>>,
    request: Request,
) -> Response {
    let token = request.headers().get(header::AUTHORIZATION).cloned();
    let query = request.uri().query().unwrap_or_default();
    let query = reqwest::Url::parse(&format!("http://sandbox/?{query}"));
    let query = query
        .map(|url| url.query_pairs().into_owned().collect())
        .unwrap_or_default();
    let Ok(body) = to_bytes(request.into_body(), MAX_BODY).await else {
        return respond(answer::error(
            StatusCode::PAYLOAD_TOO_LARGE,
            "the body is too long",
        ));
    };
    if token.as_ref().map(HeaderValue::as_bytes) != Some(TOKEN.as_bytes()) {
        return respond(answer::error(StatusCode::FORBIDDEN, "Token is not correct"));
    }
    respond(server.answer(&call, &parameters, &query, &body))
}

fn respond((status, body): (StatusCode, serde_json::Value)) -> Response {
    let mut response = Response::new(Body::from(body.to_string()));
    *response.status_mut() = status;
    let json = HeaderValue::from_static("application/json; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, json);
    response
}
