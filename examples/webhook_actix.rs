//! Receives webhooks with actix-web. It converts requests, because actix-web uses another version of the crate `http`.
//!
//! ```sh
//! CHAT2DESK_TOKEN=… cargo run --package chat2desk-examples --features actix --bin webhook_actix
//! ```

use actix_web::web::{Bytes, Data, to};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer};
use chat2desk::webhook::Verifier;
use chat2desk_webhook_receiver::Receiver;
use http_body_util::Full;
use std::convert::Infallible;
use std::error::Error;

#[actix_web::main]
async fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    let verifier = Verifier::new(std::env::var("CHAT2DESK_TOKEN")?)?;
    let receiver = Receiver::builder(verifier).start(|delivery| async move {
        println!("{:?}", delivery.event);
        Ok::<_, Infallible>(())
    });
    let receiver = Data::new(receiver.await?);
    let app = move || {
        App::new()
            .app_data(receiver.clone())
            .route("/webhook", to(receive))
    };
    HttpServer::new(app)
        .bind(("127.0.0.1", 8080))?
        .run()
        .await?;
    Ok(())
}

/// Passes a request to the receiver. actix-web has already read the body, within its own limit.
async fn receive(receiver: Data<Receiver>, request: HttpRequest, body: Bytes) -> HttpResponse {
    let mut plain = http::Request::builder()
        .method(request.method().as_str())
        .uri(request.uri().to_string());
    for (name, value) in request.headers() {
        plain = plain.header(name.as_str(), value.as_bytes());
    }
    let Ok(plain) = plain.body(Full::new(body)) else {
        return HttpResponse::BadRequest().finish();
    };
    let response = receiver.handle(plain).await;
    let status = actix_web::http::StatusCode::from_u16(response.status().as_u16());
    HttpResponse::build(status.unwrap_or_default()).body(response.into_body())
}

#[cfg(test)]
mod tests {
    use super::{App, Data, Infallible, Receiver, Verifier, receive, to};
    use actix_web::test::{TestRequest, call_service, init_service};
    use chat2desk::webhook::sign;

    #[actix_web::test]
    async fn signed_requests_get_200_and_others_401() {
        let receiver = Receiver::builder(Verifier::new("token").unwrap());
        let receiver = receiver
            .start(|_| async { Ok::<_, Infallible>(()) })
            .await
            .unwrap();
        let app = App::new()
            .app_data(Data::new(receiver))
            .route("/webhook", to(receive));
        let app = init_service(app).await;
        for (body, status) in [("{}", 200), ("[]", 401)] {
            let mut request = TestRequest::post().uri("/webhook").set_payload(body);
            for (name, value) in &sign("token", 1, b"{}").unwrap() {
                request = request.insert_header((name.as_str(), value.as_bytes()));
            }
            assert_eq!(
                call_service(&app, request.to_request()).await.status(),
                status,
                "{body}"
            );
        }
    }
}
