//! Wherever the receiver is mounted, and however its secret is encoded, deliveries reach it.

use crate::support::{message, post, signed, verifier};
use axum::Router;
use chat2desk_webhook_receiver::{Delivery, Receiver};
use http::Request;
use std::convert::Infallible;
use tokio::net::TcpListener;

async fn ignore(_: Delivery) -> Result<(), Infallible> {
    Ok(())
}

/// Secrets, and how clients encode them in a path: entirely, and as little as they must.
const SECRETS: [(&str, &[&str]); 9] = [
    (
        "open-sesame",
        &["open-sesame", "%6fpen-sesam%65", "open%2Dsesame"],
    ),
    ("two words", &["two%20words"]),
    ("é", &["%C3%A9", "%c3%a9"]),
    ("a/b", &["a%2Fb", "a%2fb", "a/b"]),
    ("50%", &["50%25"]),
    ("%41", &["%2541"]),
    ("a?b#c", &["a%3Fb%23c"]),
    ("a+b", &["a+b", "a%2Bb"]),
    (
        "пароль/日本 %+?#",
        &[
            "%D0%BF%D0%B0%D1%80%D0%BE%D0%BB%D1%8C%2F%E6%97%A5%E6%9C%AC%20%25%2B%3F%23",
            "%D0%BF%D0%B0%D1%80%D0%BE%D0%BB%D1%8C/%E6%97%A5%E6%9C%AC%20%25+%3F%23",
        ],
    ),
];

async fn serve(receiver: &Receiver, app: Router) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let receiver = receiver.clone();
    tokio::spawn(async move {
        receiver
            .serve_router(app, listener, std::future::pending())
            .await;
    });
    url
}

async fn status(url: &str) -> u16 {
    let body = message(1).to_string();
    post(url, signed(&body), body).await.0
}

/// The router in each of the ways in which it can be a part of another one, and the path before it.
fn mounted(receiver: &Receiver) -> [(Router, &'static str); 5] {
    let router = || receiver.router();
    [
        (Router::new().nest("/webhook", router()), "/webhook"),
        (Router::new().nest_service("/webhook", router()), "/webhook"),
        (Router::new().nest("/webhook/", router()), "/webhook"),
        (Router::new().merge(router()), ""),
        (
            Router::new().nest("/a", Router::new().nest_service("/b", router())),
            "/a/b",
        ),
    ]
}

#[tokio::test]
async fn every_encoding_of_every_secret_reaches_the_receiver() {
    for (secret, encodings) in SECRETS {
        let receiver = Receiver::builder(verifier()).path_secret(secret);
        let receiver = receiver.start(ignore).await.unwrap();
        for (number, (app, prefix)) in mounted(&receiver).into_iter().enumerate() {
            let url = serve(&receiver, app).await;
            for encoded in encodings {
                for path in [
                    format!("{prefix}/{encoded}"),
                    format!("{prefix}/{encoded}/"),
                ] {
                    let status = status(&format!("{url}{path}")).await;
                    assert_eq!(status, 200, "{number}: {secret} at {path}");
                }
                for wrong in [
                    format!("{prefix}/x{encoded}"),
                    format!("{prefix}/{encoded}x"),
                ] {
                    let status = status(&format!("{url}{wrong}")).await;
                    assert_eq!(status, 404, "{number}: {secret} at {wrong}");
                }
            }
        }
        // The same without a router.
        for encoded in encodings {
            for (path, expected) in [
                (format!("/any/where/{encoded}?a=b"), 200),
                (format!("/{encoded}/"), 200),
                (format!("/x{encoded}"), 404),
                (format!("/{encoded}//"), 404),
            ] {
                let body = message(1).to_string();
                let mut request = Request::post(&path).body(body.clone()).unwrap();
                *request.headers_mut() = signed(&body);
                let response = receiver.handle(request).await;
                assert_eq!(response.status(), expected, "{secret} at {path}");
            }
        }
    }
}

#[tokio::test]
async fn without_a_secret_it_is_reached_with_and_without_a_slash() {
    let receiver = Receiver::builder(verifier()).start(ignore).await.unwrap();
    for (number, (app, prefix)) in mounted(&receiver).into_iter().enumerate() {
        let url = serve(&receiver, app).await;
        for end in ["", "/", "/any", "/any/"] {
            // axum gives this path to no router that is nested so.
            let is_lost = number == 0 && end == "/" || number == 2 && end.is_empty();
            let expected = if is_lost { 404 } else { 200 };
            let status = status(&format!("{url}{prefix}{end}")).await;
            assert_eq!(status, expected, "{number}: {prefix}{end}");
        }
    }
}
