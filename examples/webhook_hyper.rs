//! Receives webhooks without a web framework, with the receiver's own HTTP server.
//!
//! ```sh
//! CHAT2DESK_TOKEN=… cargo run --package chat2desk-examples --bin webhook_hyper
//! ```
//!
//! Your own server can pass its requests to [`Receiver::handle`], whatever the type of their body.

use chat2desk::webhook::Verifier;
use chat2desk_webhook_receiver::Receiver;
use std::convert::Infallible;
use std::error::Error;
use std::time::Duration;
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    let verifier = Verifier::new(std::env::var("CHAT2DESK_TOKEN")?)?;
    let receiver = Receiver::builder(verifier).start(|delivery| async move {
        println!("{:?}", delivery.event);
        Ok::<_, Infallible>(())
    });
    let receiver = receiver.await?;
    let listener = TcpListener::bind("127.0.0.1:8080").await?;
    let stop = async {
        // If no signal handler can be installed, it runs until it is killed.
        let _ = tokio::signal::ctrl_c().await;
    };
    receiver.serve(listener, stop).await;
    let left = receiver.shutdown(Duration::from_secs(30)).await;
    println!("{left} events were not handled");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{Infallible, Receiver, TcpListener, Verifier};
    use chat2desk::webhook::sign;
    use hyper::Request;
    use hyper::body::Incoming;
    use hyper::server::conn::http1;
    use hyper::service::service_fn;
    use hyper_util::rt::TokioIo;

    async fn receiver() -> Receiver {
        let receiver = Receiver::builder(Verifier::new("token").unwrap());
        let receiver = receiver.start(|_| async { Ok::<_, Infallible>(()) });
        receiver.await.unwrap()
    }

    async fn status(listener: &TcpListener) -> impl Future<Output = u16> + use<> {
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let post = reqwest::Client::new()
            .post(url)
            .headers(sign("token", 1, b"{}").unwrap());
        async move { post.body("{}").send().await.unwrap().status().as_u16() }
    }

    #[tokio::test]
    async fn the_receiver_serves_requests_until_it_is_stopped() {
        let receiver = receiver().await;
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let status = status(&listener).await;
        receiver
            .serve(listener, async { assert_eq!(status.await, 200) })
            .await;
    }

    #[tokio::test]
    async fn another_server_can_pass_its_requests_to_the_receiver() {
        let receiver = receiver().await;
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let status = status(&listener).await;
        tokio::spawn(async move {
            let (connection, _) = listener.accept().await.unwrap();
            let service = service_fn(|request: Request<Incoming>| async {
                Ok::<_, Infallible>(receiver.handle(request).await)
            });
            let served = http1::Builder::new().serve_connection(TokioIo::new(connection), service);
            served.await.unwrap();
        });
        assert_eq!(status.await, 200);
    }
}
