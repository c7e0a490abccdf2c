//! Connections: accepting, serving and breaking them.

use super::api_response::ApiResponse;
use super::document::documented;
use super::handle::{Broken, Operation, handle};
use super::response::respond;
use super::site::{REGIONS, Site};
use axum::Router;
use axum::extract::Request;
use axum::http::uri::PathAndQuery;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use axum::routing::{MethodFilter, on};
use hyper::service::{Service, service_fn};
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use std::io;
use std::sync::Arc;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

/// Creates the router of all operations of the document, and of the page.
pub(super) fn router(site: Arc<Site>) -> Result<Router, serde_json::Error> {
    let mut router = Router::new();
    for operation in documented()? {
        // The methods of the document are those that axum knows.
        let Ok(method) = MethodFilter::try_from(operation.method.clone()) else {
            continue;
        };
        let path = operation.path;
        let operation = Ok(Arc::new(Operation::new(operation)));
        let service = on(method, move |state, path, request| {
            handle(operation.clone(), state, path, request)
        });
        router = router.route(path, service);
    }
    let refuse = |status| move |state, path, request| handle(Err(status), state, path, request);
    let router = router
        .method_not_allowed_fallback(refuse(StatusCode::METHOD_NOT_ALLOWED))
        .merge(super::page::router())
        .fallback(refuse(StatusCode::NOT_FOUND));
    Ok(router.with_state(site))
}

/// Serves connections. Dropping the future closes all of them.
pub(super) async fn serve(listener: TcpListener, site: Arc<Site>, router: Router) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => if let Ok((stream, _)) = accepted {
                connections.spawn(connection(stream, site.clone(), router.clone()));
            },
            Some(_) = connections.join_next() => (),
        }
    }
}

async fn connection(stream: TcpStream, site: Arc<Site>, router: Router) {
    let Ok(local) = stream.local_addr() else {
        return;
    };
    // Responses are small: waiting for more to send with them would only delay them.
    let _ = stream.set_nodelay(true);
    let router = TowerToHyperService::new(router);
    let service = service_fn(|request: Request<hyper::body::Incoming>| {
        let (uri, headers) = (request.uri(), request.headers());
        let is_ours = site.hosts.serve(uri, headers, local.ip());
        let served = is_ours.then(|| router.call(adapted(request)));
        async {
            let Some(served) = served else {
                return Ok(misdirected());
            };
            let Ok(response) = served.await;
            // An error of the service closes the connection.
            match response.extensions().get::<Broken>() {
                Some(Broken) => Err(io::Error::from(io::ErrorKind::ConnectionReset)),
                None => Ok(response),
            }
        }
    });
    let connection = hyper::server::conn::http1::Builder::new();
    // It ends with an error when the peer disconnects or a fault breaks it, and nobody needs to know.
    let _ = connection
        .serve_connection(TokioIo::new(stream), service)
        .await;
}

/// The response to a request for another host, whose body is not read.
fn misdirected() -> Response {
    let text = "This sandbox serves requests for this machine only. To serve requests for the host in this URL, pass the \
                host to `Builder::host`, or start the program with --host";
    let mut response = respond(&ApiResponse::error(StatusCode::MISDIRECTED_REQUEST, text));
    let close = HeaderValue::from_static("close");
    response.headers_mut().insert(header::CONNECTION, close);
    response
}

/// Removes the region from the path, and the slash from its end, which the API ignores.
fn adapted<B>(mut request: Request<B>) -> Request<B> {
    let path = request.uri().path();
    let region = REGIONS.iter().find_map(|(region, prefix)| {
        let below = path.strip_prefix(prefix)?;
        below.starts_with('/').then_some((*region, below))
    });
    let short = region.map_or(path, |(_, below)| below);
    let short = short
        .strip_suffix('/')
        .filter(|short| !short.is_empty())
        .unwrap_or(short);
    if short.len() == path.len() {
        return request;
    }
    let whole = match request.uri().query() {
        Some(query) => format!("{short}?{query}"),
        None => short.to_owned(),
    };
    let region = region.map(|(region, _)| region).unwrap_or_default();
    if let Ok(whole) = whole.parse::<PathAndQuery>() {
        *request.uri_mut() = whole.into();
        request.extensions_mut().insert(region);
    }
    request
}
