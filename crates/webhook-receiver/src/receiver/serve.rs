//! [`Receiver::serve`]: serves HTTP/1.1 connections within limits of number and time, until the program stops.

use super::Receiver;
use super::admission::Admission;
use http::{Request, Response};
use http_body::Body;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use std::convert::Infallible;
use std::error::Error;
use std::future::{Future, poll_fn};
use std::io;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

/// How long a client may take for the headers of a request, idle time before it included.
const HEADERS: Duration = Duration::from_secs(10);

/// The size of a connection's buffers for reading and writing, in bytes. Headers must fit.
const BUFFER: usize = 16 << 10;

/// How long requests in progress may continue after the server was told to stop.
const GRACE: Duration = Duration::from_secs(10);

/// The pause after a connection could not be accepted.
const PAUSE: Duration = Duration::from_millis(20);

impl Receiver {
    /// Serves the receiver over HTTP/1.1 at every path, until `stop` completes.
    ///
    /// Anybody can connect, so each connection has limits: 10 seconds for the headers of a request and the idle time
    /// before them, 16 KiB and 100 headers. The number of [`connections`](crate::Builder::connections) is limited, too.
    ///
    /// When `stop` completes, no more connections are accepted. Requests in progress may continue for 10 seconds. The
    /// vendor retries deliveries that are not acknowledged by then. Call [`shutdown`](Self::shutdown) next.
    ///
    /// ```no_run
    /// # async fn run(receiver: chat2desk_webhook_receiver::Receiver) -> std::io::Result<()> {
    /// let listener = tokio::net::TcpListener::bind("0.0.0.0:8080").await?;
    /// let stop = std::future::pending(); // or a signal
    /// receiver.serve(listener, stop).await;
    /// # Ok(()) }
    /// ```
    pub async fn serve(&self, listener: TcpListener, stop: impl Future<Output = ()>) {
        let receiver = self.clone();
        let service = service_fn(move |request: Request<Incoming>| {
            let receiver = receiver.clone();
            async move { Ok::<_, Infallible>(receiver.handle(request).await) }
        });
        run(listener, service, self.0.connections.clone(), stop).await;
    }

    /// Serves an axum router that contains this receiver, with the limits of [`serve`](Self::serve), until `stop`
    /// completes.
    ///
    /// `axum::serve` limits neither the time for headers nor the number of connections.
    ///
    /// ```no_run
    /// # async fn run(receiver: chat2desk_webhook_receiver::Receiver) -> std::io::Result<()> {
    /// let app = axum::Router::new().nest_service("/webhook", receiver.router());
    /// let listener = tokio::net::TcpListener::bind("0.0.0.0:8080").await?;
    /// receiver.serve_router(app, listener, std::future::pending()).await;
    /// # Ok(()) }
    /// ```
    #[cfg(feature = "axum")]
    pub async fn serve_router(
        &self,
        router: axum::Router,
        listener: TcpListener,
        stop: impl Future<Output = ()>,
    ) {
        let service = hyper_util::service::TowerToHyperService::new(router);
        run(listener, service, self.0.connections.clone(), stop).await;
    }
}

async fn run<S, B>(
    listener: TcpListener,
    service: S,
    connections: Arc<Admission>,
    stop: impl Future<Output = ()>,
) where
    S: Service<Request<Incoming>, Response = Response<B>> + Clone + Send + 'static,
    S: Service<Request<Incoming>, Error = Infallible, Future: Send>,
    B: Body<Data: Send, Error: Into<Box<dyn Error + Send + Sync>>> + Send + 'static,
{
    let graceful = GracefulShutdown::new();
    let mut tasks = JoinSet::new();
    let mut stop = pin!(stop);
    while let Some(accepted) = unless(stop.as_mut(), listener.accept()).await {
        while tasks.try_join_next().is_some() {}
        match accepted {
            Ok((stream, _)) => {
                let service = service.clone();
                tasks.spawn(connection(stream, service, &connections, &graceful));
            }
            Err(error) if is_of_one_client(&error) => {}
            Err(_) => {
                // The system has no more resources for connections.
                connections.evict_oldest();
                if unless(stop.as_mut(), sleep(PAUSE)).await.is_none() {
                    break;
                }
            }
        }
    }
    drop(listener);
    // Requests that continue after that end with their tasks.
    let _ = timeout(GRACE, graceful.shutdown()).await;
}

/// Serves one connection, until it ends or is evicted.
fn connection<S, B>(
    stream: TcpStream,
    service: S,
    connections: &Arc<Admission>,
    graceful: &GracefulShutdown,
) -> impl Future<Output = ()> + Send + 'static
where
    S: Service<Request<Incoming>, Response = Response<B>> + Send + 'static,
    S: Service<Request<Incoming>, Error = Infallible, Future: Send>,
    B: Body<Data: Send, Error: Into<Box<dyn Error + Send + Sync>>> + Send + 'static,
{
    let (admitted, leave) = connections.enter();
    let admitted = Arc::new(admitted);
    let service = service_fn(move |request| {
        let (response, admitted) = (service.call(request), admitted.clone());
        async move {
            let response = response.await;
            if matches!(&response, Ok(response) if response.status().is_success()) {
                admitted.renew();
            }
            response
        }
    });
    // Responses are short: waiting for more to send with them would only delay them.
    let _ = stream.set_nodelay(true);
    let served = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADERS)
        .max_buf_size(BUFFER)
        .serve_connection(TokioIo::new(stream), service);
    let served = graceful.watch(served);
    async move {
        // Errors of a connection concern only its client.
        unless(pin!(leave), served).await;
    }
}

/// Returns the output of `future`, or `None` if `end` completes first.
async fn unless<E: Future, F: Future>(mut end: Pin<&mut E>, future: F) -> Option<F::Output> {
    let mut future = pin!(future);
    poll_fn(|context| {
        if end.as_mut().poll(context).is_ready() {
            return Poll::Ready(None);
        }
        future.as_mut().poll(context).map(Some)
    })
    .await
}

fn is_of_one_client(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(
        error.kind(),
        ConnectionAborted | ConnectionRefused | ConnectionReset
    )
}
