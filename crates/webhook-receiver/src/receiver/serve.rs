//! Serving: connections within limits of number and time, until the program is to stop.

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

/// How long a client may take for the headers of a request, and be idle before it.
const HEADERS: Duration = Duration::from_secs(10);

/// The most bytes of a connection that wait to be read or written, headers included.
const BUFFER: usize = 16 << 10;

/// How long requests that have begun may go on once the server is to stop.
const GRACE: Duration = Duration::from_secs(10);

/// The wait after a connection could not be accepted.
const PAUSE: Duration = Duration::from_millis(20);

impl Receiver {
    /// Serves the receiver over HTTP/1.1 until `stop` is ready, whatever the path is.
    ///
    /// Whoever can reach the port can hold only so much of it: a client has 10 seconds for the headers of
    /// a request, 16 KiB and 100 headers for them, as many for being idle, and the number of
    /// [`connections`](crate::Builder::connections) is bounded.
    ///
    /// Once `stop` is ready no connection is accepted. Requests that have begun may go on for 10 seconds;
    /// what is not acknowledged then, the vendor delivers again. Call [`shutdown`](Self::shutdown) next.
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

    /// Serves a router that this receiver is a part of, as [`serve`](Self::serve) does.
    ///
    /// `axum::serve` sets no time limit for headers and no bound on connections.
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
                // The system has no more of what a connection needs.
                connections.evict_oldest();
                if unless(stop.as_mut(), sleep(PAUSE)).await.is_none() {
                    break;
                }
            }
        }
    }
    drop(listener);
    // What goes on after that ends with its task.
    let _ = timeout(GRACE, graceful.shutdown()).await;
}

/// Serves one connection, until another one needs its place.
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
    // Responses are short, and nothing is gained by waiting for more of them.
    let _ = stream.set_nodelay(true);
    let served = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADERS)
        .max_buf_size(BUFFER)
        .serve_connection(TokioIo::new(stream), service);
    let served = graceful.watch(served);
    async move {
        // Errors of a connection are its client's affair.
        unless(pin!(leave), served).await;
    }
}

/// The output of a future, unless the other one ends before it.
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
