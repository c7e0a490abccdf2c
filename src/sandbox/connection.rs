//! Connections: accepting, serving and breaking them.

use super::document::documented;
use super::server::{Broken, Operation, Server, handle};
use crate::Method;
use axum::Router;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::http::uri::PathAndQuery;
use axum::routing::{MethodFilter, on};
use hyper::service::{Service, service_fn};
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use std::io;
use std::sync::Arc;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

/// Every operation of the document.
pub(super) fn router(server: Arc<Server>) -> Result<Router, serde_json::Error> {
    let mut router = Router::new();
    for operation in documented()? {
        let method = match operation.method {
            Method::GET => MethodFilter::GET,
            Method::HEAD => MethodFilter::HEAD,
            Method::POST => MethodFilter::POST,
            Method::PUT => MethodFilter::PUT,
            Method::PATCH => MethodFilter::PATCH,
            Method::DELETE => MethodFilter::DELETE,
        };
        let path = operation.path;
        let operation = Ok(Arc::new(Operation::new(operation)));
        let answer = on(method, move |state, path, request| {
            handle(operation.clone(), state, path, request)
        });
        router = router.route(path, answer);
    }
    let refuse = |status| move |state, path, request| handle(Err(status), state, path, request);
    let router = router
        .method_not_allowed_fallback(refuse(StatusCode::METHOD_NOT_ALLOWED))
        .merge(super::page::router())
        .fallback(refuse(StatusCode::NOT_FOUND));
    Ok(router.with_state(server))
}

/// Serves until it is dropped, and the connections with it.
pub(super) async fn serve(listener: TcpListener, router: Router) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => if let Ok((stream, _)) = accepted {
                connections.spawn(connection(stream, router.clone()));
            },
            Some(_) = connections.join_next() => (),
        }
    }
}

async fn connection(stream: TcpStream, router: Router) {
    // Answers are small: waiting for more to send with them would only delay them.
    let _ = stream.set_nodelay(true);
    let router = TowerToHyperService::new(router);
    let service = service_fn(|request| {
        let answer = router.call(without_slash(request));
        async {
            let Ok(response) = answer.await;
            // An error of the service closes the connection.
            match response.extensions().get::<Broken>() {
                Some(Broken) => Err(io::Error::from(io::ErrorKind::ConnectionReset)),
                None => Ok(response),
            }
        }
    });
    let connection = hyper::server::conn::http1::Builder::new();
    // It ends when the peer goes or a fault breaks it: nobody is to be told.
    let _ = connection
        .serve_connection(TokioIo::new(stream), service)
        .await;
}

/// The API takes a slash at the end of a path for nothing.
fn without_slash<B>(mut request: Request<B>) -> Request<B> {
    let path = request.uri().path();
    let Some(short) = path.strip_suffix('/').filter(|short| !short.is_empty()) else {
        return request;
    };
    let whole = match request.uri().query() {
        Some(query) => format!("{short}?{query}"),
        None => short.to_owned(),
    };
    if let Ok(whole) = whole.parse::<PathAndQuery>() {
        *request.uri_mut() = whole.into();
    }
    request
}
