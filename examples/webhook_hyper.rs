//! Receives webhooks with hyper alone: the receiver takes its requests as they are.
//!
//! ```sh
//! CHAT2DESK_TOKEN=… cargo run --features webhook-receiver --example webhook_hyper
//! ```

use chat2desk::webhook::{Receiver, Verifier};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use std::convert::Infallible;
use std::error::Error;
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
    loop {
        let (connection, _) = listener.accept().await?;
        tokio::spawn(serve(connection, receiver.clone()));
    }
}

async fn serve(connection: tokio::net::TcpStream, receiver: Receiver) {
    let service = service_fn(|request| answer(&receiver, request));
    let served = http1::Builder::new().serve_connection(TokioIo::new(connection), service);
    if let Err(error) = served.await {
        eprintln!("{error}");
    }
}

async fn answer(
    receiver: &Receiver,
    request: Request<Incoming>,
) -> Result<Response<String>, Infallible> {
    Ok(receiver.handle(request).await)
}

#[cfg(test)]
mod tests {
    use super::{Receiver, Verifier, serve};
    use chat2desk::webhook::sign;
    use std::convert::Infallible;

    #[tokio::test]
    async fn hypers_requests_are_answered() {
        let receiver = Receiver::builder(Verifier::new("token").unwrap());
        let receiver = receiver
            .start(|_| async { Ok::<_, Infallible>(()) })
            .await
            .unwrap();
        let listener = super::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        tokio::spawn(async move {
            let (connection, _) = listener.accept().await.unwrap();
            serve(connection, receiver).await;
        });
        let post = reqwest::Client::new()
            .post(url)
            .headers(sign("token", 1, b"{}").unwrap());
        assert_eq!(post.body("{}").send().await.unwrap().status(), 200);
    }
}
